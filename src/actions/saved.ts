import type * as z from 'zod/mini';

/** What a main step has saved for its `post` step; undefined when there is none, or none that is understood. */
export function parseSaved<T>(schema: z.ZodMiniType<T>, json: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

// Data from outside is checked with Zod in its small edition, which takes a third of the time to load. It has no messages
// of its own, and they show the user where an answer is not what an API describes.
z.config(en());

export const someText = z.string().check(z.minLength(1));
export const positiveInt = z.int().check(z.positive());
export const nonNegativeInt = z.int().check(z.nonnegative());

/** A value that is as described, and what is made of it. */
export function mapped<S extends z.ZodMiniType, T>(schema: S, map: (value: z.output<S>) => T) {
  return z.pipe(schema, z.transform(map));
}

/** What nothing depends on: undefined when it is missing or odd. */
export function orUndefined<S extends z.ZodMiniType>(schema: S) {
  return z.catch(z.optional(schema), undefined);
}

/** What nothing depends on, and an API may give as null: null, or undefined when it is missing or odd. */
export function orMissing<S extends z.ZodMiniType>(schema: S) {
  return z.catch(z.nullish(schema), undefined);
}

/** What a main step has stored for its `post` step; undefined when there is none, or none that is understood. */
export function parseStored<T>(schema: z.ZodMiniType<T>, json: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

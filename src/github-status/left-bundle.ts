import * as z from 'zod/mini';
import { orUndefined, parseStored } from '../schema.ts';

const file = z.object({ name: z.string(), path: z.string(), retentionDays: orUndefined(z.number()) });

/** A support bundle that is to be stored. */
export type SupportBundleFile = z.infer<typeof file>;

/** What the main step has left; undefined if there is nothing. */
export function parseLeftBundle(json: string): SupportBundleFile | undefined {
  return parseStored(file, json);
}

import * as z from 'zod/mini';
import { someText } from '../schema.ts';
import { readEventPayload } from './event.ts';

const payload = z.object({ repository: z.object({ default_branch: someText }) });

/** Name of the repository's default branch, as the event's payload has it; undefined where it does not say. */
export async function readDefaultBranch(): Promise<string | undefined> {
  return payload.safeParse(await readEventPayload()).data?.repository.default_branch;
}

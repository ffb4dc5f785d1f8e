import { ActionError } from '../../src/errors.ts';

/** How a use case ended: undefined, or its error. */
export async function endOf(work: Promise<unknown>): Promise<ActionError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
}

import { fileNotWritable } from '../errors.ts';
import { describeFault } from './fault.ts';

/**
 * The result of what writes a file.
 * @throws ActionError where it fails, for any error thrown
 */
export async function orNotWritable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileNotWritable(path, describeFault(error), error);
  }
}

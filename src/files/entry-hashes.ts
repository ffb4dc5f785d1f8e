import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { ProblemList } from '../domain/bundle-problems.ts';
import { openZip } from './open-zip.ts';
import { readEntries } from './zip-entries.ts';

/**
 * SHA-256 of a bundle's files, as they are in the zip, by their names: lower-case hex. When the signal is aborted, of those
 * that were read until then.
 * @throws BundleError if the zip cannot be read
 */
export async function hashEntries(path: string, signal: AbortSignal): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  const { zip } = await openZip(path, path);
  try {
    const { items } = await readEntries(zip, new ProblemList(), signal);
    for (const { name, entry } of items) {
      const hash = createHash('sha256');
      await pipeline(await zip.openReadStreamPromise(entry), hash, { signal });
      hashes.set(name, hash.digest('hex'));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    zip.close();
  }
  return hashes;
}

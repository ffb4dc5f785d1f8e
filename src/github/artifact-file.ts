import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A file under the name that its artifact is to have, alone in a folder. */
export interface NamedFile {
  path: string;
  directory: string;
  /** Removes the name, and the folder with it; the file that it was given to stays. */
  remove: () => Promise<void>;
}

export interface FileFacts {
  /** Lower-case hex. */
  sha256: string;
  sizeBytes: number;
}

/** The package takes an artifact's name from the file's, so the file gets one more name: a link, or else a copy. */
export async function nameFile(source: string, name: string): Promise<NamedFile> {
  const directory = await mkdtemp(join(process.env['RUNNER_TEMP'] || tmpdir(), 'artifact-'));
  const remove = () => rm(directory, { recursive: true, force: true, maxRetries: 3 });
  try {
    const path = join(directory, name);
    // A hard link to a symbolic link would lead elsewhere from here.
    const file = await realpath(source);
    await link(file, path).catch(() => copyFile(file, path));
    return { path, directory, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

export async function inspectFile(path: string, signal: AbortSignal): Promise<FileFacts> {
  const hash = createHash('sha256');
  const { size } = await stat(path);
  await pipeline(createReadStream(path), hash, { signal });
  return { sha256: hash.digest('hex'), sizeBytes: size };
}

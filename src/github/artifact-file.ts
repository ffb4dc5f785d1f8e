import { createHash } from 'node:crypto';
import { copyFile, link, mkdtemp, open, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { NotAFileError, READ_FLAGS } from '../regular-file.ts';

/** A file under its artifact's name, alone in a folder. */
export interface NamedFile {
  path: string;
  directory: string;
  /** Removes the name, and the folder with it; the original file remains. */
  remove: () => Promise<void>;
}

export interface FileFacts {
  /** Lower-case hex. */
  sha256: string;
  sizeBytes: number;
}

/** The package names an artifact after its file, so the file gets a second name: a link, or else a copy. */
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
  const file = await open(path, READ_FLAGS);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new NotAFileError('it is not a file');
    await pipeline(file.createReadStream({ start: 0, autoClose: false }), hash, { signal });
    return { sha256: hash.digest('hex'), sizeBytes: stats.size };
  } finally {
    await file.close();
  }
}

import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipArchive } from 'archiver';

/** A file of an archive that is made of texts. */
export interface TextFile {
  /** Its name in the archive. */
  name: string;
  text: string;
}

/**
 * Writes a zip of texts, which only this user may read.
 * @param path of a file that does not exist yet
 * @throws the system's error, or the signal's reason; then the file may be there in part
 */
export async function writeTextArchive(path: string, files: readonly TextFile[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const archive = new ZipArchive({ zlib: { level: 9 } });
  const written = pipeline(archive, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
  for (const { name, text } of files) archive.append(text, { name });
  // Its own promise rejects with what the pipeline throws, too.
  archive.finalize().catch(() => {});
  await written;
}

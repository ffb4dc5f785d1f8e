import { type FileHandle, open } from 'node:fs/promises';
import { extname } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ActionError } from '../../errors.ts';
import { READ_FLAGS } from '../../regular-file.ts';
import { describeFault, errorCode } from '../fault.ts';
import { readStart } from '../read-start.ts';
import { isGzip } from './source-kind.ts';

/** A file as a whole is unusable. The message is a sentence for the user that quotes nothing of the file. */
export class SourceFault extends Error {
  override name = 'SourceFault';
}

export interface SourceShape {
  /** Size on the disk. */
  sizeBytes: number;
  isGzipped: boolean;
}

export interface SourceOptions {
  signal: AbortSignal;
  /** Called before anything is checked. */
  onOpen?: (file: SourceShape) => void;
  /** In bytes of the file on the disk. */
  onProgress?: (readBytes: number, sizeBytes: number) => void;
}

/** A file that is open for reading. */
export interface SourceFile extends SourceShape {
  /**
   * The unzipped content. A chunk may be overwritten as soon as the next one is requested.
   * @throws SourceFault for a gzip that is damaged or truncated
   */
  chunks(): AsyncGenerator<Buffer, void, void>;
  close(): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Opens a file, which may be a gzip whatever its name; one that is named like a gzip has to be one.
 * @throws SourceFault if it is empty or has the wrong name
 * @throws ActionError if it is not a file
 */
export async function openSource(path: string, options: SourceOptions): Promise<SourceFile> {
  const file = await open(path, READ_FLAGS);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw notAFile(path, stats.isDirectory());
    const isGzipped = isGzip(await readStart(file));
    options.onOpen?.({ sizeBytes: stats.size, isGzipped });
    if (stats.size === 0) throw new SourceFault('It is empty.');
    if (!isGzipped && /^\.(gz|gzip)$/i.test(extname(path))) {
      throw new SourceFault('It has the name of a gzip file, but is not gzip.');
    }
    const progress = (bytes: number) => options.onProgress?.(bytes, stats.size);
    const chunks = () =>
      isGzipped ? unzippedChunks(file, stats.size, options.signal, progress) : plainChunks(file, progress);
    return { sizeBytes: stats.size, isGzipped, chunks, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** One of two buffers is filled while the other is processed. */
async function* plainChunks(file: FileHandle, onProgress: (bytes: number) => void): AsyncGenerator<Buffer, void, void> {
  const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
  let position = 0;
  const read = async (buffer: Buffer) => await file.read(buffer, 0, CHUNK_BYTES, position);
  let turn = 0;
  let next = read(buffers[0]);
  try {
    for (;;) {
      const { buffer, bytesRead } = await next;
      if (bytesRead === 0) return;
      position += bytesRead;
      turn = 1 - turn;
      next = read(turn === 0 ? buffers[0] : buffers[1]);
      // It is awaited in the next round, or not at all.
      next.catch(() => {});
      yield buffer.subarray(0, bytesRead);
      onProgress(position);
    }
  } finally {
    await next.catch(() => {});
  }
}

/** The content of all members of a gzip. Trailing data is a fault, and so is a truncated member. */
async function* unzippedChunks(
  file: FileHandle,
  sizeBytes: number,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
): AsyncGenerator<Buffer, void, void> {
  const zipped = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 64 * 1024, signal });
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  // The loop throws the errors of both.
  pipeline(zipped, gunzip, () => {});
  try {
    for await (const chunk of gunzip) {
      yield chunk;
      onProgress(Math.min(gunzip.bytesWritten, sizeBytes));
    }
  } catch (error) {
    throw gzipFault(error) ?? error;
  } finally {
    zipped.destroy();
    gunzip.destroy();
  }
  // zlib ignores trailing data that begins with NUL bytes.
  const behind = sizeBytes - gunzip.bytesWritten;
  if (behind > 0) throw new SourceFault(`Its gzip data ends ${behind} bytes before the file does.`);
}

function gzipFault(error: unknown): SourceFault | undefined {
  switch (errorCode(error)) {
    case 'Z_BUF_ERROR':
      return new SourceFault('Its gzip data is truncated.');
    case 'Z_DATA_ERROR':
    case 'Z_NEED_DICT':
      return new SourceFault('Its gzip data is damaged, or followed by other data.');
    default:
      return undefined;
  }
}

function notAFile(path: string, isFolder: boolean): ActionError {
  return new ActionError(`${path} is ${isFolder ? 'a folder' : 'not a file'}.`, {
    topic: 'batch-file-not-usable',
    title: 'File not usable',
    fix: 'Correct the input `files`.',
  });
}

/** @returns an error for the user */
export function notReadable(path: string, cause: unknown): ActionError {
  if (cause instanceof ActionError) return cause;
  if (cause instanceof SourceFault) {
    return new ActionError(`${path} has changed since it was checked. ${cause.message}`, {
      topic: 'batch-file-not-usable',
      title: 'File not usable',
      fix: 'Make sure that nothing writes to it while this step runs.',
    });
  }
  const isMissing = errorCode(cause) === 'ENOENT';
  return new ActionError(isMissing ? `There is no file ${path}.` : `${path} cannot be read: ${describeFault(cause)}.`, {
    topic: 'file-not-readable-or-not-writable',
    title: 'File not readable',
    fix: 'Check whether the file exists, and whether the user of this step may read it.',
    cause,
  });
}

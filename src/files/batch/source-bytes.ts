import { type FileHandle, open } from 'node:fs/promises';
import { extname } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ActionError } from '../../errors.ts';
import { READ_FLAGS } from '../../regular-file.ts';
import { describeFault, errorCode } from '../fault.ts';
import { readStart } from '../read-start.ts';
import { isGzip } from './source-kind.ts';

/** Something is wrong with a file as a whole. The message is a sentence for the user, and quotes nothing of it. */
export class SourceFault extends Error {
  override name = 'SourceFault';
}

export interface SourceShape {
  /** As it is on the disk. */
  sizeBytes: number;
  isGzipped: boolean;
}

export interface SourceOptions {
  signal: AbortSignal;
  /** Before anything of it is judged. */
  onOpen?: (file: SourceShape) => void;
  /** Bytes of the file as it is on the disk. */
  onProgress?: (readBytes: number, sizeBytes: number) => void;
}

/** A file that is open for reading. */
export interface SourceFile extends SourceShape {
  /**
   * What is in it, unzipped. A chunk may be overwritten as soon as the next one is asked for.
   * @throws SourceFault for a gzip that is not whole
   */
  chunks(): AsyncGenerator<Buffer, void, void>;
  close(): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Opens a file, which may be a gzip whatever its name; one that is named like a gzip has to be one.
 * @throws SourceFault for what is empty or named wrongly
 * @throws ActionError for what is no file
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
      throw new SourceFault('It is named as a gzip, and is none.');
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

/** Of two buffers the one is filled while the other is worked on. */
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
      // It is awaited in the next round only, or not at all.
      next.catch(() => {});
      yield buffer.subarray(0, bytesRead);
      onProgress(position);
    }
  } finally {
    await next.catch(() => {});
  }
}

/** All members of a gzip, one after another. What comes behind the last one is a fault, as is a member that breaks off. */
async function* unzippedChunks(
  file: FileHandle,
  sizeBytes: number,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
): AsyncGenerator<Buffer, void, void> {
  const zipped = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 64 * 1024, signal });
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  // Errors of either come out of the loop.
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
  // NUL bytes behind its end, whatever comes behind those, are no error to zlib.
  const behind = sizeBytes - gunzip.bytesWritten;
  if (behind > 0) throw new SourceFault(`Its gzip has ended ${behind} bytes before the file does.`);
}

function gzipFault(error: unknown): SourceFault | undefined {
  switch (errorCode(error)) {
    case 'Z_BUF_ERROR':
      return new SourceFault('Its gzip breaks off: it is not whole.');
    case 'Z_DATA_ERROR':
    case 'Z_NEED_DICT':
      return new SourceFault('Its gzip is damaged, or has something behind its end.');
    default:
      return undefined;
  }
}

function notAFile(path: string, isFolder: boolean): ActionError {
  return new ActionError(`${path} is ${isFolder ? 'a folder' : 'not a file'}.`, {
    title: 'File not usable',
    fix: 'Correct the input `files`. Nothing was sent.',
  });
}

/** @returns an error for the user to read */
export function notReadable(path: string, cause: unknown): ActionError {
  if (cause instanceof ActionError) return cause;
  if (cause instanceof SourceFault) {
    return new ActionError(`${path} has changed since it was checked. ${cause.message}`, {
      title: 'File not usable',
      fix: 'Let nothing write to it while this step runs.',
    });
  }
  const isMissing = errorCode(cause) === 'ENOENT';
  return new ActionError(isMissing ? `There is no file ${path}.` : `${path} cannot be read: ${describeFault(cause)}.`, {
    title: 'File not readable',
    fix: 'See whether the file is there, and whether the user of this step may read it.',
    cause,
  });
}

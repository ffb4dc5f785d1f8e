import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ActionError } from '../errors.ts';
import type { HttpAnswer, HttpCall } from './call.ts';
import { NetworkError } from './errors.ts';
import type { HttpClient } from './http.ts';

/** Large reads: fewer turns of the event loop for each MB sent. */
const READ_CHUNK_BYTES = 256 * 1024;

export interface FileUpload {
  what: string;
  /** A signed URL: it is a credential of its own, so no token is ever sent with it. */
  url: URL;
  path: string;
  sizeBytes: number;
  headers: Readonly<Record<string, string>>;
  /** No progress for this long ends the attempt. */
  stallMs: number;
  /** The same, for the answer after the last byte. */
  answerMs: number;
  onProgress: (sentBytes: number) => void;
  signal: AbortSignal;
  explain: NonNullable<HttpCall['explain']>;
}

/** A day: the stall watchdog rules over uploads, however long they take. */
const NO_TIMEOUT_MS = 24 * 60 * 60 * 1000;

/**
 * One attempt to PUT a file, streamed from disk with its Content-Length; never whole in memory.
 * @throws HttpError, NetworkError (also for a stall), or the signal's reason
 */
export async function putFile(http: HttpClient, upload: FileUpload): Promise<HttpAnswer> {
  const file = await open(upload.path).catch((cause: unknown) => {
    throw unreadable(upload.path, cause);
  });
  const stall = new AbortController();
  const giveUp = () => stall.abort(new DOMException('stalled', 'TimeoutError'));
  let watchdog = setTimeout(giveUp, upload.stallMs);
  let sentBytes = 0;
  const onChunk = (bytes: number) => {
    sentBytes += bytes;
    // All is handed over, but kernels and proxies may still hold much of it: the answer gets more time.
    const waitMs = sentBytes < upload.sizeBytes ? upload.stallMs : upload.answerMs;
    clearTimeout(watchdog);
    watchdog = setTimeout(giveUp, waitMs);
    upload.onProgress(sentBytes);
  };
  try {
    return await http.send({
      what: upload.what,
      method: 'PUT',
      url: upload.url,
      headers: { ...upload.headers, 'content-length': String(upload.sizeBytes) },
      body: Readable.from(readChunks(file, upload, onChunk), { objectMode: false, highWaterMark: READ_CHUNK_BYTES }),
      timeoutMs: NO_TIMEOUT_MS,
      signal: AbortSignal.any([upload.signal, stall.signal]),
      explain: upload.explain,
    });
  } catch (error) {
    if (!stall.signal.aborted || upload.signal.aborted) throw error;
    throw new NetworkError(upload.what, {
      method: 'PUT',
      url: upload.url,
      outcome: `stalled after ${sentBytes} of ${upload.sizeBytes} bytes`,
      delivery: 'lost-answer',
      cause: error,
    });
  } finally {
    clearTimeout(watchdog);
    await file.close();
  }
}

/** The file's bytes, as many as were promised: should it have grown since, the rest is not sent. */
async function* readChunks(
  file: FileHandle,
  { path, sizeBytes }: FileUpload,
  onChunk: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < sizeBytes; ) {
    const buffer = Buffer.allocUnsafe(Math.min(READ_CHUNK_BYTES, sizeBytes - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    if (bytesRead === 0) throw unreadable(path, new Error('the file became shorter'));
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
    // Asked for more: the chunk before has left for the socket.
    onChunk(bytesRead);
  }
}

function unreadable(path: string, cause: unknown): ActionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ActionError(`The zip ${path} could not be read while it was uploaded: ${reason}.`, {
    title: 'Bundle not readable',
    fix: 'Make sure that no other step changes or removes the zip, and run the job again.',
    cause,
  });
}

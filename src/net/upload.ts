import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { FormDataEncoder } from 'form-data-encoder';
import { ActionError } from '../errors.ts';
import type { HttpAnswer, HttpCall } from './call.ts';
import { NetworkError } from './errors.ts';
import type { HttpClient } from './http.ts';

/** Large reads: fewer turns of the event loop for each MB sent. */
const READ_CHUNK_BYTES = 256 * 1024;
/** See `listen`. */
const LISTEN_MS = 1;

export interface FileUpload {
  what: string;
  url: URL;
  path: string;
  sizeBytes: number;
  headers: Readonly<Record<string, string>>;
  /** No progress for this long ends the attempt. */
  stallMs: number;
  /** The same, for the answer after the last byte. */
  answerMs: number;
  /** Of the file, without what a form puts around it. */
  onProgress: (sentBytes: number) => void;
  signal: AbortSignal;
  explain: NonNullable<HttpCall['explain']>;
  /** The server may well refuse it before all of it is sent, and its answer must not get lost: see `listen`. */
  mayBeRefusedEarly?: true;
}

export interface FormField {
  /** The field that holds the file. */
  name: string;
  /** As the server is to see it: the file's real name may say anything. */
  fileName: string;
  mediaType: string;
}

/** A day: the stall watchdog rules over uploads, however long they take. */
const NO_TIMEOUT_MS = 24 * 60 * 60 * 1000;

/**
 * One attempt to PUT a file, streamed from disk with its Content-Length; never whole in memory.
 * @throws HttpError, NetworkError (also for a stall), ActionError for a file that cannot be read, or the signal's reason
 */
export async function putFile(http: HttpClient, upload: FileUpload): Promise<HttpAnswer> {
  return await sendFile(http, upload, { method: 'PUT', before: [], after: [] });
}

/** The same as a POST of a form (multipart/form-data) that holds nothing but the file. */
export async function postFile(http: HttpClient, upload: FileUpload, field: FormField): Promise<HttpAnswer> {
  const form = new FormData();
  // An empty one in its place: only what stands around it is taken from the encoder, and read is the real one here.
  form.set(field.name, new File([], field.fileName, { type: field.mediaType }));
  const encoder = new FormDataEncoder(form);
  const parts = [...encoder.values()];
  const isBytes = (part: unknown) => part instanceof Uint8Array;
  const place = parts.findIndex((part) => !isBytes(part));
  const headers = { ...upload.headers, 'content-type': encoder.contentType };
  return await sendFile(
    http,
    { ...upload, headers, mayBeRefusedEarly: true },
    { method: 'POST', before: parts.slice(0, place).filter(isBytes), after: parts.slice(place).filter(isBytes) },
  );
}

/** How a file is sent, and what goes around it. */
interface Wrapping {
  method: 'PUT' | 'POST';
  before: readonly Uint8Array[];
  after: readonly Uint8Array[];
}

async function sendFile(http: HttpClient, upload: FileUpload, wrapping: Wrapping): Promise<HttpAnswer> {
  const file = await open(upload.path).catch((cause: unknown) => {
    throw unreadable(upload.path, cause);
  });
  const { method } = wrapping;
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
  const contentLength = [...wrapping.before, ...wrapping.after].reduce(
    (sum, { length }) => sum + length,
    upload.sizeBytes,
  );
  const chunks = readChunks(file, upload, wrapping, onChunk);
  try {
    return await http.send({
      what: upload.what,
      method,
      url: upload.url,
      headers: { ...upload.headers, 'content-length': String(contentLength) },
      body: Readable.from(chunks, { objectMode: false, highWaterMark: READ_CHUNK_BYTES }),
      timeoutMs: NO_TIMEOUT_MS,
      signal: AbortSignal.any([upload.signal, stall.signal]),
      explain: upload.explain,
    });
  } catch (error) {
    if (!stall.signal.aborted || upload.signal.aborted) throw error;
    throw new NetworkError(upload.what, {
      method,
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
  { path, sizeBytes, mayBeRefusedEarly }: FileUpload,
  { before, after }: Wrapping,
  onChunk: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  yield* before;
  for (let position = 0; position < sizeBytes; ) {
    const buffer = Buffer.allocUnsafe(Math.min(READ_CHUNK_BYTES, sizeBytes - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    if (bytesRead === 0) throw unreadable(path, new Error('the file became shorter'));
    position += bytesRead;
    if (mayBeRefusedEarly) await listen();
    yield buffer.subarray(0, bytesRead);
    // Asked for more: the chunk before has left for the socket.
    onChunk(bytesRead);
  }
  yield* after;
}

/**
 * Before each chunk, so that an answer that is there already is read first: a server that refuses a body early and closes
 * makes the next write fail, and its answer would be lost behind that failure. Immediates come right after the reads. It
 * costs a millisecond or more for each chunk, which is nothing for a few MB; a bundle is larger, and storage, which takes
 * it, is sent nothing but what fits, under a signature that is seconds old.
 */
async function listen(): Promise<void> {
  await sleep(LISTEN_MS);
  await setImmediate();
}

function unreadable(path: string, cause: unknown): ActionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ActionError(`The file ${path} could not be read while it was uploaded: ${reason}.`, {
    title: 'File not readable',
    fix: 'Make sure that no other step changes or removes the file, and run the job again.',
    cause,
  });
}

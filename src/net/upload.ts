import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { FormDataEncoder } from 'form-data-encoder';
import { ActionError } from '../errors.ts';
import { startTimer } from '../pause.ts';
import { READ_FLAGS } from '../regular-file.ts';
import type { HttpAnswer, HttpCall } from './call.ts';
import { type ChunkReader, createChunkReader } from './chunk-reader.ts';
import { NetworkError } from './errors.ts';
import { foreignBodyOf, foreignWords, isPage } from './foreign-body.ts';
import type { HttpClient } from './http.ts';
import type { Service } from './services.ts';

/** See `listen`. */
const LISTEN_MS = 1;

export interface FileUpload {
  what: string;
  url: URL;
  service?: Service | undefined;
  path: string;
  sizeBytes: number;
  /** Lower-case hex, of what was checked: a file that has another one by now is not sent to its end. */
  sha256?: string | undefined;
  headers: Readonly<Record<string, string>>;
  /** No progress for this long ends the attempt. */
  stallMs: number;
  /** No answer for this long after the last byte ends the attempt. */
  answerMs: number;
  /** Size of the file, without the form fields around it. */
  onProgress: (sentBytes: number) => void;
  signal: AbortSignal;
  explain: NonNullable<HttpCall['explain']>;
  /** The server may well refuse it before all of it is sent, and its answer must not get lost: see `listen`. */
  mayBeRefusedEarly?: true;
}

export interface FormField {
  /** The field that holds the file. */
  name: string;
  /** The name that the server sees: the file's real name may reveal something. */
  fileName: string;
  mediaType: string;
}

/** A day: the stall watchdog rules over uploads, however long they take. */
const NO_TIMEOUT_MS = 24 * 60 * 60 * 1000;

/**
 * One attempt to PUT a file, streamed from disk with its Content-Length; never whole in memory.
 * @throws HttpError, NetworkError (also for a stall, and for a page where storage says nothing), ActionError for a file
 *   that cannot be read, or the signal's reason
 */
export async function putFile(http: HttpClient, upload: FileUpload): Promise<HttpAnswer> {
  const answer = await sendFile(http, upload, { method: 'PUT', before: [], after: [] });
  const foreign = foreignBodyOf(answer.text);
  if (foreign === undefined || !isPage(foreign)) return answer;
  throw new NetworkError(upload.what, {
    method: 'PUT',
    url: upload.url,
    service: upload.service,
    outcome: `answered ${answer.status} with ${foreignWords(foreign, "storage's own answer")}`,
    delivery: 'lost-answer',
  });
}

/** Sends the file as a POST of a form (multipart/form-data) that holds nothing else. */
export async function postFile(http: HttpClient, upload: FileUpload, field: FormField): Promise<HttpAnswer> {
  const form = new FormData();
  // The encoder gets an empty file: only the form fields around it are used, and the real file is read here.
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
  const file = await open(upload.path, READ_FLAGS).catch((cause: unknown) => {
    throw unreadable(upload.path, cause);
  });
  const { method } = wrapping;
  const stall = new AbortController();
  const giveUp = () => stall.abort(new DOMException('stalled', 'TimeoutError'));
  let watchdog = startTimer(giveUp, upload.stallMs);
  let sentBytes = 0;
  let isOver = false;
  const onChunk = (bytes: number) => {
    // undici asks for one more chunk when a connection breaks, maybe after the call has failed.
    if (isOver) return;
    sentBytes += bytes;
    // All of it is handed over, but kernels and proxies may still buffer much of it: the answer gets more time.
    const waitMs = sentBytes < upload.sizeBytes ? upload.stallMs : upload.answerMs;
    clearTimeout(watchdog);
    watchdog = startTimer(giveUp, waitMs);
    upload.onProgress(sentBytes);
  };
  const contentLength = [...wrapping.before, ...wrapping.after].reduce(
    (sum, { length }) => sum + length,
    upload.sizeBytes,
  );
  const reader = createChunkReader(file, upload.sizeBytes);
  try {
    return await http.send({
      what: upload.what,
      method,
      url: upload.url,
      service: upload.service,
      headers: { ...upload.headers, 'content-length': String(contentLength) },
      body: readChunks(reader, upload, wrapping, onChunk),
      timeoutMs: NO_TIMEOUT_MS,
      signal: AbortSignal.any([upload.signal, stall.signal]),
      explain: upload.explain,
    });
  } catch (error) {
    if (!stall.signal.aborted || upload.signal.aborted) throw error;
    throw new NetworkError(upload.what, {
      method,
      url: upload.url,
      service: upload.service,
      outcome: `stalled after ${sentBytes} of ${upload.sizeBytes} bytes`,
      delivery: 'lost-answer',
      cause: error,
    });
  } finally {
    isOver = true;
    clearTimeout(watchdog);
    await reader.close();
  }
}

/**
 * The file's bytes, as many as were announced: if it has grown since, the rest is not sent. Handed to undici directly,
 * not as a stream, which would ask for chunks ahead of the socket. undici asks for the next one only when the socket
 * took the last one whole, since each but the very last is larger than what a socket takes on credit (its
 * `highWaterMark`, 64 KB at most); or when the connection is gone, and with it the body. That is what the reader's
 * buffers need.
 */
async function* readChunks(
  reader: ChunkReader,
  { path, sizeBytes, sha256, mayBeRefusedEarly }: FileUpload,
  { before, after }: Wrapping,
  onChunk: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  yield* before;
  const hash = sha256 === undefined ? undefined : createHash('sha256');
  let readBytes = 0;
  const next = () =>
    reader.next().catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
  for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
    hash?.update(chunk);
    readBytes += chunk.length;
    // Without its last chunk the server has no file.
    if (readBytes === sizeBytes && hash !== undefined && hash.digest('hex') !== sha256) throw changed(path);
    if (mayBeRefusedEarly) await listen();
    yield chunk;
    // undici asks for more: the previous chunk has been passed to the socket.
    onChunk(chunk.length);
  }
  yield* after;
}

/**
 * Before each chunk, so that an answer that has already arrived is read first: a server that refuses a body early and
 * closes makes the next write fail, which would hide its answer. Immediates come right after the reads. It costs a
 * millisecond or more for each chunk, which is nothing for a few MB; a bundle is larger, and storage, which takes it,
 * is sent nothing but what fits, under a signature that is seconds old.
 */
async function listen(): Promise<void> {
  await sleep(LISTEN_MS);
  await setImmediate();
}

function changed(path: string): ActionError {
  return new ActionError(`The file ${path} is not the one that was checked: it changed before it was uploaded.`, {
    topic: 'file-not-readable-or-not-writable',
    title: 'File changed',
    fix: 'Make sure that no other step or job writes to it, and run the job again.',
  });
}

function unreadable(path: string, cause: unknown): ActionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ActionError(`The file ${path} could not be read while it was uploaded: ${reason}.`, {
    topic: 'file-not-readable-or-not-writable',
    title: 'File not readable',
    fix: 'Make sure that no other step changes or removes the file, and run the job again.',
    cause,
  });
}

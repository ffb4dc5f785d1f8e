import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { NetworkError } from './errors.ts';
import type { HttpAnswer, HttpClient } from './http.ts';

/** Large reads: fewer turns of the event loop for each MB sent. */
const READ_CHUNK_BYTES = 256 * 1024;

export interface FileUpload {
  what: string;
  /** A signed URL: it is a credential, so no other header than these is ever sent with it. */
  url: URL;
  path: string;
  sizeBytes: number;
  headers: Readonly<Record<string, string>>;
  /** No progress for this long, in sending or in waiting for the answer, ends the attempt. */
  stallMs: number;
  onProgress: (sentBytes: number) => void;
  signal: AbortSignal;
  explain?: (status: number) => string | undefined;
}

/** A day: the stall watchdog rules over uploads, however long they take. */
const NO_TIMEOUT_MS = 24 * 60 * 60 * 1000;

/**
 * One attempt to PUT a file, streamed from disk with its Content-Length; never whole in memory.
 * @throws HttpError, NetworkError (also for a stall), or the signal's reason
 */
export async function putFile(http: HttpClient, upload: FileUpload): Promise<HttpAnswer> {
  const stall = new AbortController();
  const watchdog = setTimeout(() => stall.abort(new DOMException('stalled', 'TimeoutError')), upload.stallMs);
  const file = createReadStream(upload.path, { highWaterMark: READ_CHUNK_BYTES });
  let sentBytes = 0;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file as AsyncIterable<Buffer>) {
      yield chunk;
      // Asked for more: the chunk before has left for the socket.
      sentBytes += chunk.length;
      watchdog.refresh();
      upload.onProgress(sentBytes);
    }
  }
  try {
    return await http.send({
      what: upload.what,
      method: 'PUT',
      url: upload.url,
      headers: { ...upload.headers, 'content-length': String(upload.sizeBytes) },
      body: Readable.from(chunks(), { objectMode: false, highWaterMark: READ_CHUNK_BYTES }),
      timeoutMs: NO_TIMEOUT_MS,
      signal: AbortSignal.any([upload.signal, stall.signal]),
      ...(upload.explain === undefined ? {} : { explain: upload.explain }),
    });
  } catch (error) {
    if (!stall.signal.aborted || upload.signal.aborted) throw error;
    throw new NetworkError(upload.what, {
      method: 'PUT',
      url: upload.url,
      reason: `nothing moved for ${upload.stallMs / 1000} s after ${sentBytes} of ${upload.sizeBytes} bytes`,
      delivery: 'lost-answer',
      cause: error,
    });
  } finally {
    clearTimeout(watchdog);
    file.destroy();
  }
}

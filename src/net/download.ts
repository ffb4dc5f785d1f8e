import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { ActionError, fileNotWritable } from '../errors.ts';
import { startTimer } from '../pause.ts';
import type { HttpCall } from './call.ts';
import { type HttpError, NetworkError } from './errors.ts';
import type { HttpClient } from './http.ts';
import { type RetryNotice, retry } from './retry.ts';
import type { Service } from './services.ts';

const MAX_RETRIES = 4;

export interface FileDownload {
  what: string;
  url: URL;
  service?: Service | undefined;
  /** Empty for a signed URL: it is a credential itself, so no token is ever sent with it. */
  headers?: Readonly<Record<string, string>>;
  /** Where the file is written; an existing file is overwritten. */
  path: string;
  /** A larger file is refused. */
  maxBytes: number;
  /** Why a larger file cannot be right, as the end of a sentence, and what to do instead. */
  tooLarge: { message: string; fix: string };
  /** No byte for this long ends the attempt. */
  stallMs: number;
  onProgress: (receivedBytes: number) => void;
  signal: AbortSignal;
  expects: NonNullable<HttpCall['expects']>;
  explain: NonNullable<HttpCall['explain']>;
}

export interface DownloadedFile {
  path: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/**
 * One attempt to GET a file, streamed to disk; never whole in memory. What fails leaves no file behind.
 * @throws HttpError, NetworkError (also for a stall, and for a body that breaks off), ActionError where it is too large
 *   or cannot be written, or the signal's reason
 */
export async function getFile(http: HttpClient, download: FileDownload): Promise<DownloadedFile> {
  const stall = new AbortController();
  const watchdog = startTimer(() => stall.abort(new DOMException('stalled', 'TimeoutError')), download.stallMs);
  let receivedBytes = 0;
  const onBytes = (bytes: number) => {
    receivedBytes = bytes;
    watchdog.refresh();
    download.onProgress(bytes);
  };
  try {
    return await receive(http, download, AbortSignal.any([download.signal, stall.signal]), onBytes);
  } catch (error) {
    await rm(download.path, { force: true });
    if (!stall.signal.aborted || download.signal.aborted) throw error;
    throw new NetworkError(download.what, {
      method: 'GET',
      url: download.url,
      service: download.service,
      outcome: `stalled after ${receivedBytes} bytes`,
      delivery: 'lost-answer',
      cause: error,
    });
  } finally {
    clearTimeout(watchdog);
  }
}

/** When a download is tried again, and how that is reported. */
export interface DownloadRepeating {
  mayRepeat: (error: HttpError | NetworkError) => boolean;
  onRetry: (what: string, notice: RetryNotice) => void;
  timeLeftMs?: (() => number) | undefined;
}

/** `getFile` with retries, each from the start. @throws what `getFile` throws last */
export async function getFileRepeatedly(
  http: HttpClient,
  download: FileDownload,
  { mayRepeat, onRetry, timeLeftMs }: DownloadRepeating,
): Promise<DownloadedFile> {
  const { what, signal } = download;
  let running: Promise<unknown> = Promise.resolve();
  const attempt = async (): Promise<DownloadedFile> => {
    download.onProgress(0);
    const file = getFile(http, download);
    running = file.catch(() => {});
    return await file;
  };
  try {
    return await retry(attempt, {
      signal,
      mayRepeat,
      timeLeftMs,
      onRetry: (notice) => onRetry(what, notice),
      maxRetries: MAX_RETRIES,
      budgetFrom: 'first-failure',
    });
  } finally {
    // An abort throws at once, while the aborted attempt still has to remove its file.
    await running;
  }
}

async function receive(
  http: HttpClient,
  download: FileDownload,
  signal: AbortSignal,
  onBytes: (receivedBytes: number) => void,
): Promise<DownloadedFile> {
  const { what, url, service, headers = {}, path, maxBytes, stallMs, expects, explain } = download;
  const { body } = await http.open({
    what,
    method: 'GET',
    url,
    service,
    headers,
    timeoutMs: stallMs,
    signal,
    expects,
    explain,
  });
  const file = await open(path, 'w', 0o600).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
  try {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const chunk of body) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) throw tooLarge(download);
      hash.update(chunk);
      await write(file, chunk, path);
      onBytes(sizeBytes);
    }
    return { path, sizeBytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

async function write(file: FileHandle, chunk: Uint8Array, path: string): Promise<void> {
  try {
    await file.writeFile(chunk);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function tooLarge({ what, maxBytes, tooLarge: { message, fix } }: FileDownload): ActionError {
  return new ActionError(`${what}: it has more than ${maxBytes} bytes, and ${message}.`, {
    title: 'File too large',
    fix,
  });
}

function unwritable(path: string, cause: unknown): ActionError {
  return fileNotWritable(path, cause instanceof Error ? cause.message : String(cause), cause);
}

import { rm } from 'node:fs/promises';
import { isPrivateUrl } from '../domain/loopback.ts';
import { ActionError } from '../errors.ts';
import { type DownloadedFile, getFile } from '../net/download.ts';
import { HttpError } from '../net/errors.ts';
import type { HttpClient } from '../net/http.ts';
import { type RetryNotice, retry } from '../net/retry.ts';
import { timeoutSignal } from '../pause.ts';
import type { GitHub } from './github.ts';

const STALL_MS = 30_000;
/** For all of it, however often it is tried: a bundle has at most 64 MB, which takes this long at 2 Mbit/s. */
const DEFAULT_TIMEOUT_MS = 5 * 60_000;
const MAX_RETRIES = 4;
const TOO_LARGE = { message: 'is no bundle that could be deployed', fix: 'Name another one.' };

export interface DownloadRequest {
  artifactId: number;
  /** Absolute: where the zip is written. */
  path: string;
  maxBytes: number;
  onProgress: (receivedBytes: number) => void;
}

export interface DownloadOptions {
  github: Pick<GitHub, 'readDownloadUrl'>;
  /** One that sends no token of its own. */
  http: HttpClient;
  /** The signed URL is a credential. */
  maskSecret: (value: string) => void;
  onRetry: (notice: RetryNotice) => void;
  signal: AbortSignal;
  timeoutMs?: number;
}

/**
 * Downloads an artifact as it was uploaded. `@actions/artifact` could do it, too; but it sees a connection that broke only
 * after 30 s of silence, tries again with the same signed URL, which lives for a minute, and says no reason at the end.
 * Here each try asks for a URL of its own.
 * @throws ActionError, or the signal's reason; no file is left behind then
 */
export async function downloadArtifact(request: DownloadRequest, options: DownloadOptions): Promise<DownloadedFile> {
  const { github, http, maskSecret, onRetry, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { artifactId, path, maxBytes, onProgress } = request;
  const what = `Downloading artifact ${artifactId}`;
  const timeout = timeoutSignal(timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  let isAsking = true;
  let running: Promise<unknown> = Promise.resolve();
  const attempt = async () => {
    isAsking = true;
    const url = readSignedUrl(await github.readDownloadUrl(artifactId), maskSecret);
    isAsking = false;
    onProgress(0);
    const explain = () => 'Run the job again; if it stays, look at https://www.githubstatus.com.';
    const size = { maxBytes, tooLarge: TOO_LARGE };
    const file = getFile(http, {
      what,
      url,
      path,
      ...size,
      stallMs: STALL_MS,
      onProgress,
      signal,
      expects: 'a zip file',
      explain,
    });
    running = file.catch(() => {});
    return await file;
  };
  try {
    return await retry(attempt, {
      signal,
      // Asking has its own retries; what it finally throws is final. A 403 of the store is a signature that is over.
      mayRepeat: (error) => !isAsking && (error.transient || (error instanceof HttpError && error.status === 403)),
      onRetry,
      longestNamedWaitMs: timeoutMs,
      maxRetries: MAX_RETRIES,
      budgetFrom: 'first-failure',
    });
  } catch (error) {
    // An abort is thrown at once; the attempt that it ended still has its file to remove.
    await running;
    // It may have come in whole just before the end.
    await rm(path, { force: true });
    if (options.signal.aborted || !timeout.aborted) throw error;
    throw new ActionError(`${what} was not done after ${Math.round(timeoutMs / 1000)} s and was given up.`, {
      title: 'Bundle not downloaded',
      fix: 'Look at https://www.githubstatus.com. On a runner of your own, look at its way to GitHub.',
      cause: error,
    });
  }
}

function readSignedUrl(text: string, maskSecret: (value: string) => void): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined) maskSecret(text);
  for (const secret of [url?.search.slice(1), url?.searchParams.get('sig')]) if (secret) maskSecret(secret);
  if (url === undefined || !isPrivateUrl(url)) {
    throw new ActionError('GitHub gave an address for the artifact that is no https URL; nothing was asked of it.', {
      title: 'Download address not usable',
      fix: 'Check what answers at GITHUB_API_URL; a proxy may stand in between.',
    });
  }
  return url;
}

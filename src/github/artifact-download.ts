import { rm } from 'node:fs/promises';
import { isPrivateUrl } from '../domain/loopback.ts';
import { ActionError } from '../errors.ts';
import { type DownloadedFile, getFile } from '../net/download.ts';
import { HttpError } from '../net/errors.ts';
import type { HttpClient } from '../net/http.ts';
import { type RetryNotice, retry } from '../net/retry.ts';
import { ARTIFACT_STORAGE } from '../net/services.ts';
import { timeoutSignal } from '../pause.ts';
import type { GitHub } from './github.ts';

const STALL_MS = 30_000;
/** For the whole download, all tries included: a bundle has at most 64 MB, which takes this long at 2 Mbit/s. */
const DEFAULT_TIMEOUT_MS = 5 * 60_000;
const MAX_RETRIES = 4;
const TOO_LARGE = { message: 'is not a bundle that could be deployed', fix: 'Name another one.' };

export interface DownloadRequest {
  artifactId: number;
  /** Absolute: where the zip is written. */
  path: string;
  maxBytes: number;
  onProgress: (receivedBytes: number) => void;
}

export interface DownloadOptions {
  github: Pick<GitHub, 'readDownloadUrl'>;
  /** A client that sends no token by itself. */
  http: HttpClient;
  /** The signed URL is a credential. */
  maskSecret: (value: string) => void;
  onRetry: (notice: RetryNotice) => void;
  signal: AbortSignal;
  timeoutMs?: number;
}

/**
 * Downloads an artifact as it was uploaded. `@actions/artifact` could do it, too; but it notices a broken connection
 * only after 30 s of silence, tries again with the same signed URL, which lives for a minute, and gives no reason at
 * the end. Here each try asks for its own URL.
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
    const explain = () => 'Run the job again; if this persists, look at https://www.githubstatus.com.';
    const size = { maxBytes, tooLarge: TOO_LARGE };
    const file = getFile(http, {
      what,
      url,
      service: ARTIFACT_STORAGE,
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
      // The request for the URL has its own retries: its failure is final. A 403 of the store is an expired signature.
      mayRepeat: (error) => !isAsking && (error.transient || (error instanceof HttpError && error.status === 403)),
      onRetry,
      longestNamedWaitMs: timeoutMs,
      maxRetries: MAX_RETRIES,
      budgetFrom: 'first-failure',
    });
  } catch (error) {
    // An abort throws at once, while the aborted attempt still has to remove its file.
    await running;
    // The file may have become complete just before the end.
    await rm(path, { force: true });
    if (options.signal.aborted || !timeout.aborted) throw error;
    throw new ActionError(`${what} did not finish within ${Math.round(timeoutMs / 1000)} s and was given up.`, {
      topic: 'no-bundle-for-the-rollback',
      title: 'Bundle not downloaded',
      fix: 'Look at https://www.githubstatus.com. On a self-hosted runner, check its connection to GitHub.',
      cause: error,
    });
  }
}

function readSignedUrl(text: string, maskSecret: (value: string) => void): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined) maskSecret(text);
  for (const secret of [url?.search.slice(1), url?.searchParams.get('sig')]) if (secret) maskSecret(secret);
  if (url === undefined || !isPrivateUrl(url)) {
    throw new ActionError(
      'GitHub gave an address for the artifact that is not an https URL; no request was sent to it.',
      {
        topic: 'no-connection-or-no-answer',
        title: 'Download address not usable',
        fix: 'Check what answers at GITHUB_API_URL; there may be a proxy in between.',
      },
    );
  }
  return url;
}

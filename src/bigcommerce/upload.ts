import { isPrivateUrl } from '../domain/loopback.ts';
import { ActionError } from '../errors.ts';
import { HttpError, type NetworkError } from '../net/errors.ts';
import type { HttpClient } from '../net/http.ts';
import { type RetryNotice, retry } from '../net/retry.ts';
import { STORAGE } from '../net/services.ts';
import { isStorageTrouble, STORAGE_RETRIES, STORAGE_TIMES, secretsOfSignedUrl } from '../net/storage.ts';
import { putFile } from '../net/upload.ts';
import type { UploadFile, UploadProgress } from './hosting.ts';
import type { UploadSignature } from './schemas.ts';

const WHAT = 'Uploading the bundle';
/** Storage's error codes that a fresh signature fixes (API document, section 1, "The upload URL"). */
const SIGNATURE_CODES: ReadonlySet<string> = new Set(['ExpiredToken', 'SignatureDoesNotMatch']);

export interface UploadOptions {
  http: HttpClient;
  sign: () => Promise<UploadSignature>;
  /** The signed URL is a credential. */
  maskSecret: (value: string) => void;
  signal: AbortSignal;
  timeLeftMs?: (() => number) | undefined;
  onRetry: (what: string, notice: RetryNotice) => void;
}

/** @returns the UUID of the upload that succeeded */
export async function uploadBundle(
  file: UploadFile,
  progress: UploadProgress,
  options: UploadOptions,
): Promise<string> {
  const { http, signal } = options;
  let signing = true;
  const attempt = async (): Promise<string> => {
    signing = true;
    const { uploadUrl, uploadUuid } = await options.sign();
    const url = readUploadUrl(uploadUrl, options.maskSecret);
    signing = false;
    progress.sent(0);
    await putFile(http, {
      what: WHAT,
      url,
      service: STORAGE,
      path: file.path,
      sizeBytes: file.sizeBytes,
      sha256: file.sha256,
      headers: { 'content-type': 'application/zip' },
      ...STORAGE_TIMES,
      onProgress: progress.sent,
      signal,
      explain: explainStorage,
    });
    return uploadUuid;
  };
  return await retry(attempt, {
    signal,
    timeLeftMs: options.timeLeftMs,
    // Signing has its own retries: its failure is final.
    mayRepeat: (error) => !signing && mendedByFreshSignature(error),
    onRetry: (notice) => options.onRetry(WHAT, notice),
    maxRetries: STORAGE_RETRIES,
    budgetFrom: 'first-failure',
  });
}

function mendedByFreshSignature(error: HttpError | NetworkError): boolean {
  if (isStorageTrouble(error)) return true;
  return error instanceof HttpError && SIGNATURE_CODES.has(error.serverCode ?? '');
}

function explainStorage(status: number): string | undefined {
  if (status === 413) return 'Storage does not accept a zip of this size: make the build smaller.';
  if (status >= 500 || status === 429) return 'Storage had a fault. Run the job again.';
  return 'Storage refused the upload. Run the job again; if this persists, give BigCommerce support the correlation id.';
}

function readUploadUrl(text: string, maskSecret: (value: string) => void): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined) for (const secret of secretsOfSignedUrl(text, url)) maskSecret(secret);
  if (url === undefined || !isPrivateUrl(url)) {
    throw new ActionError(
      'The platform gave an upload address that is not an https URL; the bundle was not sent there.',
      {
        topic: 'no-connection-or-no-answer',
        title: 'Upload address not usable',
        fix: 'Check `api-host`: does it name the BigCommerce API?',
      },
    );
  }
  return url;
}

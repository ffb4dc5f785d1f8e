import { ActionError } from '../errors.ts';
import type { HttpAnswer } from '../net/call.ts';
import { HttpError, isUncertain, NetworkError } from '../net/errors.ts';
import { retry } from '../net/retry.ts';
import { STORAGE } from '../net/services.ts';
import { isStorageTrouble, STORAGE_RETRIES, STORAGE_TIMES } from '../net/storage.ts';
import { putFile } from '../net/upload.ts';
import type { UploadAnswer, UploadedFile, UploadLocation } from './batches.ts';
import { type BatchClientOptions, checkAddress } from './endpoint.ts';
import { explainUploadError } from './explain.ts';

const WHAT = 'Uploading the batch';
const TOO_LARGE = 413;
/** S3's code for a body that does not match its MD5. */
const BAD_DIGEST = 'BadDigest';
const MAX_BAD_DIGESTS = 2;

/**
 * `PUT {location.href}` (API document, section 3): with the headers that the signature covers, and without other credentials.
 * @throws ActionError if the location may not be used, the file has changed, or storage could not be reached at all
 */
export async function uploadBatch(
  options: BatchClientOptions,
  { url }: UploadLocation,
  file: UploadedFile,
  progress: (sentBytes: number) => void,
): Promise<UploadAnswer> {
  checkAddress(url, 'to upload the batch to');
  let mayHaveArrived = false;
  let badDigests = 0;
  const attempt = async (): Promise<HttpAnswer> => {
    progress(0);
    try {
      return await putBatch(options, url, file, progress);
    } catch (error) {
      mayHaveArrived ||= isUncertain(error);
      if (isBadDigest(error)) badDigests += 1;
      throw error;
    }
  };
  try {
    const answer = await retry(attempt, {
      signal: options.signal,
      timeLeftMs: options.timeLeftMs,
      mayRepeat: (error) =>
        (isStorageTrouble(error) && (file.isRepeatable || !isUncertain(error))) ||
        (isBadDigest(error) && badDigests < MAX_BAD_DIGESTS),
      onRetry: (notice) => options.onRetry(WHAT, notice),
      maxRetries: STORAGE_RETRIES,
      budgetFrom: 'first-failure',
    });
    return { kind: 'stored', etag: md5OfEtag(answer.headers['etag']) };
  } catch (error) {
    if (!(error instanceof HttpError || error instanceof NetworkError)) throw error;
    if (isBadDigest(error)) throw changedError(error, file);
    if (mayHaveArrived) return { kind: 'uncertain', error };
    if (error instanceof HttpError && isAboutLocation(error)) return { kind: 'rejected', error };
    throw error;
  }
}

async function putBatch(
  { http, signal }: BatchClientOptions,
  url: URL,
  { path, sizeBytes, md5 }: UploadedFile,
  onProgress: (sentBytes: number) => void,
): Promise<HttpAnswer> {
  return await putFile(http, {
    what: WHAT,
    url,
    service: STORAGE,
    path,
    sizeBytes,
    headers: {
      'content-type': 'application/gzip',
      'content-md5': Buffer.from(md5, 'hex').toString('base64'),
      'x-amz-server-side-encryption': 'AES256',
    },
    ...STORAGE_TIMES,
    onProgress,
    signal,
    explain: explainUploadError,
    // A location may be an hour old.
    mayBeRefusedEarly: true,
  });
}

/** A new location may help with any other rejection than those of the file or a transient failure. */
function isAboutLocation(error: HttpError): boolean {
  return error.status !== TOO_LARGE && !isStorageTrouble(error);
}

function isBadDigest(error: unknown): error is HttpError {
  return error instanceof HttpError && error.serverCode === BAD_DIGEST;
}

function changedError(cause: HttpError, { md5, sizeBytes }: UploadedFile): ActionError {
  return new ActionError(
    `${cause.message} What arrived is not what was packed (MD5 ${md5}, ${sizeBytes} bytes), twice in a row.`,
    {
      topic: 'batch-not-uploaded',
      title: 'Batch changed in transit',
      fix: 'The packed file changed on the disk of the runner, or something on the way to storage changes the data. Make sure that no other step writes to the temporary folder of the runner, check the proxy, and run the job again.',
      cause,
    },
  );
}

/** The MD5 of the stored bytes, if the ETag looks like one. */
function md5OfEtag(etag: string | undefined): string | undefined {
  return /^"?([0-9a-f]{32})"?$/i.exec(etag ?? '')?.[1]?.toLowerCase();
}

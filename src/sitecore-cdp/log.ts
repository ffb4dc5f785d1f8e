import { type FileDownload, getFileRepeatedly } from '../net/download.ts';
import { HttpError } from '../net/errors.ts';
import { STORAGE } from '../net/services.ts';
import { isStorageTrouble, STORAGE_TIMES } from '../net/storage.ts';
import type { LogAnswer } from './batches.ts';
import { type BatchClientOptions, checkAddress } from './endpoint.ts';
import { explainLogError } from './explain.ts';

/** Gzipped. A batch has at most 50 MB of records, and a line of the log is shorter than most records. */
const MAX_LOG_BYTES = 512 * 1024 * 1024;

/** `GET {status.log}` (API document, section 3), with its own signature. @throws ActionError; no file remains then */
export async function downloadLog(options: BatchClientOptions, url: URL, path: string): Promise<LogAnswer> {
  checkAddress(url, 'of the error log');
  const download: FileDownload = {
    what: 'Downloading the error log',
    url,
    service: STORAGE,
    path,
    maxBytes: MAX_LOG_BYTES,
    tooLarge: {
      message: 'is larger than the log of any batch should be',
      fix: 'Split the file into smaller ones, and give Sitecore support the ref of the batch.',
    },
    stallMs: STORAGE_TIMES.stallMs,
    onProgress: () => {},
    signal: options.signal,
    expects: 'a gzip file',
    explain: explainLogError,
  };
  try {
    const { sizeBytes } = await getFileRepeatedly(options.http, download, {
      mayRepeat: isStorageTrouble,
      onRetry: options.onRetry,
      timeLeftMs: options.timeLeftMs,
    });
    return { kind: 'file', sizeBytes };
  } catch (error) {
    // Rejected because of the signature. Transient failures keep their own error.
    if (error instanceof HttpError && error.status < 500 && !isStorageTrouble(error))
      return { kind: 'rejected', error };
    throw error;
  }
}

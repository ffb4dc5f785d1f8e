import { type FileDownload, getFileRepeatedly } from '../net/download.ts';
import { HttpError } from '../net/errors.ts';
import { isStorageTrouble, STORAGE_TIMES } from '../net/storage.ts';
import { checkAddress } from './addresses.ts';
import type { LogAnswer } from './batches.ts';
import type { BatchClientOptions } from './endpoint.ts';
import { explainLogRefusal } from './refusals.ts';

/** Gzipped. A batch has 50 MB of records at most, and a line of the log is shorter than most records. */
const MAX_LOG_BYTES = 512 * 1024 * 1024;

/** `GET {status.log}` (API document, section 3), under its own signature. @throws ActionError; no file is left then */
export async function downloadLog(options: BatchClientOptions, url: URL, path: string): Promise<LogAnswer> {
  checkAddress(url, 'of the error log');
  const download: FileDownload = {
    what: 'Downloading the error log',
    url,
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
    explain: explainLogRefusal,
  };
  try {
    const { sizeBytes } = await getFileRepeatedly(options.http, download, {
      mayRepeat: isStorageTrouble,
      onRetry: options.onRetry,
      timeLeftMs: options.timeLeftMs,
    });
    return { kind: 'file', sizeBytes };
  } catch (error) {
    // Of the signature: trouble ends otherwise, and keeps its own words.
    if (error instanceof HttpError && error.status < 500 && !isStorageTrouble(error)) return { kind: 'refused', error };
    throw error;
  }
}

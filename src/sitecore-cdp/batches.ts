import type { BatchState } from '../domain/batch/batch.ts';
import type { ActionError } from '../errors.ts';

/**
 * The Batch API of Sitecore CDP as the use case sees it (API document, section 3). Failures are thrown as ActionErrors
 * that already say what to do; answers that the use case has to act on are values. Signed URLs are credentials, and are
 * masked before anything is returned.
 */
export interface BatchClient {
  /**
   * `PUT /v2/batches/{ref}`, repeated after transient failures, whatever the modes of the records: it announces a file
   * without sending it. With the same ref and checksum it is the same batch, or the request is rejected.
   * @throws ActionError
   */
  allocate(ref: string, file: SentFile): Promise<Allocation>;
  /** What the service knows about a batch; repeated after transient failures. @returns undefined if it knows none */
  find(ref: string): Promise<BatchAnswer | undefined>;
  /** The same with a single attempt: the caller decides what a failure means. */
  poll(ref: string): Promise<PollAnswer>;
  /**
   * PUT to the location, repeated after transient failures as far as the file may be sent again; streamed.
   * @throws ActionError
   */
  upload(location: UploadLocation, file: UploadedFile, progress: (sentBytes: number) => void): Promise<UploadAnswer>;
  /**
   * The error log as it is (gzip), streamed to a file; repeated after transient failures. No credentials go along.
   * @throws ActionError; no file is left behind then
   */
  downloadLog(url: URL, path: string): Promise<LogAnswer>;
}

export interface SentFile {
  /** Hex, lower case. */
  md5: string;
  sizeBytes: number;
}

export interface UploadedFile extends SentFile {
  path: string;
  /** Sending its records twice has the same effect as sending them once. Otherwise it is not sent again if it may have arrived. */
  isRepeatable: boolean;
}

export interface UploadLocation {
  /** Signed, so it must never be shown. https, or http on this machine. */
  url: URL;
  /**
   * When it expires, on the clock of this process (`performance.now()`): the service uses its own clock, and that of this
   * runner may be hours off. Undefined if the service gives no expiry or no current time.
   */
  expiresAtMs: number | undefined;
}

/** What the service reports about a batch, with its URLs. */
export interface BatchAnswer extends BatchState {
  location: UploadLocation | undefined;
  /** Of the error log. */
  logUrl: URL | undefined;
}

export type Allocation =
  | { kind: 'allocated'; location: UploadLocation }
  /** 409, or another response that says that the batch already exists. `error` is for callers that did not expect it. */
  | { kind: 'exists'; error: ActionError };

export type PollAnswer =
  | { kind: 'state'; batch: BatchAnswer }
  /** 404: soon after an allocation, most likely not known yet. */
  | { kind: 'unknown-batch'; error: ActionError }
  /** The network, a 5xx, a rate limit, an unreadable response: poll again after this wait. */
  | { kind: 'trouble'; error: ActionError; namedWaitMs: number }
  /** Another attempt would not help (401, 403). */
  | { kind: 'rejected'; error: ActionError };

export type UploadAnswer =
  /** `etag`: that of storage, if it gives one. */
  | { kind: 'stored'; etag: string | undefined }
  /** Expired, or rejected for another reason: a new location may help. Nothing was stored. */
  | { kind: 'rejected'; error: ActionError }
  /** Retries did not help or are not allowed, and an attempt may have arrived: the status of the batch will show. */
  | { kind: 'uncertain'; error: ActionError };

export type LogAnswer =
  | { kind: 'file'; sizeBytes: number }
  /** Rejected or expired: the batch has a new URL for it. */
  | { kind: 'rejected'; error: ActionError };

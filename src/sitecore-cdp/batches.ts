import type { BatchState } from '../domain/batch/batch.ts';
import type { ActionError } from '../errors.ts';

/**
 * The Batch API of Sitecore CDP as the use case sees it (API document, section 3). Failures are thrown as ActionErrors
 * that already say what to do; the answers that the use case has to decide on are values. Signed URLs are credentials:
 * they are masked before anything is returned.
 */
export interface BatchClient {
  /**
   * `PUT /v2/batches/{ref}`, repeated after transient failures, whatever the modes of the records: it announces a file
   * and sends none. Under the same ref and checksum it is the same batch, or refused.
   * @throws ActionError
   */
  allocate(ref: string, file: SentFile): Promise<Allocation>;
  /** What the service knows of a batch; repeated after transient failures. @returns undefined where it knows none */
  find(ref: string): Promise<BatchAnswer | undefined>;
  /** The same as one attempt: who polls decides what a failure means. */
  poll(ref: string): Promise<PollAnswer>;
  /**
   * PUT to the location, repeated after transient failures, as far as the file may be; streamed, never whole in memory.
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
  /** Its records, sent twice, give the same as once. Else it is not sent again where it may have arrived. */
  isRepeatable: boolean;
}

export interface UploadLocation {
  /** Signed: never to be shown. https, or http on this machine. */
  url: URL;
  /**
   * When it expires, on the clock of this process (`performance.now()`): the service's times are those of its own clock,
   * and this runner's may be hours off. Undefined where the service does not say, or not what time it is.
   */
  expiresAtMs: number | undefined;
}

/** What the service says of a batch, with the URLs that it gives. */
export interface BatchAnswer extends BatchState {
  location: UploadLocation | undefined;
  /** Of the error log. */
  logUrl: URL | undefined;
}

export type Allocation =
  | { kind: 'allocated'; location: UploadLocation }
  /** 409, or another refusal that says that there is such a batch already. `error` is for who did not expect it. */
  | { kind: 'taken'; error: ActionError };

export type PollAnswer =
  | { kind: 'state'; batch: BatchAnswer }
  /** 404: after an allocation, most likely not yet. */
  | { kind: 'unknown-batch'; error: ActionError }
  /** The network, a 5xx, a rate limit, an answer that is none: ask again, no sooner than this. */
  | { kind: 'trouble'; error: ActionError; namedWaitMs: number }
  /** A refusal that another try does not mend (401, 403). */
  | { kind: 'refused'; error: ActionError };

export type UploadAnswer =
  /** `etag`: what storage has of it, where it says so. */
  | { kind: 'stored'; etag: string | undefined }
  /** Expired, or refused otherwise: a fresh location may mend it. Nothing was stored. */
  | { kind: 'refused'; error: ActionError }
  /** Retries did not help, or may not be made, and a try may have arrived whole: the status of the batch tells. */
  | { kind: 'uncertain'; error: ActionError };

export type LogAnswer =
  | { kind: 'file'; sizeBytes: number }
  /** Refused or expired: the batch has a fresh URL of it. */
  | { kind: 'refused'; error: ActionError };

/** Batches in the embedded platform (API document, section 3). */

export const BATCH_STATUSES = ['uploading', 'file_uploaded', 'processing', 'success', 'corrupted', 'error'] as const;

/** Where a batch can be held: once its file is there, before each of the next states. */
export const BATCH_HOLD_POINTS = ['uploading', 'file_uploaded', 'processing'] as const;

export type BatchHoldPoint = (typeof BATCH_HOLD_POINTS)[number];

/** A record of a file, as far as it could be read. */
export interface SentRecord {
  ref: string;
  schema: string;
  mode: string;
  value: Readonly<Record<string, unknown>>;
}

/** A line of the error log. */
export interface Rejection {
  /** Null where the record has none that can be read. */
  ref: string | null;
  code: number | string;
  message: string;
}

/** Why a record is rejected; undefined: it is not. `position` is 1 for the first record of the batch. */
export type RecordRejecter = (record: SentRecord, position: number) => Omit<Rejection, 'ref'> | undefined;

/** A file that has arrived. */
export interface ReceivedFile {
  path: string;
  /** Hex, lower case. */
  md5: string;
  sizeBytes: number;
  contentType: string | undefined;
}

/** A batch; the object goes on changing until it has a verdict. */
export interface BatchRecord {
  /** UUID, lower case. */
  ref: string;
  /** One of `BATCH_STATUSES`, or the word that a fault asks for. */
  status: string;
  /** As it was allocated: hex, lower case. */
  md5: string;
  /** As it was allocated. */
  sizeBytes: number;
  /** Where the file goes: a signed URL, unless a fault asks for another. */
  href: string;
  /** What the answers say of its life. */
  expiry: string;
  /** PUTs that were stored. */
  uploads: number;
  /** What was stored. */
  file: ReceivedFile | undefined;
  /** Where the gzip lies on disk. */
  path: string | undefined;
  /** Lines that were read so far. */
  recordCount: number;
  /** Of those, the ones that were rejected. */
  rejectedCount: number;
  /** The first records that could be read; `maxRecords` says how many. */
  records: SentRecord[];
  /** The first rejections, as many. */
  rejections: Rejection[];
  /** Why it is in error without a log, or corrupted, in words; the real service does not say. */
  failureReason: string | undefined;
  /** Where the gzipped error log lies on disk. */
  logPath: string | undefined;
  createdAtMs: number;
  modifiedAtMs: number;
  endedAtMs: number | undefined;
  /** Grows by one with each change of state. */
  version: number;
}

export function isOver({ status }: Pick<BatchRecord, 'status'>): boolean {
  return status === 'success' || status === 'corrupted' || status === 'error';
}

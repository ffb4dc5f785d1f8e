/** Batches of Sitecore CDP in the service's words (API document, section 3). Pure. */

/** "At most 50 MB gzipped": the smaller of the two MB. */
export const MAX_BATCH_BYTES = 50_000_000;

/** Statuses of a batch. The service may report others: they do not count as a verdict. */
export const BATCH_STATUSES = ['uploading', 'file_uploaded', 'processing', 'success', 'corrupted', 'error'] as const;

export type BatchVerdict = 'success' | 'corrupted' | 'error';

/** The service's own counts of records, which it may omit. */
export interface BatchCounts {
  read?: number;
  processed?: number;
  failed?: number;
}

export interface BatchState {
  /** UUID, lower case. */
  ref: string;
  /** As the service reports it. */
  status: string;
  /** The file that the service has: MD5 as lower-case hex, and size. Undefined if it does not say. */
  md5?: string;
  sizeBytes?: number;
  counts: BatchCounts;
}

/** Only `success` is success. `error`: at least one record was rejected. */
export function batchVerdictOf(status: string): BatchVerdict | undefined {
  return status === 'success' || status === 'corrupted' || status === 'error' ? status : undefined;
}

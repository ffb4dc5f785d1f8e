/** Batches of Sitecore CDP in the service's words (API document, section 3). Pure. */

/** "At most 50 MB gzipped": the smaller of the two MB. */
export const MAX_BATCH_BYTES = 50_000_000;

/** What the service reports of a batch. Other words than these may come: they are no verdict. */
export const BATCH_STATUSES = ['uploading', 'file_uploaded', 'processing', 'success', 'corrupted', 'error'] as const;

export type BatchVerdict = 'success' | 'corrupted' | 'error';

/** The service's own counts of records, which it may or may not give. */
export interface BatchCounts {
  read?: number;
  processed?: number;
  failed?: number;
}

export interface BatchState {
  /** UUID, lower case. */
  ref: string;
  /** As the service says it. */
  status: string;
  /** What the service has of the file: hex MD5, lower case, and size. Undefined where it does not say. */
  md5?: string;
  sizeBytes?: number;
  counts: BatchCounts;
}

/** Only `success` is success. `error`: at least one record was refused. */
export function batchVerdictOf(status: string): BatchVerdict | undefined {
  return status === 'success' || status === 'corrupted' || status === 'error' ? status : undefined;
}

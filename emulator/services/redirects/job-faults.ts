/** A job that ends before its time. */
export interface JobEndsFault {
  effect: 'job-ends';
  status: 'aborted' | 'failed';
  /** So many rows or redirects are done by then (half of them). */
  atItem?: number;
}

/** Rows of an import that the platform refuses. */
export interface RefuseRowsFault {
  effect: 'refuse-rows';
  /** 1 is the first one after the header, whatever `firstRow` says. */
  rows: readonly number[];
  message?: string;
}

/** What becomes of the job that a call starts. */
export type JobFault = JobEndsFault | RefuseRowsFault;

/** The 429 of another job that is running; with `durationMs`, to all these calls for so long from the first one on. */
export interface JobRunningFault {
  effect: 'job-running';
  durationMs?: number;
  /** Value of `Retry-After`, which is left out unless given. */
  retryAfterSeconds?: number;
}

/** Of a batch of redirects that are written or deleted, a part is not carried out; the answer says only that it is so. */
export interface PartFailsFault {
  effect: 'part-fails';
  /** Positions in the request, from 1. */
  items: readonly number[];
  /** Of the answer (207). A limit of the store's plan that is reached in the midst of it would be 507. */
  status?: number;
}

/** Import and export jobs of redirects (API document, section 2). Pure. */

export type RedirectJobKind = 'import' | 'export';

export const JOB_STATUSES = ['new', 'working', 'complete', 'aborted', 'failed'] as const;

/** One of `JOB_STATUSES`, or a word that this version does not know. */
export type JobStatus = string;

/** A row that the platform refused. */
export interface RefusedItem {
  /** As the platform counts: see FIRST_ROW. */
  row: number;
  message: string;
}

/** What is known of a job at a moment. */
export interface JobState {
  jobId: string;
  status: JobStatus;
  completed: number;
  failed: number;
  total: number;
  refused: readonly RefusedItem[];
}

/**
 * The number that the platform gives to the first row after the header. Which one it is, is not documented ("The row in
 * the import CSV where the error occurred"): this is the only place that says so.
 */
export const FIRST_ROW = 1;

export type JobVerdict = 'complete' | 'aborted' | 'failed';

/** Only `complete` is success, and even that may have refused rows; undefined while the job goes on. */
export function jobVerdictOf({ status }: Pick<JobState, 'status'>): JobVerdict | undefined {
  return status === 'complete' || status === 'aborted' || status === 'failed' ? status : undefined;
}

/** Import and export jobs of redirects (API document, section 2). Pure. */

export type RedirectJobKind = 'import' | 'export';

/** `new`, `working` or a verdict; or a word that this version does not know. */
export type JobStatus = string;

/** A row that the platform refused. */
export interface RefusedItem {
  /** As the platform counts: see FIRST_ROW. `NO_ROW` where it does not say, and maybe more than the file has. */
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

/** In the place of a row, where the platform refused something without saying which. */
export const NO_ROW = -1;

export type JobVerdict = 'complete' | 'aborted' | 'failed';

/** Only `complete` is success, and even that may have refused rows; undefined while the job goes on. */
export function jobVerdictOf({ status }: Pick<JobState, 'status'>): JobVerdict | undefined {
  return status === 'complete' || status === 'aborted' || status === 'failed' ? status : undefined;
}

/** How many rows were refused: a row may be refused for several reasons. */
export function countRefusedRows(refused: readonly RefusedItem[]): number {
  const rows = new Set<number>();
  let unnamed = 0;
  for (const { row } of refused) {
    if (row === NO_ROW) unnamed += 1;
    else rows.add(row);
  }
  return rows.size + unnamed;
}

/**
 * What is known of a job after another event. Whether an event has all refused rows so far or only the new ones is not
 * documented: each row and reason is kept once, and no count goes down. A verdict stands.
 */
export function mergeJobStates(earlier: JobState, later: JobState): JobState {
  const refused = uniqueItems(earlier.refused, later.refused);
  return {
    jobId: later.jobId,
    status: jobVerdictOf(earlier) ?? later.status,
    completed: Math.max(earlier.completed, later.completed),
    failed: Math.max(earlier.failed, later.failed, countRefusedRows(refused)),
    total: Math.max(earlier.total, later.total),
    refused,
  };
}

/** In the order in which they came. */
function uniqueItems(earlier: readonly RefusedItem[], later: readonly RefusedItem[]): readonly RefusedItem[] {
  // Most events have none, or what there is already was made unique before.
  if (later.length === 0) return earlier;
  const byText = new Map<string, RefusedItem>();
  for (const item of [earlier, later].flat()) {
    const key = `${item.row} ${item.message}`;
    if (!byText.has(key)) byText.set(key, item);
  }
  return [...byText.values()];
}

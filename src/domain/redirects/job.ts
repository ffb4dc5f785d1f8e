/** Import and export jobs of redirects (API document, section 2). Pure. */

export type RedirectJobKind = 'import' | 'export';

/** `new`, `working` or a verdict; or a word that this version does not know. */
export type JobStatus = string;

/** A row that the platform rejected. */
export interface RejectedItem {
  /** As the platform counts: see FIRST_ROW. `NO_ROW` where it does not say; may exceed the rows of the file. */
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
  rejected: readonly RejectedItem[];
}

/**
 * The number that the platform gives to the first row after the header. It is not documented ("The row in the import
 * CSV where the error occurred"): this is the only place that assumes it.
 */
export const FIRST_ROW = 1;

/** In place of a row, where the platform rejected something without saying which. */
export const NO_ROW = -1;

export type JobVerdict = 'complete' | 'aborted' | 'failed';

/** Only `complete` is success, and even that may have rejected rows; undefined while the job is running. */
export function jobVerdictOf({ status }: Pick<JobState, 'status'>): JobVerdict | undefined {
  return status === 'complete' || status === 'aborted' || status === 'failed' ? status : undefined;
}

/** How many rows were rejected: a row may be rejected for several reasons. */
export function countRejectedRows(rejected: readonly RejectedItem[]): number {
  const rows = new Set<number>();
  let unnamed = 0;
  for (const { row } of rejected) {
    if (row === NO_ROW) unnamed += 1;
    else rows.add(row);
  }
  return rows.size + unnamed;
}

/**
 * The state of a job, accumulated from its events. It is not documented whether an event has all rejected rows so far
 * or only the new ones: each row and reason is stored once, and no count goes down. A verdict is final. A job may have
 * an event for each of 200,000 rows, so the time for an event depends on what it adds, not on what is known already.
 */
export class JobProgress {
  /** In the order in which they were received. */
  readonly #rejected: RejectedItem[] = [];
  readonly #texts = new Set<string>();
  readonly #rows = new Set<number>();
  #unnamed = 0;
  #state: JobState;

  constructor(first: JobState) {
    this.#state = { ...first, rejected: this.#rejected };
    this.#addItems(first.rejected);
  }

  /** Its list of rejected rows grows with further events. */
  get state(): JobState {
    return this.#state;
  }

  /** @returns what is known then */
  add(later: JobState): JobState {
    const earlier = this.#state;
    this.#addItems(later.rejected);
    this.#state = {
      jobId: later.jobId,
      status: jobVerdictOf(earlier) ?? later.status,
      completed: Math.max(earlier.completed, later.completed),
      failed: Math.max(earlier.failed, later.failed, this.#rows.size + this.#unnamed),
      total: Math.max(earlier.total, later.total),
      rejected: this.#rejected,
    };
    return this.#state;
  }

  #addItems(items: readonly RejectedItem[]): void {
    for (const item of items) {
      const text = `${item.row} ${item.message}`;
      if (this.#texts.has(text)) continue;
      this.#texts.add(text);
      this.#rejected.push(item);
      if (item.row === NO_ROW) this.#unnamed += 1;
      else this.#rows.add(item.row);
    }
  }
}

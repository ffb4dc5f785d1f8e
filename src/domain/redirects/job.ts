/** Import and export jobs of redirects (API document, section 2). Pure. */

export type RedirectJobKind = 'import' | 'export';

/** `new`, `working` or a verdict; or a word that this version does not know. */
export type JobStatus = string;

/** A row that the platform refused. */
export interface RejectedItem {
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
  refused: readonly RejectedItem[];
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
export function countRejectedRows(refused: readonly RejectedItem[]): number {
  const rows = new Set<number>();
  let unnamed = 0;
  for (const { row } of refused) {
    if (row === NO_ROW) unnamed += 1;
    else rows.add(row);
  }
  return rows.size + unnamed;
}

/**
 * What is known of a job from all of its events. Whether an event has all refused rows so far or only the new ones is not
 * documented: each row and reason is kept once, and no count goes down. A verdict stands. A job may have an event for each
 * of 200,000 rows, so that each one takes time for what it brings, and not for what is known.
 */
export class JobProgress {
  /** In the order in which they came. */
  readonly #refused: RejectedItem[] = [];
  readonly #texts = new Set<string>();
  readonly #rows = new Set<number>();
  #unnamed = 0;
  #state: JobState;

  constructor(first: JobState) {
    this.#state = { ...first, refused: this.#refused };
    this.#take(first.refused);
  }

  /** Its list of refused rows grows with further events. */
  get state(): JobState {
    return this.#state;
  }

  /** @returns what is known then */
  add(later: JobState): JobState {
    const earlier = this.#state;
    this.#take(later.refused);
    this.#state = {
      jobId: later.jobId,
      status: jobVerdictOf(earlier) ?? later.status,
      completed: Math.max(earlier.completed, later.completed),
      failed: Math.max(earlier.failed, later.failed, this.#rows.size + this.#unnamed),
      total: Math.max(earlier.total, later.total),
      refused: this.#refused,
    };
    return this.#state;
  }

  #take(items: readonly RejectedItem[]): void {
    for (const item of items) {
      const text = `${item.row} ${item.message}`;
      if (this.#texts.has(text)) continue;
      this.#texts.add(text);
      this.#refused.push(item);
      if (item.row === NO_ROW) this.#unnamed += 1;
      else this.#rows.add(item.row);
    }
  }
}

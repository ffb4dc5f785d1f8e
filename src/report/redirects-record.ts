import type { JobState, RedirectJobKind } from '../domain/redirects/job.ts';
import type { RedirectPlan } from '../domain/redirects/plan.ts';
import type { Redirect } from '../domain/redirects/redirect.ts';
import type { RowProblem } from '../domain/row-problems.ts';
import type { RejectedRow } from '../files/redirects/redirect-file.ts';
import type { RedirectsCommand } from '../inputs/redirects.ts';
import type { FieldRules } from './field-rules.ts';
import type { RunReporter } from './reporters.ts';
import { RUN_FIELDS, type RunRecord } from './run-record.ts';

export type RedirectsOutcome =
  | 'complete'
  | 'partial'
  | 'failed'
  | 'unknown'
  | 'planned'
  | 'unchanged'
  | 'skipped'
  | 'cancelled'
  | 'error';

/** All that a run of `redirects` can tell, as the step summary shows it. Holds no secret values. */
export interface RedirectsRecord extends RunRecord {
  /** `error` until the run has ended. */
  outcome: RedirectsOutcome;
  /** Undefined while the inputs are not known to be right. */
  command: RedirectsCommand | undefined;
  siteId?: number;
  /** The file of the input, as it is shown: relative to the workspace where it is in it. */
  file?: string;
  /** In the order in which they were started: more than one where a file was split. */
  jobs: Omit<JobRecord, 'refused'>[];
  refused: RejectedRecord;
  /** Of each kind of oddity that was found at lines of the file. */
  oddities: OddityRecord[];
  plan?: PlanRecord;
  /** What `sync` has done of the plan; undefined before it begins. */
  applied?: AppliedRecord;
  /** `delete` was not given: what would be removed stays. */
  keepsRemoved?: boolean;
  backupFile?: string;
  failedRowsFile?: string;
  /** What there is to say where nothing has to be done, as a sentence or a few, each on a line. */
  note?: string;
  comment?: { id: number; url: string };
}

/** Rows that the platform refused so far: all of them counted, the first of them kept. */
export interface RejectedRecord {
  /** Each reason for itself: a row that has two counts twice. */
  named: number;
  /** Those that the platform counts and does not name. */
  unnamed: number;
  first: readonly RejectedRow[];
}

export interface OddityRecord {
  /** A few words for the kind: `Redirect chain`. */
  title: string;
  /** What it means and what to do, of all of them. */
  meaning?: string;
  count: number;
  first: readonly RowProblem[];
}

/** A plan as it is shown: a large one whole would be copied and redacted for nothing. */
export interface PlanRecord {
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
  /** The first of each kind. */
  first: Pick<RedirectPlan, 'added' | 'changed' | 'removed'>;
}

export interface JobRecord extends JobState {
  kind: RedirectJobKind;
  /** From 1, of so many. */
  part: number;
  parts: number;
}

/** Counts of the changes of a plan. */
export interface AppliedRecord {
  /** Confirmed by the platform. */
  added: number;
  changed: number;
  removed: number;
  /** All that are to be made: without deletions where those are not asked for. */
  toDo: number;
  /** Sent, and nobody knows what came of them. */
  uncertain: number;
}

/** What the use cases tell; the report makes log lines, outputs, annotations and the summary of it. */
export interface RedirectsReporter extends RunReporter {
  /** The state of a job; a later one of the same id takes the place of the earlier. */
  job(job: JobRecord): void;
  /**
   * Rows that the platform refused, and that were not told before.
   * @param unnamed how many more there are that it does not name
   */
  refused(rows: readonly RejectedRow[], unnamed: number): void;
  plan(plan: Omit<RedirectPlan, 'split'>, options: { keepsRemoved: boolean }): void;
  applied(applied: AppliedRecord): void;
  /** Absolute paths; known as outputs from now on. */
  backupWritten(path: string): void;
  failedRowsWritten(path: string): void;
  commentWritten(comment: { id: number; url: string }): void;
  /**
   * Odd rows of the file, all of one kind: the first are annotations at their lines, some others lines of the log, and all
   * are counted.
   * @param title a few words for the kind, in the singular: `Redirect chain`
   */
  warnRows(rows: readonly RowProblem[], title: string, options?: OddRowsOptions): void;
  /** Something that somebody may not expect, and that is right: an annotation, and a line of the summary. */
  note(message: string, title: string): void;
  /** All that is known of the run by now, without secrets. */
  snapshot(): RedirectsRecord;
}

export interface OddRowsOptions {
  /** How many there are, where `rows` has fewer. */
  count?: number;
  /** What it means and what to do: a sentence or two. */
  meaning?: string;
  /** Where there are several kinds: so that one leaves room for the next. */
  maxAnnotations?: number;
}

const REDIRECT: FieldRules<Redirect> = { target: { kind: 'own', type: 'own' } };

export const REJECTED_ROW_FIELDS: FieldRules<RejectedRow> = { row: REDIRECT };

export const REDIRECTS_FIELDS: FieldRules<RedirectsRecord> = {
  ...RUN_FIELDS,
  outcome: 'own',
  command: 'own',
  file: 'public',
  jobs: { jobId: 'public', kind: 'own' },
  refused: { first: REJECTED_ROW_FIELDS },
  plan: {
    first: { added: REDIRECT, changed: { before: REDIRECT, after: REDIRECT, copies: REDIRECT }, removed: REDIRECT },
  },
  backupFile: 'public',
  failedRowsFile: 'public',
  comment: { url: 'public' },
};

import type { JobState, RedirectJobKind } from '../domain/redirects/job.ts';
import type { RedirectPlan } from '../domain/redirects/plan.ts';
import type { RefusedRow } from '../files/redirects/redirect-file.ts';
import type { RedirectsCommand } from '../inputs/redirects.ts';
import type { SkipRecord } from './deploy-record.ts';
import type { RunReporter } from './reporters.ts';
import type { RunRecord } from './run-record.ts';

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
  outcome: RedirectsOutcome;
  /** Undefined while the inputs are not known to be right. */
  command: RedirectsCommand | undefined;
  siteId?: number;
  /** The file of the input, as it is shown: relative to the workspace where it is in it. */
  file?: string;
  /** In the order in which they were started: more than one where a file was split. */
  jobs: JobRecord[];
  /** Every row that the platform refused, so far. */
  refused: RefusedRow[];
  /** Refused rows that the platform counts and does not name. */
  refusedUnnamed: number;
  plan?: RedirectPlan;
  /** What `sync` has done of the plan; undefined before it begins. */
  applied?: AppliedRecord;
  /** `delete` was not given: what would be removed stays. */
  keepsRemoved?: boolean;
  backupFile?: string;
  failedRowsFile?: string;
  /** What there is to say where nothing has to be done, as a sentence. */
  note?: string;
  comment?: { id: number; url: string };
  skipped?: SkipRecord;
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
  /** Rows that the platform refused. @param unnamed how many more there are that it does not name */
  refused(rows: readonly RefusedRow[], unnamed: number): void;
  plan(plan: RedirectPlan, options: { keepsRemoved: boolean }): void;
  applied(applied: AppliedRecord): void;
  /** Absolute paths; known as outputs from now on. */
  backupWritten(path: string): void;
  failedRowsWritten(path: string): void;
  commentWritten(comment: { id: number; url: string }): void;
  /** Something that somebody may not expect, and that is right: an annotation, and a line of the summary. */
  note(message: string, title: string): void;
  /** All that is known of the run by now, without secrets. */
  snapshot(): RedirectsRecord;
}

import type { JobState, RedirectJobKind } from '../domain/redirects/job.ts';
import type { RedirectPlan } from '../domain/redirects/plan.ts';
import type { Redirect } from '../domain/redirects/redirect.ts';
import type { RowProblem } from '../domain/row-problems.ts';
import type { RejectedRow } from '../files/redirects/redirect-file.ts';
import type { RedirectsCommand } from '../inputs/redirects.ts';
import type { EventRules, FieldRules } from './field-rules.ts';
import { RUN_EVENT_FIELDS, type RunEvent } from './run-events.ts';
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

/** Everything that is known of a run of `redirects`, as the step summary shows it. Holds no secret values. */
export interface RedirectsRecord extends RunRecord {
  /** `error` until the run has ended. */
  outcome: RedirectsOutcome;
  /** Undefined while the inputs are not known to be right. */
  command: RedirectsCommand | undefined;
  siteId?: number;
  /** Of the site; undefined where neither file nor site shows it, and for a file of several. */
  domain?: string;
  /** The file of the input, as it is shown: relative to the workspace where it is in it. */
  file?: string;
  absoluteFile?: string;
  /** In the order in which they were started: more than one where a file was split. */
  jobs: JobRecord[];
  /** A request to start a job is in flight, or its answer was lost: there may be a job that is not in `jobs`. */
  mayBeStarted?: boolean;
  /** Of an import: the current part, from 1, of so many. */
  part?: number;
  parts?: number;
  rejected: RejectedRecord;
  /** Of each kind of oddity that was found at lines of the file. */
  oddities: OddityRecord[];
  plan?: PlanRecord;
  /** What `sync` has done of the plan; undefined before it begins. */
  applied?: AppliedRecord;
  /** `delete` was not given: what would be removed stays. */
  keepsRemoved?: boolean;
  backupFile?: string;
  failedRowsFile?: string;
  /** Why nothing is done, as a sentence or a few, each on a line. */
  note?: string;
  comment?: { id: number; url: string };
}

/** Rows that the platform rejected so far: all of them counted, the first of them listed. */
export interface RejectedRecord {
  /** Counts reasons: a row that has two counts twice. */
  named: number;
  /** Those that the platform counts but does not name. */
  unnamed: number;
  first: RejectedRow[];
}

export interface OddityRecord {
  /** A few words for the kind: `Redirect chain`. */
  title: string;
  /** What all of them mean, and what to do. */
  meaning?: string;
  count: number;
  first: readonly RowProblem[];
}

/** The part of a plan that is shown: to copy and redact all of a large one would be a waste. */
export interface PlanRecord {
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
  /** The first of each kind. */
  first: Pick<RedirectPlan, 'added' | 'changed' | 'removed'>;
}

export interface JobRecord extends Omit<JobState, 'rejected'> {
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
  /** All that are to be made: without deletions where those are not requested. */
  toDo: number;
  /** Sent, with an unknown result. */
  uncertain: number;
}

/** What happens in a run of `redirects`. */
export type RedirectsEvent =
  | RunEvent<RedirectsOutcome>
  /** The inputs are valid. `file` as it is shown: relative to the workspace where it is in it. */
  | { type: 'started'; command: RedirectsCommand; siteId: number | undefined; file: string; absoluteFile: string }
  | OddRows
  /** More is known of the site than the inputs say. */
  | { type: 'site-known'; siteId?: number; domain?: string }
  | { type: 'part-started'; part: number; parts: number }
  | { type: 'job-starting'; mayBeStarted: boolean }
  | ({ type: 'job-started' } & JobRecord)
  /** A job has another status. */
  | ({ type: 'job-changed' } & JobRecord)
  /** A job has come further: there may be an event for each of 200,000 rows. */
  | ({ type: 'job-progressed' } & JobRecord)
  /** Rows that are not in an earlier event. @property unnamed how many more there are that the platform does not name */
  | { type: 'rows-rejected'; rows: readonly RejectedRow[]; unnamed: number }
  | { type: 'failed-rows-written'; path: string }
  | { type: 'plan-made'; plan: RedirectPlan; keepsRemoved: boolean }
  | { type: 'backup-written'; path: string }
  /** How far `sync` has got. */
  | ({ type: 'applied' } & AppliedRecord)
  /** Nothing has to be done, which somebody may not expect. */
  | { type: 'nothing-to-do'; message: string; title: string }
  | { type: 'comment-written'; id: number; url: string };

/** Odd rows of the file, all of one kind. */
export interface OddRows {
  type: 'rows-odd';
  /** A few words for the kind, in the singular: `Redirect chain`. */
  title: string;
  rows: readonly RowProblem[];
  /** How many there are, where `rows` has fewer. */
  count?: number;
  /** What it means and what to do: a sentence or two. */
  meaning?: string;
  /** Where there are several kinds: so that one leaves room for the next. */
  maxAnnotations?: number;
}

const REDIRECT: FieldRules<Redirect> = { target: { kind: 'own', type: 'own' } };

const PLAN: FieldRules<PlanRecord['first']> = {
  added: REDIRECT,
  changed: { before: REDIRECT, after: REDIRECT, copies: REDIRECT },
  removed: REDIRECT,
};

export const REJECTED_ROW_FIELDS: FieldRules<RejectedRow> = { row: REDIRECT };

export const REDIRECTS_FIELDS: FieldRules<RedirectsRecord> = {
  ...RUN_FIELDS,
  outcome: 'own',
  command: 'own',
  domain: 'public',
  file: 'public',
  absoluteFile: 'public',
  jobs: { jobId: 'public', kind: 'own' },
  rejected: { first: REJECTED_ROW_FIELDS },
  plan: { first: PLAN },
  backupFile: 'public',
  failedRowsFile: 'public',
  comment: { url: 'public' },
};

export const REDIRECTS_EVENT_FIELDS: EventRules<RedirectsEvent> = {
  ...RUN_EVENT_FIELDS,
  ended: { outcome: 'own' },
  started: { command: 'own', file: 'public', absoluteFile: 'public' },
  'site-known': { domain: 'public' },
  'job-started': { jobId: 'public', kind: 'own' },
  'job-changed': { jobId: 'public', kind: 'own' },
  'job-progressed': { jobId: 'public', kind: 'own' },
  'rows-rejected': { rows: REJECTED_ROW_FIELDS },
  'failed-rows-written': { path: 'public' },
  'plan-made': { plan: { ...PLAN, split: REDIRECT } },
  'backup-written': { path: 'public' },
  'comment-written': { url: 'public' },
};

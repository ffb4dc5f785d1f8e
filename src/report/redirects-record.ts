import type { JobState, RedirectJobKind } from '../domain/redirects/job.ts';
import type { RedirectPlan } from '../domain/redirects/plan.ts';
import type { Redirect } from '../domain/redirects/redirect.ts';
import type { RowProblem } from '../domain/row-problems.ts';
import type { RefusedRow } from '../files/redirects/redirect-file.ts';
import type { RedirectsCommand } from '../inputs/redirects.ts';
import type { SkipRecord } from './deploy-record.ts';
import type { RunReporter } from './reporters.ts';
import { type RunRecord, redactRun, redactStrings } from './run-record.ts';

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
  refused: RefusedRecord;
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
  skipped?: SkipRecord;
}

/** Rows that the platform refused so far: all of them counted, the first of them kept. */
export interface RefusedRecord {
  /** Each reason for itself: a row that has two counts twice. */
  named: number;
  /** Those that the platform counts and does not name. */
  unnamed: number;
  first: readonly RefusedRow[];
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
  refused(rows: readonly RefusedRow[], unnamed: number): void;
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

const ROWS_AT_ONCE = 1000;

/** A copy whose texts have passed the redactor, but for the words of this action's own. */
export function redactRedirects(record: RedirectsRecord, redact: (text: string) => string): RedirectsRecord {
  const { file, backupFile, failedRowsFile, note, skipped } = record;
  const texts = Object.entries({ file, backupFile, failedRowsFile, note });
  const known = Object.fromEntries(
    texts.flatMap(([key, value]) => (value === undefined ? [] : [[key, redact(value)]])),
  );
  return {
    ...redactRun(record, redact),
    jobs: record.jobs.map((job) => ({ ...redactStrings(job, redact), kind: job.kind })),
    refused: { ...record.refused, first: redactRefusedRows(record.refused.first, redact) },
    oddities: record.oddities.map(({ title, meaning, count, first }) => ({
      title: redact(title),
      ...(meaning === undefined ? {} : { meaning: redact(meaning) }),
      count,
      first: redactStrings(first, redact),
    })),
    ...(record.plan === undefined ? {} : { plan: redactPlan(record.plan, redact) }),
    ...(skipped === undefined ? {} : { skipped: { ...skipped, message: redact(skipped.message) } }),
    ...known,
  };
}

/** Copies without secrets: a platform may quote what it was sent. */
export function redactRefusedRows(
  rows: readonly RefusedRow[],
  redact: (text: string) => string,
): readonly RefusedRow[] {
  // There may be 200,000, at the end of a run that was cancelled: those that have none are looked at together.
  return Array.from({ length: Math.ceil(rows.length / ROWS_AT_ONCE) }, (_, index) => {
    const some = rows.slice(index * ROWS_AT_ONCE, (index + 1) * ROWS_AT_ONCE);
    const text = JSON.stringify(some);
    return redact(text) === text ? some : some.map((row) => redactRefused(row, redact));
  }).flat();
}

function redactRefused({ row, line, message }: RefusedRow, redact: (text: string) => string): RefusedRow {
  return { row: row && redactRedirect(row, redact), line, message: redact(message) };
}

function redactPlan(plan: PlanRecord, redact: (text: string) => string): PlanRecord {
  const { added, changed, removed } = plan.first;
  const first = {
    added: added.map((row) => redactRedirect(row, redact)),
    changed: changed.map(({ before, after }) => ({
      before: redactRedirect(before, redact),
      after: redactRedirect(after, redact),
    })),
    removed: removed.map((redirect) => redactRedirect(redirect, redact)),
  };
  return { ...plan, first };
}

/** The kind and the type of a target are words of this action's own. */
function redactRedirect<R extends Redirect>(redirect: R, redact: (text: string) => string): R {
  const { target } = redirect;
  const safe = target.kind === 'manual' ? { ...target, url: redact(target.url) } : target;
  return { ...redactStrings(redirect, redact), target: safe };
}

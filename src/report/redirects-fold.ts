import { jobVerdictOf } from '../domain/redirects/job.ts';
import type { RedirectPlan } from '../domain/redirects/plan.ts';
import type { ActionError } from '../errors.ts';
import type {
  JobRecord,
  OddityRecord,
  OddRows,
  PlanRecord,
  RedirectsEvent,
  RedirectsOutcome,
  RedirectsRecord,
} from './redirects-record.ts';
import { allowedRejectionText, countRejected, countToDo, countUnaccounted, isUntouched } from './redirects-words.ts';
import type { RunRecord } from './run-record.ts';

/** Rows of each kind of change that are shown: as many as may fit into the summary. */
const MAX_ROWS = 1000;
const MAX_REJECTED = 2000;
export const MAX_ODDITIES = 500;

/** The record of a run that has just begun. */
export function initialRedirects(): Omit<RedirectsRecord, keyof RunRecord> {
  const rejected = { named: 0, unnamed: 0, first: [] };
  return { outcome: 'error', command: undefined, jobs: [], rejected, oddities: [] };
}

/** Applies an event to the record. */
export function foldRedirects(record: RedirectsRecord, event: RedirectsEvent): void {
  switch (event.type) {
    case 'started':
    case 'site-known':
      Object.assign(record, knownOf(event));
      break;
    case 'rows-odd':
      record.oddities.push(oddityOf(event));
      break;
    case 'part-started':
      record.part = event.part;
      record.parts = event.parts;
      break;
    case 'job-starting':
      record.mayBeStarted = event.mayBeStarted;
      break;
    case 'job-started':
    case 'job-changed':
    case 'job-progressed':
      foldJob(record, event);
      break;
    case 'rows-rejected':
      foldRejected(record, event);
      break;
    case 'failed-rows-written':
      record.failedRowsFile = event.path;
      break;
    case 'plan-made':
      record.plan = planRecordOf(event.plan);
      record.keepsRemoved = event.keepsRemoved;
      break;
    case 'backup-written':
      record.backupFile = event.path;
      break;
    case 'applied': {
      const { type: _, ...applied } = event;
      record.applied = applied;
      break;
    }
    case 'nothing-to-do':
      record.note = record.note === undefined ? event.message : `${record.note}\n${event.message}`;
      break;
    case 'comment-written':
      record.comment = { id: event.id, url: event.url };
      break;
    case 'ended':
      if (event.failure === undefined && countRejected(record) > 0) record.warnings.push(allowedRejectionText(record));
  }
}

/** What an event says; what it leaves open stays as it is. */
function knownOf(event: Extract<RedirectsEvent, { type: 'started' | 'site-known' }>): Partial<RedirectsRecord> {
  return Object.fromEntries(Object.entries(event).filter(([name, value]) => name !== 'type' && value !== undefined));
}

function oddityOf({ title, meaning, rows, count = rows.length }: OddRows): OddityRecord {
  return { title, ...(meaning === undefined ? {} : { meaning }), count, first: rows.slice(0, MAX_ODDITIES) };
}

function foldJob({ jobs }: RedirectsRecord, { type: _, ...job }: { type: string } & JobRecord): void {
  const index = jobs.findIndex(({ jobId }) => jobId === job.jobId);
  jobs[index === -1 ? jobs.length : index] = job;
}

function foldRejected(
  { rejected }: RedirectsRecord,
  { rows, unnamed }: Extract<RedirectsEvent, { type: 'rows-rejected' }>,
): void {
  rejected.named += rows.length;
  rejected.unnamed += unnamed;
  rejected.first.push(...rows.slice(0, MAX_REJECTED - rejected.first.length));
}

function planRecordOf({ added, changed, removed, unchanged }: RedirectPlan): PlanRecord {
  return {
    added: added.length,
    changed: changed.length,
    removed: removed.length,
    unchanged,
    first: {
      added: added.slice(0, MAX_ROWS),
      changed: changed.slice(0, MAX_ROWS),
      removed: removed.slice(0, MAX_ROWS),
    },
  };
}

/** Those that an error brings along. */
const FAILED_OUTCOMES = ['failed', 'partial', 'unknown', 'cancelled'] as const;

/** How a run of `redirects` ended: what the output `outcome` says (`redirects/action.yml`). */
export function redirectsOutcomeOf(
  record: Readonly<RedirectsRecord>,
  error: ActionError | undefined,
): RedirectsOutcome {
  if (error === undefined) return greenOutcome(record);
  return FAILED_OUTCOMES.find((outcome) => outcome === error.outcome) ?? notUntouched(record);
}

function greenOutcome(record: RedirectsRecord): RedirectsOutcome {
  if (record.skipped !== undefined) return 'skipped';
  switch (record.command) {
    case 'import':
      return record.jobs.length === 0 ? 'unchanged' : jobOutcome(record);
    case 'export':
      return jobOutcome(record);
    case 'plan':
      return countToDo(record) === 0 ? 'unchanged' : 'planned';
    case 'sync':
      return countToDo(record) === 0 ? 'unchanged' : 'complete';
    case undefined:
      return 'error';
  }
}

/** A complete job that counts fewer than all rows may not have processed all of them. */
function jobOutcome(record: RedirectsRecord): RedirectsOutcome {
  return countRejected(record) + countUnaccounted(record) > 0 ? 'partial' : 'complete';
}

/** `error` says that nothing was changed: that must not hide changes that the record has. */
function notUntouched({ jobs, applied }: RedirectsRecord): RedirectsOutcome {
  const imports = jobs.filter(({ kind }) => kind === 'import');
  if (imports.some((job) => jobVerdictOf(job) === undefined)) return 'unknown';
  const isTouched = applied !== undefined && !isUntouched(applied);
  return isTouched || imports.some(({ completed }) => completed > 0) ? 'partial' : 'error';
}

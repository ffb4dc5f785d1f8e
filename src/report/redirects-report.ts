import { pathText, targetText } from '../domain/redirects/redirect.ts';
import type { RejectedRow } from '../files/redirects/redirect-file.ts';
import type { ActionReport } from './create-run.ts';
import { redirectsEffect } from './effects.ts';
import { formatCount } from './format.ts';
import type { JobLog } from './job-log.ts';
import { logRowEvent } from './log-rows.ts';
import type { Outputs } from './outputs.ts';
import { foldRedirects, initialRedirects, MAX_ODDITIES, redirectsOutcomeOf } from './redirects-fold.ts';
import { lastRedirectsLines } from './redirects-last-lines.ts';
import {
  type AppliedRecord,
  type PlanRecord,
  REDIRECTS_EVENT_FIELDS,
  REDIRECTS_FIELDS,
  type RedirectsEvent,
  type RedirectsRecord,
} from './redirects-record.ts';
import { redirectsResult } from './redirects-result.ts';
import { renderRedirectsSummary } from './redirects-summary.ts';
import { allowedRejectionText, countMade, countRejected, countToDo, stateText, sumJobs } from './redirects-words.ts';
import { annotateRows } from './row-annotations.ts';
import type { Occurrence } from './run-events.ts';

/** Odd rows must leave room for rows that the platform rejects later. */
const MAX_ODDITY_ANNOTATIONS = 4;
/** Of each kind: real stores have hundreds that differ only in a final slash, and the summary has them. */
const MAX_ODDITY_LINES = 10;

type RedirectsOccurrence = Occurrence<RedirectsEvent, RedirectsRecord>;

/** The report of a run of `redirects`: outputs as soon as they are known, the summary at the end. */
export function createRedirectsReport(): ActionReport<RedirectsEvent, RedirectsRecord> {
  return {
    initial: initialRedirects(),
    fold: foldRedirects,
    fields: REDIRECTS_FIELDS,
    eventFields: REDIRECTS_EVENT_FIELDS,
    failureTitle: 'Redirects failed',
    outcomeOf: redirectsOutcomeOf,
    effectOf: redirectsEffect,
    log: createRedirectsLog(),
    outputs: redirectsOutputs,
    result: redirectsResult,
    summary: renderRedirectsSummary,
  };
}

function createRedirectsLog(): (occurrence: RedirectsOccurrence, log: JobLog) => void {
  let phase = '';
  let oddityAnnotations = 0;
  return (occurrence, log) => {
    switch (occurrence.type) {
      case 'job-changed':
      case 'job-progressed':
        // Read when it is printed, which is rare: a job may have an event for each of 200,000 rows.
        log.setStatus(phase, () => stateText(occurrence.event));
        break;
      case 'rows-odd':
        oddityAnnotations += logOddRows(occurrence, log, MAX_ODDITY_ANNOTATIONS - oddityAnnotations);
        break;
      case 'nothing-to-do':
        log.notice(occurrence.event.message, occurrence.event.title);
        break;
      case 'ended':
        logEnd(occurrence, log);
        break;
      case 'reported':
        for (const line of lastRedirectsLines(occurrence.record)) log.info(line);
        break;
      default:
        if (occurrence.type === 'phase-started') phase = occurrence.event.title;
        logRowEvent(occurrence, log, (path) => path);
    }
  };
}

type OccurrenceOf<T extends RedirectsEvent['type']> = Extract<RedirectsOccurrence, { type: T }>;

/** @returns how many annotations it took */
function logOddRows({ event, record }: OccurrenceOf<'rows-odd'>, log: JobLog, room: number): number {
  const { rows, title, count: total = rows.length, meaning } = event;
  const maxAnnotations = Math.min(room, event.maxAnnotations ?? room);
  // An annotation is read by itself, so each says what it means; the lines of the log have it once, before them.
  const after = meaning === undefined ? '' : ` ${meaning}`;
  if (rows.length > maxAnnotations) log.info(`${title}, ${formatCount(total)} ×.${after}`);
  const { annotated } = annotateRows(log, {
    level: 'warning',
    rows: rows.map((row, index) => (index < maxAnnotations ? { ...row, message: `${row.message}${after}` } : row)),
    total,
    title,
    ...placeOf(record),
    maxAnnotations,
    maxLines: MAX_ODDITY_LINES,
    allAre: `The step summary has ${total > MAX_ODDITIES ? `the first ${MAX_ODDITIES}` : 'them'}.`,
  });
  return annotated;
}

function logEnd(occurrence: OccurrenceOf<'ended'>, log: JobLog): void {
  const { record, event } = occurrence;
  annotateRejected(record, event.failure === undefined ? 'warning' : 'error', log);
  logRowEvent(occurrence, log, (path) => record.file ?? path);
  if (event.failure === undefined && countRejected(record) > 0) {
    log.warning(allowedRejectionText(record), 'Rows rejected');
  }
}

function annotateRejected(record: RedirectsRecord, level: 'error' | 'warning', log: JobLog): void {
  const { failedRowsFile } = record;
  const { named, first } = record.rejected;
  if (named === 0) return;
  annotateRows(log, {
    level,
    rows: first.map(({ line, row, message }) => ({ line, message: `${rejectedPath(row)}${message}` })),
    total: named,
    title: 'Redirect rejected',
    ...placeOf(record),
    allAre: failedRowsFile === undefined ? 'The step summary has more of them.' : `All of them: ${failedRowsFile}`,
  });
}

function placeOf({ file, absoluteFile = '' }: RedirectsRecord): { path: string; shownPath: string } {
  return { path: absoluteFile, shownPath: file ?? absoluteFile };
}

/** `/old → /new: `, before what the platform says about it. */
function rejectedPath(row: RejectedRow['row']): string {
  return row === undefined ? '' : `${pathText(row)} → ${targetText(row.target)}: `;
}

function redirectsOutputs(occurrence: RedirectsOccurrence): Outputs | undefined {
  switch (occurrence.type) {
    case 'started': {
      const { command, absoluteFile, siteId } = occurrence.event;
      // What `export` writes is only there at the end.
      return { ...(command === 'export' ? {} : { file: absoluteFile }), ...siteOutput(siteId) };
    }
    case 'site-known':
      return siteOutput(occurrence.event.siteId);
    // The file of the outputs grows with each that is written: not with every event of a job.
    case 'job-started':
    case 'job-changed':
      return { 'job-id': occurrence.event.jobId, ...jobOutputs(occurrence.record) };
    case 'plan-made':
      return planOutputs(occurrence.record.plan);
    case 'applied':
      return appliedOutputs(occurrence.event);
    case 'backup-written':
      return { 'backup-file': occurrence.event.path };
    case 'failed-rows-written':
      return { 'failed-rows-file': occurrence.event.path };
    case 'skipped':
      return { 'skipped-reason': occurrence.event.reason };
    case 'ended':
      return endOutputs(occurrence.record);
    default:
      return undefined;
  }
}

function siteOutput(siteId: number | undefined): Outputs {
  return siteId === undefined ? {} : { 'site-id': siteId };
}

function endOutputs(record: RedirectsRecord): Outputs {
  const { command, plan, applied, outcome, absoluteFile } = record;
  const isUnchanged = command === 'sync' && outcome === 'unchanged';
  // Every other end of an export leaves the file unchanged.
  const isExported = command === 'export' && (outcome === 'complete' || outcome === 'partial');
  return {
    ...(command === 'import' || command === 'export' ? jobOutputs(record) : {}),
    ...planOutputs(plan),
    ...(applied !== undefined || isUnchanged ? appliedOutputs(applied ?? nothingApplied(record)) : {}),
    ...(isExported && absoluteFile !== undefined ? { file: absoluteFile } : {}),
    outcome,
  };
}

function nothingApplied(record: RedirectsRecord): AppliedRecord {
  return { added: 0, changed: 0, removed: 0, toDo: countToDo(record), uncertain: 0 };
}

function jobOutputs(record: RedirectsRecord): Outputs {
  const { completed, failed, total } = sumJobs(record);
  return { completed, failed, total };
}

function planOutputs(plan: PlanRecord | undefined): Outputs {
  if (plan === undefined) return {};
  const { added, changed, removed, unchanged } = plan;
  return { added, changed, removed, unchanged };
}

function appliedOutputs(applied: AppliedRecord): Outputs {
  const completed = countMade(applied);
  return { completed, failed: applied.toDo - completed, total: applied.toDo };
}

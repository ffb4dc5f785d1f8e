import type { PackedFile, RejectedRecord } from '../files/batch/batch-file.ts';
import { lastBatchLines } from './batch-last-lines.ts';
import {
  allowedRejections,
  BATCH_EVENT_FIELDS,
  BATCH_FIELDS,
  type BatchEvent,
  type BatchRecord,
  type BatchUploadRecord,
  batchOutcomeOf,
  createBatchFold,
  MAX_ROWS,
  sumRecords,
} from './batch-record.ts';
import { batchResult } from './batch-result.ts';
import { renderBatchSummary } from './batch-summary.ts';
import { packedWords, resendWarning } from './batch-words.ts';
import type { ActionReport } from './create-run.ts';
import { batchEffect } from './effects.ts';
import type { JobLog } from './job-log.ts';
import { limitLabel } from './limits.ts';
import { logRowEvent } from './log-rows.ts';
import type { Outputs } from './outputs.ts';
import { annotateRows } from './row-annotations.ts';
import type { Occurrence } from './run-events.ts';

type BatchOccurrence = Occurrence<BatchEvent, BatchUploadRecord>;

/** For all files together: duplicates must leave room for records that the service rejects later. */
const MAX_DUPLICATE_ANNOTATIONS = 4;
const MAX_DUPLICATE_LINES = 200;

/** The report of a run of `batch-upload`. @param shownPathOf a path as users see it: relative to the workspace if it is inside */
export function createBatchReport(shownPathOf: (path: string) => string): ActionReport<BatchEvent, BatchUploadRecord> {
  const none = { count: 0, first: [] };
  const rows = { rejected: { ...none, unmatched: 0 }, duplicates: none, problems: none };
  return {
    initial: { outcome: 'error', dryRun: false, allowFailedRecords: 0, files: [], batches: [], ...rows },
    fold: createBatchFold(shownPathOf),
    fields: BATCH_FIELDS,
    eventFields: BATCH_EVENT_FIELDS,
    failureTitle: 'Batch upload failed',
    outcomeOf: batchOutcomeOf,
    effectOf: batchEffect,
    log: createBatchLog(shownPathOf),
    outputs: createBatchOutputs(),
    result: batchResult,
    summary: renderBatchSummary,
  };
}

function createBatchLog(shownPathOf: (path: string) => string): (occurrence: BatchOccurrence, log: JobLog) => void {
  const logDuplicates = createDuplicateLog();
  return (occurrence, log) => {
    switch (occurrence.type) {
      case 'file-packed': {
        const { file } = occurrence.event;
        const shownPath = shownPathOf(file.path);
        logFile(file, shownPath, log);
        logDuplicates(file, shownPath, log);
        break;
      }
      case 'ended':
        annotateRejected(occurrence.record, log);
        if (occurrence.event.failure === undefined) logAllowed(occurrence.record, log);
        else logRowEvent(occurrence, log, shownPathOf);
        break;
      case 'reported':
        for (const line of lastBatchLines(occurrence.record)) log.info(line);
        break;
      default:
        logRowEvent(occurrence, log, shownPathOf);
    }
  };
}

function logFile(file: PackedFile, shownPath: string, log: JobLog): void {
  log.info(`${shownPath}: ${packedWords(file)}`);
  const warning = resendWarning(file.modes);
  if (warning !== undefined && file.parts.length > 0) log.info(`${shownPath}: ${warning}`);
}

/** Of the duplicates of all files, so many are annotations and lines; the summary has more. */
function createDuplicateLog(): (file: PackedFile, shownPath: string, log: JobLog) => void {
  const logged = { annotations: 0, lines: 0 };
  /** Duplicates so far, and those of them that the summary has. */
  const all = { count: 0, listed: 0 };
  return ({ path, duplicates, duplicateCount }, shownPath, log) => {
    if (duplicateCount === 0) return;
    all.count += duplicateCount;
    all.listed = Math.min(MAX_ROWS, all.listed + duplicates.length);
    const { annotated, lines } = annotateRows(log, {
      level: 'warning',
      rows: duplicates.map(({ line, message }) => ({ path, shownPath, line, message })),
      total: duplicateCount,
      title: 'Duplicate record',
      maxAnnotations: MAX_DUPLICATE_ANNOTATIONS - logged.annotations,
      maxLines: MAX_DUPLICATE_LINES - logged.lines,
      allAre: `The step summary has ${all.count > all.listed ? `the first ${MAX_ROWS}` : 'them'}.`,
    });
    logged.annotations += annotated;
    logged.lines += lines;
  };
}

function annotateRejected({ rejected, errorsFile, failure }: BatchUploadRecord, log: JobLog): void {
  annotateRows(log, {
    level: failure === undefined ? 'warning' : 'error',
    rows: rejected.first.map((one) => ({ ...placeOf(one), message: rejectedText(one) })),
    total: rejected.count + rejected.unmatched,
    title: 'Record rejected',
    allAre: errorsFile === undefined ? 'The step summary has more.' : `All of them: ${errorsFile}`,
  });
}

/** Rejected records that the user allows are still reported. */
function logAllowed(record: BatchUploadRecord, log: JobLog): void {
  const message = allowedRejections(record);
  if (message !== undefined) log.warning(message, 'Records rejected');
}

function placeOf({ path, line, shownPath }: BatchUploadRecord['rejected']['first'][number]) {
  return { line, ...(path === undefined || shownPath === undefined ? {} : { path, shownPath }) };
}

/** `The e-mail address is not valid. (INVALID_EMAIL, ref 81ea…)` */
function rejectedText({ message, code, ref }: RejectedRecord): string {
  const what = message === '' ? 'Rejected without a message' : message;
  return `${what} (${[...(code === '' ? [] : [limitLabel(code)]), `ref ${limitLabel(ref)}`].join(', ')})`;
}

/** Reads the events alone: a run may poll thousands of times, and each copy of the record takes a while. */
function createBatchOutputs(): (occurrence: BatchOccurrence) => Outputs | undefined {
  const batches: BatchRecord[] = [];
  return (occurrence) => {
    switch (occurrence.type) {
      case 'batches-planned':
        batches.push(...occurrence.event.batches);
        return { records: sumRecords({ batches }).records };
      case 'batch-updated': {
        const { batch } = occurrence.event;
        const before = batches[batch.number - 1];
        batches[batch.number - 1] = batch;
        return {
          ...(batch.ref === before?.ref ? {} : refsOutput(batches)),
          ...(batch.verdict === undefined ? {} : countOutputs(batches)),
        };
      }
      case 'errors-file-written':
        return { 'errors-file': occurrence.event.path };
      case 'ended':
        return endOutputs(batches, occurrence.event.outcome);
      default:
        return undefined;
    }
  };
}

function endOutputs(batches: readonly BatchRecord[], outcome: string): Outputs {
  const isAnySent = batches.some(({ verdict, isUploaded }) => verdict !== undefined || isUploaded);
  return { ...refsOutput(batches), ...(isAnySent ? countOutputs(batches) : {}), outcome };
}

function refsOutput(batches: readonly BatchRecord[]): Outputs {
  return { 'batch-refs': JSON.stringify(batches.flatMap(({ ref }) => (ref === undefined ? [] : [ref]))) };
}

function countOutputs(batches: readonly BatchRecord[]): Outputs {
  const { accepted, rejected } = sumRecords({ batches });
  return { succeeded: accepted, failed: rejected };
}

import type { BatchCounts, BatchVerdict } from '../domain/batch/batch.ts';
import type { ActionError, FileProblem } from '../errors.ts';
import type { BatchPart, ErrorLog, PackedFile, RejectedRecord } from '../files/batch/batch-file.ts';
import type { EventRules, FieldRules } from './field-rules.ts';
import { count, formatCount } from './format.ts';
import { type EndFailure, RUN_EVENT_FIELDS, type RunEvent } from './run-events.ts';
import { RUN_FIELDS, type RunRecord } from './run-record.ts';

export type BatchOutcome =
  | 'success'
  | 'partial'
  | 'failed'
  | 'corrupted'
  | 'unknown'
  | 'dry-run'
  | 'cancelled'
  | 'error';

/** Everything a run of `batch-upload` reports, as the step summary shows it. Without secrets and personal data. */
export interface BatchUploadRecord extends RunRecord {
  /** `error` until the run has ended. */
  outcome: BatchOutcome;
  dryRun: boolean;
  /** Host of the API; undefined if it is not known. */
  host?: string;
  /** In the order of the inputs. */
  files: PackedFileRecord[];
  /** One for each part of each file, in their order, once all files are packed. */
  batches: BatchRecord[];
  /** `count`: records that were sent; `unmatched`: refs that no record has; `first` has both. */
  rejected: { count: number; unmatched: number; first: readonly ShownRow<RejectedRecord>[] };
  duplicates: { count: number; first: readonly ShownRow<RowPlace & { message: string }>[] };
  /** Why files are not usable; empty until the run has ended. */
  problems: { count: number; first: readonly ShownRow<FileProblem>[] };
  allowFailedRecords: number;
  errorsFile?: string;
}

/** With the path that users see; undefined if the file is not known. */
export type ShownRow<R> = R & { shownPath: string | undefined };

export interface RowPlace {
  /** Absolute. */
  path: string;
  line: number;
}

export interface PackedFileRecord extends Pick<PackedFile, 'path' | 'sizeBytes' | 'isGzipped' | 'records' | 'modes'> {
  /** The path as users see it: relative to the workspace if it is inside. */
  shownPath: string;
  problemCount: number;
}

export interface BatchRecord extends Omit<BatchPart, 'path'> {
  /** From 1, over all files. */
  number: number;
  /** Path of the source, as users see it. */
  shownPath: string;
  /** From 1; `parts` is the number of parts of the file. */
  part: number;
  parts: number;
  /** Modes whose records must not be sent twice; empty if all are `upsert`. */
  unrepeatableModes: readonly string[];
  /** Undefined until it is allocated. The current one: earlier ones were abandoned. */
  ref?: string;
  /** The request to allocate it has been sent. */
  isStarted?: true;
  /** The file is stored, or perhaps stored if the upload had no response. */
  isUploaded?: true | 'perhaps';
  /** Refs of earlier locations that expired or were rejected: the service lists them as `uploading` for a while. */
  abandonedRefs: string[];
  /** As the service last reported it. */
  status?: string;
  verdict?: BatchVerdict;
  /** What the service reports about the file it received. */
  seen?: { md5?: string; sizeBytes?: number; etag?: string };
  counts?: BatchCounts;
  /** Of a verdict: as many as are certain. `failed` is undefined if the service does not say how many. */
  succeeded?: number;
  failed?: number;
}

/** What happens in a run of `batch-upload`. */
export type BatchEvent =
  | RunEvent<BatchOutcome>
  /** The inputs are valid. */
  | { type: 'started'; dryRun: boolean; host: string | undefined; allowFailedRecords: number }
  /** A file was read to its end, whether it is valid or not. */
  | { type: 'file-packed'; file: PackedFile }
  /** All files are valid and packed: these batches are to be sent, in this order. */
  | { type: 'batches-planned'; batches: readonly BatchRecord[] }
  /** What is known of a batch now; it replaces what was known before. */
  | { type: 'batch-updated'; batch: BatchRecord }
  /** The rejected records of one batch. */
  | { type: 'records-rejected'; log: ErrorLog }
  /** An absolute path. */
  | { type: 'errors-file-written'; path: string };

const BATCH_RULES: FieldRules<BatchRecord> = {
  shownPath: 'public',
  md5: 'public',
  ref: 'public',
  abandonedRefs: 'public',
  isUploaded: 'own',
  verdict: 'own',
};

export const BATCH_FIELDS: FieldRules<BatchUploadRecord> = {
  ...RUN_FIELDS,
  outcome: 'own',
  host: 'public',
  files: { path: 'public', shownPath: 'public' },
  batches: BATCH_RULES,
  errorsFile: 'public',
};

export const BATCH_EVENT_FIELDS: EventRules<BatchEvent> = {
  ...RUN_EVENT_FIELDS,
  started: { host: 'public' },
  'file-packed': { file: { path: 'public', parts: { path: 'public', md5: 'public' } } },
  'batches-planned': { batches: BATCH_RULES },
  'batch-updated': { batch: BATCH_RULES },
  'records-rejected': { log: { first: { path: 'public' } } },
  'errors-file-written': { path: 'public' },
  ended: { outcome: 'own' },
};

/** How many rows of each kind the record holds: as many as may fit into the summary. */
const MAX_REJECTED = 2000;
export const MAX_ROWS = 500;

/**
 * @param shownPathOf a path as users see it: relative to the workspace if it is inside
 * @returns applies an event to the record
 */
export function createBatchFold(
  shownPathOf: (path: string) => string,
): (record: BatchUploadRecord, event: BatchEvent) => void {
  return (record, event) => {
    switch (event.type) {
      case 'started': {
        const { dryRun, host, allowFailedRecords } = event;
        Object.assign(record, { dryRun, allowFailedRecords, ...(host === undefined ? {} : { host }) });
        break;
      }
      case 'file-packed':
        foldFile(record, event.file, shownPathOf(event.file.path));
        break;
      case 'batches-planned':
        record.batches = [...event.batches];
        break;
      case 'batch-updated':
        record.batches[event.batch.number - 1] = event.batch;
        break;
      case 'records-rejected':
        foldRejected(record, event.log, shownPathOf);
        break;
      case 'errors-file-written':
        record.errorsFile = event.path;
        break;
      case 'ended':
        foldEnd(record, event.failure, shownPathOf);
    }
  };
}

function foldFile(record: BatchUploadRecord, file: PackedFile, shownPath: string): void {
  const { path, sizeBytes, isGzipped, records, modes, problemCount, duplicates, duplicateCount } = file;
  record.files.push({ path, sizeBytes, isGzipped, records, modes, problemCount, shownPath });
  const { count: before, first } = record.duplicates;
  const rows = duplicates.slice(0, Math.max(0, MAX_ROWS - first.length));
  record.duplicates = {
    count: before + duplicateCount,
    first: [...first, ...rows.map(({ line, message }) => ({ path, shownPath, line, message }))],
  };
}

function foldRejected(
  record: BatchUploadRecord,
  { records, unmatched, first }: ErrorLog,
  shownPathOf: (path: string) => string,
): void {
  const { rejected } = record;
  const rows = first.slice(0, Math.max(0, MAX_REJECTED - rejected.first.length));
  record.rejected = {
    count: rejected.count + records,
    unmatched: rejected.unmatched + unmatched,
    first: [...rejected.first, ...rows.map((row) => ({ ...row, shownPath: row.path && shownPathOf(row.path) }))],
  };
}

function foldEnd(
  record: BatchUploadRecord,
  failure: EndFailure | undefined,
  shownPathOf: (path: string) => string,
): void {
  const allowed = failure === undefined ? allowedRejections(record) : undefined;
  if (allowed !== undefined) record.warnings.push(allowed);
  if (failure?.file === undefined) return;
  // The summary has a table of the problems, with the names of their files.
  const { details, detailCount = details.length, file, ...shown } = failure;
  const first = file.problems.slice(0, MAX_ROWS).map((problem) => {
    const path = problem.path ?? file.path;
    return { ...problem, path, shownPath: shownPathOf(path) };
  });
  record.problems = { count: detailCount, first };
  record.failure = { ...shown, message: file.headline, details: [] };
}

/** The warning of a successful run about records that were rejected. */
export function allowedRejections(record: Readonly<BatchUploadRecord>): string | undefined {
  const { rejected, records } = sumRecords(record);
  if (rejected === 0) return undefined;
  return `Sitecore CDP rejected ${formatCount(rejected)} of ${count(records, 'record')}; \`allow-failed-records\` allows that.`;
}

/** How many records of all batches ended in which way; each is counted once. */
export interface RecordSums {
  records: number;
  accepted: number;
  rejected: number;
  /** Of a batch that did not arrive as it was sent. */
  corrupted: number;
  /** Sent or perhaps sent, and without a verdict. */
  awaited: number;
  /** There is a verdict, but the service does not say what became of these. */
  unclear: number;
  notSent: number;
}

export function sumRecords({ batches }: { batches: readonly Readonly<BatchRecord>[] }): RecordSums {
  const sums = { records: 0, accepted: 0, rejected: 0, corrupted: 0, awaited: 0, unclear: 0, notSent: 0 };
  for (const batch of batches) {
    const { records, verdict } = batch;
    sums.records += records;
    if (verdict === 'corrupted') sums.corrupted += records;
    else if (verdict === undefined) sums[isAwaited(batch) ? 'awaited' : 'notSent'] += records;
    else {
      const rejected = batch.failed ?? 0;
      const accepted = batch.succeeded ?? (verdict === 'success' ? Math.max(0, records - rejected) : 0);
      sums.accepted += accepted;
      sums.rejected += rejected;
      sums.unclear += Math.max(0, records - accepted - rejected);
    }
  }
  return sums;
}

/** Whether it was sent, or may have been, and has no verdict. */
export function isAwaited({ isUploaded, verdict }: Pick<BatchRecord, 'isUploaded' | 'verdict'>): boolean {
  return isUploaded !== undefined && verdict === undefined;
}

/** The output `outcome` of a run of `batch-upload` (see `batch-upload/action.yml`). Pure. */
export function batchOutcomeOf(record: Readonly<BatchUploadRecord>, error: ActionError | undefined): BatchOutcome {
  if (error === undefined) return greenOutcome(record);
  const { outcome } = error;
  if (outcome === 'cancelled' || outcome === 'corrupted' || outcome === 'unknown') return outcome;
  return knownOutcome(record, outcome === 'partial' || outcome === 'failed' ? outcome : 'error');
}

function greenOutcome(record: BatchUploadRecord): BatchOutcome {
  const { dryRun, batches } = record;
  if (dryRun) return 'dry-run';
  if (batches.length === 0) return 'error';
  const { accepted, records } = sumRecords(record);
  return accepted === records ? 'success' : knownOutcome(record, 'error');
}

/** Results of batches take precedence over another failure: `error` means that nothing was uploaded. */
function knownOutcome(record: BatchUploadRecord, otherwise: BatchOutcome): BatchOutcome {
  const { awaited, accepted, corrupted, rejected, unclear } = sumRecords(record);
  if (awaited > 0) return 'unknown';
  if (accepted > 0) return 'partial';
  if (corrupted > 0) return 'corrupted';
  if (unclear > 0 && otherwise === 'partial') return otherwise;
  return rejected + unclear > 0 ? 'failed' : otherwise;
}

import { type ActionError, CancelledError, FileError } from '../errors.ts';
import type { ErrorLog, PackedFile, RejectedRecord } from '../files/batch/batch-file.ts';
import { lastBatchLines } from './batch-last-lines.ts';
import { BATCH_FIELDS, type BatchRecord, type BatchReporter, type BatchUploadRecord } from './batch-record.ts';
import { renderBatchSummary } from './batch-summary.ts';
import { batchOutcomeOf, packedWords, resendWarning, sumRecords } from './batch-words.ts';
import { count, formatCount } from './format.ts';
import { limitLabel } from './limits.ts';
import { annotateRows } from './row-annotations.ts';
import { RowReport } from './row-report.ts';
import type { RunReportOptions } from './run-report.ts';

/** How many rows of each kind the record holds: as many as may fit into the summary. */
const MAX_REJECTED = 2000;
const MAX_ROWS = 500;
/** For all files together: duplicates must leave room for records that the service rejects later. */
const MAX_DUPLICATE_ANNOTATIONS = 4;
const MAX_DUPLICATE_LINES = 200;

interface Started {
  dryRun: boolean;
  /** Of the API; undefined if it is not known. */
  host: string | undefined;
  allowFailedRecords: number;
  /** The path as users see it: relative to the workspace if it is inside. */
  shownPathOf: (path: string) => string;
}

/** Collects what a run of `batch-upload` reports, and shows it: outputs as soon as they are known, the summary at the end. */
export class BatchReport extends RowReport<BatchUploadRecord> implements BatchReporter {
  #shownPathOf = (path: string) => path;
  #inShort: string | undefined;
  #refs = '[]';
  #duplicatesShown = { annotated: 0, lines: 0 };

  constructor(options: RunReportOptions) {
    const none = { count: 0, first: [] };
    const rows = { rejected: { ...none, unmatched: 0 }, duplicates: none, problems: none };
    const known = { outcome: 'error' as const, dryRun: false, allowFailedRecords: 0 };
    super(options, { ...known, files: [], batches: [], ...rows }, BATCH_FIELDS);
  }

  /** The inputs are valid. */
  started({ dryRun, host, allowFailedRecords, shownPathOf }: Started): void {
    Object.assign(this.record, { dryRun, allowFailedRecords, ...(host === undefined ? {} : { host }) });
    this.#shownPathOf = shownPathOf;
  }

  packed(file: PackedFile): void {
    const { path, sizeBytes, isGzipped, records, modes, problemCount } = file;
    const shownPath = this.#shownPathOf(path);
    this.record.files.push({ path, sizeBytes, isGzipped, records, modes, problemCount, shownPath });
    this.log.info(`${shownPath}: ${packedWords(file)}`);
    const once = resendWarning(modes);
    if (once !== undefined && file.parts.length > 0) this.log.info(`${shownPath}: ${once}`);
    this.#logDuplicates(file, shownPath);
  }

  batch(batch: BatchRecord): void {
    const { batches } = this.record;
    const index = batches.findIndex(({ number }) => number === batch.number);
    const before = batches[index];
    const now = { ...batch, abandonedRefs: [...batch.abandonedRefs] };
    if (index === -1) batches.push(now);
    else batches[index] = now;
    // All files are packed once there is a batch.
    if (batches.length === 1 && before === undefined) this.#putRecords();
    this.#putRefs();
    if (now.verdict !== undefined) this.#putCounts();
  }

  rejected({ records, unmatched, first }: ErrorLog): void {
    const { rejected } = this.record;
    const some = first.slice(0, Math.max(0, MAX_REJECTED - rejected.first.length));
    const shown = some.map((one) => ({ ...one, shownPath: one.path && this.#shownPathOf(one.path) }));
    this.record.rejected = {
      count: rejected.count + records,
      unmatched: rejected.unmatched + unmatched,
      first: [...rejected.first, ...shown],
    };
  }

  errorsWritten(path: string): void {
    if (path === this.record.errorsFile) return;
    this.record.errorsFile = path;
    this.publicOutput('errors-file', path);
  }

  /** The run is over: outcome, annotations, outputs. Never throws. */
  ended(error: ActionError | undefined): void {
    const { record } = this;
    record.outcome = batchOutcomeOf(record, error);
    record.durationMs = this.elapsedMs();
    this.#inShort = error instanceof CancelledError ? error.inShort : undefined;
    this.#annotateRejected(error === undefined ? 'warning' : 'error');
    if (error === undefined) this.#logRejected();
    else if (error instanceof FileError) this.#logProblems(error);
    else this.reportFailure(error);
    this.#putAll();
  }

  /** The summary, and the log's last lines. Never throws. */
  async finish(): Promise<void> {
    await this.writeSummary(() => renderBatchSummary(this.snapshot()));
    for (const line of lastBatchLines(this.record, this.#inShort)) this.log.info(line);
  }

  #logDuplicates({ path, duplicates, duplicateCount }: PackedFile, shownPath: string): void {
    if (duplicateCount === 0) return;
    const { count: known, first } = this.record.duplicates;
    const rows = duplicates.map(({ line, message }) => ({ path, shownPath, line, message }));
    const shown = [...first, ...rows.slice(0, Math.max(0, MAX_ROWS - first.length))];
    this.record.duplicates = { count: known + duplicateCount, first: shown };
    const before = this.#duplicatesShown;
    const { annotated, lines } = annotateRows(this.log, {
      level: 'warning',
      rows,
      total: duplicateCount,
      title: 'Duplicate record',
      maxAnnotations: MAX_DUPLICATE_ANNOTATIONS - before.annotated,
      maxLines: MAX_DUPLICATE_LINES - before.lines,
      allAre: `The step summary has ${known + duplicateCount > shown.length ? `the first ${MAX_ROWS}` : 'them'}.`,
    });
    this.#duplicatesShown = { annotated: before.annotated + annotated, lines: before.lines + lines };
  }

  #annotateRejected(level: 'error' | 'warning'): void {
    const { count: records, unmatched, first } = this.record.rejected;
    const { errorsFile } = this.record;
    annotateRows(this.log, {
      level,
      rows: first.map((one) => ({ ...placeOf(one), message: rejectedText(one) })),
      total: records + unmatched,
      title: 'Record rejected',
      allAre: errorsFile === undefined ? 'The step summary has more.' : `All of them: ${errorsFile}`,
    });
  }

  /** Rejected records that the user allows are still reported. */
  #logRejected(): void {
    const { rejected, records } = sumRecords(this.record);
    if (rejected === 0) return;
    const message = `Sitecore CDP rejected ${formatCount(rejected)} of ${count(records, 'record')}; \`allow-failed-records\` allows that.`;
    this.record.warnings.push(message);
    this.log.warning(message, 'Records rejected');
  }

  /** The summary has a table of them, with the names of the files. */
  #logProblems(error: FileError): void {
    const first = error.problems.slice(0, MAX_ROWS).map((problem) => {
      const path = problem.path ?? error.path;
      return { ...problem, path, shownPath: this.#shownPathOf(path) };
    });
    this.record.problems = { count: error.detailCount, first };
    this.tellFileError(error, this.#shownPathOf);
    const { title, headline, fix } = error;
    this.record.failure = { title, message: headline, details: [], fix };
  }

  #putAll(): void {
    const { batches, outcome } = this.record;
    if (batches.length > 0) this.#putRecords();
    if (this.#refs === '[]') this.publicOutput('batch-refs', this.#refs);
    if (batches.some(({ verdict, isUploaded }) => verdict !== undefined || isUploaded)) this.#putCounts();
    this.publicOutput('outcome', outcome);
  }

  #putRecords(): void {
    this.output(
      'records',
      this.record.files.reduce((all, { records }) => all + records, 0),
    );
  }

  /** A run may poll hundreds of times, and each output adds to a file. */
  #putRefs(): void {
    const refs = JSON.stringify(this.record.batches.flatMap(({ ref }) => (ref === undefined ? [] : [ref])));
    if (refs === this.#refs) return;
    this.#refs = refs;
    this.publicOutput('batch-refs', refs);
  }

  #putCounts(): void {
    const { accepted, rejected } = sumRecords(this.record);
    this.output('succeeded', accepted);
    this.output('failed', rejected);
  }
}

function placeOf({ path, line, shownPath }: BatchUploadRecord['rejected']['first'][number]) {
  return { line, ...(path === undefined || shownPath === undefined ? {} : { path, shownPath }) };
}

/** `The e-mail address is not valid. (INVALID_EMAIL, ref 81ea…)` */
function rejectedText({ message, code, ref }: RejectedRecord): string {
  const what = message === '' ? 'Rejected without a message' : message;
  return `${what} (${[...(code === '' ? [] : [limitLabel(code)]), `ref ${limitLabel(ref)}`].join(', ')})`;
}

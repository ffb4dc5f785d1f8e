import { type ActionError, CancelledError, FileError } from '../errors.ts';
import type { ErrorLog, PackedFile, RejectedRecord } from '../files/batch/batch-file.ts';
import { lastBatchLines } from './batch-last-lines.ts';
import { batchOutcomeOf } from './batch-outcome.ts';
import { BATCH_FIELDS, type BatchRecord, type BatchReporter, type BatchUploadRecord } from './batch-record.ts';
import { renderBatchSummary } from './batch-summary.ts';
import { onceWords, packedWords, sumRecords } from './batch-words.ts';
import { count, formatCount } from './format.ts';
import { limitLabel } from './limits.ts';
import { annotateRows } from './row-annotations.ts';
import { RowReport } from './row-report.ts';
import type { RunReportOptions } from './run-report.ts';

/** Of each kind, so many rows are kept to be shown: as many as may fit into the summary. */
const MAX_REJECTED = 2000;
const MAX_ROWS = 500;
/** Of all files together: duplicates must leave room for what the service refuses later. */
const MAX_DUPLICATE_ANNOTATIONS = 4;
const MAX_DUPLICATE_LINES = 200;

interface Started {
  dryRun: boolean;
  /** Of the API; undefined where it is not known. */
  host: string | undefined;
  allowFailedRecords: number;
  /** As a file is shown: relative to the workspace where it is in it. */
  shownPathOf: (path: string) => string;
}

/** Collects what a run of `batch-upload` tells, and says it: outputs as soon as they are known, the summary at the end. */
export class BatchReport extends RowReport<BatchUploadRecord> implements BatchReporter {
  #shownPathOf = (path: string) => path;
  #inShort: string | undefined;
  #refs = '[]';
  #duplicatesTold = { annotated: 0, lines: 0 };

  constructor(options: RunReportOptions) {
    const none = { count: 0, first: [] };
    const rows = { refused: { ...none, strangers: 0 }, duplicates: none, problems: none };
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
    const once = onceWords(modes);
    if (once !== undefined && file.parts.length > 0) this.log.info(`${shownPath}: ${once}`);
    this.#tellDuplicates(file, shownPath);
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

  refused({ records, strangers, first }: ErrorLog): void {
    const { refused } = this.record;
    const some = first.slice(0, Math.max(0, MAX_REJECTED - refused.first.length));
    const shown = some.map((one) => ({ ...one, shownPath: one.path && this.#shownPathOf(one.path) }));
    this.record.refused = {
      count: refused.count + records,
      strangers: refused.strangers + strangers,
      first: [...refused.first, ...shown],
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
    else if (error instanceof FileError) this.#tellProblems(error);
    else this.reportFailure(error);
    this.#putAll();
  }

  /** The summary, and the log's last lines. Never throws. */
  async finish(): Promise<void> {
    await this.writeSummary(() => renderBatchSummary(this.snapshot()));
    for (const line of lastBatchLines(this.record, this.#inShort)) this.log.info(line);
  }

  #tellDuplicates({ path, duplicates, duplicateCount }: PackedFile, shownPath: string): void {
    if (duplicateCount === 0) return;
    const { count: known, first } = this.record.duplicates;
    const rows = duplicates.map(({ line, message }) => ({ path, shownPath, line, message }));
    const kept = [...first, ...rows.slice(0, Math.max(0, MAX_ROWS - first.length))];
    this.record.duplicates = { count: known + duplicateCount, first: kept };
    const told = this.#duplicatesTold;
    const { annotated, lines } = annotateRows(this.log, {
      level: 'warning',
      rows,
      total: duplicateCount,
      title: 'Duplicate record',
      maxAnnotations: MAX_DUPLICATE_ANNOTATIONS - told.annotated,
      maxLines: MAX_DUPLICATE_LINES - told.lines,
      allAre: `The step summary has ${known + duplicateCount > kept.length ? `the first ${MAX_ROWS}` : 'them'}.`,
    });
    this.#duplicatesTold = { annotated: told.annotated + annotated, lines: told.lines + lines };
  }

  #annotateRejected(level: 'error' | 'warning'): void {
    const { count: records, strangers, first } = this.record.refused;
    const { errorsFile } = this.record;
    annotateRows(this.log, {
      level,
      rows: first.map((one) => ({ ...placeOf(one), message: refusedText(one) })),
      total: records + strangers,
      title: 'Record refused',
      allAre: errorsFile === undefined ? 'The step summary has more of them.' : `All of them: ${errorsFile}`,
    });
  }

  /** Refused records that the user allows are still told of. */
  #logRejected(): void {
    const { refused, records } = sumRecords(this.record);
    if (refused === 0) return;
    const message = `Sitecore CDP refused ${formatCount(refused)} of ${count(records, 'record')}; \`allow-failed-records\` lets that pass.`;
    this.record.warnings.push(message);
    this.log.warning(message, 'Records refused');
  }

  /** In the summary they have a table, with the names of the files. */
  #tellProblems(error: FileError): void {
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

  /** A run may ask hundreds of times, and the file of the outputs grows with each line that is put there. */
  #putRefs(): void {
    const refs = JSON.stringify(this.record.batches.flatMap(({ ref }) => (ref === undefined ? [] : [ref])));
    if (refs === this.#refs) return;
    this.#refs = refs;
    this.publicOutput('batch-refs', refs);
  }

  #putCounts(): void {
    const { taken, refused } = sumRecords(this.record);
    this.output('succeeded', taken);
    this.output('failed', refused);
  }
}

function placeOf({ path, line, shownPath }: BatchUploadRecord['refused']['first'][number]) {
  return { line, ...(path === undefined || shownPath === undefined ? {} : { path, shownPath }) };
}

/** `The e-mail address is not valid. (INVALID_EMAIL, ref 81ea…)` */
function refusedText({ message, code, ref }: RejectedRecord): string {
  const what = message === '' ? 'Refused without a message' : message;
  return `${what} (${[...(code === '' ? [] : [limitLabel(code)]), `ref ${limitLabel(ref)}`].join(', ')})`;
}

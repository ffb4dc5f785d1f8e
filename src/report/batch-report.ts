import { type ActionError, CancelledError, FileError } from '../errors.ts';
import type { ErrorLog, PackedFile } from '../files/batch/batch-file.ts';
import { type BatchRecord, type BatchReporter, type BatchUploadRecord, redactBatchUpload } from './batch-record.ts';
import { RowReport } from './row-report.ts';
import type { RunReportOptions } from './run-report.ts';

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

  constructor(options: RunReportOptions) {
    const none = { count: 0, first: [] };
    super(options, {
      outcome: 'error',
      dryRun: false,
      files: [],
      batches: [],
      refused: { ...none, strangers: 0 },
      duplicates: none,
      problems: none,
      allowFailedRecords: 0,
    });
  }

  /** The inputs are valid. */
  started({ dryRun, host, allowFailedRecords, shownPathOf }: Started): void {
    Object.assign(this.record, { dryRun, allowFailedRecords, ...(host === undefined ? {} : { host }) });
    this.#shownPathOf = shownPathOf;
  }

  packed(_file: PackedFile): void {}

  batch(_batch: BatchRecord): void {}

  refused(_log: ErrorLog): void {}

  errorsWritten(path: string): void {
    this.record.errorsFile = path;
    this.output('errors-file', path);
  }

  /** The run is over: outcome, annotations, outputs. Never throws. */
  ended(error: ActionError | undefined): void {
    this.#inShort = error instanceof CancelledError ? error.inShort : undefined;
    if (error instanceof FileError) this.tellFileError(error, this.#shownPathOf);
    else if (error !== undefined) this.tellFailure(error);
  }

  /** The summary, and the log's last lines. Never throws. */
  async finish(): Promise<void> {
    this.log.info(this.#inShort ?? '');
  }

  snapshot(): BatchUploadRecord {
    return redactBatchUpload(this.record, this.redactor.redact);
  }
}

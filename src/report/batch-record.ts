import type { BatchCounts, BatchVerdict } from '../domain/batch/batch.ts';
import type { FileProblem } from '../errors.ts';
import type { BatchPart, ErrorLog, PackedFile, RejectedRecord } from '../files/batch/batch-file.ts';
import type { FieldRules } from './field-rules.ts';
import type { RunReporter } from './reporters.ts';
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

/** All that a run of `batch-upload` can tell, as the step summary shows it. Holds no secrets and nobody's data. */
export interface BatchUploadRecord extends RunRecord {
  /** `error` until the run has ended. */
  outcome: BatchOutcome;
  dryRun: boolean;
  /** Host of the API; undefined where it is not known. */
  host?: string;
  /** In their order. */
  files: PackedFileRecord[];
  /** One for each part of each file, in their order, once all files are packed. */
  batches: BatchRecord[];
  /** `count` is of records that were sent, `strangers` of refs that were not: `first` has both. */
  refused: { count: number; strangers: number; first: readonly ShownRow<RejectedRecord>[] };
  duplicates: { count: number; first: readonly ShownRow<RowPlace & { message: string }>[] };
  /** Why files are not usable; empty until the run has ended. */
  problems: { count: number; first: readonly ShownRow<FileProblem>[] };
  allowFailedRecords: number;
  errorsFile?: string;
}

/** What its file is called; undefined where nobody knows the file. */
export type ShownRow<R> = R & { shownPath: string | undefined };

export interface RowPlace {
  /** Absolute. */
  path: string;
  line: number;
}

export interface PackedFileRecord extends Pick<PackedFile, 'path' | 'sizeBytes' | 'isGzipped' | 'records' | 'modes'> {
  /** As it is shown: relative to the workspace where it is in it. */
  shownPath: string;
  problemCount: number;
}

export interface BatchRecord extends Omit<BatchPart, 'path'> {
  /** From 1, over all files. */
  number: number;
  /** Of the source, as it is shown. */
  shownPath: string;
  /** From 1, of so many of the same file. */
  part: number;
  parts: number;
  /** Modes in it whose records, sent twice, do not give the same as once; empty where all are `upsert`. */
  onceModes: readonly string[];
  /** Undefined until it is allocated. The one that counts: earlier ones were given up. */
  ref?: string;
  /** It is on its way: the request to allocate it has been sent. */
  isStarted?: true;
  /** The file is stored; or perhaps, where storage gave no answer. */
  isUploaded?: true | 'perhaps';
  /** Of earlier locations, which expired or were refused: the service will have them as `uploading` for a while. */
  abandonedRefs: string[];
  /** As the service last said it. */
  status?: string;
  verdict?: BatchVerdict;
  /** What the service says of the file it got. */
  seen?: { md5?: string; sizeBytes?: number; etag?: string };
  counts?: BatchCounts;
  /** Of a verdict: as many as are certain. `failed` is undefined where nobody says how many. */
  succeeded?: number;
  failed?: number;
}

/** What the use case tells; the report makes log lines, outputs, annotations and the summary of it. */
export interface BatchReporter extends RunReporter {
  /** A file was read to its end, whether it is sound or not. A line of the log says what it has come to. */
  packed(file: PackedFile): void;
  /**
   * Adds a batch, or changes what is known of it: those with the same `number` are one. All are to be added before the
   * first is sent, in their order, in a dry run too. The log says nothing of it: its phases do.
   */
  batch(batch: BatchRecord): void;
  /** Refused records of one batch, once each. */
  refused(log: ErrorLog): void;
  /** Absolute path; known as an output from now on. */
  errorsWritten(path: string): void;
  /** All that is known of the run by now, without secrets. */
  snapshot(): BatchUploadRecord;
}

export const BATCH_FIELDS: FieldRules<BatchUploadRecord> = {
  ...RUN_FIELDS,
  outcome: 'own',
  host: 'public',
  files: { path: 'public', shownPath: 'public' },
  batches: {
    shownPath: 'public',
    md5: 'public',
    ref: 'public',
    abandonedRefs: 'public',
    isUploaded: 'own',
    verdict: 'own',
  },
  errorsFile: 'public',
};

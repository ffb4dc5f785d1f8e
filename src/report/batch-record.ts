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

/** What the use case reports; the report turns it into log lines, outputs, annotations and the summary. */
export interface BatchReporter extends RunReporter {
  /** A file was read to its end, whether it is valid or not. Its result is a line of the log. */
  packed(file: PackedFile): void;
  /**
   * Adds a batch, or updates the one with the same `number`. All are added in order before the first is sent, in a dry
   * run as well. It logs nothing.
   */
  batch(batch: BatchRecord): void;
  /** Rejected records of one batch, once each. */
  rejected(log: ErrorLog): void;
  /** An absolute path, which becomes an output. */
  errorsWritten(path: string): void;
  /** The record so far, without secrets. */
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

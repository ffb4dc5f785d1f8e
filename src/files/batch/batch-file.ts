import type { RowProblem } from '../../domain/row-problems.ts';

/** A file of JSON lines that was read and checked to its end, and packed into batches. */
export interface PackedFile {
  /** Absolute path of the source. */
  path: string;
  /** Size of the source on the disk. */
  sizeBytes: number;
  isGzipped: boolean;
  /** Valid records. */
  records: number;
  /** Of the valid records, each once, sorted. */
  modes: readonly string[];
  /** Empty if there are problems. */
  parts: readonly BatchPart[];
  /** What is wrong with the file as a whole, as a sentence: it is a zip, it is empty, its gzip data is truncated. */
  fault: string | undefined;
  /** The first lines that are not records, in order. Messages quote nothing but a `ref`. */
  problems: readonly RowProblem[];
  problemCount: number;
  /** The first records that repeat the `ref` or the guest of an earlier one, in the order of their lines, each once. */
  duplicates: readonly RowProblem[];
  duplicateCount: number;
}

/** A gzip of whole records, small enough for one batch. The same records give the same bytes, for one version of Node. */
export interface BatchPart {
  path: string;
  sizeBytes: number;
  /** Of these bytes; hex, lower case. */
  md5: string;
  records: number;
  /** Lines of the source, from 1, both included. */
  firstLine: number;
  lastLine: number;
}

/** A record that the service rejected. */
export interface RejectedRecord {
  /** Absolute path of the source; undefined, as is the line, if no record of the part has this `ref`. */
  path: string | undefined;
  line: number | undefined;
  ref: string;
  /** As the service gives it; '' if it gives none. */
  code: string;
  /** Without the values of the record: they are somebody's data. */
  message: string;
}

/** The content of an error log, joined to the records that were sent. */
export interface ErrorLog {
  /**
   * Records of the part that the service rejected: each once, however many entries it has. If several records have the
   * same ref, as many of them as there are entries.
   */
  records: number;
  /** Entries whose `ref` no record of the part has. */
  unmatched: number;
  /** Lines that are not entries. */
  unreadable: number;
  /** The first ones in the order of the source, those without a line last. */
  first: readonly RejectedRecord[];
}

import type { RowProblem } from '../../domain/row-problems.ts';

/** A file of JSON lines that was read and checked whole, and packed into batches. */
export interface PackedFile {
  /** Of the source, absolute. */
  path: string;
  /** Of the source, as it is on the disk. */
  sizeBytes: number;
  isGzipped: boolean;
  /** Sound records. */
  records: number;
  /** Of the sound records, each once, sorted. */
  modes: readonly string[];
  /** Empty where there are faults. */
  parts: readonly BatchPart[];
  /** What is wrong with the file as a whole, a sentence: it is a zip, it is empty, its gzip breaks off. */
  fault: string | undefined;
  /** Lines that are no records, in their order; the first of them. Messages quote nothing but a `ref`. */
  problems: readonly RowProblem[];
  problemCount: number;
  /** Records whose `ref`, or whose guest, an earlier one has, in the order of their lines, each once; the first of them. */
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

/** A record that the service refused. */
export interface RejectedRecord {
  /** Of the source, absolute; undefined, as the line, where no record of the part has this `ref`. */
  path: string | undefined;
  line: number | undefined;
  ref: string;
  /** As the service gives it; '' where it gives none. */
  code: string;
  /** Without the values of the record: they are somebody's data. */
  message: string;
}

/** What an error log has come to, joined to the records that were sent. */
export interface ErrorLog {
  /**
   * Records of the part that the service refused: each once, however many entries it has. Where several have the same
   * ref, as many of them as it has entries.
   */
  records: number;
  /** Entries whose `ref` no record of the part has. */
  strangers: number;
  /** Lines that are no entries at all. */
  unreadable: number;
  /** The first of all in the order of the source, those without a line at the end. */
  first: readonly RejectedRecord[];
}

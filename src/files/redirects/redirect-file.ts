import type { RedirectRow } from '../../domain/redirects/redirect.ts';
import type { RowProblem } from '../../domain/row-problems.ts';

/** By the file's ending; anything but `.json`, `.yaml` and `.yml` is read as a CSV. */
export type RedirectFormat = 'csv' | 'json' | 'yaml';

/** All that a file holds: what can be read of it, and what is wrong with the rest. */
export interface RedirectFile {
  format: RedirectFormat;
  sizeBytes: number;
  /** In the order of the file; only those that are valid by themselves. */
  rows: RedirectRow[];
  /** In the order of the file, each row's own faults; as many as are worth showing. */
  problems: RowProblem[];
  /** How many problems there are, should `problems` hold fewer. */
  problemCount: number;
  /** Something harmless about the file that is worth a line of the log: a sentence. */
  notice?: string | undefined;
  /** Invisible characters before the header, which are ignored. */
  oddHeader?: RowProblem | undefined;
}

/** A piece of an import, small enough for the platform. */
export interface ImportPart {
  path: string;
  sizeBytes: number;
  /** The rows in it: from this index of the whole list on, so many. */
  firstIndex: number;
  rowCount: number;
}

/** A rejected row, as the CSV of the output lists it. */
export interface RejectedRow {
  /** Undefined where the platform's row number fits no row of the file. */
  row: RedirectRow | undefined;
  /** In the file, from 1; undefined as above. */
  line: number | undefined;
  message: string;
}

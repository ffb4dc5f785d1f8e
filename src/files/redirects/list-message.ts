import type { RedirectRow } from '../../domain/redirects/redirect.ts';
import type { RowProblem } from '../../domain/row-problems.ts';

/** A list to read. */
export interface ListJob {
  /** UTF-8, with or without a byte-order mark. */
  bytes: Uint8Array;
  format: 'json' | 'yaml';
  /** The only value that a redirect's own `site_id` may have; undefined: any. */
  siteId: number | undefined;
}

/** The result. */
export type ListOutcome =
  | { kind: 'read'; rows: RedirectRow[]; problems: RowProblem[]; problemCount: number }
  /** It is no list of redirects. */
  | { kind: 'not-a-list'; problems: RowProblem[] }
  /** It is in another system's format; `advice` says what to do. */
  | { kind: 'foreign'; name: string; line: number; advice: string };

import type { RedirectRow } from '../../domain/redirects/redirect.ts';
import type { RowProblem } from '../../domain/row-problems.ts';

/** A list to read. */
export interface ListJob {
  /** UTF-8, with or without a byte-order mark. */
  bytes: Uint8Array;
  format: 'json' | 'yaml';
  /** What a redirect's own `site_id` has to be; undefined: whatever it is. */
  siteId: number | undefined;
}

/** What came of it. */
export type ListOutcome =
  | { kind: 'read'; rows: RedirectRow[]; problems: RowProblem[]; problemCount: number }
  /** It is no list of redirects. */
  | { kind: 'not-a-list'; problems: RowProblem[] }
  /** It is one of another system, with what to do about it. */
  | { kind: 'foreign'; name: string; line: number; advice: string };

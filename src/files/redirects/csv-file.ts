import { stringify } from 'csv-stringify/sync';

/** Rows as a CSV of its own: LF, quotation marks only where they are needed. */
export function renderCsv(rows: readonly (readonly string[])[], options: { escapeFormulas?: boolean } = {}): string {
  return stringify([...rows], { record_delimiter: '\n', escape_formulas: options.escapeFormulas === true });
}

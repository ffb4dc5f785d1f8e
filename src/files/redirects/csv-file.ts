import { stringify } from 'csv-stringify/sync';

/** Renders rows as CSV: LF, quotation marks only where needed. */
export function renderCsv(rows: readonly (readonly string[])[], options: { escapeFormulas?: boolean } = {}): string {
  return stringify([...rows], { record_delimiter: '\n', escape_formulas: options.escapeFormulas === true });
}

import { formatCount } from './format.ts';
import { table } from './markdown.ts';
import { collapsed } from './sections.ts';

/** A longer table is shown once it is opened. */
const MAX_OPEN_ROWS = 10;

/** A table that may be far too long: its rows are the first ones of so many. */
export interface CountedTable {
  /** Goes on from the count. HTML already. */
  title: string;
  /** Where the rows are that do not fit: goes on from `and 12 more`. */
  more?: string;
  header: readonly string[];
  /** Cells are HTML already. */
  rows: readonly (readonly string[])[];
  total: number;
}

/** One below the other, in so many bytes of UTF-8 for all of their rows. */
export function renderCountedTables(tables: readonly CountedTable[], maxBytes: number): string {
  const shares = shareBytes(tables, maxBytes);
  return tables.map((one) => renderCountedTable(one, shares.get(one) ?? 0)).join('\n\n');
}

/** Heading, rows as many as fit, and how many there are besides. */
function renderCountedTable({ title, more, header, rows, total }: CountedTable, maxBytes: number): string {
  const shown = rowsWithin(rows, maxBytes);
  const rest = total - shown.length;
  const parts = [
    ...(shown.length === 0 ? [] : [table(header, shown)]),
    ...(rest === 0 ? [] : [`and ${formatCount(rest)} more${more ?? ''}`]),
  ];
  const heading = `${formatCount(total)} ${title}`;
  if (total > MAX_OPEN_ROWS) return collapsed(`<b>${heading}</b>`, parts.join('\n\n'));
  return `**${heading}**\n\n${parts.join('\n\n')}`;
}

/** What a short table leaves is for the longer ones. */
function shareBytes(tables: readonly CountedTable[], maxBytes: number): Map<CountedTable, number> {
  const shares = new Map<CountedTable, number>();
  let left = maxBytes;
  const shortestFirst = tables.toSorted((one, other) => one.rows.length - other.rows.length);
  for (const [index, one] of shortestFirst.entries()) {
    const share = Math.floor(left / (shortestFirst.length - index));
    const needed = one.rows.reduce((bytes, row) => bytes + bytesOf(row), 0);
    shares.set(one, Math.min(share, needed));
    left -= Math.min(share, needed);
  }
  return shares;
}

function rowsWithin(rows: readonly (readonly string[])[], maxBytes: number): (readonly string[])[] {
  let left = maxBytes;
  const end = rows.findIndex((row) => {
    left -= bytesOf(row);
    return left < 0;
  });
  return rows.slice(0, end === -1 ? undefined : end);
}

/** Of the row's line in the Markdown. */
function bytesOf(row: readonly string[]): number {
  return row.reduce((bytes, cell) => bytes + Buffer.byteLength(cell) + 3, 2);
}

import { countFitting } from './fit-rows.ts';
import { formatCount } from './format.ts';
import { table } from './markdown.ts';
import { fold } from './page.ts';

/** A longer table is shown once it is opened. */
const MAX_OPEN_ROWS = 10;

/** A table that may be far too long: its rows are the first ones of so many. */
export interface CountedTable {
  /** With the count. HTML already. */
  heading: string;
  /** Where the rows are that do not fit: goes on from `and 12 more`. */
  more?: string;
  /** A sentence below it. HTML already. */
  note?: string;
  /** Without one the rows are a list, which a phone cuts nothing off: the cells of each are its words. */
  header?: readonly string[];
  /** Columns of numbers, from 0. */
  alignRight?: readonly number[];
  /** Cells are HTML already. */
  rows: readonly (readonly string[])[];
  /** How many rows there are, with those that are not in `rows`. */
  total: number;
  /** A long one shows its first rows without being opened. */
  startsOpen?: true;
  /** Even a short one has to be opened. */
  startsClosed?: boolean;
}

/** One below the other, in so many bytes of UTF-8 for all of their rows. */
export function renderCountedTables(tables: readonly CountedTable[], maxBytes: number): string {
  const sizes = tables.map(({ rows }) => rows.map(bytesOf));
  const counts = countFitting(sizes, maxBytes);
  return tables.map((one, index) => renderCountedTable(one, counts[index] ?? 0)).join('\n\n');
}

/** Heading, so many rows, and how many there are besides. */
function renderCountedTable(
  { heading, more, note, header, alignRight, rows, total, startsOpen, startsClosed }: CountedTable,
  shownCount: number,
): string {
  const shown = rows.slice(0, shownCount);
  const rest = total - shown.length;
  const ending = [
    ...(shown.length === 0 || rest === 0 ? [] : [`and ${formatCount(rest)} more${more ?? ''}`]),
    ...(note === undefined ? [] : [note]),
  ];
  // Other than two asterisks, this holds whatever the heading ends with.
  const title = `<b>${heading}</b>`;
  const tableOf = (some: readonly (readonly string[])[]) => {
    if (some.length === 0) return [];
    return [header === undefined ? listOf(some) : table(header, some, alignRight)];
  };
  if (startsClosed === true) return fold(heading, [...tableOf(shown), ...ending].join('\n\n'));
  if (shown.length <= MAX_OPEN_ROWS) return [title, ...tableOf(shown), ...ending].join('\n\n');
  if (startsOpen !== true) return fold(title, [...tableOf(shown), ...ending].join('\n\n'));
  const others = shown.slice(MAX_OPEN_ROWS);
  return [
    title,
    ...tableOf(shown.slice(0, MAX_OPEN_ROWS)),
    fold(`${formatCount(others.length)} more of them`, tableOf(others).join('')),
    ...ending,
  ].join('\n\n');
}

function listOf(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `- ${cells.filter((cell) => cell !== '').join(' · ')}`).join('\n');
}

/** Of the row's line in the Markdown. */
function bytesOf(row: readonly string[]): number {
  return row.reduce((bytes, cell) => bytes + Buffer.byteLength(cell) + 3, 2);
}

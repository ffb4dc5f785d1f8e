import { REDIRECT_COLUMNS } from '../../domain/redirects/redirect.ts';
import { parseRow } from '../../domain/redirects/row.ts';
import { quoted, shown } from '../../domain/row-problems.ts';
import { EXAMPLE_HOST } from './foreign-advice.ts';
import { nameOf } from './foreign-formats.ts';

/** A file of another kind may have thousands of columns: this many are named. */
const MAX_NAMED = 10;

/**
 * What is wrong with the header of a CSV, a sentence each. The platform requires the exact header (API document,
 * section 2).
 */
export function headerProblems(cells: readonly string[]): string[] {
  if (cells.length === 0) return ['There is no header: the file has only blank lines.'];
  if (hasNoHeader(cells)) return ['There is no header: the file begins with a redirect.'];
  if (!cells.some(isKnown)) {
    return [`This is not a header of redirects: ${shown(cells.map((cell) => JSON.stringify(cell)).join(', '))}.`];
  }
  const problems = REDIRECT_COLUMNS.flatMap((expected, index) => columnProblem(index + 1, expected, cells[index]));
  const extra = cells.slice(REDIRECT_COLUMNS.length, REDIRECT_COLUMNS.length + MAX_NAMED);
  return [...problems, ...extra.map((cell, index) => extraProblem(REDIRECT_COLUMNS.length + index + 1, cell))];
}

/**
 * How to fix such a header, whatever the other rows are like.
 * @param delimiter the delimiter of the rows, which the header has to use as well
 */
export function headerFix(cells: readonly string[], delimiter: string): string {
  const header = `\`${REDIRECT_COLUMNS.join(delimiter)}\``;
  const example = `as in \`${[EXAMPLE_HOST, '/old', '/new', '', ''].join(delimiter)}\``;
  if (cells.length === 0) return `Make the first line ${header}.`;
  if (hasNoHeader(cells)) {
    const isRow = !Array.isArray(parseRow(cells, 1));
    return `Put the line ${header} before it${isRow ? '' : `, and write each redirect in these five cells, ${example}`}.`;
  }
  const names = cells.map(nameOf);
  const wanted = REDIRECT_COLUMNS.map(nameOf);
  const isInOrder = wanted.every((name, index) => names[index] === name);
  if (isInOrder && cells.length === wanted.length) return `Make the first line ${header}.`;
  if (isInOrder)
    return `Remove everything after the fifth column from all rows and from the header, which is ${header}.`;
  if (wanted.every((name) => names.includes(name))) {
    return `Put the columns of all rows into this order, and remove any others: ${header}.`;
  }
  if (cells.some(isKnown)) {
    return `All rows need these five columns in this order, even where a cell is empty: ${header}.`;
  }
  return `Write a CSV with the first line ${header} and a row for each redirect, ${example}.`;
}

/** The first cells of a redirect: a path, or a host and a path. */
function hasNoHeader(cells: readonly string[]): boolean {
  return cells.some((cell) => cell.startsWith('/'));
}

function isKnown(cell: string): boolean {
  return REDIRECT_COLUMNS.some((column) => nameOf(column) === nameOf(cell));
}

function columnProblem(column: number, expected: string, found: string | undefined): string[] {
  if (found === expected) return [];
  if (found === undefined) return [`Column ${column} is missing: it has to be "${expected}".`];
  const sentence = `Column ${column} is ${quoted(found)}, but has to be "${expected}"`;
  if (found.trim() === expected) return [`${sentence}: without white space at its ends.`];
  return [`${sentence}${found.trim().toLowerCase() === expected.toLowerCase() ? ': upper and lower case count' : ''}.`];
}

function extraProblem(column: number, found: string): string {
  if (found.trim() === '') return `Column ${column} is one too many, and has no name.`;
  const hint = /url/i.test(found)
    ? ' An export with `include-dynamic-target-urls` has such a column: export without it.'
    : '';
  return `Column ${column}, ${quoted(found)}, is one too many.${hint}`;
}

import { REDIRECT_COLUMNS } from '../../domain/redirects/redirect.ts';
import { quoted } from '../../domain/row-problems.ts';

/** What is wrong with the header of a CSV, a sentence each. The platform demands it exactly (API document, section 2). */
export function headerProblems(cells: readonly string[]): string[] {
  const [first = ''] = cells;
  if (cells.length === 0) return ['There is no header: the file has blank lines alone.'];
  if (cells.some((cell) => cell.startsWith('/'))) return ['There is no header: the file begins with a redirect.'];
  if (cells.length === 1) {
    const separator = [';', '\t', '|'].find((mark) => first.split(mark).length === REDIRECT_COLUMNS.length);
    const name = separator === ';' ? 'semicolons' : separator === '\t' ? 'tabs' : `"${separator}"`;
    if (separator !== undefined) return [`The columns are separated by ${name}, and not by commas.`];
  }
  const problems = REDIRECT_COLUMNS.flatMap((expected, index) => columnProblem(index + 1, expected, cells[index]));
  const extra = cells.slice(REDIRECT_COLUMNS.length);
  return [...problems, ...extra.map((cell, index) => extraProblem(REDIRECT_COLUMNS.length + index + 1, cell))];
}

function columnProblem(column: number, expected: string, found: string | undefined): string[] {
  if (found === expected) return [];
  if (found === undefined) return [`Column ${column} is missing: it is "${expected}".`];
  const sentence = `Column ${column} is ${quoted(found)}, and has to be "${expected}"`;
  if (found.trim() === expected) return [`${sentence}: without white space at its ends.`];
  return [`${sentence}${found.trim().toLowerCase() === expected.toLowerCase() ? ': capital letters count' : ''}.`];
}

function extraProblem(column: number, found: string): string {
  if (found.trim() === '') return `Column ${column} is too many: the header ends with a comma.`;
  const hint = /url/i.test(found)
    ? ' An export with `include-dynamic-target-urls` has such a column: export without it.'
    : '';
  return `Column ${column}, ${quoted(found)}, is too many.${hint}`;
}

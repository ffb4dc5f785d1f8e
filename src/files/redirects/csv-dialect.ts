/** How a CSV separates its cells. */
export interface CsvDialect {
  delimiter: string;
  /** What a delimiter is called. */
  name: string;
}

export const COMMAS: CsvDialect = { delimiter: ',', name: 'comma' };
/** Excel writes the list separator of the computer's region, and tabs into "Text" files; `|` is seen in exports. */
const OTHERS: readonly CsvDialect[] = [
  { delimiter: ';', name: 'semicolon' },
  { delimiter: '\t', name: 'tab' },
  { delimiter: '|', name: 'vertical bar' },
];

/** The line with which Excel is told of the separator: `sep=;`, maybe quoted, maybe padded with separators. */
const SEPARATOR_LINE = /^"?sep=(.)"?[,;\t|]*$/i;
/** Nothing but separators, whichever, quotation marks and white space: a line, or a cell of one. */
const BLANK_LINE = /^[\s,;|"]*$/;

/** How the cells are separated, by the first line that says something. @param start of the file, without a byte-order mark */
export function dialectOf(start: string): CsvDialect {
  const line = start.split(/\r\n|\r|\n/).find((text) => !BLANK_LINE.test(text)) ?? '';
  const told = SEPARATOR_LINE.exec(line)?.[1];
  if (told !== undefined) return OTHERS.find(({ delimiter }) => delimiter === told) ?? COMMAS;
  const unquoted = line.replace(/"[^"]*"/g, '');
  const counts = [COMMAS, ...OTHERS].map((dialect) => ({ dialect, count: unquoted.split(dialect.delimiter).length }));
  // Of equals the first one: commas.
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).dialect;
}

/** Whether a row is that line, however it was split. */
export function isSeparatorLine([first = '', ...others]: readonly string[]): boolean {
  return /^sep=.?$/i.test(first.trim()) && others.every((cell) => cell.trim() === '');
}

/** Whether a row has nothing in it, as a spreadsheet saves rows that were emptied. */
export function isBlankRow(cells: readonly string[]): boolean {
  return cells.every((cell) => BLANK_LINE.test(cell));
}

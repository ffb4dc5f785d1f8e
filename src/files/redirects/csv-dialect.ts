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

/** Excel's separator line: `sep=;`, possibly quoted or padded with separators. */
const SEPARATOR_LINE = /^"?sep=(.)"?[,;\t|]*$/i;
/** Only separators of any kind, quotation marks and white space: a line, or a cell of one. */
const BLANK_LINE = /^[\s,;|"]*$/;

/**
 * How the cells are separated, judged by the first line with content.
 * @param start of the file, without a byte-order mark
 */
export function dialectOf(start: string): CsvDialect {
  const line = start.split(/\r\n|\r|\n/).find((text) => !BLANK_LINE.test(text)) ?? '';
  const declared = SEPARATOR_LINE.exec(line)?.[1];
  if (declared !== undefined) return OTHERS.find(({ delimiter }) => delimiter === declared) ?? COMMAS;
  const unquoted = line.replace(/"[^"]*"/g, '');
  const counts = [COMMAS, ...OTHERS].map((dialect) => ({ dialect, count: unquoted.split(dialect.delimiter).length }));
  // On a tie, the first one: commas.
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).dialect;
}

/** Whether a row is such a separator line, however it was split. */
export function isSeparatorLine([first = '', ...others]: readonly string[]): boolean {
  return /^sep=.?$/i.test(first.trim()) && others.every((cell) => cell.trim() === '');
}

/** Whether a row is empty, as spreadsheets save rows whose cells were cleared. */
export function isBlankRow(cells: readonly string[]): boolean {
  return cells.every((cell) => BLANK_LINE.test(cell));
}

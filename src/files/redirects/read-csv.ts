import { pipeline } from 'node:stream/promises';
import { CsvError, type CsvErrorCode, parse } from 'csv-parse';
import type { RedirectRow } from '../../domain/redirects/redirect.ts';
import { parseRow } from '../../domain/redirects/row.ts';
import { type RowProblem, RowProblems } from '../../domain/row-problems.ts';
import { FileError } from '../../errors.ts';
import { COMMAS, type CsvDialect, dialectOf, isBlankRow, isSeparatorLine } from './csv-dialect.ts';
import { headerFix, headerProblems } from './csv-header.ts';
import { convert, csvAdvice, foreignFile, redirectOfRow } from './foreign-advice.ts';
import { type ForeignFormat, formatOfHeader } from './foreign-formats.ts';
import { foreignText } from './foreign-text.ts';
import type { RedirectFile } from './redirect-file.ts';

/** Far more than the longest URLs need. Usually exceeded because a quotation mark is never closed. */
const MAX_ROW_BYTES = 64 * 1024;
/** Rows of another system's file searched for an example to show. */
const MAX_EXAMPLES = 100;
const MARK = '\ufeff';

type CsvContent = Pick<RedirectFile, 'rows' | 'problems' | 'problemCount' | 'notice' | 'oddHeader'> & {
  /** A row had bytes that are not UTF-8. */
  hasForeignBytes: boolean;
};

/**
 * Reads the rows of a CSV with any known delimiter. Empty rows count as blank lines. A row that is not valid CSV ends
 * the reading, since what follows it cannot be trusted.
 * @param start the first bytes of the file
 * @throws FileError for a header that is wrong, and for a file of another system
 */
export async function readCsv(bytes: AsyncIterable<Buffer>, start: Buffer, path: string): Promise<CsvContent> {
  const text = start.toString('utf8').replace(/^\ufeff+/, '');
  const foreign = foreignText(text);
  if (foreign !== undefined) throw foreignFile(path, foreign);
  const dialect = dialectOf(text);
  const reading = new CsvReading(path, dialect);
  const parser = parse({
    bom: true,
    delimiter: dialect.delimiter,
    // All three, since a file that several people edit may have several.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
    // Handles each row at once, so that none waits in the stream.
    on_record: (cells: string[], { empty_lines }) => {
      reading.add(cells, empty_lines);
      return null;
    },
  });
  try {
    await pipeline(bytes, parser, async (rows) => {
      for await (const _ of rows);
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    reading.stop(error);
  }
  return reading.finish();
}

const LINE_BREAK = /\r\n|\r|\n/g;

/** The header of another system's file, during the search for a row to show. */
interface ForeignHeader {
  format: ForeignFormat;
  cells: readonly string[];
  line: number;
  rows: number;
}

class CsvReading {
  readonly #path: string;
  readonly #dialect: CsvDialect;
  readonly #rows: RedirectRow[] = [];
  readonly #problems = new RowProblems();
  #foreign: ForeignHeader | undefined;
  #hasHeader = false;
  #oddHeader: RowProblem | undefined;
  #hasForeignBytes = false;
  #domain = '';
  /** Lines of the rows so far, without the blank ones between them. */
  #lines = 0;

  constructor(path: string, dialect: CsvDialect) {
    this.#path = path;
    this.#dialect = dialect;
  }

  /** @param blankLines how many there were until now */
  add(cells: readonly string[], blankLines: number): void {
    // csv-parse counts a CRLF within quotation marks as two lines, and reports where a row ends, not where it begins.
    const line = this.#lines + blankLines + 1;
    this.#lines += 1;
    for (const cell of cells) {
      if (cell.includes('\n') || cell.includes('\r')) this.#lines += cell.match(LINE_BREAK)?.length ?? 0;
    }
    if (isBlankRow(cells)) return;
    if (this.#foreign !== undefined) this.#addForeign(this.#foreign, cells, line);
    else if (this.#hasHeader) this.#addRow(cells, line);
    else if (!isSeparatorLine(cells)) this.#readHeader(this.#withoutMarks(cells, line), line);
  }

  /** The parser strips the first mark; files that were concatenated, or saved twice, have more. */
  #withoutMarks(cells: readonly string[], line: number): readonly string[] {
    const [first = '', ...others] = cells;
    if (!first.startsWith(MARK)) return cells;
    const message = 'The header begins with a second byte-order mark (\\ufeff), which is ignored.';
    this.#oddHeader = { line, message };
    return [first.replace(/^\ufeff+/, ''), ...others];
  }

  #readHeader(cells: readonly string[], line: number): void {
    this.#hasHeader = true;
    const problems = headerProblems(cells).map((message) => ({ line, message }));
    if (problems.length === 0) return;
    const format = formatOfHeader(cells);
    if (format !== undefined) {
      this.#foreign = { format, cells, line, rows: 0 };
      return;
    }
    throw new FileError(this.#path, problems, {
      message: 'The header of the file is not the one that the platform requires.',
      topic: 'redirects-file-not-usable',
      title: 'Header not usable',
      fix: `${headerFix(cells, this.#dialect.delimiter)}`,
    });
  }

  #addForeign(foreign: ForeignHeader, cells: readonly string[], line: number): void {
    foreign.rows += 1;
    const redirect = redirectOfRow(foreign.format, foreign.cells, cells);
    const converted = redirect && convert(foreign.format, redirect);
    if (converted !== undefined) this.#reject(foreign, { cells: converted, line });
    if (foreign.rows >= MAX_EXAMPLES) this.#reject(foreign);
  }

  #reject({ format, line }: ForeignHeader, example?: { cells: string[]; line: number }): never {
    throw foreignFile(this.#path, { name: format.name, line, advice: csvAdvice(format, example) });
  }

  #addRow(cells: readonly string[], line: number): void {
    const row = parseRow(cells, line, this.#dialect.name);
    if (Array.isArray(row)) {
      for (const problem of row) this.#problems.add(problem.line, () => problem.message);
      if (!this.#hasForeignBytes) this.#hasForeignBytes = cells.some((cell) => cell.includes('\ufffd'));
      return;
    }
    // Nearly all rows repeat the domain of the row before: they share one string.
    if (row.domain === this.#domain) row.domain = this.#domain;
    else this.#domain = row.domain;
    this.#rows.push(row);
  }

  stop(error: CsvError & { empty_lines?: unknown }): void {
    const blankLines = typeof error.empty_lines === 'number' ? error.empty_lines : 0;
    this.#problems.add(
      this.#lines + blankLines + 1,
      () => `${faultText(error.code)} The rest of the file was not read.`,
    );
  }

  finish(): CsvContent {
    if (this.#foreign !== undefined) this.#reject(this.#foreign);
    if (!this.#hasHeader && this.#problems.count === 0) this.#readHeader([], 1);
    return {
      rows: this.#rows,
      problems: this.#problems.sorted(),
      problemCount: this.#problems.count,
      notice: separatorNotice(this.#dialect),
      oddHeader: this.#oddHeader,
      hasForeignBytes: this.#hasForeignBytes,
    };
  }
}

/** Spreadsheet files are accepted as they are: an import is rewritten with commas. */
function separatorNotice(dialect: CsvDialect): string | undefined {
  if (dialect === COMMAS) return undefined;
  return `Its cells are separated by ${dialect.name}s. It is read anyway, and an import is sent with commas; BigCommerce's control panel accepts only commas.`;
}

function faultText(code: CsvErrorCode): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'A quotation mark (") opens in this row and is never closed.';
    case 'CSV_MAX_RECORD_SIZE':
      return `The row is longer than ${MAX_ROW_BYTES / 1024} kB. Perhaps a quotation mark (") opens in it and is not closed.`;
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'A quotation mark (") closes in the middle of a cell. Within a quoted cell, write it twice ("").';
    default:
      return 'A cell that is not quoted contains a quotation mark ("). Quote the cell, and write the mark twice ("").';
  }
}

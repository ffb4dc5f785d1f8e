import { pipeline } from 'node:stream/promises';
import { CsvError, type CsvErrorCode, parse } from 'csv-parse';
import { REDIRECT_COLUMNS, type RedirectRow } from '../../domain/redirects/redirect.ts';
import { parseRow } from '../../domain/redirects/row.ts';
import { RowProblems } from '../../domain/row-problems.ts';
import { FileError } from '../../errors.ts';
import { headerProblems } from './csv-header.ts';
import type { RedirectFile } from './redirect-file.ts';

/** Many times what the longest URLs need. Mostly it is met where a quotation mark is never closed. */
const MAX_ROW_BYTES = 64 * 1024;

/**
 * The rows of a CSV. A row that is not CSV at all ends the reading: what comes after it means nothing.
 * @throws FileError for a header that is wrong
 */
export async function readCsv(
  bytes: AsyncIterable<Buffer>,
  path: string,
): Promise<Pick<RedirectFile, 'rows' | 'problems' | 'problemCount'>> {
  const reading = new CsvReading(path);
  const parser = parse({
    bom: true,
    // All three, since a file that several people edit may have several.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
    // Takes each row at once, so that no rows wait in the stream.
    on_record: (cells: string[], { empty_lines }) => {
      reading.take(cells, empty_lines);
      return null;
    },
  });
  try {
    await pipeline(bytes, parser, async (rows) => {
      for await (const _ of rows);
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    reading.giveUp(error);
  }
  return reading.finish();
}

const LINE_BREAK = /\r\n|\r|\n/g;

class CsvReading {
  readonly #path: string;
  readonly #rows: RedirectRow[] = [];
  readonly #problems = new RowProblems();
  #hasHeader = false;
  #domain = '';
  /** Lines of the rows so far, without the blank ones between them. */
  #lines = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** @param blankLines how many there were until now */
  take(cells: readonly string[], blankLines: number): void {
    // csv-parse counts a CRLF within quotation marks as two lines, and tells where a row ends, not where it begins.
    const line = this.#lines + blankLines + 1;
    this.#lines += 1;
    for (const cell of cells) {
      if (cell.includes('\n') || cell.includes('\r')) this.#lines += cell.match(LINE_BREAK)?.length ?? 0;
    }
    if (this.#hasHeader) this.#takeRow(cells, line);
    else this.#takeHeader(cells, line);
  }

  #takeHeader(cells: readonly string[], line: number): void {
    this.#hasHeader = true;
    const problems = headerProblems(cells).map((message) => ({ line, message }));
    if (problems.length === 0) return;
    throw new FileError(this.#path, problems, {
      message: 'The header of the file is not the one that the platform demands.',
      title: 'Header not usable',
      fix: `Make the first line: ${REDIRECT_COLUMNS.join(',')}. Nothing was sent.`,
    });
  }

  #takeRow(cells: readonly string[], line: number): void {
    const row = parseRow(cells, line);
    if (Array.isArray(row)) {
      for (const problem of row) this.#problems.add(problem.line, () => problem.message);
      return;
    }
    // Nearly all rows name the domain of the one before: one string does for them.
    if (row.domain === this.#domain) row.domain = this.#domain;
    else this.#domain = row.domain;
    this.#rows.push(row);
  }

  giveUp(error: CsvError & { empty_lines?: unknown }): void {
    const blankLines = typeof error.empty_lines === 'number' ? error.empty_lines : 0;
    this.#problems.add(this.#lines + blankLines + 1, () => `${faultText(error.code)} The file was read no further.`);
  }

  finish(): Pick<RedirectFile, 'rows' | 'problems' | 'problemCount'> {
    if (!this.#hasHeader && this.#problems.count === 0) this.#takeHeader([], 1);
    return { rows: this.#rows, problems: this.#problems.sorted(), problemCount: this.#problems.count };
  }
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
      return 'A quotation mark (") stands in a cell that is not quoted. Quote the cell, and write the mark twice ("").';
  }
}

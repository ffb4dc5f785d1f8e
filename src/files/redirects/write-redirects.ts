import { join } from 'node:path';
import { cellsOf, REDIRECT_COLUMNS, type Redirect, type RedirectRow } from '../../domain/redirects/redirect.ts';
import { ActionError } from '../../errors.ts';
import { TextFile } from '../text-file.ts';
import { renderCsv } from './csv-file.ts';
import type { ImportPart, RejectedRow } from './redirect-file.ts';

/** Rows rendered at once: enough to be fast, few enough to need little memory. */
const BATCH_ROWS = 1000;

/**
 * Writes a CSV that `import` accepts.
 * @param domain of all redirects
 * @throws ActionError where it cannot be written, or the signal's reason; no file is left behind then
 */
export async function writeRedirectsCsv(
  path: string,
  domain: string,
  redirects: readonly Redirect[],
  signal?: AbortSignal,
): Promise<void> {
  await writeCsv(path, [...REDIRECT_COLUMNS], redirects, (redirect) => cellsOf(domain, redirect), { signal });
}

/** Writes the file of an empty export. @throws as above */
export async function writeHeaderOnly(path: string): Promise<void> {
  await writeRedirectsCsv(path, '', []);
}

/**
 * Writes rejected rows, for people to read in a spreadsheet: cells that it would treat as a formula get a leading
 * apostrophe, and so differ from the file.
 * @throws as above
 */
export async function writeFailedRows(path: string, rows: readonly RejectedRow[]): Promise<void> {
  const cells = ({ row, line, message }: RejectedRow) => [
    line === undefined ? '' : String(line),
    message,
    ...(row === undefined ? REDIRECT_COLUMNS.map(() => '') : cellsOf(row.domain, row)),
  ];
  await writeCsv(path, ['Line', 'Message', ...REDIRECT_COLUMNS], rows, cells, { escapeFormulas: true });
}

async function writeCsv<Item>(
  path: string,
  header: string[],
  items: readonly Item[],
  cells: (item: Item) => string[],
  { escapeFormulas = false, signal }: { escapeFormulas?: boolean; signal?: AbortSignal | undefined },
): Promise<void> {
  const file = await TextFile.create(path);
  try {
    await file.write(renderCsv([header]));
    for (let at = 0; at < items.length; at += BATCH_ROWS) {
      signal?.throwIfAborted();
      await file.write(renderCsv(items.slice(at, at + BATCH_ROWS).map(cells), { escapeFormulas }));
    }
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/**
 * Writes rows as files that can be imported one after another: `redirects-part-1.csv` and so on, each with the header,
 * without a blank line, and with fewer than `maxBytes`. Data row n of a part is row `firstIndex + n - 1` of the list.
 * No rows, no parts.
 * @throws ActionError where a file cannot be written or a row alone is too large, or the signal's reason; no part is
 *   left behind then
 */
export async function writeImportParts(
  rows: readonly RedirectRow[],
  folder: string,
  { maxBytes, signal }: { maxBytes: number; signal?: AbortSignal },
): Promise<ImportPart[]> {
  const writer = new PartWriter(folder, maxBytes);
  try {
    for (let at = 0; at < rows.length; at += BATCH_ROWS) {
      signal?.throwIfAborted();
      await writer.add(rows.slice(at, at + BATCH_ROWS));
    }
    return await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

const HEADER = renderCsv([REDIRECT_COLUMNS]);
const HEADER_BYTES = Buffer.byteLength(HEADER);

class PartWriter {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #parts: ImportPart[] = [];
  readonly #files: TextFile[] = [];

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** Rows that do not fit into the current part are halved until the row that begins the next part is found. */
  async add(rows: readonly RedirectRow[]): Promise<void> {
    const text = renderCsv(rows.map((row) => cellsOf(row.domain, row)));
    const sizeBytes = Buffer.byteLength(text);
    const part = this.#parts.at(-1);
    if (part !== undefined && part.sizeBytes + sizeBytes < this.#maxBytes) {
      await this.#write(part, text, sizeBytes, rows.length);
    } else if (rows.length > 1) {
      const half = Math.ceil(rows.length / 2);
      await this.add(rows.slice(0, half));
      await this.add(rows.slice(half));
    } else {
      if (HEADER_BYTES + sizeBytes >= this.#maxBytes) throw tooLarge(rows[0], sizeBytes);
      await this.#write(await this.#begin(), text, sizeBytes, rows.length);
    }
  }

  async finish(): Promise<ImportPart[]> {
    await this.#files.at(-1)?.close();
    return this.#parts;
  }

  async discard(): Promise<void> {
    for (const file of this.#files) await file.discard();
  }

  async #begin(): Promise<ImportPart> {
    const previous = this.#parts.at(-1);
    await this.#files.at(-1)?.close();
    const file = await TextFile.create(join(this.#folder, `redirects-part-${this.#parts.length + 1}.csv`));
    this.#files.push(file);
    await file.write(HEADER);
    const firstIndex = previous === undefined ? 0 : previous.firstIndex + previous.rowCount;
    const part: ImportPart = { path: file.path, sizeBytes: HEADER_BYTES, firstIndex, rowCount: 0 };
    this.#parts.push(part);
    return part;
  }

  async #write(part: ImportPart, text: string, sizeBytes: number, rowCount: number): Promise<void> {
    await this.#files.at(-1)?.write(text);
    part.sizeBytes += sizeBytes;
    part.rowCount += rowCount;
  }
}

function tooLarge(row: RedirectRow | undefined, sizeBytes: number): ActionError {
  return new ActionError(
    `The redirect in line ${row?.line} has ${sizeBytes} bytes, which is more than an import file can hold.`,
    {
      topic: 'redirects-file-not-usable',
      title: 'Redirect too large',
      fix: 'Shorten it.',
    },
  );
}

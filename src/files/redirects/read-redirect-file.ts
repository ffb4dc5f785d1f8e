import { type FileHandle, open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { ActionError, FileError } from '../../errors.ts';
import { describeFault, errorCode } from '../fault.ts';
import { readStart } from '../read-start.ts';
import { readCsv } from './read-csv.ts';
import { parseList } from './read-list.ts';
import type { RedirectFile, RedirectFormat } from './redirect-file.ts';

export interface ReadRedirectOptions {
  /** Lists may name the site of each redirect: another one than this is a problem. Undefined: none is compared. */
  siteId?: number;
  signal?: AbortSignal;
}

const SENT_NOTHING = 'Nothing was sent.';
const MB = 1_000_000;
/** About ten times what a store of the largest kind has; all rows are in memory in the end. */
const MAX_CSV_BYTES = 200 * MB;
/** Some 30,000 redirects. A list is read in one piece, slowly, with a hundred times and more of its size in memory. */
const MAX_LIST_BYTES = 2 * MB;

/**
 * Reads a file of redirects whole: a CSV in the platform's format (API document, section 2; a byte-order mark, CRLF and
 * blank lines are tolerated), streamed, or a list in JSON or YAML. Rows that are wrong are among the problems.
 * @param path absolute
 * @throws FileError where the file as a whole is wrong (encoding, header, syntax of a list)
 * @throws ActionError for a file that is missing, empty, too large, or cannot be read
 * @throws the signal's reason when it aborts
 */
export async function readRedirectFile(path: string, options: ReadRedirectOptions = {}): Promise<RedirectFile> {
  options.signal?.throwIfAborted();
  try {
    const file = await open(path, 'r');
    try {
      return await readOpened(file, path, options);
    } finally {
      await file.close();
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error instanceof ActionError ? error : unreadable(path, error);
  }
}

async function readOpened(file: FileHandle, path: string, options: ReadRedirectOptions): Promise<RedirectFile> {
  const stats = await file.stat();
  if (!stats.isFile()) throw notUsable(`${path} is ${stats.isDirectory() ? 'a folder' : 'not a file'}.`);
  if (stats.size === 0) throw notUsable(`${path} is empty. A file without redirects has the header at least.`);
  const format = formatOf(path);
  checkSize(path, format, stats.size);
  checkEncoding(path, await readStart(file));
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const bytes = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 256 * 1024, ...signal });
  const read =
    format === 'csv' ? await readCsv(bytes, path) : parseList(await collect(bytes), path, format, options.siteId);
  return { format, sizeBytes: stats.size, ...read };
}

function formatOf(path: string): RedirectFormat {
  const ending = extname(path).toLowerCase();
  if (ending === '.json') return 'json';
  return ending === '.yaml' || ending === '.yml' ? 'yaml' : 'csv';
}

function checkSize(path: string, format: RedirectFormat, sizeBytes: number): void {
  const limit = format === 'csv' ? MAX_CSV_BYTES : MAX_LIST_BYTES;
  if (sizeBytes <= limit) return;
  const kind = format === 'csv' ? 'A CSV' : 'A list in JSON or YAML';
  throw new ActionError(`${path} has ${sizeBytes} bytes. ${kind} may have ${limit / MB} MB.`, {
    title: 'File too large',
    fix:
      format === 'csv'
        ? `Split the file into several, and import them one after another. ${SENT_NOTHING}`
        : `Write it as a CSV, which is read row by row and may be much larger. ${SENT_NOTHING}`,
  });
}

/** What an editor or a spreadsheet saves in place of UTF-8. Single characters that are wrong are found with their row. */
function checkEncoding(path: string, start: Buffer): void {
  const begins = (...bytes: number[]) => start.subarray(0, bytes.length).equals(Buffer.from(bytes));
  let what: string | undefined;
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff)) what = 'It is UTF-16, and not UTF-8.';
  else if (begins(0x50, 0x4b, 0x03, 0x04)) what = 'It is a zip or a workbook (.xlsx), and not a text.';
  else if (start.includes(0)) what = 'It has NUL bytes in it, so it is not a text in UTF-8 (but perhaps in UTF-16).';
  if (what === undefined) return;
  throw new FileError(path, [{ line: 1, message: what }], {
    message: `${basename(path)} cannot be read.`,
    title: 'File not readable',
    fix: `Save it as UTF-8; in a spreadsheet, as "CSV UTF-8". ${SENT_NOTHING}`,
  });
}

async function collect(bytes: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function notUsable(message: string): ActionError {
  return new ActionError(message, {
    title: 'File not usable',
    fix: `Correct the input \`file\`, which is relative to the working directory. ${SENT_NOTHING}`,
  });
}

function unreadable(path: string, cause: unknown): ActionError {
  if (errorCode(cause) === 'ENOENT') return notUsable(`There is no file ${path}.`);
  return new ActionError(`${path} cannot be read: ${describeFault(cause)}.`, {
    title: 'File not readable',
    fix: `See whether the user of this step may read the file. ${SENT_NOTHING}`,
    cause,
  });
}

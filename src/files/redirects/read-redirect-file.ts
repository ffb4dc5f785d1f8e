import { type FileHandle, open } from 'node:fs/promises';
import { extname } from 'node:path';
import { ActionError } from '../../errors.ts';
import { READ_FLAGS } from '../../regular-file.ts';
import { describeFault, errorCode } from '../fault.ts';
import { readStart } from '../read-start.ts';
import { checkEncoding, hasOtherEncoding, otherEncoding } from './encoding.ts';
import { readCsv } from './read-csv.ts';
import { readList } from './read-list.ts';
import type { RedirectFile, RedirectFormat } from './redirect-file.ts';

export interface ReadRedirectOptions {
  /** Lists may name the site of each redirect: any other than this is a problem. Undefined: not compared. */
  siteId?: number;
  signal?: AbortSignal;
}

const MB = 1_000_000;
/** About ten times what the largest stores have; all rows end up in memory. */
const MAX_CSV_BYTES = 200 * MB;
/**
 * Some 40,000 redirects as the API returns them. A list is parsed as a whole, and needs a hundred times its size in
 * memory.
 */
const MAX_LIST_BYTES = 10 * MB;

/**
 * Reads a whole file of redirects: a CSV in the platform's format (API document, section 2; a byte-order mark, CRLF and
 * blank lines are tolerated), streamed, or a list in JSON or YAML. Invalid rows are among the problems.
 * @param path absolute
 * @throws FileError where the file as a whole is wrong (encoding, header, syntax of a list)
 * @throws ActionError for a file that is missing, empty, too large, or cannot be read
 * @throws the signal's reason when it aborts
 */
export async function readRedirectFile(path: string, options: ReadRedirectOptions = {}): Promise<RedirectFile> {
  options.signal?.throwIfAborted();
  try {
    const file = await open(path, READ_FLAGS);
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
  if (stats.size === 0) throw notUsable(`${path} is empty. A file without redirects needs at least the header.`);
  const format = formatOf(path);
  checkSize(path, format, stats.size);
  const start = await readStart(file);
  checkEncoding(path, start);
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const bytes = () => file.createReadStream({ start: 0, autoClose: false, highWaterMark: 256 * 1024, ...signal });
  const read =
    format === 'csv'
      ? await readCsv(bytes(), start, path)
      : await readList(await collect(bytes()), { path, format, siteId: options.siteId, signal: options.signal });
  const { hasForeignBytes, ...content } = read;
  if (hasForeignBytes && (await hasOtherEncoding(bytes())))
    throw otherEncoding(path, content.problems, content.problemCount);
  return { format, sizeBytes: stats.size, ...content };
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
  throw new ActionError(`${path} has ${sizeBytes} bytes. ${kind} may have up to ${limit / MB} MB.`, {
    topic: 'redirects-file-not-usable',
    title: 'File too large',
    fix:
      format === 'csv'
        ? `Split the file into several, and import them one after another.`
        : `Write it as a CSV, which is read row by row and may be much larger.`,
  });
}

async function collect(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function notUsable(message: string): ActionError {
  return new ActionError(message, {
    topic: 'redirects-file-not-usable',
    title: 'File not usable',
    fix: `Correct the input \`file\`, which is relative to the working directory.`,
  });
}

function unreadable(path: string, cause: unknown): ActionError {
  if (errorCode(cause) === 'ENOENT') return notUsable(`There is no file ${path}.`);
  return new ActionError(`${path} cannot be read: ${describeFault(cause)}.`, {
    topic: 'file-not-readable-or-not-writable',
    title: 'File not readable',
    fix: `Check whether the user of this step may read the file.`,
    cause,
  });
}

import { basename, extname } from 'node:path';
import { TextDecoder } from 'node:util';
import type { RowProblem } from '../../domain/row-problems.ts';
import { FileError } from '../../errors.ts';
import { foreignKind, WITH_NUL_BYTES } from '../batch/source-kind.ts';

const SAVE_AS = 'save it as "CSV UTF-8 (Comma delimited)", not as "Unicode Text" or plain "CSV".';

/** Lists come from an editor or a shell: a spreadsheet would break them. */
function saveText(path: string): string {
  const isList = /^\.(?:json|ya?ml)$/i.test(extname(path));
  return isList ? 'In an editor, save it with the encoding UTF-8.' : `In a spreadsheet, ${SAVE_AS}`;
}

/** How another encoding shows in the first bytes, and its name for `iconv`. To detect another one, add a row. */
const ENCODINGS: readonly { name: string; iconv: string; isAt: (start: Buffer) => boolean }[] = [
  {
    name: 'UTF-32',
    iconv: 'UTF-32',
    isAt: (start) => begins(start, 0xff, 0xfe, 0, 0) || begins(start, 0, 0, 0xfe, 0xff),
  },
  {
    name: 'UTF-16',
    iconv: 'UTF-16',
    isAt: (start) => begins(start, 0xff, 0xfe) || begins(start, 0xfe, 0xff),
  },
  { name: 'UTF-16 without a byte-order mark', iconv: 'UTF-16LE', isAt: (start) => hasNulAt(start, 1) },
  { name: 'UTF-16 without a byte-order mark', iconv: 'UTF-16BE', isAt: (start) => hasNulAt(start, 0) },
];

function begins(start: Buffer, ...bytes: number[]): boolean {
  return start.subarray(0, bytes.length).equals(Buffer.from(bytes));
}

/** ASCII in UTF-16: of each two bytes, the same one is 0. */
function hasNulAt(start: Buffer, offset: 0 | 1): boolean {
  if (start.length < 4) return false;
  return [0, 2].every((at) => start[at + offset] === 0 && start[at + 1 - offset] !== 0);
}

/** Rejects what editors and spreadsheets write instead of UTF-8. @throws FileError that says how to convert it */
export function checkEncoding(path: string, start: Buffer): void {
  const encoding = ENCODINGS.find(({ isAt }) => isAt(start));
  if (encoding !== undefined) {
    throw notUtf8(path, `It is ${encoding.name}, not UTF-8.`, `${saveText(path)} ${iconvText(path, encoding.iconv)}`);
  }
  const kind = foreignKind(start);
  if (kind === 'a zip') {
    throw notUtf8(path, 'It is a zip or a workbook (.xlsx), not text.', `Open it in a spreadsheet, and ${SAVE_AS}`);
  }
  if (kind === undefined) return;
  const isText = kind === WITH_NUL_BYTES;
  throw notUtf8(path, `It is ${kind}${isText ? '' : ', not text'}.`, isText ? saveText(path) : 'Unpack it.');
}

/**
 * Whether a text is not UTF-8 and has no valid multi-byte character: then all of it is in another encoding, rather than
 * a few characters broken.
 */
export async function hasOtherEncoding(chunks: AsyncIterable<Buffer>): Promise<boolean> {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
  const strict = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  for await (const chunk of chunks) {
    if (/[^\0-\x7f\ufffd]/.test(lenient.decode(chunk, { stream: true }))) return false;
    isUtf8 &&= decodes(strict, chunk);
  }
  return !(isUtf8 && decodes(strict));
}

/** @param chunk undefined at the end of the text */
function decodes(decoder: TextDecoder, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

/** @returns the error for the user to read */
export function otherEncoding(path: string, problems: readonly RowProblem[], detailCount: number): FileError {
  return new FileError(path, problems, {
    message: `${basename(path)} is not UTF-8: it seems to be Windows-1252 or Latin-1 (ISO 8859-1).`,
    topic: 'redirects-file-not-usable',
    title: 'File not readable',
    fix: `${saveText(path)} ${iconvText(path, 'WINDOWS-1252')}`,
    detailCount,
  });
}

function notUtf8(path: string, message: string, fix: string): FileError {
  return new FileError(path, [{ line: 1, message }], {
    message: `${basename(path)} cannot be read.`,
    topic: 'redirects-file-not-usable',
    title: 'File not readable',
    fix: `${fix}`,
  });
}

function iconvText(path: string, encoding: string): string {
  const name = basename(path);
  const word = (text: string) => (/^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
  return `On a command line: \`iconv -f ${encoding} -t UTF-8 ${word(name)} > ${word(`utf8-${name}`)}\`.`;
}

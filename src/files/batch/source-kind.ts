import { scanJson } from './scan-json.ts';

/** Kinds of files by their first bytes. `.xlsx` and similar files are zips. */
const SIGNATURES: readonly (readonly [bytes: string, what: string])[] = [
  ['PK\x03\x04', 'a zip'],
  ['PK\x05\x06', 'a zip'],
  ['PK\x07\x08', 'a zip'],
  ['\x1f\x8b', 'a gzip'],
  ['BZh', 'compressed with bzip2'],
  ['\xfd7zXZ\0', 'compressed with xz'],
  ['\x28\xb5\x2f\xfd', 'compressed with Zstandard'],
  ['\x04\x22\x4d\x18', 'compressed with LZ4'],
  ['LZIP', 'compressed with lzip'],
  ['\x1f\x9d', 'compressed with compress'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['Rar!\x1a\x07', 'a RAR archive'],
  ['\xff\xfe', 'UTF-16, not UTF-8'],
  ['\xfe\xff', 'UTF-16, not UTF-8'],
];

const GZIP = Buffer.from([0x1f, 0x8b]);
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const TAR_OFFSET = 257;

export function isGzip(start: Buffer): boolean {
  return start.subarray(0, GZIP.length).equals(GZIP);
}

/** The length of the UTF-8 byte-order mark at the start of a text; 0 if there is none. */
export function markBytes(start: Buffer): number {
  return start.subarray(0, UTF8_MARK.length).equals(UTF8_MARK) ? UTF8_MARK.length : 0;
}

/** Text in an encoding other than UTF-8 has NUL bytes, and so have files of other kinds. */
export const WITH_NUL_BYTES = 'not UTF-8 text: it has NUL bytes in it';

/** The kind of file if it is not UTF-8 text, to complete the sentence "It is …". */
export function foreignKind(start: Buffer): string | undefined {
  const text = start.toString('latin1', 0, 512);
  const found = SIGNATURES.find(([bytes]) => text.startsWith(bytes));
  if (found !== undefined) return found[1];
  if (text.startsWith('ustar', TAR_OFFSET)) return 'a tar archive';
  return start.includes(0) ? WITH_NUL_BYTES : undefined;
}

const SPACE = /[^ \t\r\n]/;

/**
 * Why a text is not JSON lines although it may be JSON, as a sentence.
 * @param line the first line that is not blank
 * @param isWhole false if `line` is only its beginning
 */
export function documentFault(line: string, isWhole: boolean): string | undefined {
  const text = line.slice(Math.max(0, line.search(SPACE))).trimEnd();
  if (text.startsWith('[')) {
    return "It is a JSON array, not JSON lines with one record on each line: `jq -c '.[]'` converts it.";
  }
  // The first line of a record that continues in the next line, not a complete record with something after it.
  if (!isWhole || !text.startsWith('{') || !/[{[,]$/.test(text)) return undefined;
  if (scanJson(Buffer.from(text)).isBehindValue) return undefined;
  return 'Its records span several lines, and each must be on one line: `jq -c .` converts them.';
}

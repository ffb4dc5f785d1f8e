import { scanJson } from './scan-json.ts';

/** What the first bytes of a file say that it is. `.xlsx` and its like are zips. */
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
  ['\xff\xfe', 'UTF-16, and not UTF-8'],
  ['\xfe\xff', 'UTF-16, and not UTF-8'],
];

const GZIP = Buffer.from([0x1f, 0x8b]);
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const TAR_OFFSET = 257;

export function isGzip(start: Buffer): boolean {
  return start.subarray(0, GZIP.length).equals(GZIP);
}

/** How many bytes a byte-order mark of UTF-8 takes at the start of a text. */
export function markBytes(start: Buffer): number {
  return start.subarray(0, UTF8_MARK.length).equals(UTF8_MARK) ? UTF8_MARK.length : 0;
}

/** What is at hand where it is no text in UTF-8, as the end of a sentence ("It is …"). */
export function foreignKind(start: Buffer): string | undefined {
  const text = start.toString('latin1', 0, 512);
  const found = SIGNATURES.find(([bytes]) => text.startsWith(bytes));
  if (found !== undefined) return found[1];
  if (text.startsWith('ustar', TAR_OFFSET)) return 'a tar archive';
  return start.includes(0) ? 'no text in UTF-8: it has NUL bytes in it' : undefined;
}

const SPACE = /[^ \t\r\n]/;

/**
 * Why a text is no JSON lines although it may well be JSON, by the first line of it that is not blank. A sentence.
 * @param isWhole false where only the beginning of it is at hand
 */
export function documentFault(line: string, isWhole: boolean): string | undefined {
  const text = line.slice(Math.max(0, line.search(SPACE))).trimEnd();
  if (text.startsWith('[')) {
    return "It is a JSON array, and not JSON lines, with each record on a line of its own: `jq -c '.[]'` makes such lines of it.";
  }
  // The first line of a record that goes on in the next one, and not a whole record with something behind it.
  if (!isWhole || !text.startsWith('{') || !/[{[,]$/.test(text)) return undefined;
  if (scanJson(Buffer.from(text)).isBehindValue) return undefined;
  return 'Its records go over several lines, and each has to be on one line: `jq -c .` makes such lines of it.';
}

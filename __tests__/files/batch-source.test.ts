import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitLines } from '../../src/files/batch/source-lines.ts';
import { createRecord, linesOf, packContent, removeFolders } from './batch-helpers.ts';

afterEach(removeFolders);

const records = Array.from({ length: 20 }, () => createRecord());
const TEXT = linesOf(records);
const GZIP = gzipSync(TEXT);
const zip = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100)]);

test.each<[name: string, content: Buffer | string, fault: string, fileName?: string]>([
  ['empty', '', 'It is empty.'],
  ['blank', ' \n\r\n', 'It has no records: all of its lines are blank.'],
  ['a gzip of nothing', gzipSync(''), 'It has no records: all of its lines are blank.'],
  ['a zip', zip, 'It is a zip.'],
  ['a zip with the name of a gzip', zip, 'It has the name of a gzip file, but is not gzip.', 'guests.json.GZ'],
  ['a text with the name of a gzip', TEXT, 'It has the name of a gzip file, but is not gzip.', 'guests.gz'],
  ['a gzipped zip', gzipSync(zip), 'What its gzip holds is a zip.'],
  ['a gzipped gzip', gzipSync(GZIP), 'What its gzip holds is a gzip.'],
  ['Zstandard', Buffer.from('28b52ffd00', 'hex'), 'It is compressed with Zstandard.'],
  ['UTF-16', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), 'It is UTF-16, not UTF-8.'],
  ['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le'), 'It is not UTF-8 text: it has NUL bytes in it.'],
  ['a gzip that breaks off', GZIP.subarray(0, -9), 'Its gzip data is truncated.'],
  ['a gzip without its end', GZIP.subarray(0, -1), 'Its gzip data is truncated.'],
  [
    'a gzip with text behind',
    Buffer.concat([GZIP, Buffer.from('hello')]),
    'Its gzip data is damaged, or followed by other data.',
  ],
  [
    'a gzip with NUL bytes and more behind',
    Buffer.concat([GZIP, Buffer.alloc(3), GZIP]),
    `Its gzip data ends ${GZIP.length + 3} bytes before the file does.`,
  ],
  ['a gzip with the half of another', Buffer.concat([GZIP, GZIP.subarray(0, 30)]), 'Its gzip data is truncated.'],
  [
    'a gzip with a wrong CRC',
    Buffer.concat([GZIP.subarray(0, -8), Buffer.alloc(4), GZIP.subarray(-4)]),
    'Its gzip data is damaged, or followed by other data.',
  ],
  [
    'a JSON array',
    ` \n [${records.map((one) => JSON.stringify(one)).join()}]`,
    "It is a JSON array, not JSON lines with one record on each line: `jq -c '.[]'` converts it.",
  ],
  [
    'pretty-printed',
    JSON.stringify(records[0], null, 2),
    'Its records span several lines, and each must be on one line: `jq -c .` converts them.',
  ],
])('a file that is wrong as a whole has a fault: %s', async (_, content, fault, name = 'guests.jsonl') => {
  expect(await packContent(content, { name })).toMatchObject({ fault, parts: [] });
});

test('several members of a gzip are one file, whatever its name', async () => {
  const half = TEXT.indexOf('\n', 500) - 40;
  const members = Buffer.concat([
    gzipSync(TEXT.slice(0, 1)),
    gzipSync(''),
    gzipSync(TEXT.slice(1, half)),
    gzipSync(TEXT.slice(half)),
  ]);
  const [plain, gzipped] = [await packContent(TEXT), await packContent(members, { name: 'guests.json' })];
  expect(gzipped).toMatchObject({ fault: undefined, records: 20, isGzipped: true, sizeBytes: members.length });
  expect(gzipped.parts[0]?.md5).toBe(plain.parts[0]?.md5);
});

test('lines are the same however the bytes come', async () => {
  const text = fc.array(fc.constantFrom('\n', '\r\n', '\r', ' ', 'a', 'é', '{"b":1}', 'long'.repeat(5)), {
    maxLength: 30,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), async (pieces, sizes) => {
      const bytes = Buffer.from(pieces.join(''));
      const expected = bytes
        .toString('latin1')
        .split(/\r\n|\r|\n/)
        .map((line, index) => [index + 1, line.length > 15 ? undefined : line] as const)
        .filter(([, line]) => line === undefined || line.trim() !== '');
      const found: (readonly [number, string | undefined])[] = [];
      for await (const lines of splitLines(chunksOf(bytes, sizes), 15, new AbortController().signal)) {
        for (const line of lines) found.push([line.number, line.bytes?.toString('latin1')]);
      }
      expect(found).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

/** Each is overwritten once the next one is asked for. */
async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer, void, void> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    yield chunk;
    chunk.fill('\n');
    at += size;
  }
}

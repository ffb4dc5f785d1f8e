import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { FileError } from '../../src/errors.ts';
import { readRedirectFile } from '../../src/files/redirects/read-redirect-file.ts';
import { onPosix } from '../systems.ts';
import { removeScratch, scratch } from './helpers.ts';
import { errorOf, HEADER } from './redirects-helpers.ts';

afterAll(removeScratch);

const TEXT = `${HEADER}\r\nd.example,/café,/straße,,\r\n`;
const TABS = TEXT.replaceAll(',', '\t');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const big = (bytes: Buffer) => Buffer.from(bytes).swap16();
const LE_MARK = Buffer.from([0xff, 0xfe]);

async function write(content: Buffer, name: string): Promise<string> {
  const path = join(await scratch(), name);
  await writeFile(path, content);
  return path;
}

/** How a text comes that is not UTF-8, what is said of it, and its encoding as `iconv` calls it. A further one is a row. */
const ENCODINGS: readonly { name: string; content: Buffer; says: string; iconv: string }[] = [
  {
    name: 'UTF-16 LE, as Excel saves "Unicode Text"',
    content: Buffer.concat([LE_MARK, utf16(TABS)]),
    says: 'It is UTF-16, not UTF-8.',
    iconv: 'UTF-16',
  },
  {
    name: 'UTF-16 BE',
    content: big(Buffer.concat([LE_MARK, utf16(TEXT)])),
    says: 'It is UTF-16, not UTF-8.',
    iconv: 'UTF-16',
  },
  {
    name: 'UTF-16 LE without a mark',
    content: utf16(TEXT),
    says: 'It is UTF-16 without a byte-order mark, not UTF-8.',
    iconv: 'UTF-16LE',
  },
  {
    name: 'UTF-16 BE without a mark',
    content: big(utf16(TEXT)),
    says: 'It is UTF-16 without a byte-order mark, not UTF-8.',
    iconv: 'UTF-16BE',
  },
  {
    name: 'UTF-32 LE',
    content: Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), utf32(TEXT)]),
    says: 'It is UTF-32, not UTF-8.',
    iconv: 'UTF-32',
  },
  {
    name: 'Latin-1 and Windows-1252, as Excel saves "CSV"',
    content: Buffer.from(TEXT, 'latin1'),
    says: 'Old Path contains a character that is not valid UTF-8: "/caf\ufffd". Save the file as UTF-8.',
    iconv: 'WINDOWS-1252',
  },
  {
    name: 'the same with semicolons',
    content: Buffer.from(TEXT.replaceAll(',', ';'), 'latin1'),
    says: 'Old Path contains a character that is not valid UTF-8: "/caf\ufffd". Save the file as UTF-8.',
    iconv: 'WINDOWS-1252',
  },
];

function utf32(text: string): Buffer {
  const bytes = Buffer.alloc(text.length * 4);
  for (const [at, char] of [...text].entries()) bytes.writeUInt32LE(char.codePointAt(0) ?? 0, at * 4);
  return bytes;
}

onPosix.each(ENCODINGS)('$name is named, and the command that is given makes a file that is read', async (row) => {
  const path = await write(row.content, "the shop's.csv");
  const error = await errorOf(readRedirectFile(path));
  expect(error).toBeInstanceOf(FileError);
  expect(error.details[0]).toMatch(/^line [12]: /);
  expect(error.details[0]?.slice('line 1: '.length)).toBe(row.says);
  expect(error.fix).toMatch(/^In a spreadsheet, save it as "CSV UTF-8 \(Comma delimited\)"/);
  const command = /`(iconv [^`]+)`/.exec(error.fix ?? '')?.[1] ?? '';
  expect(command).toBe(`iconv -f ${row.iconv} -t UTF-8 'the shop'\\''s.csv' > 'utf8-the shop'\\''s.csv'`);
  execFileSync('sh', ['-c', command], { cwd: dirname(path) });
  const { rows, problems } = await readRedirectFile(join(dirname(path), `utf8-${basename(path)}`));
  expect(problems).toEqual([]);
  expect(rows).toEqual([
    { domain: 'd.example', fromPath: '/café', target: { kind: 'manual', url: '/straße' }, line: 2 },
  ]);
});

onPosix('a list in Latin-1 is named, too', async () => {
  const path = await write(Buffer.from('- from_path: /café\n  to: /b\n', 'latin1'), 'list.yaml');
  const error = await errorOf(readRedirectFile(path));
  expect(error.message).toMatch(/^list\.yaml is not UTF-8: it seems to be Windows-1252 or Latin-1/);
  execFileSync('sh', ['-c', /`(iconv [^`]+)`/.exec(error.fix ?? '')?.[1] ?? ''], { cwd: dirname(path) });
  expect(await readRedirectFile(join(dirname(path), 'utf8-list.yaml'))).toMatchObject({
    problems: [],
    rows: [{ fromPath: '/café' }],
  });
  expect(await readFile(path)).toHaveLength(28);
});

test('a few characters that are wrong in a text of UTF-8 are problems of their rows', async () => {
  const text = `${HEADER}\nd.example,/caf\xe9,/b,,\nd.example,/a,/b,,\nd.example,/c,/\xfc,,\n`;
  const mixed = Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from('d.example,/é,/b,,\n')]);
  const { problems } = await readRedirectFile(await write(mixed, 'mixed.csv'));
  expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    '2: Old Path contains a character that is not valid UTF-8: "/caf\ufffd". Save the file as UTF-8.',
    '4: Manual URL/Path contains a character that is not valid UTF-8: "/\ufffd". Save the file as UTF-8.',
  ]);
});

test('a character that an earlier conversion has lost is no other encoding', async () => {
  const { problems } = await readRedirectFile(
    await write(Buffer.from(`${HEADER}\nd.example,/caf\ufffd,/b,,\n`), 'r.csv'),
  );
  expect(problems.map(({ line }) => line)).toEqual([2]);
});

test.each([
  [Buffer.from('PK\x03\x04rest', 'latin1'), 'It is a zip or a workbook (.xlsx), not text.'],
  [Buffer.from('\x1f\x8brest', 'latin1'), 'It is a gzip, not text.'],
  [Buffer.from(`${HEADER}\n\0\n`), 'It is not UTF-8 text: it has NUL bytes in it.'],
])('what is no text is rejected: %#', async (bytes, message) => {
  expect((await errorOf(readRedirectFile(await write(bytes, 'r.csv')))).details).toEqual([`line 1: ${message}`]);
});

test('a list in another encoding is not sent through a spreadsheet', async () => {
  const list = '[{"from_path": "/café", "to": "/b"}]';
  for (const content of [Buffer.concat([LE_MARK, utf16(list)]), Buffer.from(list, 'latin1')]) {
    const { fix } = await errorOf(readRedirectFile(await write(content, 'list.json')));
    expect(fix).toMatch(/^In an editor, save it with the encoding UTF-8\. On a command line: `iconv /);
  }
});

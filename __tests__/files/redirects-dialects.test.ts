import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { dialectOf } from '../../src/files/redirects/csv-dialect.ts';
import { readRedirectFile } from '../../src/files/redirects/read-redirect-file.ts';
import { removeScratch, scratch } from './helpers.ts';
import { errorOf, HEADER } from './redirects-helpers.ts';

afterAll(removeScratch);

async function read(text: string) {
  const path = join(await scratch(), 'redirects.csv');
  await writeFile(path, text);
  return await readRedirectFile(path);
}

/** A CSV with separators inside values: within quotation marks, and plain ones of other kinds. */
const LINES = [
  HEADER.split(','),
  ['d.example', '/a,b', '/c;d', '', ''],
  ['d.example', '/e|f', '/g\th', '', ''],
  ['d.example', '/i', '', 'Product', '12'],
];

const ROWS = [
  { domain: 'd.example', fromPath: '/a,b', target: { kind: 'manual', url: '/c;d' } },
  { domain: 'd.example', fromPath: '/i', target: { kind: 'dynamic', type: 'Product', id: 12 } },
];

function csvWith(delimiter: string): string {
  const cell = (text: string) => (/[,;|\t]/.test(text) ? `"${text}"` : text);
  return `${LINES.map((cells) => cells.map(cell).join(delimiter)).join('\r\n')}\r\n`;
}

test.each([
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'vertical bars'],
])('a CSV with %j between its cells is read, and says so', async (delimiter, name) => {
  for (const text of [
    csvWith(delimiter),
    `\ufeff\r\n${csvWith(delimiter)}`,
    `sep=${delimiter}\r\n${csvWith(delimiter)}`,
  ]) {
    const { rows, problems, notice } = await read(text);
    // A tab within a cell is a control character, whatever separates the cells.
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('control character (U+0009)')]);
    expect(rows).toMatchObject(ROWS);
    expect(notice).toBe(
      `Its cells are separated by ${name}. It is read anyway, and an import is sent with commas; BigCommerce's control panel accepts only commas.`,
    );
  }
});

test('what is said of the cells of a row names what separates them', async () => {
  const { problems } = await read(`${HEADER.replaceAll(',', ';')}\nd.example;/a;b;/c;;\nd.example;/a;/b\n`);
  expect(problems.map(({ message }) => message)).toEqual([
    'The row has 6 cells, not 5. A value that contains a semicolon has to be quoted.',
    'The row has 3 cells, not 5. Empty cells need their semicolons, too.',
  ]);
});

test('a CSV with commas has no word about it, and keeps its lines behind the one that Excel writes', async () => {
  const { rows, notice } = await read(csvWith(','));
  expect([rows.map(({ line }) => line), notice]).toEqual([[2, 4], undefined]);
  for (const first of ['sep=,', '"sep=,"', 'sep=,,,,,', 'SEP=,']) {
    expect((await read(`${first}\r\n${csvWith(',')}`)).rows.map(({ line }) => line)).toEqual([3, 5]);
  }
});

test.each([',,,,', ',', ',,,,,,,', ' , ,\t,,', '"","",,,', ';;;;', ' ', '\t'])(
  'a row of %j is a blank line, before the header and behind it',
  async (blank) => {
    const { rows, problems } = await read(
      `${blank}\n${HEADER}\n${blank}\nd.example,/a,/b,,\n${blank}\n${blank}\nd.example,/c,/d,,\n${blank}\n`,
    );
    expect(problems).toEqual([]);
    expect(rows.map(({ line }) => line)).toEqual([4, 7]);
  },
);

test('a row that is not blank has to be whole', async () => {
  const { problems } = await read(`${HEADER}\n,,,,x\nd.example,,,,\n`);
  expect([...new Set(problems.map(({ line }) => line))]).toEqual([2, 3]);
});

test('rows with other separators than the header are problems', async () => {
  const { problems } = await read(`${HEADER}\nd.example;/a;/b;;\n`);
  expect(problems).toEqual([{ line: 2, message: expect.stringMatching(/^The row has 1 cell, not 5\./) }]);
});

test('the separator is that of the first line that says something', () => {
  expect(dialectOf('').delimiter).toBe(',');
  expect(dialectOf('a').delimiter).toBe(',');
  expect(dialectOf('\n;;\n"a;b;c",d').delimiter).toBe(',');
  expect(dialectOf('a;b,c;d').delimiter).toBe(';');
  expect(dialectOf('a;b,c').delimiter).toBe(',');
  expect(dialectOf('sep=:\na;b').delimiter).toBe(',');
});

test('a wrong header with semicolons is reported with its columns', async () => {
  const error = await errorOf(read('Domain;Old path;Manual URL/Path;Dynamic Target Type;Dynamic Target ID\n'));
  expect(error.details).toEqual([
    'line 1: Column 2 is "Old path", but has to be "Old Path": upper and lower case count.',
  ]);
  // With the commas of the platform's header, each of the rows would be one cell.
  const header = HEADER.replaceAll(',', ';');
  expect(error.fix).toBe(`Make the first line \`${header}\`.`);
  expect((await read(`${header}\nd.example;/a;/b;;\n`)).problems).toEqual([]);
});

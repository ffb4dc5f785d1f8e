/** Files that cannot be imported, each with the words at its line; none sends a request. And those that are only odd. */
import { expect, test } from '@jest/globals';
import {
  annotationsOf,
  csvOf,
  DOMAIN,
  expectEnd,
  HEADER,
  redirectsPlatform,
  runImport,
  storedRedirects,
  verdictOf,
} from './redirects-harness.ts';

type BadFile = readonly [name: string, csv: string | Uint8Array, line: number | undefined, words: string];

const row = (cells: string) => csvOf(cells);
const text = (content: string) => new Uint8Array(Buffer.from(content));

const HEADERS: readonly BadFile[] = [
  ['a header in lower case', csvOf('/a,/b,,').replace(HEADER, HEADER.toLowerCase()), 1, 'Old Path'],
  ['a header with a space', csvOf('/a,/b,,').replace('Old Path', ' Old Path'), 1, 'Old Path'],
  ['columns in another order', csvOf('/a,/b,,').replace('Domain,Old Path', 'Old Path,Domain'), 1, 'Domain'],
  ['a column too few', csvOf('/a,/b,').replace(',Dynamic Target ID', ''), 1, 'Dynamic Target ID'],
  [
    "an export's further column",
    csvOf('/a,/b,,,x').replace(HEADER, `${HEADER},Dynamic Target URL`),
    1,
    'Dynamic Target URL',
  ],
  [
    'semicolons, and columns in another order',
    csvOf('/a,/b,,').replace('Domain,Old Path', 'Old Path,Domain').replaceAll(',', ';'),
    1,
    'Domain',
  ],
  ['no header', `${DOMAIN},/a,/b,,\n`, 1, ''],
];

const ROWS: readonly BadFile[] = [
  ['four cells', row('/a,/b,'), 2, 'The row has 4 cells, not 5.'],
  ['six cells', row('/a,/b,,,'), 2, 'A value that contains a comma has to be quoted.'],
  ['an old path without its slash', row('old,/b,,'), 2, 'Old Path'],
  ['an old path that is a URL', row('https://a.example.com/b,/b,,'), 2, 'Old Path'],
  ['no old path', row(',/b,,'), 2, 'Old Path is empty'],
  ['no domain', csvOf('/a,/b,,').replace(`${DOMAIN},`, ','), 2, 'Domain is empty'],
  ['two targets', row('/a,/b,Product,12'), 2, 'There are two targets'],
  ['no target', row('/a,,,'), 2, 'There is no target'],
  ['an unknown type', row('/a,,Video,12'), 2, 'which the platform does not know. It has to be one of'],
  ['a type in lower case', row('/a,,product,12'), 2, 'Write "Product".'],
  ['an id below zero', row('/a,,Product,-1'), 2, 'not a positive whole number'],
  ['an id that is no number', row('/a,,Product,12.5'), 2, 'not a positive whole number'],
  ['a type without an id', row('/a,,Product,'), 2, 'Dynamic Target ID is empty'],
  ['an id without a type', row('/a,,,12'), 2, 'Dynamic Target Type is empty'],
  ['a URL that is too long', row(`/a,/${'b'.repeat(2048)},,`), 2, '2,048'],
  [
    'an old path twice',
    csvOf('/a,/b,,', '/c,/d,,', '/a,/e,,'),
    4,
    `${DOMAIN}/a is already in line 2, with another target: /b.`,
  ],
  ['a redirect to itself', row('/a,/a,,'), 2, '/a leads to itself'],
  ['a redirect to itself by its URL', row(`/a,https://${DOMAIN}/a,,`), 2, '/a leads to itself'],
  ['a loop of two', csvOf('/a,/b,,', '/b,/a,,'), 2, 'A loop of 2 redirects: /a → /b (line 3) → /a.'],
  ['a loop of three', csvOf('/a,/b,,', '/b,/c,,', '/c,/a,,'), 2, 'A loop of 3 redirects'],
  ['a line break in a cell', row('"/a\r\nb",/b,,'), 2, 'Old Path contains a line break'],
  ['a fault after cells of several lines', csvOf('"/a\r\nb",/b,,', '/c,,,'), 4, 'There is no target'],
  ['a quotation mark that is not closed', row('"/a,/b,,'), 2, 'is never closed'],
];

const ENCODINGS: readonly BadFile[] = [
  ['UTF-16', Buffer.from(`\ufeff${csvOf('/a,/b,,')}`, 'utf16le'), 1, 'It is UTF-16, not UTF-8.'],
  ['a workbook', Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0]), 1, 'It is a zip or a workbook'],
  ['Latin-1', Buffer.from(csvOf('/größe,/b,,'), 'latin1'), 2, 'not valid UTF-8'],
  ['an empty file', text(''), undefined, 'is empty'],
  ['a byte-order mark alone', text('\ufeff'), 1, ''],
];

test.each([...HEADERS, ...ROWS, ...ENCODINGS])('%s', async (_, csv, line, words) => {
  const emulator = await redirectsPlatform();
  const run = await runImport({ emulator, csv });
  expectEnd(run, 'error');
  const errors = annotationsOf(run, 'error');
  expect(`${verdictOf(run).message}`).toContain('The redirects are unchanged.');
  expect(errors.map(({ message }) => message).join('\n')).toContain(words);
  if (line !== undefined) expect(errors.map((error) => error.line)).toContain(line);
  expect(emulator.requests).toEqual([]);
  expect(run.outputs['job-id']).toBeUndefined();
});

test('a hundred faults: nine annotations and the verdict, which counts them all; the log has the others', async () => {
  const emulator = await redirectsPlatform();
  const run = await runImport({ emulator, csv: csvOf(...Array.from({ length: 100 }, (_, at) => `old-${at},/new,,`)) });
  expectEnd(run, 'error');
  expect(annotationsOf(run, 'error')).toHaveLength(10);
  expect(verdictOf(run).message).toContain('redirects.csv has 100 problems.');
  expect(run.lines.filter((line) => line.startsWith('redirects.csv:'))).toHaveLength(91);
  expect(emulator.requests).toEqual([]);
});

test('a file that does not exist is reported by its name', async () => {
  const emulator = await redirectsPlatform();
  const run = await runImport({ emulator, inputs: { file: 'missing.csv' } });
  expectEnd(run, 'error');
  expect(verdictOf(run).message).toContain('missing.csv');
  expect(emulator.requests).toEqual([]);
});

test('chains are warned of with all of their links, and are imported', async () => {
  const emulator = await redirectsPlatform();
  const run = await runImport({ emulator, csv: csvOf('/a,/b,,', '/b,/c,,', '/c,/d,,', '/x,/y,,') });
  expectEnd(run, 'complete', { completed: '4' });
  const [chain, ...others] = annotationsOf(run, 'warning');
  expect(others).toEqual([]);
  expect(chain).toMatchObject({ file: 'redirects.csv', line: 2 });
  expect(chain?.message).toContain('A chain of 3 redirects: /a → /b (line 3) → /c (line 4) → /d.');
  expect(run.summary).toContain('A chain of 3 redirects');
  expect(storedRedirects(emulator)).toHaveLength(4);
});

test.each([
  ['UTF-8 with a byte-order mark', `\ufeff${csvOf('/größe,/b,,')}`],
  ['CRLF', csvOf('/größe,/b,,').replaceAll('\n', '\r\n')],
  ['CR', csvOf('/größe,/b,,').replaceAll('\n', '\r')],
  ['no line break at the end', csvOf('/größe,/b,,').trimEnd()],
  ['all cells in quotation marks', csvOf('/größe,/b,,').replace(/[^,\n]+/g, '"$&"')],
  ['blank lines', `${csvOf('/größe,/b,,')}\n\n`],
])('a file with %s is fine', async (_, csv) => {
  const emulator = await redirectsPlatform();
  expectEnd(await runImport({ emulator, csv }), 'complete', { completed: '1', total: '1' });
  expect(storedRedirects(emulator)).toEqual(['/größe → /b']);
});

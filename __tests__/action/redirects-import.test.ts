import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import Papa from 'papaparse';
import { warningsOf } from './harness.ts';
import {
  annotationsOf,
  csvOf,
  expectEnd,
  HEADER,
  jobsOf,
  manyRows,
  redirectsPlatform,
  runImport,
  storeCallsOf,
  storedRedirects,
  verdictOf,
} from './redirects-harness.ts';

test('a file as a spreadsheet saves it is imported, and the platform gets the plain form of it', async () => {
  const emulator = await redirectsPlatform();
  const csv = [
    `\ufeff${HEADER}`,
    'STORE.example.com,/old,/new,,',
    '',
    '"store.example.com","/with, comma","https://example.org/?a=""b""",,',
    'outlet.example.com,/größe,,Product,12',
    '',
  ].join('\r\n');
  const run = await runImport({ emulator, csv });
  const [job] = jobsOf(emulator, 'import');
  expectEnd(run, 'complete', { completed: '3', failed: '0', total: '3', 'job-id': job?.jobId });
  expect(job?.file).toMatchObject({ name: 'redirects.csv', contentType: 'text/csv' });
  expect(job?.file?.text).toBe(
    [
      HEADER,
      'store.example.com,/old,/new,,',
      'store.example.com,"/with, comma","https://example.org/?a=""b""",,',
      'outlet.example.com,/größe,,Product,12',
      '',
    ].join('\n'),
  );
  expect(storedRedirects(emulator)).toEqual([
    '/old → /new',
    '/with, comma → https://example.org/?a="b"',
    '/größe → product 12',
  ]);
  expect(run.annotations).toEqual([]);
  expect(storeCallsOf(emulator)).toEqual(['importRedirects', 'importEvents']);
  expect(run.summary).toContain('## ✅ Imported 3 redirects');
  expect(readdirSync(run.runnerTemp)).toEqual([]);
});

/** Row n of the file is in line n + 2: the header, and a blank line after it. */
const REFUSING = `${HEADER}\n\n${csvOf(...manyRows(14))
  .split('\n')
  .slice(1)
  .join('\n')}`;
const REJECTED = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14];

test('rejected rows are nine annotations at their lines and the verdict, and a file has them all', async () => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', effect: 'refuse-rows', rows: REJECTED, message: 'Not, "this" one.' });
  const run = await runImport({ emulator, csv: REFUSING });
  expectEnd(run, 'partial', { completed: '2', failed: '12', total: '14' });
  const errors = annotationsOf(run, 'error');
  expect(errors).toHaveLength(10);
  expect(errors.slice(0, 9).map(({ file, line }) => `${file}:${line}`)).toEqual(
    REJECTED.slice(0, 9).map((row) => `redirects.csv:${row + 2}`),
  );
  expect(errors[0]?.message).toBe('/old-2 → /new-2: Not, "this" one. (line 4)');
  expect(verdictOf(run).message).toContain('The platform rejected 12 of 14 rows; the others are in place.');
  for (const row of [11, 12, 14]) {
    expect(run.lines).toContain(`redirects.csv:${row + 2}: /old-${row} → /new-${row}: Not, "this" one.`);
  }
  const path = run.outputs['failed-rows-file'] ?? '';
  const { data, errors: faults } = Papa.parse<string[]>(readFileSync(path, 'utf8'), { skipEmptyLines: true });
  expect(faults).toEqual([]);
  expect(data).toEqual([
    ['Line', 'Message', ...HEADER.split(',')],
    ...REJECTED.map((row) => [
      `${row + 2}`,
      'Not, "this" one.',
      'store.example.com',
      `/old-${row}`,
      `/new-${row}`,
      '',
      '',
    ]),
  ]);
  expect(run.summary).toContain('❌ Imported 2 of 14 redirects, 12 rejected');
  expect(run.summary).toContain('- Line 16: <code>&#47;old-14</code> → <code>&#47;new-14</code> · Not');
});

test('as many rejected rows as are allowed leave the job green, with warnings at their lines', async () => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', effect: 'refuse-rows', rows: [1, 3] });
  const run = await runImport({ emulator, csv: csvOf(...manyRows(3)), inputs: { 'allow-failed-rows': '2' } });
  expectEnd(run, 'partial', { completed: '1', failed: '2', total: '3' }, true);
  expect(annotationsOf(run, 'warning').map(({ line }) => line)).toEqual([2, 4, undefined]);
  expect(warningsOf(run)).toContain('The platform rejected 2 of 3 rows; `allow-failed-rows` lets that pass.');
  expect(run.outputs['failed-rows-file']).toMatch(/\.csv$/);
  expect(run.summary).toContain('⚠️ Imported 1 of 3 redirects, 2 rejected');
});

test('all faults of a file are reported together at their lines, and nothing is sent', async () => {
  const emulator = await redirectsPlatform();
  const rows = [
    'no-slash,/new,,',
    '"/two\r\nlines",/new,,',
    '/both,/new,Product,12',
    '/cells,/new',
    '/twice,/a,,',
    '/twice,/b,,',
    '/self,/self,,',
    '/here,/there,,',
    '/there,/here,,',
  ];
  const run = await runImport({ emulator, csv: csvOf(...rows) });
  expectEnd(run, 'error', { file: expect.stringMatching(/redirects\.csv$/) });
  const errors = annotationsOf(run, 'error');
  expect(errors.slice(0, -1).map(({ file, line }) => `${file}:${line}`)).toEqual(
    [2, 3, 5, 6, 8, 9, 10].map((line) => `redirects.csv:${line}`),
  );
  expect(verdictOf(run).title).toBe('redirects.csv is not usable');
  expect(verdictOf(run).message).toContain('redirects.csv has 7 problems.');
  expect(emulator.requests).toEqual([]);
});

test('a file with its header alone is nothing to import', async () => {
  const emulator = await redirectsPlatform();
  const run = await runImport({ emulator, csv: `${HEADER}\r\n` });
  expectEnd(run, 'unchanged', { completed: '0', failed: '0', total: '0' });
  expect(annotationsOf(run, 'notice').map(({ message }) => message)).toEqual([
    'redirects.csv has no redirects: nothing was sent.',
  ]);
  expect(emulator.requests).toEqual([]);
});

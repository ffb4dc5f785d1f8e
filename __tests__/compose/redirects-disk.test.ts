import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createRedirectsDisk } from '../../src/compose/redirects-disk.ts';
import { createRedactor } from '../../src/report/redactor.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redirects-disk-'));
  jest.replaceProperty(process, 'env', { ...process.env, RUNNER_TEMP: folder });
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

test('the file of rejected rows, which often becomes an artifact, has no secret that the platform quoted', async () => {
  const redactor = createRedactor();
  redactor.add('s3cret-token');
  const disk = createRedirectsDisk(new AbortController().signal, redactor);
  const row = { line: 3, domain: 'd.example', fromPath: '/a', target: { kind: 'manual', url: '/b' } } as const;
  const path = await disk.writeFailedRows([
    { row, line: 3, message: 'Rejected for the token s3cret-token.' },
    { row: undefined, line: undefined, message: 's3cret-token' },
  ]);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('3,Rejected for the token ***.,d.example,/a,/b,,\n');
  expect(text).not.toContain('s3cret');
});

test('of many rejected rows each is there, in its place, and the one with a secret is without it', async () => {
  const redactor = createRedactor();
  redactor.add('s3cret-token');
  const disk = createRedirectsDisk(new AbortController().signal, redactor);
  const rows = Array.from({ length: 2500 }, (_, index) => ({
    row: undefined,
    line: index + 2,
    message: index === 1700 ? 'Of s3cret-token.' : `Row ${index}.`,
  }));
  const [, ...lines] = readFileSync(await disk.writeFailedRows(rows), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toHaveLength(2500);
  expect([lines[999], lines[1000], lines[1700], lines[2499]]).toEqual([
    '1001,Row 999.,,,,,',
    '1002,Row 1000.,,,,,',
    '1702,Of ***.,,,,,',
    '2501,Row 2499.,,,,,',
  ]);
});

import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import Papa from 'papaparse';
import type { RedirectRow } from '../../src/domain/redirects/redirect.ts';
import { readRedirectFile } from '../../src/files/redirects/read-redirect-file.ts';
import {
  writeFailedRows,
  writeHeaderOnly,
  writeImportParts,
  writeRedirectsCsv,
} from '../../src/files/redirects/write-redirects.ts';
import { onLinux, PRIVATE_FILE_MODE } from '../systems.ts';
import { removeScratch, scratch } from './helpers.ts';
import { errorOf, HEADER, redirectRows } from './redirects-helpers.ts';

afterAll(removeScratch);

const row = (fromPath: string, url: string, line = 2): RedirectRow => ({
  domain: 'd.example',
  fromPath,
  target: { kind: 'manual', url },
  line,
});

/** An independent reader of CSV. */
async function cellsIn(path: string): Promise<string[][]> {
  const { data, errors } = Papa.parse<string[]>(await readFile(path, 'utf8'), {
    skipEmptyLines: true,
    newline: '\n',
    delimiter: ',',
  });
  expect(errors).toEqual([]);
  return data;
}

describe('parts of an import', () => {
  test('hold all rows in their order, each under the limit and none empty; other readers read the same', async () => {
    const folder = await scratch();
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(redirectRows, fc.integer({ min: 220, max: 400 }), async (given, maxBytes) => {
        const rows = given.map((one) => one.row);
        const parts = await writeImportParts(rows, folder, { maxBytes });
        seen.add(parts.length);
        const read: unknown[] = [];
        for (const [index, part] of parts.entries()) {
          expect(part).toMatchObject({
            path: join(folder, `redirects-part-${index + 1}.csv`),
            firstIndex: read.length,
          });
          expect(part.rowCount).toBeGreaterThan(0);
          expect(part.sizeBytes).toBeLessThan(maxBytes);
          const { size, mode } = await stat(part.path);
          expect([size, mode & 0o777]).toEqual([part.sizeBytes, PRIVATE_FILE_MODE]);
          const file = await readRedirectFile(part.path);
          expect(file.problems).toEqual([]);
          expect(file.rows.map(({ line }) => line)).toEqual(Array.from({ length: part.rowCount }, (_, at) => at + 2));
          expect(await cellsIn(part.path)).toEqual([
            HEADER.split(','),
            ...given.slice(part.firstIndex, part.firstIndex + part.rowCount).map(({ cells }) => cells),
          ]);
          read.push(...file.rows.map((one) => ({ ...one, line: 0 })));
        }
        expect(read).toEqual(rows.map((one) => ({ ...one, line: 0 })));
      }),
      { numRuns: 100 },
    );
    expect(Math.max(...seen)).toBeGreaterThan(2);
  });

  test('are as few as can be: a part is left only when the next row would reach the limit', async () => {
    const rows = Array.from({ length: 5000 }, (_, at) => row(`/${at}`, `/${'ü'.repeat(at % 50)}`, at + 2));
    const maxBytes = 100_000;
    const parts = await writeImportParts(rows, await scratch(), { maxBytes });
    expect(parts.length).toBeGreaterThan(3);
    for (const [index, { sizeBytes }] of parts.slice(0, -1).entries()) {
      const [, first = ''] = (await readFile(parts[index + 1]?.path ?? '', 'utf8')).split('\n');
      expect(sizeBytes + Buffer.byteLength(first) + 1).toBeGreaterThanOrEqual(maxBytes);
    }
  });

  test('have exactly the bytes that fit', async () => {
    const one = `${HEADER}\nd.example,/a,/b,,\n`;
    const folder = await scratch();
    const write = async (maxBytes: number) => await writeImportParts([row('/a', '/b')], folder, { maxBytes });
    const [part] = await write(one.length + 1);
    expect(await readFile(part?.path ?? '', 'utf8')).toBe(one);
    expect((await errorOf(write(one.length))).message).toBe(
      'The redirect in line 2 has 18 bytes, which is more than an import file can hold.',
    );
    expect(await writeImportParts([], folder, { maxBytes: 1000 })).toEqual([]);
  });

  test('a fault leaves none of them behind', async () => {
    const folder = await scratch();
    const rows = [row('/a', '/b'), row('/c', '/d'), row(`/${'x'.repeat(500)}`, '/e', 9)];
    expect((await errorOf(writeImportParts(rows, folder, { maxBytes: 110 }))).message).toMatch(
      /^The redirect in line 9 /,
    );
    expect(await readdir(folder)).toEqual([]);
    await expect(
      writeImportParts(rows, folder, { maxBytes: 2000, signal: AbortSignal.abort(new Error('cancelled')) }),
    ).rejects.toThrow('cancelled');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a backup', () => {
  test('can be read again as it was', async () => {
    const path = join(await scratch(), 'new', 'backup.csv');
    await fc.assert(
      fc.asyncProperty(redirectRows, async (given) => {
        const redirects = given.map(({ row: { fromPath, target } }) => ({ fromPath, target }));
        await writeRedirectsCsv(path, 'd.example', redirects);
        const { rows, problems } = await readRedirectFile(path);
        expect(problems).toEqual([]);
        expect(rows).toEqual(
          redirects.map((redirect, index) => ({ ...redirect, domain: 'd.example', line: index + 2 })),
        );
      }),
      { numRuns: 50 },
    );
    expect((await stat(path)).mode & 0o777).toBe(PRIVATE_FILE_MODE);
  });
});

test('an export of nothing is the header alone', async () => {
  const path = join(await scratch(), 'out.csv');
  await writeHeaderOnly(path);
  expect(await readFile(path, 'utf8')).toBe(`${HEADER}\n`);
});

test('rejected rows come with their lines and messages, and are no formulas', async () => {
  const path = join(await scratch(), 'failed.csv');
  await writeFailedRows(path, [
    { row: { ...row('/a', '=1+1'), line: 3 }, line: 3, message: '=HYPERLINK("https://evil.example")' },
    {
      row: { domain: 'd.example', fromPath: '/b', target: { kind: 'dynamic', type: 'Page', id: 4 }, line: 9 },
      line: 9,
      message: '-x,\ny',
    },
    { row: undefined, line: undefined, message: 'Nobody knows.' },
  ]);
  expect(await cellsIn(path)).toEqual([
    ['Line', 'Message', ...HEADER.split(',')],
    ['3', `'=HYPERLINK("https://evil.example")`, 'd.example', '/a', "'=1+1", '', ''],
    ['9', "'-x,\ny", 'd.example', '/b', '', 'Page', '4'],
    ['', 'Nobody knows.', '', '', '', '', ''],
  ]);
});

describe('a file that cannot be written', () => {
  test('is reported with the reason that the system gives', async () => {
    const folder = await scratch();
    await writeFile(join(folder, 'taken'), '');
    const error = await errorOf(writeHeaderOnly(join(folder, 'taken', 'out.csv')));
    expect(error.message.replaceAll(folder, '').replaceAll('\\', '/')).toMatch(
      /^The file \/taken\/out\.csv could not be written: .*\((ENOTDIR|EEXIST)\)\.$/,
    );
    await mkdir(join(folder, 'folder.csv'));
    expect((await errorOf(writeHeaderOnly(join(folder, 'folder.csv')))).message).toMatch(/\(EISDIR\)/);
    await mkdir(join(folder, 'closed'));
    await chmod(join(folder, 'closed'), 0o500);
    if ((process.getuid?.() ?? 0) !== 0) {
      expect(
        (await errorOf(writeImportParts([row('/a', '/b')], join(folder, 'closed'), { maxBytes: 1000 }))).message,
      ).toMatch(/\(EACCES\)/);
    }
  });

  onLinux('is reported for a full disk, too', async () => {
    // By a link: what could not be written is removed.
    const path = join(await scratch(), 'full.csv');
    await symlink('/dev/full', path);
    const error = await errorOf(writeRedirectsCsv(path, 'd.example', [row('/a', '/b')]));
    expect(error.message).toBe(`The file ${path} could not be written: no space left on device (ENOSPC).`);
    expect(existsSync(path)).toBe(false);
    expect(error.title).toBe('File not writable');
  });
});

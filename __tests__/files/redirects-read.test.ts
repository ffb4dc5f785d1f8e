import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ActionError, FileError } from '../../src/errors.ts';
import { readRedirectFile } from '../../src/files/redirects/read-redirect-file.ts';
import { onPosix } from '../systems.ts';
import { removeScratch, scratch } from './helpers.ts';
import { errorOf, HEADER, redirectRows } from './redirects-helpers.ts';

afterAll(removeScratch);

async function write(content: string | Buffer, name = 'redirects.csv'): Promise<string> {
  const path = join(await scratch(), name);
  await writeFile(path, content);
  return path;
}

const read = async (content: string | Buffer) => await readRedirectFile(await write(content));
const problemsOf = async (content: string | Buffer) =>
  (await read(content)).problems.map(({ line, message }) => `${line}: ${message}`);

async function headerError(header: string): Promise<ActionError> {
  const error = await errorOf(read(`${header}\nd.example,/a,/b,,\n`));
  expect(error).toBeInstanceOf(FileError);
  expect(error.title).toBe('Header not usable');
  return error;
}

describe('a CSV', () => {
  test('is read whatever its line breaks, with the line of each row', async () => {
    const text = `\r\n\ufeff${HEADER}`.slice(2);
    const path = await write(
      `${text}\r\nd.example,/a,/b,,\n\n\r\nD.example,"/c, ""d""","/e",,\r"d.example",/f,,Product,12\r\n\n\n"d.example",/é😀,/y,,""`,
    );
    expect(await readRedirectFile(path)).toEqual({
      format: 'csv',
      sizeBytes: expect.any(Number),
      rows: [
        { domain: 'd.example', fromPath: '/a', target: { kind: 'manual', url: '/b' }, line: 2 },
        { domain: 'd.example', fromPath: '/c, "d"', target: { kind: 'manual', url: '/e' }, line: 5 },
        { domain: 'd.example', fromPath: '/f', target: { kind: 'dynamic', type: 'Product', id: 12 }, line: 6 },
        { domain: 'd.example', fromPath: '/é😀', target: { kind: 'manual', url: '/y' }, line: 9 },
      ],
      problems: [],
      problemCount: 0,
    });
  });

  test('of the header alone has no rows', async () => {
    expect(await read(HEADER)).toMatchObject({ rows: [], problems: [], problemCount: 0 });
    expect(await read(`\n\n${HEADER}\r\n\r\n`)).toMatchObject({ rows: [], problems: [], problemCount: 0 });
  });

  test('reports all faults of all rows, at the lines where the rows begin', async () => {
    const text = `${HEADER}\nd.example,/a,/b\n\nd.example,"/c\r\nd\n",/e,,\nd.example,f,,,\nd.example,/g,/h,,\n`;
    const { rows, problems } = await read(text);
    expect(rows.map(({ line }) => line)).toEqual([8]);
    expect(problems.map(({ line }) => line)).toEqual([2, 4, 4, 7, 7]);
    expect(problems[2]?.message).toMatch(/^Old Path contains a line break/);
  });

  test('keeps a thousand problems, and counts all', async () => {
    const { problems, problemCount } = await read(`${HEADER}\n${'d.example,/a,/b\n'.repeat(1500)}`);
    expect([problems.length, problemCount]).toEqual([1000, 1500]);
  });

  test.each([
    ['d.example,"/a,/b,,\nd.example,/c,/d,,\n', '3: A quotation mark (") opens in this row and is never closed.'],
    [
      'd.example,/"a,/b,,\n',
      '3: A cell that is not quoted contains a quotation mark ("). Quote the cell, and write the mark twice ("").',
    ],
    [
      'd.example,"/a"b,/b,,\n',
      '3: A quotation mark (") closes in the middle of a cell. Within a quoted cell, write it twice ("").',
    ],
    [
      `d.example,"/a,/b,,\n${'d.example,/c,/d,,\n'.repeat(5000)}`,
      '3: The row is longer than 64 kB. Perhaps a quotation mark (") opens in it and is not closed.',
    ],
  ])('that is invalid from some row on is read up to there: %#', async (rest, message) => {
    expect(await problemsOf(`${HEADER}\nd.example,x,/b,,\n${rest}`)).toEqual([
      '2: Old Path is "x", which does not begin with "/".',
      `${message} The rest of the file was not read.`,
    ]);
  });

  test('is read the same wherever its bytes are cut', async () => {
    const filler = Array.from({ length: 9000 }, (_, at) => `d.example,/${'é'.repeat(at % 7)}${at},"/""ü${at}",,`);
    const { rows, problems } = await read(`${HEADER}\r\n${filler.join('\r\n')}`);
    expect(problems).toEqual([]);
    expect(
      rows.every(
        ({ fromPath, target, line }, at) =>
          fromPath === `/${'é'.repeat(at % 7)}${at}` &&
          line === at + 2 &&
          target.kind === 'manual' &&
          target.url === `/"ü${at}`,
      ),
    ).toBe(true);
    expect(rows).toHaveLength(9000);
  });
});

describe('the header', () => {
  test.each([
    [
      'd.example,/a,/b,,',
      'There is no header: the file begins with a redirect.',
      `Put the line \`${HEADER}\` before it.`,
    ],
    [
      '/a,/b,Product,12',
      'There is no header: the file begins with a redirect.',
      `Put the line \`${HEADER}\` before it, and write each redirect in these five cells, as in \`www.example.com,/old,/new,,\`.`,
    ],
    [
      `${HEADER} `,
      'Column 5 is "Dynamic Target ID ", but has to be "Dynamic Target ID": without white space at its ends.',
      `Make the first line \`${HEADER}\`.`,
    ],
    [
      HEADER.replace('Old Path', 'Old path'),
      'Column 2 is "Old path", but has to be "Old Path": upper and lower case count.',
      `Make the first line \`${HEADER}\`.`,
    ],
    [
      `${HEADER},`,
      'Column 6 is one too many, and has no name.',
      `Remove everything after the fifth column from all rows and from the header, which is \`${HEADER}\`.`,
    ],
    [
      `${HEADER},Dynamic Target URL`,
      'Column 6, "Dynamic Target URL", is one too many. An export with `include-dynamic-target-urls` has such a column: export without it.',
      `Remove everything after the fifth column from all rows and from the header, which is \`${HEADER}\`.`,
    ],
    [
      HEADER.replace(/,[^,]*$/, ''),
      'Column 5 is missing: it has to be "Dynamic Target ID".',
      `All rows need these five columns in this order, even where a cell is empty: \`${HEADER}\`.`,
    ],
    [
      'Name,Price',
      'This is not a header of redirects: "Name", "Price".',
      `Write a CSV with the first line \`${HEADER}\` and a row for each redirect, as in \`www.example.com,/old,/new,,\`.`,
    ],
  ])('%j is not the one that the platform requires', async (header, problem, fix) => {
    const error = await headerError(header);
    expect(error.details).toEqual([`line 1: ${problem}`]);
    expect(error.fix).toBe(fix);
  });

  test('of another file is not repeated at length', async () => {
    const cells = Array.from({ length: 500 }, (_, at) => `column ${at} ${'x'.repeat(100)}`);
    for (const header of [cells, ['Old Path', ...cells]]) {
      const { details } = await headerError(header.join(','));
      expect(details.length).toBeLessThanOrEqual(15);
      for (const detail of details) expect(detail.length).toBeLessThan(250);
    }
  });

  test('is reported in full', async () => {
    const { details, fix } = await headerError('Old Path,Domain,Manual URL/Path');
    expect(fix).toMatch(/^All rows need these five columns in this order/);
    expect(details).toEqual([
      'line 1: Column 1 is "Old Path", but has to be "Domain".',
      'line 1: Column 2 is "Domain", but has to be "Old Path".',
      'line 1: Column 4 is missing: it has to be "Dynamic Target Type".',
      'line 1: Column 5 is missing: it has to be "Dynamic Target ID".',
    ]);
    const reordered = 'Old Path,Domain,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';
    expect((await headerError(reordered)).fix).toMatch(/^Put the columns of all rows into this order/);
    for (const blank of ['\n\n', '\n \n', ',,,,\n;;;;\n']) {
      expect((await errorOf(read(blank))).details).toEqual([
        'line 1: There is no header: the file has only blank lines.',
      ]);
    }
  });
});

describe('a path that is no readable file', () => {
  test('is reported: missing, a folder, empty, without permission', async () => {
    const folder = await scratch();
    await mkdir(join(folder, 'f.csv'));
    await writeFile(join(folder, 'empty.csv'), '');
    await writeFile(join(folder, 'closed.csv'), HEADER);
    await chmod(join(folder, 'closed.csv'), 0);
    const message = async (name: string) =>
      (await errorOf(readRedirectFile(join(folder, name)))).message.replaceAll(folder, '').replaceAll('\\', '/');
    expect(await message('none.csv')).toBe('There is no file /none.csv.');
    expect(await message('f.csv')).toBe('/f.csv is a folder.');
    expect(await message('empty.csv')).toMatch(/^\/empty.csv is empty\./);
    expect(await message('empty.csv/x')).toBe(
      process.platform === 'win32'
        ? 'There is no file /empty.csv/x.'
        : '/empty.csv/x cannot be read: not a directory (ENOTDIR).',
    );
    if ((process.getuid?.() ?? 0) !== 0)
      expect(await message('closed.csv')).toMatch(/cannot be read: permission denied/);
  });

  onPosix('a FIFO is reported without waiting for it', async () => {
    const fifo = join(await scratch(), 'fifo.csv');
    execFileSync('mkfifo', [fifo]);
    expect((await errorOf(readRedirectFile(fifo))).message).toBe(`${fifo} is not a file.`);
  });

  test('a cancelled run ends the reading with its reason', async () => {
    const path = await write(`${HEADER}\n${'d.example,/a,/b,,\n'.repeat(50_000)}`);
    const cancel = new AbortController();
    const reading = readRedirectFile(path, { signal: cancel.signal });
    setImmediate(() => cancel.abort(new Error('cancelled')));
    await expect(reading).rejects.toThrow('cancelled');
  });
});

test('any rows, however quoted and broken into lines, are read as they are', async () => {
  const path = await write('');
  await fc.assert(
    fc.asyncProperty(
      redirectRows,
      fc.infiniteStream(
        fc.record({ isQuoted: fc.boolean(), lineBreak: fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\n') }),
      ),
      fc.boolean(),
      async (rows, styles, hasBom) => {
        const style = styles[Symbol.iterator]();
        const next = () => style.next().value as { isQuoted: boolean; lineBreak: string };
        let text = (hasBom ? '\ufeff' : '') + HEADER;
        let line = 1;
        const lines: number[] = [];
        const endLine = () => {
          const { lineBreak } = next();
          text += lineBreak;
          line += lineBreak.match(/\r\n|\r|\n/g)?.length ?? 0;
        };
        endLine();
        for (const { cells } of rows) {
          lines.push(line);
          const quote = (cell: string) =>
            next().isQuoted || /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
          text += cells.map(quote).join(',');
          endLine();
        }
        await writeFile(path, text);
        const file = await readRedirectFile(path);
        expect(file).toMatchObject({ problems: [], sizeBytes: Buffer.byteLength(text) });
        expect(file.rows).toEqual(rows.map(({ row }, index) => ({ ...row, line: lines[index] })));
      },
    ),
    { numRuns: 150 },
  );
});

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type InspectZipOptions, inspectZip } from '../../src/files/inspect-zip.ts';
import { closedUnder, pack, problemsOf, rawZip, removeScratch, scratch, writeTree } from './helpers.ts';

afterAll(removeScratch);

type Entries = Parameters<typeof rawZip>[0];
const worker = { name: 'output/worker.js', data: Buffer.from('export default {}') };

async function inspect(zip: Buffer | Entries, options: Partial<InspectZipOptions> = {}) {
  const path = join(await scratch(), 'ready.zip');
  await writeFile(path, Buffer.isBuffer(zip) ? zip : rawZip(zip, crc32));
  return await inspectZip({
    path,
    displayPath: 'ready.zip',
    forbidden: [],
    signal: new AbortController().signal,
    ...options,
  });
}

const problems = async (entries: Buffer | Entries, options: Partial<InspectZipOptions> = {}) =>
  await problemsOf(inspect(entries, options));

const deflated = (name: string, data: Buffer, more: Partial<Entries[number]> = {}) => ({
  name,
  data,
  stored: deflateRawSync(data),
  method: 8,
  ...more,
});

/** A zip with 20 files of this content, and the worker. @returns its path */
async function writeLargeZip(data: Buffer): Promise<string> {
  const stored = deflateRawSync(data);
  const entries = Array.from({ length: 20 }, (_, i) => ({
    name: `output/${i}`,
    data,
    stored,
    method: 8,
    crc: crc32(data),
  }));
  const path = join(await scratch(), 'z.zip');
  await writeFile(path, rawZip([worker, ...entries], crc32));
  return path;
}

describe('a good zip', () => {
  test('is described like the folder that it was packaged from', async () => {
    const directory = await writeTree(join(await scratch(), 'd'), {
      'worker.js': 'x',
      'a/é.txt': 'a'.repeat(100_000),
      empty: '',
    });
    const { path, ...packaged } = await pack(directory);
    expect(await inspectZip({ path, displayPath: 'z', forbidden: [], signal: new AbortController().signal })).toEqual({
      path,
      ...packaged,
    });
    await closedUnder(path);
  });

  test('folders are allowed and not counted; deflated, stored and empty files; modes without a type', async () => {
    const bundle = await inspect([
      { name: 'output/', mode: 0o40755 },
      { name: 'output/a/', mode: 0 },
      deflated('output/a/z', Buffer.alloc(0)),
      deflated('output/a/b', Buffer.from('hello'), { mode: 0 }),
      worker,
    ]);
    expect(bundle.files).toEqual([
      { name: 'a/b', sizeBytes: 5 },
      { name: 'a/z', sizeBytes: 0 },
      { name: 'worker.js', sizeBytes: 17 },
    ]);
    expect(bundle.sha256).toBe(
      createHash('sha256')
        .update(await readFile(bundle.path))
        .digest('hex'),
    );
    expect(bundle.warnings).toEqual([]);
  });
});

describe('files that are not zips', () => {
  test('missing, a folder, empty, text, cut short', async () => {
    const path = join(await scratch(), 'none.zip');
    const at = async (where: string) =>
      await problemsOf(
        inspectZip({ path: where, displayPath: 'z', forbidden: [], signal: new AbortController().signal }),
      );
    expect(await at(path)).toEqual(['z: there is no such file.']);
    expect(await at(join(path, '..'))).toEqual(['z: this is not a file.']);
    expect(await problems(Buffer.alloc(0))).toEqual(['ready.zip: this file is empty.']);
    expect(await problems(Buffer.from('hello'))).toEqual([expect.stringMatching(/not a zip/)]);
    const whole = rawZip([worker, worker], crc32);
    expect(await problems(whole.subarray(0, -10))).toEqual([expect.stringMatching(/not a zip, or it is cut short/)]);
    expect(await problems(Buffer.concat([whole.subarray(0, 20), whole.subarray(40)]))).not.toEqual([]);
  });

  test('no files in it', async () => {
    expect(await problems([{ name: 'output/', mode: 0o40755 }])).toEqual([expect.stringMatching(/no files/)]);
  });
});

describe('entries', () => {
  test.each<[string, Entries[number], RegExp]>([
    ['outside', { name: 'assets/a' }, /^assets\/a: .*outside output\//],
    ['a folder outside', { name: 'assets/' }, /outside/],
    ['beside it, with a similar name', { name: 'output-2/a' }, /outside/],
    ['dots', { name: 'output/../a' }, /^output\/\.\.\/a: .*lead out/],
    ['absolute', { name: '/output/a' }, /lead out/],
    ['backslash', { name: 'output\\a' }, /^output\\\\a: .*backslash/],
    ['control characters', { name: 'output/a\nb' }, /^output\/a\\u\{a\}b: .*control/],
    ['bad UTF-8', { name: Buffer.from([0x6f, 0xff]) }, /^o\\xff: .*UTF-8/],
    ['link', { name: 'output/a', data: Buffer.from('x'), mode: 0o120777 }, /link/],
    ['device', { name: 'output/a', mode: 0o20644 }, /not a plain file/],
    ['folder mode on a file', { name: 'output/a', mode: 0o40755 }, /not a plain file/],
    ['encrypted', { name: 'output/a', flags: 0x801 }, /encrypted/],
    ['method', { name: 'output/a', method: 12 }, /method 12/],
    ['repeated', worker, /more than once/],
    ['file and folder', { name: 'output/worker.js/a' }, /both a file and a folder/],
    ['two names', { name: 'output/a', localName: 'output/b' }, /two names/],
    ['wrong CRC', { name: 'output/a', data: Buffer.from('x'), crc: 1 }, /CRC-32/],
    ['stored, too small', { name: 'output/a', data: Buffer.from('xx'), size: 3 }, /2 bytes where it declares 3/],
    ['stored, too large', { name: 'output/a', data: Buffer.from('xx'), size: 1 }, /more than the 1 bytes/],
    ['deflated, too large', deflated('output/a', Buffer.alloc(1e6), { size: 1_000 }), /more than the 1000 bytes/],
    ['damaged', { name: 'output/a', data: Buffer.from('xx'), stored: Buffer.from([255, 255]), method: 8 }, /damaged/],
    ['refused name', { name: 'output/a/.env.x' }, /^output\/a\/\.env\.x: environment.*Rebuild the zip without it\.$/],
    ['refused folder', { name: 'output/.git/a' }, /^output\/\.git: /],
    [
      'private key',
      deflated('output/k', Buffer.from(`-----BEGIN RSA PRIVATE KEY-----\n${'A'.repeat(50)}`)),
      /^output\/k: .*private key.*Rebuild/,
    ],
    ['project file', { name: 'output/project.json', data: Buffer.from('{"accessToken":"a"}') }, /accessToken/],
  ])('%s: refused by name', async (_, entry, expected) => {
    expect(await problems([worker, entry])).toEqual([expect.stringMatching(expected)]);
  });

  test('all problems are reported together; a long list is cut', async () => {
    const entries = [...Array.from({ length: 40 }, (_, i) => ({ name: `x${i}` })), { name: 'output/.npmrc' }];
    const found = await problems(entries);
    expect(found).toHaveLength(21);
    expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/npmrc/), 'and 21 more']));
  });

  test('forbidden values: refused or reported as warnings, never printed', async () => {
    const forbidden = [
      { label: 'access-token', value: 'TOKEN-123456', severity: 'refuse' as const },
      { label: 'secret KEY', value: 'hunter2hunter2', severity: 'warn' as const },
    ];
    const bundle = await inspect([worker, deflated('output/a', Buffer.from('hunter2hunter2'))], { forbidden });
    expect(bundle.warnings).toEqual([expect.stringMatching(/^output\/a: .*secret KEY/)]);
    const found = await problems([worker, deflated('output/a', Buffer.from('TOKEN-123456'))], { forbidden });
    expect(found).toEqual([expect.stringMatching(/^output\/a: .*access-token/)]);
    expect([...bundle.warnings, ...found].join()).not.toMatch(/hunter2|TOKEN-/);
  });
});

describe('limits', () => {
  test('files, sizes, the zip', async () => {
    const many = Array.from({ length: 1_001 }, (_, i) => ({ name: `output/${i}` }));
    expect(await problems(many)).toEqual([expect.stringContaining('1,001 files')]);
    expect(await problems([worker, deflated('output/assets/a', Buffer.alloc(26 * 2 ** 20))])).toEqual([
      expect.stringMatching(/^output\/assets\/a: .*25 MB/),
    ]);
    const large = Array.from({ length: 3 }, (_, i) => ({ name: `output/${i}`, data: Buffer.alloc(22 * 2 ** 20) }));
    expect(await problems([worker, ...large])).toEqual([expect.stringMatching(/^The zip: .*64 MB/)]);
  });

  test('a zip that declares more than 512 MB is refused without inflating it', async () => {
    const bomb = Array.from({ length: 30 }, (_, i) => ({
      ...deflated(`output/${i}`, Buffer.alloc(10)),
      size: 20 * 2 ** 20,
    }));
    // The declared sizes are false, which only shows when the data is inflated.
    expect(await problems([worker, ...bomb])).toEqual([
      expect.stringMatching(/^The bundle unzipped: .*512 MB/),
      expect.stringMatching(/not searched/),
    ]);
  });

  test('a zip bomb is not inflated beyond its declared size', async () => {
    const bomb = deflateRawSync(Buffer.alloc(200 * 2 ** 20));
    const before = process.memoryUsage().rss;
    const entry = { name: 'output/bomb', stored: bomb, size: 1_000_000, method: 8, crc: 1 };
    const started = performance.now();
    expect(await problems([worker, entry])).toEqual([expect.stringMatching(/more than the 1000000 bytes/)]);
    expect(performance.now() - started).toBeLessThan(500);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 2 ** 20);
  });

  test('500 MB are gone through in bounded memory', async () => {
    const path = await writeLargeZip(Buffer.alloc(25 * 2 ** 20, 'some text '));
    const before = process.memoryUsage().rss;
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss - before);
    }, 20);
    const bundle = await inspectZip({ path, displayPath: 'z', forbidden: [], signal: new AbortController().signal });
    clearInterval(timer);
    expect(bundle.unzippedBytes).toBe(500 * 2 ** 20 + 17);
    expect(peak).toBeLessThan(120 * 2 ** 20);
  });
});

test('abort: the reason is thrown at once, and the zip is closed', async () => {
  const path = await writeLargeZip(Buffer.alloc(25 * 2 ** 20));
  const controller = new AbortController();
  const reason = new Error('stop');
  const inspecting = inspectZip({ path, displayPath: 'z', forbidden: [], signal: controller.signal }).catch(
    (error) => error,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  const started = performance.now();
  controller.abort(reason);
  expect(await inspecting).toBe(reason);
  expect(performance.now() - started).toBeLessThan(300);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await closedUnder(path);
  await expect(inspectZip({ path, displayPath: 'z', forbidden: [], signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
});

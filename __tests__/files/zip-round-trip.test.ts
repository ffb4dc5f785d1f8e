import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDeflateRaw, deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inspectZip } from '../../src/files/inspect-zip.ts';
import { readingOrder } from '../../src/files/reading-order.ts';
import { hasCommand, pack, readZip, removeScratch, scratch, writeTree } from './helpers.ts';

afterAll(removeScratch);

const withUnzip = hasCommand('unzip') ? test : test.skip;
const withPython = hasCommand('python3') ? test : test.skip;

// Letters in one case only: a file system that ignores case cannot hold two names that differ by it.
const leaf = fc
  .string({ unit: fc.constantFrom(...'abcé日-_.+@ []$'), minLength: 1, maxLength: 8 })
  .filter((name) => /^[^. ].*[^. ]$|^[a-c]$/u.test(name));
const content = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.nat(300_000).map((length) => Buffer.alloc(length, 'abc')),
  fc.nat(70_000).map((length) => randomBytes(length)),
);
const trees = fc
  .dictionary(
    fc.array(leaf, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
    content,
    { minKeys: 0, maxKeys: 12 },
  )
  .map((tree) => ({ ...tree, 'worker.js': Buffer.from('export default {}') }))
  // One name cannot be a file and a folder.
  .filter((tree) => {
    const names = Object.keys(tree);
    return !names.some((name) => names.some((other) => other.slice(0, name.length + 1) === `${name}/`));
  });

/** In the order in which their last blocks are read. */
function expectedEntries(tree: Record<string, Buffer>): [string, Buffer][] {
  const files = Object.entries(tree).map(([name, bytes]) => ({ name, bytes, sizeBytes: bytes.length }));
  const read = readingOrder(files.map((file) => ({ ...file, targetName: file.name, path: file.name })));
  const names = [...new Set(read.map(({ name }) => name).reverse())].reverse();
  return names.map((name) => [`output/${name}`, tree[name] as Buffer]);
}

/** Digests in place of bytes: comparing long buffers with toEqual takes seconds. */
function summed(entries: [string, Buffer][]) {
  return entries.map(([name, bytes]) => [name, bytes.length, createHash('sha256').update(bytes).digest('hex')]);
}

describe('random trees', () => {
  test('yauzl reads the same names and bytes; inspectZip gives the same bundle', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const bundle = await pack(await writeTree(join(await scratch(), 'd'), tree));
        expect(summed(await readZip(bundle.path))).toEqual(summed(expectedEntries(tree)));
        const signal = new AbortController().signal;
        expect(await inspectZip({ path: bundle.path, displayPath: 'z', forbidden: [], signal })).toEqual(bundle);
      }),
      { numRuns: 25 },
    );
  });

  withUnzip('unzip -t finds no fault', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const bundle = await pack(await writeTree(join(await scratch(), 'd'), tree));
        const { status, stdout } = spawnSync('unzip', ['-t', bundle.path], { encoding: 'utf8' });
        expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('No errors detected') });
      }),
      { numRuns: 15 },
    );
  });
});

const TREE = {
  'worker.js': 'export default {}',
  // Of several blocks, and more files than are compressed at the same time.
  'chunk.js': Array.from({ length: 120_000 }, (_, index) => `line ${index * 7919}\n`).join(''),
  ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`c/${index}.js`, `${index} `.repeat(20_000)])),
  'c/stored.png': Buffer.alloc(700_000, 'png'),
  'a/b.txt': 'b'.repeat(500_000),
  'é.txt': 'e',
  empty: '',
  bin: Buffer.alloc(70_000, 'xyz'),
};

withPython(
  'an independent reader sees fixed dates and modes, no folders, nothing outside output/, no spare bytes',
  async () => {
    const bundle = await pack(await writeTree(join(await scratch(), 'd'), TREE));
    const script = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps({
  'bad': z.testzip(), 'comment': len(z.comment),
  'entries': [[i.filename, list(i.date_time), oct(i.external_attr >> 16), i.create_system, i.compress_type, i.file_size, len(i.extra), len(i.comment), hex(i.flag_bits)] for i in z.infolist()],
}))`;
    const { stdout } = spawnSync('python3', ['-c', script, bundle.path], { encoding: 'utf8' });
    const row = (name: string, size: number, flags: string, method = 8) => [
      name,
      [1980, 1, 1, 0, 0, 0],
      '0o100644',
      3,
      method,
      size,
      0,
      0,
      flags,
    ];
    const few = (entries: [string][]) => entries.filter(([name]) => !name.startsWith('output/c')).sort();
    const { entries, ...rest } = JSON.parse(stdout) as { entries: [string][]; bad: unknown; comment: number };
    expect({ ...rest, entries: few(entries) }).toEqual({
      bad: null,
      comment: 0,
      entries: [
        row('output/a/b.txt', 500_000, '0x0'),
        row('output/bin', 70_000, '0x0'),
        // Data that deflate does not shrink is stored.
        row('output/empty', 0, '0x0', 0),
        row('output/worker.js', 17, '0x0', 0),
        row('output/é.txt', 1, '0x800', 0),
      ],
    });
  },
);

describe('the same content gives the same SHA-256', () => {
  test('in another place, written in another order, with other dates and modes', async () => {
    const first = await pack(await writeTree(join(await scratch(), 'd'), TREE));
    const directory = await writeTree(
      join(await scratch(), 'other/place'),
      Object.fromEntries(Object.entries(TREE).reverse()),
    );
    for (const [index, name] of Object.keys(TREE).entries()) {
      await utimes(join(directory, name), index * 1e6, index * 1e8);
      await chmod(join(directory, name), index % 2 === 0 ? 0o755 : 0o600);
    }
    const second = await pack(directory);
    expect(second.sha256).toBe(first.sha256);
    expect((await readFile(second.path)).equals(await readFile(first.path))).toBe(true);
    await writeFile(join(directory, 'empty'), '1');
    expect((await pack(directory)).sha256).not.toBe(first.sha256);
  });

  test('in every time zone and locale, with any number of threads', async () => {
    const directory = await writeTree(join(await scratch(), 'd'), TREE);
    const module = new URL('../../src/files/package-directory.ts', import.meta.url).href;
    const sums = await Promise.all(
      ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles'].map(async (zone, index) => {
        const script = `
          import { packageDirectory } from ${JSON.stringify(module)};
          const bundle = await packageDirectory({ directory: ${JSON.stringify(directory)}, displayDirectory: 'd', exclude: [],
            forbidden: [], destination: ${JSON.stringify(join(await scratch(), `${index}.zip`))}, signal: new AbortController().signal });
          process.stdout.write(bundle.sha256);`;
        const env = {
          ...process.env,
          TZ: zone,
          LC_ALL: ['C', 'sv_SE.UTF-8', 'tr_TR.UTF-8'][index],
          UV_THREADPOOL_SIZE: ['1', '4', '16'][index],
        };
        return spawnSync(process.execPath, ['--input-type=module', '--eval', script], { env, encoding: 'utf8' }).stdout;
      }),
    );
    const here = await pack(directory);
    expect(sums).toEqual([here.sha256, here.sha256, here.sha256]);
  });

  test('with any chunking of deflate’s input and output', async () => {
    // The basis of the claim: short reads, which a file system may return, do not affect the bytes.
    const bytes = Buffer.concat([randomBytes(100_000).map((byte) => byte & 7), Buffer.alloc(100_000, 'some text ')]);
    const whole = deflateRawSync(bytes, { level: 6, chunkSize: 70_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1_000, max: 70_000 }),
        fc.integer({ min: 64, max: 70_000 }),
        async (step, chunkSize) => {
          const deflate = createDeflateRaw({ level: 6, chunkSize });
          for (let at = 0; at < bytes.length; at += step) deflate.write(bytes.subarray(at, at + step));
          deflate.end();
          expect(Buffer.concat(await deflate.toArray()).equals(whole)).toBe(true);
        },
      ),
      { numRuns: 20 },
    );
  });
});

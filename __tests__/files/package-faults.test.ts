import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, rename, rm, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packageDirectory } from '../../src/files/package-directory.ts';
import { onLinux } from '../systems.ts';
import { openFilesUnder, pack, problemsOf, removeScratch, scratch, writeTree } from './helpers.ts';

afterAll(removeScratch);

const PEM = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END PRIVATE KEY-----\n`;

/** A link to what could be packaged, of the same size, if it were in the folder. */
async function becomeLink(path: string): Promise<void> {
  const outside = join(await scratch(), 'outside');
  await rename(path, outside);
  await symlink(outside, path);
}

/** A FIFO without a writer: opening it like a file blocks forever, signals included. */
async function becomePipe(path: string): Promise<void> {
  await rm(path);
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
}

async function tree(files: Record<string, string | Buffer>): Promise<string> {
  return await writeTree(join(await scratch(), 'dist'), { 'worker.js': 'export default {}', ...files });
}

describe('faults', () => {
  onLinux('a full disk is reported with the file', async () => {
    const directory = await tree({ 'big.bin': randomBytes(2 ** 20) });
    const destination = join(await scratch(), 'b.zip');
    await symlink('/dev/full', `${destination}.partial`);
    expect(await problemsOf(pack(directory, { destination }))).toEqual([
      expect.stringMatching(/b\.zip: .*no space.*ENOSPC/),
    ]);
    expect(await readdir(join(destination, '..'))).toEqual([]);
  });

  test('a destination that cannot be created is an error', async () => {
    const directory = await tree({});
    expect(await problemsOf(pack(directory, { destination: join(directory, 'worker.js/b.zip') }))).toEqual([
      expect.stringContaining('cannot be written'),
    ]);
    const destination = join(await scratch(), 'b.zip');
    await mkdir(join(destination, 'x'), { recursive: true });
    expect(await problemsOf(pack(directory, { destination }))).toEqual([expect.stringContaining('cannot be written')]);
    expect(existsSync(`${destination}.partial`)).toBe(false);
  });

  test.each([
    ['grows', (path: string) => appendFile(path, 'more')],
    ['shrinks', (path: string) => truncate(path, 1)],
    ['goes', (path: string) => rename(path, `${path}-gone`)],
    ...(process.platform === 'win32'
      ? []
      : ([
          ['becomes a pipe', becomePipe],
          ['becomes a link', becomeLink],
        ] as const)),
  ])('a file that %s meanwhile is an error, with the other problems', async (_, change) => {
    // The small ones come last.
    const directory = await tree({
      a: randomBytes(20 * 2 ** 20),
      'a.png': randomBytes(8 * 2 ** 20),
      'b.txt': 'bbbb',
      c: PEM,
    });
    const destination = join(await scratch(), 'b.zip');
    const packing = problemsOf(pack(directory, { destination }));
    while (!existsSync(`${destination}.partial`)) await new Promise((resolve) => setTimeout(resolve, 1));
    await change(join(directory, 'b.txt'));
    expect(await packing).toEqual([expect.stringMatching(/^b\.txt: /), expect.stringMatching(/^c: .*private key/)]);
    expect(existsSync(`${destination}.partial`) || existsSync(destination)).toBe(false);
  });
});

describe('abort', () => {
  test('before it starts', async () => {
    const reason = new Error('stop');
    await expect(pack(await tree({}), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('while it writes: the reason is thrown at once, nothing stays open or on the disk', async () => {
    const directory = await tree({ 'a.bin': randomBytes(24 * 2 ** 20), 'b.bin': randomBytes(24 * 2 ** 20) });
    const destination = join(await scratch(), 'b.zip');
    const controller = new AbortController();
    const reason = new Error('stop');
    const packing = pack(directory, { destination, signal: controller.signal }).catch((error) => error);
    while (!existsSync(`${destination}.partial`)) await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const started = performance.now();
    controller.abort(reason);
    expect(await packing).toBe(reason);
    expect(performance.now() - started).toBeLessThan(500);
    expect(await readdir(join(destination, '..'))).toEqual([]);
    expect([...openFilesUnder(directory), ...openFilesUnder(destination)]).toEqual([]);
  });

  test('is handled while files are read that are not compressed', async () => {
    const pngs = Array.from({ length: 100 }, (_, index) => [`${index}.png`, 'png']);
    const directory = await tree(Object.fromEntries(pngs));
    const controller = new AbortController();
    const reason = new Error('stop');
    const destination = join(await scratch(), 'b.zip');
    const options = { directory, displayDirectory: 'd', exclude: [], destination, forbidden: [] };
    const packing = packageDirectory({ ...options, signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(packing).rejects.toBe(reason);
  });

  test('a process that aborts ends by itself', async () => {
    const directory = await tree({ 'a.bin': randomBytes(24 * 2 ** 20) });
    const script = `
      import { packageDirectory } from ${JSON.stringify(new URL('../../src/files/package-directory.ts', import.meta.url).href)};
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('stop')), 100);
      await packageDirectory({ directory: ${JSON.stringify(directory)}, displayDirectory: 'd', exclude: [], forbidden: [],
        destination: ${JSON.stringify(join(await scratch(), 'b.zip'))}, signal: controller.signal }).catch((e) => console.log(e.message));
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    const [code] = await once(child, 'close');
    expect({ code, printed }).toEqual({ code: 0, printed: 'stop\n' });
  });
});

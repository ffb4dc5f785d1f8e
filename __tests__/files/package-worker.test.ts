import { randomBytes } from 'node:crypto';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { onPosix } from '../systems.ts';
import { pack, problemsOf, readZip, removeScratch, scratch, writeTree } from './helpers.ts';

/** worker.js and the files beside it: modules and its source map. */

afterAll(removeScratch);

const TOKEN = { label: 'the access token', value: 'TOKEN-123456', severity: 'refuse' as const };

async function tree(files: Record<string, string | Buffer>): Promise<string> {
  return await writeTree(join(await scratch(), 'dist'), { 'worker.js': 'export default {}', ...files });
}

test('without worker.js, with an empty one, and with one in another place, nothing is packaged', async () => {
  const build = async (files: Record<string, string>) => problemsOf(pack(await writeTree(await scratch(), files)));
  expect(await build({ 'assets/a.css': 'a' })).toEqual([expect.stringMatching(/no worker\.js .* Let the build/)]);
  expect(await build({ 'worker.js': '' })).toEqual([expect.stringMatching(/^worker\.js: it is empty/)]);
  expect(await build({ 'output/worker.js': '1' })).toEqual([expect.stringMatching(/`directory` to .*\/output$/)]);
});

onPosix('one that exclude leaves out is named with the pattern; a refused one is reported once', async () => {
  const directory = await tree({ 'a.js': '1', 'assets/a.css': '1' });
  expect(await problemsOf(pack(directory, { exclude: ['a.js', '*.js', '*.map'] }))).toEqual([
    expect.stringMatching(/^worker\.js: it is left out by the pattern "\*\.js"/),
  ]);
  expect((await pack(directory, { exclude: ['*.js', '!/worker.js'] })).files).toHaveLength(2);
  await rm(join(directory, 'worker.js'));
  await symlink('nowhere', join(directory, 'worker.js'));
  expect(await problemsOf(pack(directory))).toEqual([
    'worker.js: this link leads to nothing. Build again, so that it is a plain file: the platform runs it.',
  ]);
});

test('a secret in worker.js: the advice never drops the file; elsewhere, it is to rebuild or leave it out', async () => {
  const pem = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n`;
  const directory = await tree({ 'worker.js': `"TOKEN-123456"; \`${pem}\``, 'assets/a.js': 'TOKEN-123456' });
  const problems = await problemsOf(pack(directory, { forbidden: [TOKEN] }));
  const rebuild = 'ake it out of what the build reads (.env files above all), build again, and replace';
  expect(problems).toEqual([
    'assets/a.js: the value of the access token was found in it; it is never deployed. ' +
      `If the build put it there, t${rebuild} the access token; if not, add to exclude: /assets/a.js`,
    `worker.js: it holds a private key, which is not deployed. T${rebuild} the key.`,
    `worker.js: the value of the access token was found in it; it is never deployed. T${rebuild} the access token.`,
  ]);
});

describe('modules beside worker.js', () => {
  test('one that it does not name gives a warning, with the line that leaves it out', async () => {
    const directory = await tree({
      'worker.js': `${'x'.repeat(3_000_000)} import wasm from "./0a1b-used.wasm";${'x'.repeat(1_000_000)}`,
      '0a1b-used.wasm': 'w',
      '2c3d-old one.wasm': 'w',
      'assets/served.wasm': 'w',
    });
    const { warnings } = await pack(directory);
    expect(warnings).toEqual([
      expect.stringMatching(/^2c3d-old one\.wasm: worker\.js does not name it.*exclude: \/2c3d-old one\.wasm$/),
    ]);
    expect((await pack(directory, { exclude: ['/2c3d-old one.wasm'] })).warnings).toEqual([]);
  });
});

describe('source maps', () => {
  const code = randomBytes(900_000).toString('base64');

  test('that take much of the zip are noted with the pattern, which leaves out all of them', async () => {
    const directory = await tree({
      'worker.js': code,
      'worker.js.map': code,
      'assets/a.js.map': code.slice(0, 200_000),
    });
    const whole = await pack(directory);
    expect(whole.notes).toEqual([
      expect.stringMatching(/^Source maps take 1\.0 MB of the zip, 54 % of it.*`exclude: "\*\.map"`/),
    ]);
    const lean = await pack(directory, { exclude: ['*.map'] });
    expect((await readZip(lean.path)).map(([name]) => name)).toEqual(['output/worker.js']);
    expect(lean.notes).toEqual(['2 files left out by `exclude`.']);
    expect(lean.warnings).toEqual([]);
    expect((whole.sizeBytes - lean.sizeBytes) / 2 ** 20).toBeCloseTo(1, 0);
  });

  test('that take little are not', async () => {
    const directory = await tree({ 'worker.js': code, 'worker.js.map': code.slice(0, 200_000) });
    expect((await pack(directory)).notes).toEqual([]);
    await writeFile(join(directory, 'worker.js.map'), 'x'.repeat(5_000_000));
    expect((await pack(directory)).notes).toEqual([]);
  });

  test('larger than an asset may be only give a warning', async () => {
    const directory = await tree({ 'worker.js.map': Buffer.alloc(27 * 2 ** 20, 'map') });
    const { files, warnings } = await pack(directory);
    expect(files).toHaveLength(2);
    expect(warnings).toEqual([
      expect.stringMatching(/^worker\.js\.map: .*outside of assets\/.*exclude: \/worker\.js\.map$/),
    ]);
  });
});

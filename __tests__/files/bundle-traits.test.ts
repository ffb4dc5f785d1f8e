/** What packaging and the check of a zip learn of the storefront on the way. */
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { inspectZip } from '../../src/files/inspect-zip.ts';
import { pack, removeScratch, scratch, writeTree } from './helpers.ts';

afterEach(removeScratch);

const TOKEN_NAME = 'BIGCOMMERCE_STOREFRONT_TOKEN';

/** The traits of a build, which are the same of its folder and of its zip. */
async function traitsOf(files: Record<string, string | Buffer>, exclude: string[] = []) {
  const directory = await writeTree(join(await scratch(), 'dist'), { 'worker.js': 'export default {};', ...files });
  const packed = await pack(directory, { exclude });
  const { path } = packed;
  const signal = new AbortController().signal;
  const inspected = await inspectZip({ path, displayPath: 'bundle.zip', forbidden: [], signal });
  const [ofFolder, ofZip] = [packed, inspected].map(({ buildId, isCatalyst }) => ({ buildId, isCatalyst }));
  expect(ofZip).toEqual(ofFolder);
  return ofFolder;
}

describe('the build id', () => {
  test.each([
    ['a1B2-_x', 'a1B2-_x'],
    [' a1B2\r\n', 'a1B2'],
    ['two words', 'two words'],
    ['x'.repeat(200), 'x'.repeat(200)],
    [`${' '.repeat(600)}x`, 'x'],
    ['', undefined],
    [' \n', undefined],
    ['x'.repeat(201), undefined],
    [`x${' '.repeat(2000)}`, undefined],
    ['one\ntwo', undefined],
    ['é', undefined],
    ['a\u0000', undefined],
  ])('of %j', async (content, buildId) => {
    expect(await traitsOf({ 'assets/BUILD_ID': content })).toEqual({ buildId, isCatalyst: undefined });
  });

  test('is only that of assets/BUILD_ID, if it is deployed', async () => {
    expect((await traitsOf({ BUILD_ID: 'x', 'assets/x/BUILD_ID': 'x' }))?.buildId).toBeUndefined();
    expect((await traitsOf({ 'assets/BUILD_ID': 'x' }, ['BUILD_ID']))?.buildId).toBeUndefined();
  });
});

describe('a Catalyst storefront', () => {
  const MEGABYTE = 2 ** 20;
  const worker = (before: number) =>
    Buffer.concat([Buffer.alloc(before, 'x'), Buffer.from(TOKEN_NAME), Buffer.alloc(3 * MEGABYTE - before, 'y')]);

  // A file is read in blocks of half a megabyte, an entry of a zip in smaller chunks.
  test.each([0, 10, MEGABYTE / 2 - TOKEN_NAME.length + 1, MEGABYTE / 2 - 1, MEGABYTE - 10, 3 * MEGABYTE])(
    'has a worker that names the variable of its token, %d bytes from the start',
    async (before) => {
      expect(await traitsOf({ 'worker.js': worker(before) })).toEqual({ isCatalyst: true });
    },
  );

  test('is none by the name of another variable, or in another file', async () => {
    const files = {
      'worker.js': 'env.BIGCOMMERCE_STOREFRONT',
      'worker.js.map': TOKEN_NAME,
      'assets/worker.js': TOKEN_NAME,
    };
    expect(await traitsOf(files)).toEqual({ isCatalyst: undefined });
  });
});

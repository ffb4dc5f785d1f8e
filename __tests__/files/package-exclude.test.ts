import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { BundleError } from '../../src/domain/bundle-error.ts';
import { pack, removeScratch, scratch, writeTree } from './helpers.ts';

/** What the input `exclude` leaves out, and what it was meant to leave out but does not. */

afterAll(removeScratch);

async function tree(files: Record<string, string>): Promise<string> {
  return await writeTree(join(await scratch(), 'dist'), { 'worker.js': 'export default {}', ...files });
}

test('excluded files are counted, also those in folders', async () => {
  const directory = await tree({ 'a.map': '1', 'x/a.map': '1', 'drafts/a': '1', 'drafts/b/c': '1', 'drafts/b/d': '1' });
  await mkdir(join(directory, 'drafts/empty'));
  const { notes, warnings } = await pack(directory, { exclude: ['*.map', '/drafts/'] });
  expect(notes).toEqual(['5 files left out by `exclude`.']);
  expect(warnings).toEqual([]);
  expect((await pack(directory, { exclude: ['a.map', '!a.map'] })).notes).toEqual([]);
  expect((await pack(directory, { exclude: ['drafts/b/c'] })).notes).toEqual(['1 file left out by `exclude`.']);
});

test('counting stops early in a large excluded folder', async () => {
  const directory = await tree(
    Object.fromEntries(Array.from({ length: 10_050 }, (_, i) => [`big/${i % 100}/${i}`, ''])),
  );
  const { notes, warnings } = await pack(directory, { exclude: ['big/', 'perhaps-in-it'] });
  expect(notes).toEqual([expect.stringMatching(/^More than 9,9\d\d files left out by `exclude`\.$/)]);
  expect(warnings).toEqual([]);
});

test('each pattern that matches nothing gives a warning; a match in an excluded folder counts', async () => {
  const directory = await tree({ 'drafts/a.map': '1', 'keep.txt': '1' });
  const exclude = ['# comment', 'drafts', '*.map', 'nothing.txt', '!keep.txt', '!other.txt', '"*.css"', '\\#x'];
  const { warnings } = await pack(directory, { exclude });
  expect(
    warnings.map((line) => /^exclude: the pattern (".*?") matches nothing in \.bigcommerce\/dist\. /.exec(line)?.[1]),
  ).toEqual(['nothing.txt', '!other.txt', '"*.css"', '\\#x'].map((pattern) => JSON.stringify(pattern)));
});

test('if a file is refused that a pattern was meant to leave out, the error says why the pattern does not match', async () => {
  const directory = await tree({ '.env': 'A=1' });
  const error = await pack(directory, { exclude: ['"/.env"', '"*.txt"'] }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BundleError);
  expect(error).toMatchObject({
    problems: [expect.stringMatching(/^\.env: .*Add to exclude: \/\.env$/)],
    fix: expect.stringMatching(
      /\.\nexclude: the pattern .* It is read with its quotes\. Write: \/\.env\nexclude: .* its quotes\. Write: \*\.txt$/,
    ),
  });
});

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import AdmZip from 'adm-zip';
import { hashEntries } from '../../src/files/entry-hashes.ts';
import { packageDirectory } from '../../src/files/package-directory.ts';
import { writeTextArchive } from '../../src/files/text-archive.ts';
import { unzipTest } from '../action/artifact-harness.ts';
import { workspaceWith } from '../action/harness.ts';
import { temporaryFolder } from '../clean-up.ts';
import { PRIVATE_FILE_MODE } from '../systems.ts';

const NEVER = new AbortController().signal;

test('texts come back as they were, in their order, from any reader of zips, and nobody else may read the file', async () => {
  const path = join(temporaryFolder(), 'texts.zip');
  const files = [
    { name: 'b.txt', text: 'grüße 👋\n' },
    { name: 'empty.jsonl', text: '' },
    { name: 'a.json', text: '{"a":1}'.repeat(50_000) },
  ];
  await writeTextArchive(path, files, NEVER);
  const entries = new AdmZip(readFileSync(path)).getEntries();
  expect(entries.map((entry) => ({ name: entry.entryName, text: entry.getData().toString() }))).toEqual(files);
  expect(unzipTest(path) ?? 'No errors detected').toContain('No errors detected');
  expect(statSync(path).mode & 0o777).toBe(PRIVATE_FILE_MODE);
  expect(statSync(path).size).toBeLessThan(10_000);
});

test('a file that is there stays as it is', async () => {
  const workspace = workspaceWith({ 'texts.zip': 'mine' });
  await expect(writeTextArchive(join(workspace, 'texts.zip'), [], NEVER)).rejects.toThrow('EEXIST');
  expect(readFileSync(join(workspace, 'texts.zip'), 'utf8')).toBe('mine');
});

test('an aborted signal ends it', async () => {
  const path = join(temporaryFolder(), 'texts.zip');
  const reason = new Error('no time');
  await expect(writeTextArchive(path, [], AbortSignal.abort(reason))).rejects.toBe(reason);
});

async function bundleOf(files: Record<string, string>): Promise<string> {
  const directory = workspaceWith(files);
  const destination = join(temporaryFolder(), 'bundle.zip');
  const options = { directory, displayDirectory: '.', exclude: [], destination, forbidden: [], signal: NEVER };
  await packageDirectory(options);
  return destination;
}

test("the hashes of a bundle's files are those of their content", async () => {
  const files = { 'worker.js': 'export default {};\n', 'assets/ä.txt': 'x'.repeat(100_000), 'assets/empty': '' };
  const hashes = await hashEntries(await bundleOf(files), NEVER);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(Object.fromEntries(hashes)).toEqual(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)])),
  );
});

test('without time there are none, and a file that is no zip is refused', async () => {
  const path = await bundleOf({ 'worker.js': 'export default {};\n' });
  expect((await hashEntries(path, AbortSignal.abort())).size).toBe(0);
  await expect(hashEntries(join(workspaceWith({ a: 'no zip' }), 'a'), NEVER)).rejects.toThrow('not a zip');
});

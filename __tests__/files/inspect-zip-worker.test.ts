import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import type { ForbiddenValue } from '../../src/domain/bundle.ts';
import { inspectZip } from '../../src/files/inspect-zip.ts';
import { problemsOf, rawZip, removeScratch, scratch } from './helpers.ts';

/** worker.js in a ready zip, and the files beside it: the same rules as in a folder, with advice for a zip. */

afterAll(removeScratch);

const TOKEN: ForbiddenValue = { label: 'the access token', value: 'TOKEN-123456', severity: 'refuse' };

async function inspect(files: Record<string, string>, forbidden: readonly ForbiddenValue[] = []) {
  const path = join(await scratch(), 'ready.zip');
  const entries = Object.entries(files).map(([name, text]) => ({ name: `output/${name}`, data: Buffer.from(text) }));
  await writeFile(path, rawZip(entries, crc32));
  return await inspectZip({ path, displayPath: 'ready.zip', forbidden, signal: new AbortController().signal });
}

test('without worker.js, with an empty one, and with one in another place, it is refused', async () => {
  expect(await problemsOf(inspect({ 'assets/a': 'a' }))).toEqual([
    expect.stringMatching(/^There is no output\/worker\.js in the zip.* Make the zip of what the build writes/),
  ]);
  expect(await problemsOf(inspect({ 'worker.js': '' }))).toEqual([
    expect.stringMatching(/^output\/worker\.js: it is empty/),
  ]);
  expect(await problemsOf(inspect({ 'output/worker.js': '1' }))).toEqual([
    expect.stringMatching(/There is one at output\/output\/worker\.js: make the zip again/),
  ]);
});

test('for a secret in worker.js the advice is to remove and replace it, and never to drop the file', async () => {
  const pem = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n`;
  const problems = await problemsOf(inspect({ 'worker.js': `TOKEN-123456 ${pem}`, 'a.txt': 'TOKEN-123456' }, [TOKEN]));
  expect(problems).toEqual([
    expect.stringMatching(/^output\/a\.txt: .* if not, rebuild the zip without it\.$/),
    expect.stringMatching(/^output\/worker\.js: it holds a private key.* build again, and replace the key\.$/),
    expect.stringMatching(/^output\/worker\.js: .* build again, and replace the access token\.$/),
  ]);
  expect(problems.slice(1).join()).not.toMatch(/without it|exclude/);
});

test('a module that worker.js does not name gives a warning; large source maps give a note', async () => {
  const code = randomBytes(900_000).toString('base64');
  const bundle = await inspect({
    'worker.js': `${code} import "./used.wasm"`,
    'used.wasm': 'w',
    'old.wasm': 'w',
    'worker.js.map': code,
  });
  expect(bundle.warnings).toEqual([expect.stringMatching(/^output\/old\.wasm: .*or rebuild the zip without it\.$/)]);
  expect(bundle.notes).toEqual([
    expect.stringMatching(/^Source maps take 1\.1 MB of the zip, 50 % .*without files named \*\.map\.$/),
  ]);
});

/** The second name of a zip, and its facts. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { inspectFile, nameFile } from '../../src/github/artifact-file.ts';
import { onCleanUp, temporaryFolder, useRunnerTemp } from '../clean-up.ts';

const { signal } = new AbortController();

function writeSource(): string {
  const path = join(temporaryFolder(), 'source.zip');
  writeFileSync(path, 'the zip');
  return path;
}

test('the file has the name, alone in a folder of RUNNER_TEMP, until it is removed', async () => {
  const temp = useRunnerTemp();
  const source = writeSource();
  const { path, directory, remove } = await nameFile(source, 'wanted.zip');
  expect([basename(path), readdirSync(temp)]).toEqual(['wanted.zip', [basename(directory)]]);
  expect([readdirSync(directory), readFileSync(path, 'utf8')]).toEqual([['wanted.zip'], 'the zip']);
  await remove();
  expect(readdirSync(temp)).toEqual([]);
  expect(readFileSync(source, 'utf8')).toBe('the zip');
});

test('without RUNNER_TEMP it is among the temporary files', async () => {
  const env = jest.replaceProperty(process, 'env', { ...process.env, RUNNER_TEMP: '' });
  onCleanUp(() => env.restore());
  const { directory, remove } = await nameFile(writeSource(), 'wanted.zip');
  expect(dirname(directory)).toBe(tmpdir());
  await remove();
});

test('on another file system it is a copy', async () => {
  // On Linux a file system of its own.
  const memory = '/dev/shm';
  const folder = existsSync(memory) ? mkdtempSync(join(memory, 'test-')) : temporaryFolder();
  onCleanUp(() => rmSync(folder, { recursive: true, force: true }));
  const env = jest.replaceProperty(process, 'env', { ...process.env, RUNNER_TEMP: folder });
  onCleanUp(() => env.restore());
  const { path, remove } = await nameFile(writeSource(), 'wanted.zip');
  expect(path.startsWith(folder)).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('the zip');
  await remove();
  expect(readdirSync(folder)).toEqual([]);
});

test('of a zip that is gone no folder stays', async () => {
  const temp = useRunnerTemp();
  await expect(nameFile(join(temp, 'none.zip'), 'wanted.zip')).rejects.toMatchObject({ code: 'ENOENT' });
  expect(readdirSync(temp)).toEqual([]);
});

test('a file has its size and SHA-256, and what is no file has none', async () => {
  const source = writeSource();
  const sha256 = createHash('sha256').update('the zip').digest('hex');
  expect(await inspectFile(source, signal)).toEqual({ sha256, sizeBytes: 7 });
  await expect(inspectFile(temporaryFolder(), signal)).rejects.toThrow();
});

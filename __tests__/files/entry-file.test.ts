import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EntryFile } from '../../src/files/entry-file.ts';
import { temporaryFolder } from '../clean-up.ts';

test('the block that came last is first, whatever the blocks hold', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'log');
  const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, ''));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(line, { maxLength: 5 }), { maxLength: 6 }), async (blocks) => {
      const file = new EntryFile(path);
      for (const lines of blocks) {
        file.startEarlier();
        file.append(lines);
      }
      const { sizeBytes } = await file.finish();
      const expected = blocks.toReversed().flatMap((lines) => lines.map((one) => `${one.toWellFormed()}\n`));
      expect(readFileSync(path, 'utf8')).toBe(expected.join(''));
      expect(sizeBytes).toBe(readFileSync(path).length);
      expect(readdirSync(folder)).toEqual(['log']);
    }),
    { numRuns: 50 },
  );
});

test('blocks that are larger than what is copied at once', async () => {
  const path = join(temporaryFolder(), 'log');
  const file = new EntryFile(path);
  const large = 'x'.repeat(3 * 1024 * 1024);
  for (const name of ['new', 'old']) {
    file.startEarlier();
    file.append([name, large]);
  }
  await file.finish();
  expect(readFileSync(path, 'utf8')).toBe(`old\n${large}\nnew\n${large}\n`);
});

test('until it is complete the file of before is there, and a link stays one', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'target'), 'of before');
  const path = join(folder, 'log');
  symlinkSync('target', path);
  const file = new EntryFile(path);
  file.append(['new']);
  expect(readFileSync(path, 'utf8')).toBe('of before');
  await file.finish();
  expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('new\n');
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
});

const onPosix = process.platform === 'win32' ? test.skip : test;

onPosix.each([1, 2])('a file of %d blocks is its owner’s alone, unless one that was there was not', async (blocks) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'old'), '');
  chmodSync(join(folder, 'old'), 0o640);
  const umask = process.umask(0);
  try {
    for (const name of ['new', 'old']) {
      const file = new EntryFile(join(folder, name));
      for (let block = 0; block < blocks; block += 1) {
        file.startEarlier();
        file.append(['x']);
      }
      await file.finish();
    }
  } finally {
    process.umask(umask);
  }
  expect(['new', 'old'].map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600, 0o640]);
});

test('what is discarded leaves nothing', () => {
  const folder = temporaryFolder();
  const file = new EntryFile(join(folder, 'log'));
  file.append(['x']);
  file.discard();
  file.discard();
  expect(readdirSync(folder)).toEqual([]);
  expect(existsSync(join(folder, 'log'))).toBe(false);
});

test.each([1, 3])('what cannot be completed (%d blocks) leaves nothing on the disk', async (blocks) => {
  const folder = temporaryFolder();
  const file = new EntryFile(join(folder, 'log'));
  for (let block = 0; block < blocks; block += 1) {
    file.startEarlier();
    file.append(['x']);
  }
  mkdirSync(join(folder, 'log', 'in-the-way'), { recursive: true });
  await expect(file.finish()).rejects.toThrow(/EISDIR|EPERM|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder)).toEqual(['log']);
});

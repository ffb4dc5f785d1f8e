import { readdirSync } from 'node:fs';
import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { GzipFile } from '../../src/files/gzip-file.ts';
import { TextFile } from '../../src/files/text-file.ts';
import { temporaryFolder } from '../clean-up.ts';
import { onLinux } from '../systems.ts';

const openFiles = () => readdirSync('/proc/self/fd').length;

async function fullFile(): Promise<{ folder: string; path: string }> {
  const folder = temporaryFolder();
  const path = join(folder, 'full');
  await symlink('/dev/full', path);
  return { folder, path };
}

onLinux('a gzip that cannot even be begun stays neither open nor on the disk', async () => {
  const { folder, path } = await fullFile();
  const before = openFiles();
  await expect(GzipFile.create(path)).rejects.toThrow(`The file ${path} could not be written: no space left on device`);
  expect(openFiles()).toBe(before);
  expect(await readdir(folder)).toEqual([]);
});

onLinux('a text whose end cannot be written does not stay open', async () => {
  const { path } = await fullFile();
  const before = openFiles();
  const file = await TextFile.append(path);
  await file.write('a');
  await expect(file.close()).rejects.toThrow(`The file ${path} could not be written: no space left on device`);
  expect(openFiles()).toBe(before);
});

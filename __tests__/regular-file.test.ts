import { spawnSync } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FileTooLargeError, NotAFileError, openRegularFile, readRegularFile } from '../src/regular-file.ts';

const onPosix = process.platform === 'win32' ? describe.skip : describe;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regular-file-'));
  await writeFile(join(folder, 'file'), 'hello');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a file is opened with its size, and read as a whole', () => {
  const { handle, sizeBytes } = openRegularFile(join(folder, 'file'));
  closeSync(handle);
  expect(sizeBytes).toBe(5);
  expect(String(readRegularFile(join(folder, 'file'), 5))).toBe('hello');
  expect(() => readRegularFile(join(folder, 'file'), 4)).toThrow(FileTooLargeError);
  expect(() => openRegularFile(join(folder, 'nothing'))).toThrow(/ENOENT/);
});

test('a folder is rejected', () => {
  expect(() => readRegularFile(folder, 5)).toThrow(process.platform === 'win32' ? /./ : NotAFileError);
});

onPosix('elsewhere than on Windows', () => {
  test('a pipe without a writer is rejected, without blocking', () => {
    const pipe = join(folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    expect(() => openRegularFile(pipe)).toThrow(NotAFileError);
  });

  test('an endless device is rejected', () => {
    expect(() => readRegularFile('/dev/zero', 5)).toThrow(NotAFileError);
    // Its size is given as 0 bytes, but it has many: the size is not used.
    expect(() => openRegularFile('/dev/null')).toThrow(NotAFileError);
  });

  test('a link is followed, unless it must not be', async () => {
    const link = join(folder, 'link');
    await symlink('file', link);
    expect(String(readRegularFile(link, 9))).toBe('hello');
    expect(() => openRegularFile(link, { followsLinks: false })).toThrow(/ELOOP/);
    expect(() => openRegularFile(link, { followsLinks: false, noFollow: 0 })).toThrow(NotAFileError);
    closeSync(openRegularFile(join(folder, 'file'), { followsLinks: false, noFollow: 0 }).handle);
  });

  test('a file whose size is given as 0 is read to its end', () => {
    if (!existsSync('/proc/self/status')) return;
    expect(String(readRegularFile('/proc/self/status', 100_000))).toMatch(/^Name:.*\n(?:.*\n){20,}/);
  });
});

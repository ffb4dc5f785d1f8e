/** The file into which a zip is written. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PartialFile } from '../../src/files/partial-file.ts';
import { onPosix } from '../systems.ts';
import { openFilesUnder, removeScratch, scratch } from './helpers.ts';

afterAll(removeScratch);

const KIB = 1024;
const NOISE = randomBytes(2 * 1024 * KIB);

const newFile = (destination: string) => new PartialFile(destination, () => createHash('sha256'));

onPosix(
  'only its owner can read it, regardless of the umask, while it is written and when it is complete',
  async () => {
    const destination = join(await scratch(), 'a.zip');
    const umask = process.umask(0);
    try {
      const file = newFile(destination);
      expect((await stat(`${destination}.partial`)).mode & 0o777).toBe(0o600);
      file.put(Buffer.from('a'));
      file.finish();
      file.commit();
      expect((await stat(destination)).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(umask);
    }
  },
);

test('pieces of any size are written in order, and hashed', async () => {
  const folder = await scratch();
  const border = (bytes: number) => fc.integer({ min: bytes - 2, max: bytes + 2 });
  const sizes = fc.oneof(fc.nat(300), fc.nat(200 * KIB), border(256 * KIB), border(1024 * KIB), fc.nat(2048 * KIB));
  await fc.assert(
    fc.asyncProperty(fc.array(sizes, { maxLength: 12 }), async (pieces) => {
      const destination = join(folder, 'a.zip');
      const file = newFile(destination);
      const expected = pieces.map((bytes, index) => NOISE.subarray(0, bytes).map((byte) => byte ^ index));
      for (const piece of expected) {
        const bytes = Buffer.from(piece);
        file.put(bytes);
        // The buffer is the caller's again.
        bytes.fill(0);
      }
      const whole = Buffer.concat(expected);
      expect(file.sizeBytes).toBe(whole.length);
      const sha256 = createHash('sha256').update(whole).digest('hex');
      expect(file.finish()).toEqual({ sizeBytes: whole.length, sha256 });
      expect(existsSync(destination)).toBe(false);
      file.commit();
      expect((await readFile(destination)).equals(whole)).toBe(true);
      expect(await readdir(folder)).toEqual(['a.zip']);
      file.discard();
      await rm(destination);
    }),
    { numRuns: 40 },
  );
  expect(openFilesUnder(folder)).toEqual([]);
});

test('a discarded file is closed and removed, and accepts no more data', async () => {
  const folder = await scratch();
  const file = newFile(join(folder, 'a.zip'));
  file.put(NOISE);
  file.discard();
  expect([...(await readdir(folder)), ...openFilesUnder(folder)]).toEqual([]);
  expect(() => file.put(Buffer.from('a'))).toThrow('a.zip.partial is closed');
  file.discard();
});

test('if it cannot be removed, the earlier failure is still the one reported', async () => {
  const folder = await scratch();
  const file = newFile(join(folder, 'a.zip'));
  file.discard();
  await mkdir(join(folder, 'a.zip.partial', 'x'), { recursive: true });
  file.discard();
  expect(await readdir(folder)).toEqual(['a.zip.partial']);
});

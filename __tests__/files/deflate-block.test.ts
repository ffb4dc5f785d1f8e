import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync, constants as zlib } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deflateBlock, FINAL_BLOCK } from '../../src/files/deflate-block.ts';

/** Bytes that do not compress, the same in every run. */
function noise(sizeBytes: number): Buffer {
  const pieces = Array.from({ length: Math.ceil(sizeBytes / 64) }, (_, index) =>
    createHash('sha512').update(`${index}`).digest(),
  );
  return Buffer.concat(pieces).subarray(0, sizeBytes);
}

const NOISE = noise(4 * 1024 * 1024);
const TEXT = Buffer.from(NOISE.toString('hex', 0, 512 * 1024));

/**
 * Room for all that deflate makes of it. With less, zlib puts a second flush marker behind the first one whenever it
 * comes to within six bytes of the end of a piece (zlib.h, of `deflate` and `avail_out`).
 */
const roomFor = (content: Buffer): number => content.length + 1024;

/** A part of the samples, alike enough or not at all. */
const bytes = fc
  .record({ of: fc.constantFrom(NOISE, TEXT), from: fc.nat(100_000), sizeBytes: fc.nat(700_000) })
  .map(({ of, from, sizeBytes }) => of.subarray(from, from + sizeBytes));
const before = fc.oneof(
  fc.constant(undefined),
  fc.nat(32 * 1024).map((length) => TEXT.subarray(0, length)),
);

describe('a block', () => {
  test('is what zlib makes of it at once, and can be read back', async () => {
    const block = fc.record({
      content: bytes,
      dictionary: before,
      isLast: fc.boolean(),
      level: fc.constantFrom(1, 5, 9),
    });
    await fc.assert(
      fc.asyncProperty(block, async ({ content, dictionary, isLast, level }) => {
        const given = dictionary === undefined || dictionary.length === 0 ? {} : { dictionary };
        const deflated = await deflateBlock(content, { level, dictionary, isLast });
        const finishFlush = isLast ? zlib.Z_FINISH : zlib.Z_SYNC_FLUSH;
        const options = { level, memLevel: 7, finishFlush, chunkSize: roomFor(content), ...given };
        expect(deflated.equals(deflateRawSync(content, options))).toBe(true);
        const whole = isLast ? deflated : Buffer.concat([deflated, FINAL_BLOCK]);
        expect(inflateRawSync(whole, given).equals(content)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('has one flush marker at its end, even if zlib writes two into pieces of 16 KB', async () => {
    const content = NOISE.subarray(100, 100 + 49_119);
    const inPieces = deflateRawSync(content, { level: 1, memLevel: 7, finishFlush: zlib.Z_SYNC_FLUSH });
    const deflated = await deflateBlock(content, { level: 1, isLast: false });
    const marker = '0000ffff';
    expect(inPieces.toString('hex').endsWith(`${marker}00${marker}`)).toBe(true);
    expect(deflated.toString('hex').endsWith(`00${marker}`)).toBe(true);
    expect(deflated.toString('hex').endsWith(`${marker}00${marker}`)).toBe(false);
  });

  test('that does not fit into the output at once is complete', async () => {
    const deflated = await deflateBlock(NOISE, { level: 5, isLast: true });
    // What deflate adds to this much is more than there is room for.
    expect(deflated.length).toBeGreaterThan(NOISE.length + 1024);
    expect(inflateRawSync(deflated).equals(NOISE)).toBe(true);
  });

  test('is the same regardless of what else is being compressed', async () => {
    const options = { level: 5, isLast: false } as const;
    const alone = await deflateBlock(TEXT, options);
    const together = await Promise.all(Array.from({ length: 12 }, () => deflateBlock(TEXT, options)));
    expect(together.every((one) => one.equals(alone))).toBe(true);
  });

  test('that cannot be compressed as asked is refused', async () => {
    await expect(deflateBlock(TEXT, { level: 10, isLast: true })).rejects.toThrow(/level/);
  });
});

import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync, constants as zlib } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deflateBlock, FINAL_BLOCK } from '../../src/files/deflate-block.ts';

/** Bytes that nothing shrinks, the same at every run. */
function noise(sizeBytes: number): Buffer {
  const pieces = Array.from({ length: Math.ceil(sizeBytes / 64) }, (_, index) =>
    createHash('sha512').update(`${index}`).digest(),
  );
  return Buffer.concat(pieces).subarray(0, sizeBytes);
}

const NOISE = noise(4 * 1024 * 1024);
const TEXT = Buffer.from(NOISE.toString('hex', 0, 512 * 1024));

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
        expect(deflated.equals(deflateRawSync(content, { level, memLevel: 7, finishFlush, ...given }))).toBe(true);
        const whole = isLast ? deflated : Buffer.concat([deflated, FINAL_BLOCK]);
        expect(inflateRawSync(whole, given).equals(content)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('that has no room for all of it at once comes out whole', async () => {
    const deflated = await deflateBlock(NOISE, { level: 5, isLast: true });
    // What deflate adds to this much is more than there is room for.
    expect(deflated.length).toBeGreaterThan(NOISE.length + 1024);
    expect(inflateRawSync(deflated).equals(NOISE)).toBe(true);
  });

  test('comes out the same whatever else is being compressed', async () => {
    const options = { level: 5, isLast: false } as const;
    const alone = await deflateBlock(TEXT, options);
    const together = await Promise.all(Array.from({ length: 12 }, () => deflateBlock(TEXT, options)));
    expect(together.every((one) => one.equals(alone))).toBe(true);
  });

  test('that cannot be compressed as asked is refused', async () => {
    await expect(deflateBlock(TEXT, { level: 10, isLast: true })).rejects.toThrow(/level/);
  });
});

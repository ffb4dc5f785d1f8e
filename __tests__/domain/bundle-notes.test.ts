/** Notes about a bundle that are no warnings, at their limits. */
import { expect, test } from '@jest/globals';
import type { BundleOrigin } from '../../src/domain/bundle.ts';
import { leftOutNote, sourceMapNote } from '../../src/domain/bundle-notes.ts';

const LEAST_BYTES = 2 ** 18;
const DIRECTORY = { kind: 'directory' } as unknown as BundleOrigin;
const ZIP = { kind: 'zip' } as unknown as BundleOrigin;

/** With two source maps of so many bytes in all. */
const note = (mapBytes: number, zipBytes: number, origin = DIRECTORY) =>
  sourceMapNote(
    [
      { name: 'worker.js.map', zippedBytes: mapBytes - 10 },
      { name: 'worker.js', zippedBytes: 5 * LEAST_BYTES },
      { name: 'a.js.map', zippedBytes: 10 },
    ],
    zipBytes,
    origin,
  );

test('source maps are noted from a quarter of a MB on, if they are a fifth of the zip', () => {
  expect(note(LEAST_BYTES, LEAST_BYTES)).toBe(
    'Source maps take 0.3 MB of the zip, 100 % of it. The storefront runs without them: `exclude: "*.map"` leaves them out.',
  );
  expect(note(LEAST_BYTES - 1, LEAST_BYTES)).toBeUndefined();
  expect(note(2 * LEAST_BYTES, 10 * LEAST_BYTES, ZIP)).toBe(
    'Source maps take 0.5 MB of the zip, 20 % of it. The storefront runs without them: make the zip without files named *.map.',
  );
  expect(note(2 * LEAST_BYTES - 1, 10 * LEAST_BYTES)).toBeUndefined();
});

test.each([
  [1, false, '1 file left out by `exclude`.'],
  [2, false, '2 files left out by `exclude`.'],
  [1000, true, 'More than 1,000 files left out by `exclude`.'],
])('%d files that were left out, more: %s', (files, isMore, expected) => {
  expect(leftOutNote(files, isMore)).toBe(expected);
});

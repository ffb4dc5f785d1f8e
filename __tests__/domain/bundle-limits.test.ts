import { describe, expect, test } from '@jest/globals';
import type { BundleFile } from '../../src/domain/bundle.ts';
import * as limits from '../../src/domain/bundle-limits.ts';

const { checkFileLimits, checkZippedLimit } = limits;

import { cutList, MAX_LISTED, ProblemList } from '../../src/domain/bundle-problems.ts';

const DIRECTORY = { kind: 'directory', directory: '.bigcommerce/dist' } as const;
const ZIP = { kind: 'zip' } as const;
const worker = { name: 'worker.js', sizeBytes: 10 };
const file = (name: string, sizeBytes: number): BundleFile => ({ name, sizeBytes });

test('the limits are those of the API document, in bytes of 2^20', () => {
  expect(limits).toMatchObject({
    MAX_BUNDLE_BYTES: 67_108_864,
    MAX_UNZIPPED_BYTES: 536_870_912,
    MAX_BUNDLE_FILES: 1000,
    MAX_WORKER_BYTES: 41_943_040,
    MAX_ASSET_BYTES: 26_214_400,
  });
});

describe('each limit: nothing up to 10^6, a warning up to 2^20, a problem above', () => {
  const cases: [string, number, (bytes: number) => ReturnType<typeof checkFileLimits>][] = [
    ['worker.js', 40, (bytes) => checkFileLimits([file('worker.js', bytes)], DIRECTORY)],
    ['an asset', 25, (bytes) => checkFileLimits([worker, file('assets/b.bin', bytes)], DIRECTORY)],
    ['a worker.js among the assets', 25, (bytes) => checkFileLimits([worker, file('assets/worker.js', bytes)], ZIP)],
    ['the zip', 64, (bytes) => checkZippedLimit(bytes, [worker])],
    [
      'all unzipped',
      512,
      (bytes) =>
        checkFileLimits(
          [
            file('worker.js', bytes % 20_000_000),
            ...Array.from({ length: Math.floor(bytes / 20_000_000) }, (_, i) => file(`f${i}`, 20_000_000)),
          ],
          DIRECTORY,
        ),
    ],
  ];
  test.each(cases)('%s', (_, limit, check) => {
    expect(check(limit * 1e6)).toEqual({ problems: [], warnings: [] });
    expect(check(limit * 1e6 + 1)).toEqual({ problems: [], warnings: [expect.stringContaining('1,048,576')] });
    expect(check(limit * 2 ** 20)).toEqual({ problems: [], warnings: [expect.stringContaining(`${limit} MB`)] });
    expect(check(limit * 2 ** 20 + 1)).toEqual({ problems: [expect.stringContaining(`${limit} MB`)], warnings: [] });
  });
});

test('too many files: the crowded folders are named', () => {
  const files = [worker, ...Array.from({ length: 999 }, (_, i) => file(`a/${i}`, 1))];
  expect(checkFileLimits(files, DIRECTORY).problems).toEqual([]);
  files.push(file('b/c/x', 1));
  expect(checkFileLimits(files, DIRECTORY).problems).toEqual([
    'The bundle has 1,001 files; the limit is 1,000. Folders with the most files: a/ (999), the top folder (1), b/c/ (1).',
  ]);
});

test('too large: the largest files are named, largest first', () => {
  const files = [worker, file('small', 1), file('big', 2 ** 20 * 3), file('bigger', 2 ** 20 * 5)];
  expect(checkZippedLimit(67_108_865, files).problems).toEqual([
    'The zip: 67,108,865 bytes (64.0 MB), over the limit of 64 MB. ' +
      'Largest files before compression: bigger (5.0 MB), big (3.0 MB), worker.js (0.0 MB), small (0.0 MB).',
  ]);
});

describe('a file that is too large', () => {
  const tooLarge = (name: string, bytes: number, origin: typeof DIRECTORY | typeof ZIP) =>
    checkFileLimits([...(name === 'worker.js' ? [] : [worker]), file(name, bytes)], origin);

  test('an asset: with the exclude line that leaves it out, escaped', () => {
    expect(tooLarge('assets/[a] b.mp4', 30_000_000, DIRECTORY).problems).toEqual([
      'assets/[a] b.mp4: 30,000,000 bytes (28.6 MB), over the limit of 25 MB. ' +
        'Make it smaller, or add to exclude: /assets/\\[a\\] b.mp4',
    ]);
    expect(tooLarge('assets/a.mp4', 30_000_000, ZIP).problems).toEqual([
      expect.stringMatching(/^output\/assets\/a\.mp4: .* or rebuild the zip without it\.$/),
    ]);
  });

  test.each([DIRECTORY, ZIP])('worker.js: never left out (%j)', (origin) => {
    const { problems } = tooLarge('worker.js', 50_000_000, origin);
    expect(problems).toEqual([expect.stringMatching(/over the limit of 40 MB\. Make it smaller, or import less/)]);
    expect(problems.join()).not.toMatch(/exclude|without/);
  });

  test('outside of assets/: a warning alone, from 10^6 on', () => {
    expect(tooLarge('worker.js.map', 25_000_000, DIRECTORY)).toEqual({ problems: [], warnings: [] });
    expect(tooLarge('worker.js.map', 25_000_001, DIRECTORY).warnings).toEqual([
      expect.stringMatching(
        /^worker\.js\.map: 25,000,001 bytes \(23\.8 MB\), over the 25,000,000 bytes that an asset may have if the platform counts/,
      ),
    ]);
    for (const bytes of [25_000_001, 60_000_000]) {
      const { problems, warnings } = tooLarge('worker.js.map', bytes, DIRECTORY);
      expect(problems).toEqual([]);
      expect(warnings).toEqual([expect.stringMatching(/^worker\.js\.map: .*not known.*exclude: \/worker\.js\.map$/)]);
    }
    expect(tooLarge('a/b.bin', 30_000_000, ZIP).warnings).toEqual([expect.stringMatching(/^output\/a\/b\.bin: /)]);
  });
});

describe('long lists', () => {
  const numbered = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

  test('are cut, with a count of the rest', () => {
    expect(cutList(numbered(20, 'w'))).toHaveLength(20);
    expect(cutList(numbered(332, 'w'))).toEqual([...numbered(20, 'w'), 'and 312 more']);
  });

  test('keep some of each topic, and add up', () => {
    const problems = new ProblemList();
    problems.add('path', ...numbered(300, 'p'));
    problems.add('content', 'the key');
    problems.add('limit', 'the limit');
    const sentences = problems.sentences();
    expect(sentences).toEqual([...numbered(18, 'p'), 'the key', 'the limit', 'and 282 more']);
    expect(sentences).toHaveLength(MAX_LISTED + 1);
    expect(problems.count).toBe(302);
  });
});

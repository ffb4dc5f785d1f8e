import { expect, test } from '@jest/globals';
import { findOffences, type Line } from '../../scripts/bench-redirects.ts';

const line = (rows: number, totalMs: number, memoryMb: number): Line => ({
  rows,
  totalMs,
  readMs: 0,
  checkMs: 0,
  planMs: 0,
  memoryBytes: memoryMb * 2 ** 20,
});

test('the benchmark fails only if memory or time grow beyond the limits', () => {
  expect(findOffences([line(2_000, 100, 90), line(20_000, 400, 120), line(200_000, 2_000, 511)])).toEqual([]);
  expect(findOffences([line(2_000, 100, 90), line(20_000, 400, 120), line(200_000, 6_400, 512)])).toEqual([
    '200000 rows took 512 MB: 512 MB is too much.',
    'Ten times the rows (200000) took 16.0 times as long: more than 15 is not linear.',
  ]);
  expect(findOffences([])).toHaveLength(1);
});

/** Whether memory grows: the line through the samples after the warm-up. */
import { expect, test } from '@jest/globals';
import { growthOf, type MemorySample, takeSample } from '../../../scripts/load/memory.ts';

const samplesOf = (bytes: (at: number) => number): MemorySample[] =>
  Array.from({ length: 20 }, (_, at) => ({ at, heapBytes: bytes(at), residentBytes: 2 * bytes(at) }));

test('a leak grows by its slope, in the span that is asked for', () => {
  const leak = samplesOf((at) => 1000 + 50 * at);
  expect(growthOf(leak, 'heapBytes', 10)).toBeCloseTo(500);
  expect(growthOf(leak, 'residentBytes', 10)).toBeCloseTo(1000);
});

test('a warm-up is no leak, and neither is a saw', () => {
  expect(
    growthOf(
      samplesOf((at) => Math.min(at, 4) * 1000),
      'heapBytes',
      20,
    ),
  ).toBeCloseTo(0);
  expect(
    Math.abs(
      growthOf(
        samplesOf((at) => (at % 2) * 100),
        'heapBytes',
        20,
      ),
    ),
  ).toBeLessThan(50);
});

test('too few samples say nothing', () => {
  expect(() => growthOf(samplesOf(() => 1).slice(0, 2), 'heapBytes', 1)).toThrow(/there are 2/);
});

test('what nothing holds any longer is not counted', () => {
  const holder: { held?: object[] } = {};
  takeSample(0);
  const before = takeSample(0).heapBytes;
  holder.held = Array.from({ length: 200_000 }, (_, at) => ({ at }));
  expect(takeSample(1).heapBytes - before).toBeGreaterThan(4_000_000);
  delete holder.held;
  expect(takeSample(2).heapBytes - before).toBeLessThan(2_000_000);
});

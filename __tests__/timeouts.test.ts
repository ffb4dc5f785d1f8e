import { expect, test } from '@jest/globals';
import { loadFactor, timeoutMs } from './timeouts.ts';

test.each([
  ['an idle machine', 0.1, 1, 1],
  ['a faster one', 0.1, 0.5, 1],
  ['three processes for each core', 3, 1, 3],
  ['cores of half the speed', 0.5, 2, 2],
  ['both', 2, 1.5, 3],
  ['far too much of it', 40, 3, 8],
])('the factor of %s', (_, queue, slowness, factor) => {
  expect(loadFactor(queue, slowness)).toBe(factor);
});

test('timeouts are those of an idle machine, or longer', () => {
  expect(loadFactor()).toBeGreaterThanOrEqual(1);
  expect(timeoutMs(1000)).toBeGreaterThanOrEqual(1000);
  expect(timeoutMs(1000)).toBeLessThanOrEqual(8000);
});

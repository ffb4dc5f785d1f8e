import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countFitting } from '../../src/report/fit-rows.ts';

const ones = (count: number) => Array.from({ length: count }, () => 1);

test.each([
  ['all, where there is room', [ones(3), ones(5)], 8, [3, 5]],
  ['equal shares', [ones(30), ones(30)], 20, [10, 10]],
  ['what a short list leaves is for the others', [ones(100), ones(3), ones(100)], 23, [10, 3, 10]],
  ['none, without room', [ones(2)], 0, [0]],
  ['nothing after a row that is too large', [[1, 50, 1]], 20, [1]],
  ['no lists', [], 20, []],
])('%s', (_, lists, room, counts) => {
  expect(countFitting(lists, room)).toEqual(counts);
});

test('never more than there is room for', () => {
  const sizes = fc.array(fc.array(fc.integer({ min: 1, max: 50 })), { maxLength: 4 });
  fc.assert(
    fc.property(sizes, fc.nat(500), (lists, room) => {
      const used = countFitting(lists, room).map((count, index) => lists[index]?.slice(0, count) ?? []);
      expect(used.flat().reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(room);
    }),
  );
});

import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { HeadAndTail } from '../../src/report/head-and-tail.ts';

const filled = (count: number, head: number, tail: number) => {
  const list = new HeadAndTail<number>(head, tail);
  for (let item = 0; item < count; item += 1) list.add(item);
  return list.items((omitted) => `${omitted} omitted`);
};

test('what fits is all there, in its order', () => {
  expect(filled(0, 2, 3)).toEqual([]);
  expect(filled(5, 2, 3)).toEqual([0, 1, 2, 3, 4]);
});

test('of what does not, the first and the last are there, and how many are between', () => {
  expect(filled(6, 2, 3)).toEqual([0, 1, '1 omitted', 3, 4, 5]);
  expect(filled(100, 2, 3)).toEqual([0, 1, '95 omitted', 97, 98, 99]);
});

test('whatever the numbers: the head is the beginning, the tail is the end, and none is lost count of', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(9), fc.integer({ min: 1, max: 9 }), (count, head, tail) => {
      const omitted = Math.max(0, count - head - tail);
      const all = Array.from({ length: count }, (_, item) => item);
      const expected =
        omitted === 0 ? all : [...all.slice(0, head), `${omitted} omitted`, ...all.slice(head + omitted)];
      expect(filled(count, head, tail)).toEqual(expected);
    }),
  );
});

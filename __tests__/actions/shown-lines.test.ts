import { expect, test } from '@jest/globals';
import { ShownLines } from '../../src/actions/logs/shown-lines.ts';

test('once a line was left out, nothing is shown that comes after it', () => {
  const shown = new ShownLines();
  const long = 'x'.repeat(4000);
  expect(shown.take(Array.from({ length: 249 }, () => long))).toHaveLength(249);
  expect(shown.take(['y'.repeat(3000)])).toHaveLength(1);
  expect(shown.isCut).toBe(false);
  expect(shown.take([long, 'short'])).toEqual([]);
  expect(shown.isCut).toBe(true);
  expect(shown.take(['short'])).toEqual([]);
});

test('of a long line the beginning is shown, and no more than a thousand lines', () => {
  const shown = new ShownLines();
  expect(shown.take(['x'.repeat(4001)])).toEqual([`${'x'.repeat(4000)}…`]);
  expect(shown.take(Array.from({ length: 1000 }, () => 'line'))).toHaveLength(999);
  expect(shown.isCut).toBe(true);
});

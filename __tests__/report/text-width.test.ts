import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { widthOf, wrapText } from '../../src/report/text-width.ts';

test.each([
  ['/old-shoes', 10],
  ['/é', 2],
  ['/e\u0301', 2],
  ['/漢字', 5],
  ['/ｆｕｌｌ', 9],
  ['/한국', 5],
  ['/👟', 3],
  ['', 0],
])('%s takes %i columns', (text, columns) => {
  expect(widthOf(text)).toBe(columns);
});

test('a long text is broken after a mark of punctuation, and anywhere where there is none', () => {
  expect(wrapText('/collections/winter-boots-2019', 20)).toEqual(['/collections/winter-', 'boots-2019']);
  expect(wrapText('/漢字漢字漢字', 6)).toEqual(['/漢字', '漢字漢', '字']);
  expect(wrapText('/short', 20)).toEqual(['/short']);
});

test('no line is too wide, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 4, max: 40 }), (text, columns) => {
      const lines = wrapText(text, columns);
      expect(lines.join('')).toBe(text);
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }),
  );
});

/** Long messages in summaries and comments. */
import { expect, test } from '@jest/globals';
import { shorten } from '../../src/report/sections.ts';

test('a message of 6,000 characters is shown whole, a longer one is cut at its end', () => {
  const text = `<${'x'.repeat(5999)}`;
  expect(shorten(text)).toBe(text);
  expect(shorten(`${text}y`)).toBe(`${text}…`);
});

import { expect, test } from '@jest/globals';
import { growthOf, MAX_GROWTH, TEXTS } from './redirects-list-texts.ts';

test.each(TEXTS)('a list that has many %s takes time in proportion to its length', (_, format, textOf) => {
  expect(growthOf(format, textOf)).toBeLessThan(MAX_GROWTH);
});

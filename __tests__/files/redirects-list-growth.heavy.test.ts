import { test } from '@jest/globals';
import { expectLinearText, TEXTS } from './redirects-list-texts.ts';

test.each(TEXTS)('a list that has many %s takes time in proportion to its length', async (_, format, textOf) => {
  await expectLinearText(format, textOf);
});

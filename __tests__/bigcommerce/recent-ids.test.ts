import { expect, test } from '@jest/globals';
import { RecentIds } from '../../src/bigcommerce/recent-ids.ts';

test('an id is new once, as long as it is one of the last', () => {
  const ids = new RecentIds(100);
  expect(ids.isNew('first')).toBe(true);
  for (let index = 0; index < 99; index += 1) expect(ids.isNew(`${index}`)).toBe(true);
  expect(ids.isNew('first')).toBe(false);
  for (let index = 0; index < 99; index += 1) expect(ids.isNew(`${index}`)).toBe(false);
});

test('an id that was repeated is remembered for as long as one that was new', () => {
  const ids = new RecentIds(100);
  for (let index = 0; index < 1000; index += 1) {
    ids.isNew(`${index}`);
    expect(ids.isNew('again')).toBe(index === 0);
  }
});

test('ids of long ago are forgotten', () => {
  const ids = new RecentIds(100);
  ids.isNew('first');
  for (let index = 0; index < 200; index += 1) ids.isNew(`${index}`);
  expect(ids.isNew('first')).toBe(true);
});

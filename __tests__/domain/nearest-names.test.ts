/** The names that somebody may have meant. */
import { expect, test } from '@jest/globals';
import { nearestNames } from '../../src/domain/nearest-names.ts';

test.each([
  ['another case', 'Shop', ['blog', 'shop'], ['shop']],
  ['a slip', 'storefornt', ['storefront', 'other-storefront', 'x'], ['storefront']],
  [
    'the nearest first',
    'shop-prod',
    ['shop-prod-eu', 'shop-prd', 'shop-prod1'],
    ['shop-prd', 'shop-prod1', 'shop-prod-eu'],
  ],
  ['a part, after a slip', 'shop', ['shop-production', 'shpo', 'my-shop'], ['shpo', 'my-shop', 'shop-production']],
  ['no more than asked for', 'aaaaaa', ['aaaaab', 'aaaabb', 'aaaaac', 'aaaaad'], ['aaaaab', 'aaaaac', 'aaaaad']],
  ['each once', 'shop', ['Shop', 'Shop'], ['Shop']],
  ['nothing that is far', 'shop', ['blog', 'checkout', ''], []],
])('%s', (_, wanted, names, nearest) => {
  expect(nearestNames(wanted, names, 3)).toEqual(nearest);
});

test('what is too long, or too far down a list, is not compared', () => {
  const long = 'a'.repeat(101);
  expect(nearestNames(long, [long], 3)).toEqual([]);
  expect(nearestNames('aaaa', [long], 3)).toEqual([]);
  const many = [...Array.from({ length: 1000 }, (_, number) => `b${number}`), 'shop'];
  expect(nearestNames('shop', many, 3)).toEqual([]);
  expect(nearestNames('shop', many.slice(1), 3)).toEqual(['shop']);
});

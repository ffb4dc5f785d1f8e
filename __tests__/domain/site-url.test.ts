import { expect, test } from '@jest/globals';
import { isOtherMainDomain, isSameUrl } from '../../src/domain/site-url.ts';

test.each([
  ['https://shop.example', 'https://shop.example/', true],
  ['https://Shop.Example:443', 'https://shop.example', true],
  ['https://bücher.example', 'https://xn--bcher-kva.example', true],
  ['https://shop.example/de/', 'https://shop.example/de', true],
  ['http://shop.example', 'https://shop.example', false],
  ['https://shop.example/de', 'https://shop.example', false],
  ['https://shop.example:8443', 'https://shop.example', false],
  ['https://www.shop.example', 'https://shop.example', false],
  ['shop.example', 'https://shop.example', false],
  ['', '', false],
])('%j and %j: the same address %s', (one, other, isSame) => {
  expect(isSameUrl(one, other)).toBe(isSame);
  expect(isSameUrl(other, one)).toBe(isSame);
});

test.each([
  ['https://checkout.example.com', 'https://www.example.com', false],
  ['https://checkout.old.com', 'https://www.new.com', true],
  ['https://checkout.example.com', 'https://www.example.org', true],
  // It cannot be told without the list of public suffixes: no warning.
  ['https://checkout.a.co.uk', 'https://www.b.co.uk', false],
  ['no address', 'https://www.example.com', false],
])('%s and %s: certainly on other main domains %s', (one, other, isOther) => {
  expect(isOtherMainDomain(one, other)).toBe(isOther);
});

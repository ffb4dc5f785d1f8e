/** What a list of redirects may hold: nothing of it is lost, or breaks the reading of the others. */
import { expect, test } from '@jest/globals';
import { parseRedirectIds, parseRedirectPage, parseUpserted, shorten } from '../../src/bigcommerce/redirect-schemas.ts';

const REDIRECT = { id: 7, site_id: 1, from_path: '/old', to: { type: 'url', url: '/new' }, to_url: '/shown' };
const pagination = { total: 2, current_page: 1, total_pages: 1 };

function entryOf(entry: unknown) {
  return parseRedirectPage({ data: [REDIRECT, entry], meta: { pagination } }).redirects[1];
}

const NO_ID = 'it has no usable id or no old path';
const long = 'x'.repeat(300);

test.each<[unknown, string]>([
  ...[null, 'a text', 7, true, [], {}].map((entry): [unknown, string] => [
    entry,
    `a redirect without a path: ${NO_ID}`,
  ]),
  [{ ...REDIRECT, from_path: 3 }, `a redirect without a path (id 7): ${NO_ID}`],
  [{ ...REDIRECT, id: '7x' }, `/old (id 7x): ${NO_ID}`],
  [{ ...REDIRECT, id: 1.5 }, `/old (id 1.5): ${NO_ID}`],
  [{ ...REDIRECT, id: null }, `/old: ${NO_ID}`],
  [{ from_path: '/a\u202eb' }, `/a\\u202eb: ${NO_ID}`],
  [{ from_path: long, id: long }, `${long.slice(0, 200)}… (id ${long.slice(0, 40)}…): ${NO_ID}`],
  [{ ...REDIRECT, to: undefined }, '/old (id 7): it has no usable target'],
  [{ ...REDIRECT, to: 'x' }, '/old (id 7): it has no usable target'],
  [{ ...REDIRECT, to: { type: 'url', url: 5 } }, '/old (id 7): its target has no URL'],
  [{ ...REDIRECT, to: { type: 'video' } }, '/old (id 7): its target has the type "video"'],
  [{ ...REDIRECT, to: { type: 'Brand', entity_id: -1 } }, '/old (id 7): its target, a brand, has no id'],
])('an entry %j is named, and not left out', (entry, unreadable) => {
  expect(entryOf(entry)).toEqual({ unreadable });
});

test.each([
  ['URL', { url: '' }, { kind: 'manual', url: '' }],
  ['PRODUCT', { entity_id: '12' }, { kind: 'dynamic', type: 'Product', id: 12 }],
  ['page', { entity_id: 0 }, { kind: 'dynamic', type: 'Page', id: 0 }],
])('a target of type %s with %j', (type, more, target) => {
  const entry = { ...REDIRECT, to: { type, ...more } };
  expect(entryOf(entry)).toEqual({ redirect: { id: 7, fromPath: '/old', target, toUrl: '/shown' }, siteId: 1 });
});

test.each([null, undefined])('a site and a shown address that are %s are not known', (none) => {
  const entry = entryOf({ ...REDIRECT, site_id: none, to_url: none });
  expect(entry).toMatchObject({ siteId: undefined, redirect: { toUrl: undefined } });
});

test('counts may come as text; what is no page is an error', () => {
  const asText = { pagination: { total: '3', current_page: '2', total_pages: '2' } };
  expect(parseRedirectPage({ data: [], meta: asText })).toEqual({
    ...{ redirects: [], total: 3, currentPage: 2, totalPages: 2 },
  });
  for (const total of [-1, 1.5, '1e3', '1'.repeat(16), null, undefined]) {
    expect(() => parseRedirectPage({ data: [], meta: { pagination: { ...pagination, total } } })).toThrow();
  }
  for (const value of [null, [], {}, { data: null, meta: { pagination } }]) {
    expect(() => parseRedirectPage(value)).toThrow();
  }
});

test('an upsert may answer nothing; what it answers is read as a list is', () => {
  for (const value of [undefined, {}, { data: null }, { data: [] }]) expect(parseUpserted(value)).toEqual([]);
  expect(parseUpserted({ data: [null] })).toEqual([{ unreadable: `a redirect without a path: ${NO_ID}` }]);
  expect(() => parseUpserted({ data: 'x' })).toThrow();
});

test('of those that are looked up, only ids are read', () => {
  expect(parseRedirectIds({ data: [{ id: 1 }, { id: '2', from_path: 5 }] })).toEqual([1, 2]);
  expect(() => parseRedirectIds({ data: [null] })).toThrow();
});

test('a text of just the length is not cut', () => {
  expect([shorten('abc', 3), shorten('abcd', 3)]).toEqual(['abc', 'abc…']);
});

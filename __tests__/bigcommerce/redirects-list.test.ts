import { expect, test } from '@jest/globals';
import { type Answer, clientOf, type Seen } from './redirects-helpers.ts';

function redirect(id: number, more: object = {}) {
  return { id, site_id: 7, from_path: `/old-${id}`, to: { type: 'url', url: `/new-${id}` }, ...more };
}

/** A server with these redirects, in pages of two. */
function paged(all: readonly unknown[], { url }: Seen): Answer {
  const page = Number(url.searchParams.get('page'));
  const data = all.slice((page - 1) * 2, page * 2);
  const pagination = { total: all.length, current_page: page, total_pages: Math.ceil(all.length / 2) };
  return { json: { data, meta: { pagination } } };
}

const quiet = () => {};

test('all pages are read, by the answers’ own number of pages, and only the site is asked for', async () => {
  const all = [1, 2, 3, 4, 5].map((id) => redirect(id));
  const { client, requests } = await clientOf((seen) => paged(all, seen));
  const progress: number[][] = [];
  const found = await client.listRedirects(7, (...counts) => progress.push(counts));
  expect(found.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
  expect(found[0]).toEqual({ id: 1, fromPath: '/old-1', target: { kind: 'manual', url: '/new-1' }, toUrl: undefined });
  expect(progress).toEqual([
    [2, 5],
    [4, 5],
    [5, 5],
  ]);
  expect(requests.map(({ url }) => url.pathname)).toEqual(Array(3).fill('/stores/abc/v3/storefront/redirects'));
  expect(Object.fromEntries(requests[2]?.url.searchParams ?? [])).toEqual({
    site_id: '7',
    sort: 'id',
    direction: 'asc',
    include: 'to_url',
    limit: '250',
    page: '3',
  });
});

test('a site without redirects has none, and numbers may come as text', async () => {
  const { client } = await clientOf(() => ({
    json: { data: [], meta: { pagination: { total: '0', current_page: '1', total_pages: 0 } } },
  }));
  expect(await client.listRedirects(7, quiet)).toEqual([]);
});

test('each kind of target is understood, unknown fields are let through', async () => {
  const all = [
    redirect(1, { to: { type: 'product', entity_id: 12, url: '' }, to_url: 'https://a.example/p', note: 1 }),
    redirect(2, { to: { type: 'Post', entity_id: '90' }, to_url: null }),
    redirect(3, { to: { type: 'url', url: '' } }),
  ];
  const { client } = await clientOf((seen) => paged(all, seen));
  expect((await client.listRedirects(7, quiet)).map(({ target, toUrl }) => [target, toUrl])).toEqual([
    [{ kind: 'dynamic', type: 'Product', id: 12 }, 'https://a.example/p'],
    [{ kind: 'dynamic', type: 'Post', id: 90 }, undefined],
    [{ kind: 'manual', url: '' }, undefined],
  ]);
});

test.each([
  [{ to: { type: 'video', entity_id: 1 } }, '/old-2 (id 2): its target has the type "video"'],
  [{ from_path: `/${'x'.repeat(500)}`, to: {} }, `${'x'.repeat(199)}… (id 2): it has no usable target`],
  [{ to: { type: 'product' } }, '/old-2 (id 2): its target, a product, has no id'],
  [{ to: { type: 'url' } }, '/old-2 (id 2): its target has no URL'],
  [{ to: null }, '/old-2 (id 2): it has no usable target'],
  [{ id: -2 }, '/old-2 (id -2): it has no usable id'],
  [{ from_path: null }, 'a redirect without a path (id 2): it has no usable id or no old path'],
])('a redirect that is not understood is named, and never mistaken for absent (%j)', async (odd, words) => {
  const { client, requests } = await clientOf((seen) => paged([redirect(1), redirect(2, odd), redirect(3)], seen));
  await expect(client.listRedirects(7, quiet)).rejects.toThrow(words);
  expect(requests).toHaveLength(2);
});

test.each([
  [5, '/old-4 (id 4): it has no usable target.'],
  [7, '/old-4 (id 4): it has no usable target; and 2 more.'],
])('of %s that are not understood five are named', async (length, words) => {
  const odd = Array.from({ length }, (_, id) => redirect(id, { to: null }));
  const { client } = await clientOf((seen) => paged(odd, seen));
  await expect(client.listRedirects(7, quiet)).rejects.toThrow(words);
});

test.each([8, null, undefined])('redirects of another site are an error, and never used (site %s)', async (siteId) => {
  const { client } = await clientOf((seen) => paged([redirect(1), redirect(2, { site_id: siteId })], seen));
  await expect(client.listRedirects(7, quiet)).rejects.toMatchObject({
    title: 'BigCommerce listed redirects of another site',
  });
});

test('a list that changes while it is read is read again', async () => {
  const before = [1, 2, 3, 4].map((id) => redirect(id));
  const after = [2, 3, 4].map((id) => redirect(id));
  const { client, requests } = await clientOf((seen, index) => paged(index === 0 ? before : after, seen));
  expect((await client.listRedirects(7, quiet)).map(({ id }) => id)).toEqual([2, 3, 4]);
  expect(requests.map(({ url }) => url.searchParams.get('page'))).toEqual(['1', '2', '1', '2']);
});

test('without a site, all are read, each with its own', async () => {
  const { client, requests } = await clientOf((seen) => paged([redirect(1), redirect(2, { site_id: 8 })], seen));
  expect((await client.listRedirects(undefined, quiet)).map(({ id, siteId }) => [id, siteId])).toEqual([
    [1, 7],
    [2, 8],
  ]);
  expect(requests[0]?.url.searchParams.has('site_id')).toBe(false);
});

test('a redirect that is on two pages in place of another is noticed, though the counts agree', async () => {
  const shifted = [redirect(1), redirect(2), redirect(2), redirect(4)];
  const all = [1, 2, 3, 4].map((id) => redirect(id));
  const { client } = await clientOf((seen, index) => paged(index < 2 ? shifted : all, seen));
  expect((await client.listRedirects(7, quiet)).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
});

test.each([
  [
    'changes its count on each page',
    (page: number, n: number) => ({ total: 9 + n, current_page: page, total_pages: 9 }),
  ],
  ['gives the first page whatever is asked for', () => ({ total: 9, current_page: 1, total_pages: 9 })],
  ['has an empty page', (page: number) => ({ total: 9, current_page: page, total_pages: page === 1 ? 2 : 9 })],
  ['has more than it counts', (page: number) => ({ total: 1, current_page: page, total_pages: 9 })],
])('a list that %s is given up after three readings', async (name, pagination) => {
  const { client, requests } = await clientOf(({ url }, before) => {
    const page = Number(url.searchParams.get('page'));
    const isEmpty = name === 'has an empty page' && page === 2;
    return { json: { data: isEmpty ? [] : [redirect(before)], meta: { pagination: pagination(page, before) } } };
  });
  await expect(client.listRedirects(7, quiet)).rejects.toMatchObject({ title: 'Redirects change while they are read' });
  expect(requests).toHaveLength(6);
});

test('a list of more pages than anybody has is an error, and not a run that hangs', async () => {
  const { client, requests } = await clientOf(() => ({
    json: { data: [redirect(1)], meta: { pagination: { total: 1e9, current_page: 1, total_pages: 1e7 } } },
  }));
  await expect(client.listRedirects(7, quiet)).rejects.toMatchObject({ title: 'The list of redirects does not end' });
  expect(requests).toHaveLength(1);
});

test.each([
  [403, /store_v2_content_read_only/],
  [404, /store-hash.*store_v2_content_read_only/],
  [302, /does not redirect/],
])('a rejection with %s says what to do, and nothing of native hosting', async (status, words) => {
  const { client } = await clientOf(() => ({ status, headers: { location: 'http://elsewhere.example/' } }));
  const error = await client.listRedirects(7, quiet).catch((thrown: { fix: string }) => thrown);
  expect(error).toMatchObject({ status, fix: expect.stringMatching(words) });
  expect(error).not.toMatchObject({ fix: expect.stringMatching(/hosting/) });
});

test('250 redirects with paths and addresses of 2 KB each fit into one answer', async () => {
  const long = 'x'.repeat(2000);
  const all = Array.from({ length: 250 }, (_, id) =>
    redirect(id, { from_path: `/${long}`, to: { type: 'url', url: `/${long}` }, to_url: `https://a.example/${long}` }),
  );
  const pagination = { total: 250, current_page: 1, total_pages: 1 };
  const { client } = await clientOf(() => ({ json: { data: all, meta: { pagination } } }));
  expect(await client.listRedirects(7, quiet)).toHaveLength(250);
});

import { expect, test } from '@jest/globals';
import type { Redirect } from '../../src/domain/redirects/redirect.ts';
import { clientOf, loseAnswer } from './redirects-helpers.ts';

const desired: Redirect[] = [
  { fromPath: '/a', target: { kind: 'manual', url: 'https://b.example/c' } },
  { fromPath: '/p', target: { kind: 'dynamic', type: 'Product', id: 12 } },
];

test('an upsert sends the rows of the site, and gives what the platform made of them', async () => {
  const data = [{ id: 5, site_id: 7, from_path: '/a/', to: { type: 'url', url: '/x' } }];
  const { client, requests } = await clientOf(() => ({ status: 201, json: { data } }));
  expect(await client.upsertRedirects(7, desired)).toEqual({
    kind: 'done',
    redirects: [{ id: 5, fromPath: '/a/', target: { kind: 'manual', url: '/x' }, toUrl: undefined }],
  });
  expect(requests.map(({ method }) => method)).toEqual(['PUT']);
  expect(JSON.parse(String(requests[0]?.body))).toEqual([
    { from_path: '/a', site_id: 7, to: { type: 'url', url: 'https://b.example/c' } },
    { from_path: '/p', site_id: 7, to: { type: 'product', entity_id: 12 } },
  ]);
});

test.each(['', '{}', '{"data":null,"meta":{}}'])('an upsert whose answer says nothing is done (%j)', async (text) => {
  const { client } = await clientOf(() => ({ status: 201, text }));
  expect(await client.upsertRedirects(7, desired)).toEqual({ kind: 'done', redirects: [] });
});

test('an upsert whose answer is not understood is uncertain: an id in it must not be deleted afterwards', async () => {
  const data = [{ id: 5, site_id: 7, from_path: '/a', to: { type: 'video' } }];
  const { client, requests } = await clientOf(() => ({ status: 201, json: { data } }));
  expect(await client.upsertRedirects(7, desired)).toMatchObject({
    kind: 'uncertain',
    error: { message: expect.stringContaining('/a (id 5)') },
  });
  expect(requests).toHaveLength(1);
});

test('an upsert whose answer has an entry that is no redirect is uncertain, and breaks nothing', async () => {
  const { client } = await clientOf(() => ({ status: 201, json: { data: [null] } }));
  expect(await client.upsertRedirects(7, desired)).toMatchObject({
    kind: 'uncertain',
    error: { message: expect.stringContaining('a redirect without a path: it has no usable id or no old path') },
  });
});

test.each([
  [413, 'too-large'],
  [422, 'rejected'],
  [403, 'rejected'],
])('an upsert that is rejected with %s is %s', async (status, kind) => {
  const { client, requests } = await clientOf(() => ({ status, json: { title: 'No', errors: { '0': 'bad' } } }));
  const answer = await client.upsertRedirects(7, desired);
  expect(answer).toMatchObject({ kind, error: { message: expect.stringContaining('No; 0: bad') } });
  expect(requests).toHaveLength(1);
});

test('an upsert is sent again after a lost answer, and is uncertain where a rejection follows', async () => {
  const lost = await clientOf((_, before) => (before === 0 ? loseAnswer : { status: 201 }));
  expect(await lost.client.upsertRedirects(7, desired)).toMatchObject({ kind: 'done' });
  expect(lost.retries).toEqual(['Writing 2 redirects']);
  const single = await clientOf((_, before) => (before === 0 ? loseAnswer : { status: 201 }));
  await single.client.upsertRedirects(7, desired.slice(0, 1));
  expect(single.retries).toEqual(['Writing 1 redirect']);
  const rejected = await clientOf((_, before) => ({ status: before === 0 ? 502 : 400 }));
  expect(await rejected.client.upsertRedirects(7, desired)).toMatchObject({
    kind: 'uncertain',
    error: { status: 400 },
  });
});

test('a delete names ids and nothing else, and none are never deleted', async () => {
  const { client, requests } = await clientOf(() => ({ status: 204 }));
  expect(await client.deleteRedirects([3, 1, 2])).toBe('deleted');
  expect(await client.deleteRedirects([])).toBe('deleted');
  expect(requests.map(({ method, url }) => [method, [...url.searchParams]])).toEqual([
    ['DELETE', [['id:in', '3,1,2']]],
  ]);
});

test('a delete that is answered without a body is done, whatever 2xx it is', async () => {
  const { client, retries } = await clientOf(() => ({ status: 200 }));
  expect(await client.deleteRedirects([1])).toBe('deleted');
  expect(retries).toEqual([]);
});

test('as many ids go into one delete as its whole address holds in 2,000 characters', async () => {
  const { client, requests } = await clientOf(() => ({ status: 204 }));
  const ids = Array.from({ length: 1000 }, (_, index) => 9_999_000 + index * 3);
  const size = client.deleteBatchSize(ids);
  const lengths: number[] = [];
  for (const count of [size, size + 1]) {
    await client.deleteRedirects(ids.slice(0, count));
    const { url, headers } = requests.at(-1) ?? { url: new URL('http://x'), headers: {} };
    lengths.push(`http://${headers.host}${url.pathname}${url.search}`.length);
  }
  expect(lengths[0]).toBeLessThanOrEqual(2000);
  expect(lengths[1]).toBeGreaterThan(2000);
  expect([client.deleteBatchSize([]), client.deleteBatchSize([1]), client.deleteBatchSize([1, 2])]).toEqual([0, 1, 2]);
});

test('a 404 on a delete is looked into: what is left is deleted, and what is gone counts as deleted', async () => {
  const { client, requests } = await clientOf(({ method, url }) => {
    if (method === 'GET') return { json: { data: [{ id: 2 }] } };
    return { status: url.searchParams.get('id:in') === '2' ? 204 : 404 };
  });
  expect(await client.deleteRedirects([1, 2, 3])).toBe('deleted');
  expect(requests.map(({ method, url }) => `${method} ${url.searchParams.get('id:in')}`)).toEqual([
    'DELETE 1,2,3',
    'GET 1,2,3',
    'DELETE 2',
  ]);
});

test('after a 404, a list with others than were asked for says nothing of what is gone', async () => {
  const { client } = await clientOf(({ method }) =>
    method === 'GET' ? { json: { data: [{ id: 98 }, { id: 99 }] } } : { status: 404 },
  );
  expect(await client.deleteRedirects([1, 2])).toMatchObject({ uncertain: { status: 404 } });
});

test.each([
  ['the list refuses', { status: 403 }, { status: 204 }, { uncertain: { status: 403 } }],
  ['none of them is gone', { json: { data: [{ id: 1 }, { id: 2 }] } }, { status: 204 }, { rejected: { status: 404 } }],
  ['what is left is refused', { json: { data: [{ id: 2 }] } }, { status: 403 }, { uncertain: { status: 403 } }],
])('after a 404, where %s', async (_, list, second, expected) => {
  const { client } = await clientOf(({ method, url }) => {
    if (method === 'GET') return list;
    return url.searchParams.get('id:in') === '2' ? second : { status: 404 };
  });
  expect(await client.deleteRedirects([1, 2])).toMatchObject(expected);
});

test('a write that is cancelled has its own reason, and so has the look after it', async () => {
  for (const cancelled of ['PUT', 'GET']) {
    const stop = new AbortController();
    const reason = new Error('cancelled');
    const { client } = await clientOf(({ method }) => {
      if (method !== cancelled) return { status: 404 };
      return () => stop.abort(reason);
    }, stop.signal);
    const work = cancelled === 'PUT' ? client.upsertRedirects(7, desired) : client.deleteRedirects([1]);
    await expect(work).rejects.toBe(reason);
  }
});

test('after a 404, what is left is found whatever a page of the list holds', async () => {
  const there = new Set(Array.from({ length: 300 }, (_, index) => index + 1));
  const { client } = await clientOf(({ method, url }) => {
    const ids = (url.searchParams.get('id:in') ?? '').split(',').map(Number);
    const found = ids.filter((id) => there.has(id));
    if (method === 'GET') return { json: { data: found.slice(0, 50).map((id) => ({ id })) } };
    if (found.length < ids.length) return { status: 404 };
    for (const id of ids) there.delete(id);
    return { status: 204 };
  });
  expect(await client.deleteRedirects([...there, 999])).toBe('deleted');
  expect(there.size).toBe(0);
});

test('a delete whose answer was lost, and which a 404 follows, is done when none are left', async () => {
  const { client } = await clientOf(({ method }, before) => {
    if (method === 'GET') return { json: { data: [] } };
    return before === 0 ? loseAnswer : { status: 404 };
  });
  expect(await client.deleteRedirects([1, 2])).toBe('deleted');
});

test('a 404 on a delete of redirects that are all there is a rejection, and names the scope', async () => {
  const { client } = await clientOf(({ method }) =>
    method === 'GET' ? { json: { data: [{ id: 1 }, { id: 2 }] } } : { status: 404 },
  );
  expect(await client.deleteRedirects([1, 2])).toMatchObject({
    rejected: { status: 404, fix: expect.stringContaining('Content: modify (store_v2_content)') },
  });
});

test('a delete is uncertain where a rejection follows a lost answer', async () => {
  const { client } = await clientOf((_, before) => (before === 0 ? loseAnswer : { status: 403 }));
  expect(await client.deleteRedirects([1])).toMatchObject({ uncertain: { status: 403 } });
});

import { expect, test } from '@jest/globals';
import { readJson, useEmulator } from './helpers.ts';
import { callRedirects, listRedirects, putRedirects } from './redirects-helpers.ts';

const SEEDS = [
  { fromPath: '/b', to: '/new' },
  { fromPath: '/a', to: 'https://elsewhere.example/x' },
  { fromPath: '/a', to: { type: 'product', entity_id: 12 }, siteId: 1001 },
  { fromPath: '/blue-shirt', to: { type: 'brand', entity_id: 3 } },
  { fromPath: '/royal-blue', to: '/x' },
] as const;

const useSeeded = () => useEmulator({ redirects: { redirects: SEEDS } });
const paths = (answer: { data: { from_path: string }[] }) => answer.data.map((item) => item.from_path);

test('a list describes its pages, and caps a limit that is too large', async () => {
  await using emulator = await useEmulator({ redirects: { redirects: SEEDS, defaultLimit: 2, maxLimit: 3 } });
  const first = await listRedirects(emulator);
  expect(paths(first)).toEqual(['/b', '/a']);
  expect(first.meta.pagination).toEqual({
    total: 5,
    count: 2,
    per_page: 2,
    current_page: 1,
    total_pages: 3,
    links: { next: '?limit=2&page=2', current: '?limit=2&page=1' },
  });
  const second = await listRedirects(emulator, '?limit=100&page=2&site_id=1000');
  expect(second.meta.pagination).toMatchObject({ total: 4, count: 1, per_page: 3, current_page: 2, total_pages: 2 });
  expect(second.meta.pagination.links).toEqual({ current: '?limit=3&page=2' });
  expect((await listRedirects(emulator, '?page=9')).data).toEqual([]);
});

test.each([
  ['?site_id=1001', ['/a']],
  ['?id:in=5,1,99', ['/b', '/royal-blue']],
  ['?id:min=2&id:max=3', ['/a', '/a']],
  ['?keyword=blue', ['/blue-shirt']],
  ['?keyword=/b', ['/b', '/blue-shirt']],
  ['?sort=from_path', ['/a', '/a', '/b', '/blue-shirt', '/royal-blue']],
  ['?sort=type&limit=2', ['/blue-shirt', '/a']],
  ['?sort=site_id&direction=desc&limit=1', ['/a']],
  ['?direction=desc&limit=2', ['/royal-blue', '/blue-shirt']],
])('%s', async (query, expected) => {
  await using emulator = await useSeeded();
  expect(paths(await listRedirects(emulator, query))).toEqual(expected);
});

test('full addresses come when they are asked for', async () => {
  await using emulator = await useSeeded();
  const [one, two, three] = (await listRedirects(emulator, '?include=to_url')).data;
  expect(one).toEqual({
    id: 1,
    site_id: 1000,
    from_path: '/b',
    to: { type: 'url', url: '/new' },
    to_url: 'https://store.example.com/new',
  });
  expect(two.to_url).toBe('https://elsewhere.example/x');
  expect(three.to_url).toBe('https://outlet.example.com/products/12');
  expect((await listRedirects(emulator)).data[0].to_url).toBeUndefined();
});

test.each(['site_id=x', 'id:in=1,', 'id:min=-1', 'limit=0', 'page=0', 'sort=to', 'direction=up', 'include=url'])(
  '%s is refused, by its name',
  async (query) => {
    await using emulator = await useEmulator();
    const { status, title, errors } = await listRedirects(emulator, `?${query}`);
    expect({ status, title, names: Object.keys(errors) }).toEqual({
      status: 422,
      title: 'Invalid query parameters.',
      names: [query.split('=')[0]],
    });
  },
);

test('an upsert adds, and overwrites what the site has of a path, under the same id', async () => {
  await using emulator = await useSeeded();
  const to = { type: 'category', entity_id: 8 };
  const response = await putRedirects(emulator, [
    { from_path: '/a', site_id: 1000, to },
    { from_path: '/fresh', site_id: 1001, to: { type: 'url', url: '/y' } },
  ]);
  expect(response.status).toBe(201);
  const { data, meta } = await readJson(response);
  expect(data).toEqual([
    { id: 2, site_id: 1000, from_path: '/a', to },
    { id: 6, site_id: 1001, from_path: '/fresh', to: { type: 'url', url: '/y' } },
  ]);
  expect(meta.pagination).toMatchObject({ total: 2, count: 2 });
  expect(emulator.redirects.list.map(({ id, siteId, fromPath }) => `${id} ${siteId} ${fromPath}`)).toEqual([
    '1 1000 /b',
    '2 1000 /a',
    '3 1001 /a',
    '4 1000 /blue-shirt',
    '5 1000 /royal-blue',
    '6 1001 /fresh',
  ]);
});

const fine = { from_path: '/z', site_id: 1000, to: { type: 'url', url: '/y' } };

test.each<[unknown, string[]]>([
  [{ ...fine, from_path: 'z' }, ['1.from_path']],
  [{ site_id: 1000, to: fine.to }, ['1.from_path']],
  [{ ...fine, site_id: 1 }, ['1.site_id']],
  [{ ...fine, site_id: '1000' }, ['1.site_id']],
  [{ from_path: '/z', site_id: 1000 }, ['1.to']],
  [{ ...fine, to: { type: 'Product', entity_id: 1 } }, ['1.to.type']],
  [{ ...fine, to: { type: 'product', entity_id: 0 } }, ['1.to.entity_id']],
  [{ ...fine, to: { type: 'url', url: 'y' } }, ['1.to.url']],
  [{ ...fine, to: { type: 'url', url: `/${'y'.repeat(2048)}` } }, ['1.to.url']],
  ['x', ['1']],
])('an item like %j is refused, and nothing is done', async (item, names) => {
  await using emulator = await useEmulator();
  const response = await putRedirects(emulator, [fine, item]);
  expect(response.status).toBe(422);
  expect(Object.keys((await readJson(response)).errors)).toEqual(names);
  expect(emulator.redirects.list).toEqual([]);
});

test('a list with too many items is refused', async () => {
  await using emulator = await useEmulator({ redirects: { upsertItems: 1 } });
  expect((await putRedirects(emulator, [fine, { ...fine, from_path: '/y' }])).status).toBe(413);
  expect((await putRedirects(emulator, [fine])).status).toBe(201);
});

test('a deletion goes by ids, and with a site it takes all that the site has', async () => {
  await using emulator = await useSeeded();
  const remove = async (query: string) => (await callRedirects(emulator, query, { method: 'DELETE' })).status;
  expect(await remove('?id:in=1,99')).toBe(204);
  expect(emulator.redirects.list).toHaveLength(4);
  expect(await remove('')).toBe(422);
  expect(await remove('?id:in=')).toBe(422);
  expect(await remove('?id:in=2&site_id=1000')).toBe(204);
  expect(emulator.redirects.list.map(({ id }) => id)).toEqual([3]);
});

test('a path can be added again once it is gone', async () => {
  await using emulator = await useSeeded();
  emulator.redirects.remove(1);
  expect(emulator.redirects.add({ fromPath: '/b', to: '/c' })).toMatchObject([{ id: 6, fromPath: '/b' }]);
});

test('a site may have a path under several ids, and a target with the id 0, and exports all of it', async () => {
  await using emulator = await useEmulator({ redirects: { redirects: [{ fromPath: '/a', to: '/b' }] } });
  const dead = { type: 'product', entity_id: 0 } as const;
  emulator.redirects.add({ fromPath: '/a', to: '/b', copy: true }, { fromPath: '/p', to: dead });
  expect((await listRedirects(emulator)).data).toEqual([
    { id: 1, site_id: 1000, from_path: '/a', to: { type: 'url', url: '/b' } },
    { id: 2, site_id: 1000, from_path: '/a', to: { type: 'url', url: '/b' } },
    { id: 3, site_id: 1000, from_path: '/p', to: dead },
  ]);
  const { jobId } = emulator.redirects.startExport();
  const job = await emulator.redirects.waitForJob((one) => one.jobId === jobId && one.csv !== undefined);
  const rows = ['store.example.com,/a,/b,,', 'store.example.com,/a,/b,,', 'store.example.com,/p,,Product,0', ''];
  expect(job.csv?.split('\n').slice(1)).toEqual(rows);
});

test.each([
  ['first', ['1 /new', '2 /b', '3 /b']],
  ['last', ['1 /b', '2 /b', '3 /new']],
  ['all', ['1 /new', '2 /new', '3 /new']],
] as const)('of a path under several ids, a write overwrites %s', async (overwrites, expected) => {
  const copies = [1, 2, 3].map(() => ({ fromPath: '/z', to: '/b', copy: true }));
  await using emulator = await useEmulator({ redirects: { redirects: copies, overwrites } });
  expect((await putRedirects(emulator, [{ ...fine, to: { type: 'url', url: '/new' } }])).status).toBe(201);
  expect(emulator.redirects.list.map(({ id, to }) => `${id} ${to.type === 'url' ? to.url : ''}`)).toEqual(expected);
  emulator.redirects.remove(1, 2, 3);
  expect(emulator.redirects.add({ fromPath: '/z', to: '/b' })).toMatchObject([{ id: 4 }]);
});

test('a URL that is too long is refused, even one far longer than Node accepts', async () => {
  await using emulator = await useSeeded();
  for (const chars of [8200, 20_000]) {
    const query = `?id:in=${'1,'.repeat(chars / 2)}1`;
    expect((await callRedirects(emulator, query, { method: 'DELETE' })).status).toBe(414);
  }
  expect(emulator.redirects.list).toHaveLength(5);
});

test('the platform may treat two spellings of a path as one, and store another than was sent', async () => {
  await using emulator = await useEmulator({
    redirects: {
      pathKey: (path) => path.toLowerCase(),
      storeAs: ({ fromPath, to }) => ({ fromPath: fromPath.replace(/\/$/, ''), to }),
    },
  });
  const { data } = await readJson(putRedirects(emulator, [fine, { ...fine, from_path: '/Z/' }]));
  expect(data.map(({ id, from_path: path }: { id: number; from_path: string }) => [id, path])).toEqual([
    [1, '/z'],
    [1, '/Z'],
  ]);
});

test('a token that only reads may not write', async () => {
  await using emulator = await useEmulator({ tokens: { reads: ['store_v2_content_read_only'], none: [] } });
  const statusOf = async (token: string, method: string, path: string) =>
    (await callRedirects(emulator, path, { method, headers: { 'X-Auth-Token': token } })).status;
  expect(await statusOf('reads', 'GET', '')).toBe(200);
  expect(await statusOf('reads', 'GET', '/imex/jobs')).toBe(200);
  expect(await statusOf('reads', 'POST', '/imex/export')).toBe(422);
  for (const [method, path] of [
    ['PUT', ''],
    ['DELETE', '?id:in=1'],
    ['POST', '/imex/import'],
  ] as const) {
    expect(await statusOf('reads', method, path)).toBe(403);
  }
  expect(await statusOf('none', 'GET', '')).toBe(403);
  expect(await statusOf('unknown', 'GET', '')).toBe(401);
  expect(await statusOf(emulator.accessToken, 'POST', '')).toBe(404);
});

test('another process adds redirects, and holds jobs', async () => {
  await using emulator = await useEmulator();
  emulator.redirects.addSite('Third.example.com');
  expect(emulator.redirects.sites.at(-1)).toEqual({ id: 1002, domain: 'third.example.com' });
  const control = async (method: string, path: string, body?: unknown) =>
    await fetch(`${emulator.origin}/_emulator/${path}`, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
    });
  expect((await control('POST', 'redirects', [{ fromPath: '/a', to: '/b', siteId: 1002 }])).status).toBe(200);
  expect((await control('POST', 'redirects', { fromPath: '/a', to: '/b', siteId: 7 })).status).toBe(400);
  expect((await control('POST', 'hold-jobs', { at: 'new' })).status).toBe(204);
  expect((await control('POST', 'hold-jobs', { at: 'x' })).status).toBe(400);
  const { jobId } = emulator.redirects.startExport();
  const state = await readJson(control('GET', 'state'));
  expect(state.redirects).toMatchObject({ list: [{ siteId: 1002 }], jobs: [{ jobId, status: 'new' }] });
  expect((await control('POST', 'release-jobs', { job_id: jobId })).status).toBe(204);
  await emulator.redirects.waitForJob(({ status }) => status === 'complete');
});

import { expect, test } from '@jest/globals';
import { callApi, postJson, readJson, useEmulator } from './helpers.ts';

const NAMES = ['shop-1', 'shop-2', 'blog-1', 'shop-3', 'shop-4', 'shop-5'];

test('the links of a page hold the cursor alone; pages with the filters of the first request give each project once', async () => {
  await using emulator = await useEmulator({ projects: NAMES });
  const names: string[] = [];
  let next: string | undefined = '';
  while (next !== undefined) {
    const page = await readJson(callApi(emulator, `/projects?limit=2&name:like=SHOP${next.replace('?', '&')}`));
    expect(page.data.length).toBe(page.meta.cursor_pagination.count);
    names.push(...page.data.map((project: { name: string }) => project.name));
    next = page.meta.cursor_pagination.links.next;
    if (next !== undefined) expect(next).toMatch(/^\?after=[\w-]+$/);
  }
  expect(names).toEqual(NAMES.filter((name) => name.startsWith('shop')));
});

test('pages go backwards too', async () => {
  await using emulator = await useEmulator({ projects: NAMES });
  const first = await readJson(callApi(emulator, '/projects?limit=2'));
  expect(first.meta.cursor_pagination).toMatchObject({ count: 2, per_page: 2, links: { next: expect.any(String) } });
  expect(first.meta.cursor_pagination.links.previous).toBeUndefined();
  const second = await readJson(callApi(emulator, `/projects${first.meta.cursor_pagination.links.next}&limit=2`));
  const back = await readJson(callApi(emulator, `/projects${second.meta.cursor_pagination.links.previous}&limit=2`));
  expect(back.data).toEqual(first.data);
});

test('filters by uuid and date, and refuses invalid parameters', async () => {
  await using emulator = await useEmulator({ projects: NAMES });
  const uuid = emulator.projects[2]?.uuid;
  const found = await readJson(callApi(emulator, `/projects?uuid:in=${uuid}&date_created:min=2024-01-01T00:00:00Z`));
  expect(found.data).toEqual([
    {
      uuid,
      name: 'blog-1',
      date_created: emulator.projects[2]?.dateCreated,
      date_modified: emulator.projects[2]?.dateModified,
      deployment_hostnames: [],
    },
  ]);
  expect((await readJson(callApi(emulator, '/projects?date_created:max=2024-01-01T00:00:00Z'))).data).toEqual([]);
  const refused = await callApi(emulator, '/projects?limit=x&after=y&date_modified:min=z');
  expect(refused.status).toBe(422);
  expect(Object.keys((await readJson(refused)).errors)).toEqual(['limit', 'after', 'date_modified:min']);
});

test('creates a project, holds it to the rules of names and the limit of the store', async () => {
  await using emulator = await useEmulator({ projectLimit: 2, projects: ['first'] });
  for (const name of ['ab', 'a'.repeat(33), 'with space', 7]) {
    const response = await postJson(emulator, '/projects', { name });
    expect(response.status).toBe(422);
    expect((await readJson(response)).errors.name).toEqual(expect.any(String));
  }
  expect((await postJson(emulator, '/projects', { name: 'first' })).status).toBe(502);
  const created = await readJson(postJson(emulator, '/projects', { name: 'a.b-C_9' }));
  expect(created).toMatchObject({ data: { name: 'a.b-C_9', uuid: expect.any(String) }, meta: {} });
  const refused = await postJson(emulator, '/projects', { name: 'third' });
  expect([refused.status, (await readJson(refused)).title]).toEqual([422, expect.stringContaining('limit of 2')]);
});

test('deletes one project, or many', async () => {
  await using emulator = await useEmulator({ projects: ['one', 'two', 'three'] });
  const [one, two, three] = emulator.projects.map((project) => project.uuid);
  expect((await callApi(emulator, `/projects/${one}`, { method: 'DELETE' })).status).toBe(204);
  expect((await callApi(emulator, `/projects/${one}`, { method: 'DELETE' })).status).toBe(404);
  expect((await callApi(emulator, '/projects', { method: 'DELETE' })).status).toBe(422);
  const many = await callApi(emulator, `/projects?project_uuid:in=${two},${three}`, { method: 'DELETE' });
  expect(many.status).toBe(204);
  expect(emulator.projects).toEqual([]);
});

test('distinguishes tokens, stores and scopes, in the shape of BigCommerce errors', async () => {
  await using emulator = await useEmulator({ tokens: { reader: ['store_infrastructure_projects_read_only'] } });
  const wrong = await callApi(emulator, '/projects', { headers: { 'X-Auth-Token': 'wrong' } });
  expect(wrong.status).toBe(401);
  expect(await readJson(wrong)).toEqual({
    status: 401,
    title: expect.any(String),
    type: expect.stringMatching(/^https:/),
    errors: {},
  });
  const bare = await fetch(`${emulator.origin}/stores/${emulator.storeHash}/v3/infrastructure/projects`);
  expect(bare.status).toBe(401);
  const headers = { 'X-Auth-Token': emulator.accessToken };
  expect((await fetch(`${emulator.origin}/stores/other/v3/infrastructure/projects`, { headers })).status).toBe(404);
  const reader = { 'X-Auth-Token': 'reader' };
  expect((await callApi(emulator, '/projects', { headers: reader })).status).toBe(200);
  expect((await callApi(emulator, '/deployments/uploads', { method: 'POST', headers: reader })).status).toBe(403);
});

test('answers carry the rate limit headers', async () => {
  await using emulator = await useEmulator();
  const { headers } = await callApi(emulator, '/projects');
  expect(headers.get('x-rate-limit-requests-quota')).toBe('150');
  expect(headers.get('x-rate-limit-requests-left')).toBe('149');
  expect(Number(headers.get('x-rate-limit-time-reset-ms'))).toBeGreaterThan(0);
});

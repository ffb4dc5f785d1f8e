import { expect, test } from '@jest/globals';
import { callGitHub, createDeployment, createStatus, readGitHub, SHA } from './github-helpers.ts';
import { useEmulator } from './helpers.ts';

test('a deployment has the values of the request, and defaults', async () => {
  await using emulator = await useEmulator();
  const first = await createDeployment(emulator);
  expect(first.status).toBe(201);
  expect(first.data).toMatchObject({
    url: `${emulator.github.apiUrl}/repos/acme/storefront/deployments/${first.data.id}`,
    ref: SHA,
    sha: SHA,
    task: 'deploy',
    environment: 'production',
    original_environment: 'production',
    description: null,
    payload: {},
    transient_environment: false,
    production_environment: true,
    creator: { login: 'github-actions[bot]', type: 'Bot', id: 41898282 },
  });
  const wanted = { ref: 'main', environment: 'preview', payload: 'text', transient_environment: true, task: 'x' };
  const second = await createDeployment(emulator, wanted);
  expect(second.data).toMatchObject({ ...wanted, production_environment: false });
  expect(second.data.id).toBeGreaterThan(first.data.id);
  expect(first.data.id).toBeGreaterThan(2 ** 32);
  expect(emulator.github.deployments).toMatchObject([
    { state: 'pending' },
    { environment: 'preview', transient: true },
  ]);
});

test.each<[string, unknown, number, object]>([
  ['no ref', { ref: undefined }, 422, { message: `Invalid request.\n\n"ref" wasn't supplied.`, status: '422' }],
  [
    'wrong types',
    { environment: 7, auto_merge: 'no', payload: [] },
    422,
    {
      message: [
        'Invalid request.\n',
        `For 'properties/environment', 7 is not a string.`,
        `For 'properties/auto_merge', "no" is not a boolean.`,
        `For 'properties/payload', [] is not an object or a string.`,
      ].join('\n'),
    },
  ],
  ['a ref that is not there', { ref: 'nope' }, 422, { message: 'No ref found for: nope' }],
  [
    'a long environment',
    { environment: 'e'.repeat(256) },
    422,
    { message: 'Validation Failed', errors: [{ resource: 'Deployment', code: 'custom', field: 'environment' }] },
  ],
  [
    'the contexts left to GitHub',
    { required_contexts: undefined },
    409,
    {
      message: `Conflict: Commit status checks failed for ${SHA}.`,
      errors: [{ code: 'invalid', field: 'required_contexts', contexts: [{ context: 'deploy', state: 'pending' }] }],
    },
  ],
])('%s is rejected', async (_, body, status, error) => {
  await using emulator = await useEmulator();
  const answer = await createDeployment(emulator, body as object);
  expect(answer.status).toBe(status);
  expect(answer.data).toMatchObject({
    ...error,
    documentation_url: 'https://docs.github.com/rest/deployments/deployments#create-a-deployment',
  });
  expect(emulator.github.deployments).toHaveLength(0);
});

test('a branch that is behind is merged into first, a commit conflicts, and neither without auto_merge', async () => {
  await using emulator = await useEmulator();
  const { head } = emulator.github.addPullRequest({ number: 9, headRef: 'old', isBehind: true });
  expect(await createDeployment(emulator, { ref: 'old', auto_merge: true })).toMatchObject({ status: 202 });
  expect(await createDeployment(emulator, { ref: head.sha, auto_merge: true })).toMatchObject({ status: 409 });
  expect(await createDeployment(emulator, { ref: 'refs/pull/9/head' })).toMatchObject({
    status: 201,
    data: { sha: head.sha },
  });
});

test('lists begin with the newest, and have filters, pages and links', async () => {
  await using emulator = await useEmulator();
  for (let index = 0; index < 35; index += 1) {
    emulator.github.addDeployment({ environment: index % 2 === 0 ? 'preview' : 'qa', task: `t${index}`, sha: SHA });
  }
  const first = await callGitHub(emulator, '/deployments');
  const items = (await first.json()) as { id: number; task: string }[];
  expect(items).toHaveLength(30);
  expect(items[0]?.task).toBe('t34');
  const base = `${emulator.github.apiUrl}/repos/acme/storefront/deployments`;
  expect(first.headers.get('link')).toBe(`<${base}?page=2>; rel="next", <${base}?page=2>; rel="last"`);
  const last = await callGitHub(emulator, '/deployments?per_page=10&page=4&environment=');
  expect(await last.json()).toHaveLength(5);
  expect(last.headers.get('link')).toMatch(/&page=3&.*; rel="prev", .*&page=1&.*; rel="first"$/);
  const count = async (query: string) =>
    (await readGitHub(emulator, `/deployments?per_page=1000&${query}`)).data.length;
  expect(await count('environment=qa')).toBe(17);
  expect(await count('task=t3&environment=qa')).toBe(1);
  expect(await count(`sha=${SHA}`)).toBe(35);
  expect(await count('ref=other')).toBe(0);
  expect(await count('page=7')).toBe(0);
});

test('a success makes earlier deployments inactive, but none that is transient or production', async () => {
  await using emulator = await useEmulator();
  const { github } = emulator;
  const add = (more: object) => github.addDeployment({ environment: 'preview', statuses: ['success'], ...more });
  const before = [
    add({}),
    add({ transient: true }),
    add({ production: true }),
    add({ environment: 'qa' }),
    add({ statuses: ['failure'] }),
  ];
  const states = () => before.map(({ state }) => state);
  const untouched = ['success', 'success', 'success', 'success', 'failure'];
  const { id } = (await createDeployment(emulator, { environment: 'preview' })).data;
  await createStatus(emulator, id, { state: 'in_progress' });
  await createStatus(emulator, id, { state: 'success', auto_inactive: false });
  expect(states()).toEqual(untouched);
  expect(await createStatus(emulator, id, { state: 'success' })).toMatchObject({ status: 201 });
  expect(states()).toEqual(['inactive', ...untouched.slice(1)]);
  const { data } = await readGitHub(emulator, `/deployments/${id}/statuses?per_page=2`);
  expect(data.map(({ state }: { state: string }) => state)).toEqual(['success', 'success']);
});

test('a status moves a deployment to another environment, and the next one stays there', async () => {
  await using emulator = await useEmulator();
  const { id } = (await createDeployment(emulator, { environment: 'qa' })).data;
  await createStatus(emulator, id, { state: 'queued', environment: 'staging' });
  const urls = { log_url: 'https://a.example/log', environment_url: 'https://a.example' };
  const { data } = await createStatus(emulator, id, { state: 'success', description: 'é'.repeat(140), ...urls });
  expect(data).toMatchObject({ ...urls, target_url: urls.log_url, environment: 'staging', state: 'success' });
  expect((await readGitHub(emulator, `/deployments/${id}`)).data).toMatchObject({
    environment: 'staging',
    original_environment: 'qa',
  });
});

test.each<[object, object]>([
  [{}, { message: `Invalid request.\n\n"state" wasn't supplied.` }],
  [{ state: 'done' }, { message: expect.stringContaining('"done" is not a member of ["error"') }],
  [
    { state: 'error', description: 'x'.repeat(141) },
    {
      errors: [
        {
          resource: 'DeploymentStatus',
          code: 'custom',
          field: 'description',
          message: 'description is too long (maximum is 140 characters)',
        },
      ],
    },
  ],
  [{ state: 'error', environment_url: 'a.example' }, { errors: [{ field: 'environment_url' }] }],
  [{ state: 'error', log_url: 'javascript:alert(1)' }, { errors: [{ field: 'target_url' }] }],
])('the status %j is rejected', async (body, error) => {
  await using emulator = await useEmulator();
  const { id } = emulator.github.addDeployment({});
  expect(await createStatus(emulator, id, body)).toMatchObject({ status: 422, data: { ...error, status: '422' } });
  expect(emulator.github.deployments[0]?.statuses).toHaveLength(0);
});

test('an active deployment can only be deleted when it is the only one', async () => {
  await using emulator = await useEmulator();
  const { github } = emulator;
  const [first, second] = [github.addDeployment({ statuses: ['success'] }), github.addDeployment({})];
  const remove = (id: number) => readGitHub(emulator, `/deployments/${id}`, { method: 'DELETE' });
  expect(await remove(first.id)).toMatchObject({ status: 422, data: { message: expect.stringMatching(/active/) } });
  await createStatus(emulator, second.id, { state: 'failure' });
  expect(await remove(second.id)).toEqual({ status: 204, data: undefined });
  expect(await remove(second.id)).toMatchObject({ status: 404 });
  expect(await remove(first.id)).toMatchObject({ status: 204 });
});

test('history may be garbage', async () => {
  await using emulator = await useEmulator();
  const payloads = ['text', null, 7, ['x'], { 'catalyst-deploy': '::error::' }, 'x'.repeat(300_000)];
  for (const payload of payloads) emulator.github.addDeployment({ payload, login: 'eve', description: '<b>' });
  const { data } = await readGitHub(emulator, '/deployments');
  expect(data.map(({ payload }: { payload: unknown }) => payload)).toEqual(payloads.toReversed());
});

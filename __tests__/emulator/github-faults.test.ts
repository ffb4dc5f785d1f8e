import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/emulator.ts';
import { HOSTILE_MESSAGE } from '../../emulator/faults/hostile-text.ts';
import { callGitHub, createDeployment, readGitHub } from './github-helpers.ts';
import { callApi, put, readJson, sign, useEmulator } from './helpers.ts';

const comment = { method: 'POST', body: { body: 'Hello' } };

test('every answer has the state of the rate limit', async () => {
  await using emulator = await useEmulator();
  const before = Math.floor(Date.now() / 1000);
  const answers = [
    await callGitHub(emulator, '/pulls/7'),
    await callGitHub(emulator, '/pulls/8'),
    await callGitHub(emulator, '/pulls/7', { token: 'bad' }),
  ];
  for (const { headers } of answers) {
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('x-github-request-id')).toMatch(/^[0-9A-F]{4}(:[0-9A-F]+){4}$/);
    expect(headers.get('x-github-media-type')).toBe('github.v3; format=json');
    expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(before);
    expect(headers.get('x-ratelimit-resource')).toBe('core');
  }
  expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['999', '998', '4999']);
  const graphql = await callGitHub(emulator, '//graphql', { method: 'POST', body: { query: '{viewer{login}}' } });
  expect(graphql.headers.get('x-ratelimit-resource')).toBe('graphql');
});

test('the primary rate limit is exceeded for a number of requests', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'github.any', effect: 'rate-limit', resetSeconds: 5, times: 2 });
  emulator.addFault({ call: 'github.any', effect: 'rate-limit', status: 429, skip: 2 });
  const answers = [];
  for (let index = 0; index < 4; index += 1) answers.push(await callGitHub(emulator, '/pulls/7'));
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 429, 200]);
  const [first] = answers;
  expect(first?.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(Math.abs(Number(first?.headers.get('x-ratelimit-reset')) - Date.now() / 1000 - 5)).toBeLessThan(3);
  expect(await first?.json()).toMatchObject({ message: expect.stringMatching(/^API rate limit exceeded/) });
});

test('a secondary rate limit says how long to wait, or does not', async () => {
  await using emulator = await useEmulator();
  const fault = { call: 'github.createComment', effect: 'rate-limit', limit: 'secondary' } as const;
  emulator.addFault({ ...fault, retryAfterSeconds: 2 });
  emulator.addFault({ ...fault, retryAfterSeconds: 'none', status: 429 });
  const first = await callGitHub(emulator, '/issues/7/comments', comment);
  expect([first.status, first.headers.get('retry-after')]).toEqual([403, '2']);
  expect(Number(first.headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0);
  expect(await first.json()).toMatchObject({ message: expect.stringMatching(/^You have exceeded a secondary rate/) });
  const second = await callGitHub(emulator, '/issues/7/comments', comment);
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, null]);
  expect(emulator.github.comments).toHaveLength(0);
});

test('GraphQL reports its limit with 200', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'github.graphql', effect: 'rate-limit' });
  const response = await callGitHub(emulator, '//graphql', { method: 'POST', body: { query: '{viewer{login}}' } });
  expect([response.status, response.headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
  expect(await response.json()).toMatchObject({ errors: [{ type: 'RATE_LIMIT' }] });
});

test('errors can be hostile, or of any kind', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'github.createDeployment', effect: 'hostile-error' });
  emulator.addFault({ call: 'github.createDeployment', effect: 'hostile-error', status: 403, text: '::warning::x' });
  emulator.addFault({ call: 'github.createDeployment', effect: 'status', status: 503 });
  emulator.addFault({ call: 'github.createDeployment', effect: 'status', status: 502, body: '<html>' });
  expect(await createDeployment(emulator)).toMatchObject({ status: 422, data: { message: HOSTILE_MESSAGE } });
  expect(await createDeployment(emulator)).toMatchObject({ status: 403, data: { message: '::warning::x' } });
  expect(await createDeployment(emulator)).toMatchObject({ status: 503, data: { message: 'Server Error' } });
  await expect(createDeployment(emulator)).rejects.toThrow(SyntaxError);
  expect(await createDeployment(emulator)).toMatchObject({ status: 201 });
  for (const part of ['::error', '\u001b[', '<img', '](javascript', '@everyone'])
    expect(HOSTILE_MESSAGE).toContain(part);
});

test.each<[Fault, boolean]>([
  [{ call: 'github.createComment', effect: 'reset-before' }, false],
  [{ call: 'github.createComment', effect: 'lost-answer' }, true],
  [{ call: 'github.createComment', effect: 'reset-in-body' }, true],
])('%j breaks the connection; is the work done: %p', async (fault, isDone) => {
  await using emulator = await useEmulator();
  emulator.addFault(fault);
  await expect(readGitHub(emulator, '/issues/7/comments', comment)).rejects.toThrow();
  expect(await emulator.waitForRequestEnd('github.createComment')).toMatchObject({ aborted: true });
  expect(emulator.github.comments).toHaveLength(isDone ? 1 : 0);
});

test('answers come late, slowly, or never', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'github.getPullRequest', effect: 'delay', delayMs: 40 });
  emulator.addFault({ call: 'github.getPullRequest', effect: 'slow-body', delayMs: 1, chunkBytes: 2000 });
  emulator.addFault({ call: 'github.createComment', effect: 'hang' });
  const startedAt = performance.now();
  expect(await readGitHub(emulator, '/pulls/7')).toMatchObject({ status: 200 });
  expect(performance.now() - startedAt).toBeGreaterThan(35);
  expect(await readGitHub(emulator, '/pulls/7')).toMatchObject({ status: 200 });
  const hanging = readGitHub(emulator, '/issues/7/comments', comment);
  const outcome = expect(hanging).rejects.toThrow();
  await emulator.waitForRequest('github.createComment');
  await emulator.close();
  await outcome;
  expect(emulator.github.comments).toHaveLength(0);
});

test.each<[unknown, RegExp]>([
  [{ call: 'github.createComment', effect: 'conflict' }, /^call of a fault with effect conflict must be one of create/],
  [{ call: 'sign', effect: 'rate-limit' }, /^call of a fault with effect rate-limit must be one of GitHub's/],
  [{ call: 'github.any', effect: 'rate-limit', status: 500 }, /^status must be 403 or 429/],
  [{ call: 'github.any', effect: 'rate-limit', limit: 'third' }, /^limit must be one of primary, secondary/],
  [{ call: 'github.nope', effect: 'hang' }, /^call must be one of .*github\.any; it is "github\.nope"$/],
])('%j makes no sense', async (fault, message) => {
  await using emulator = await useEmulator();
  expect(() => emulator.addFault(fault as Fault)).toThrow(message);
});

test('a credential that goes to the wrong place is a violation', async () => {
  await using emulator = await useEmulator();
  const { github, accessToken } = emulator;
  await readGitHub(emulator, '/pulls/7', { token: accessToken });
  await readGitHub(emulator, '/issues/7/comments', { method: 'POST', body: { body: `It is ${accessToken}.` } });
  await callApi(emulator, '/projects', { headers: { Authorization: `Bearer ${github.token}` } });
  await callApi(emulator, '/projects', { method: 'POST', body: JSON.stringify({ name: github.token }) });
  const { uploadUrl } = await sign(emulator);
  await put(uploadUrl, 'zip', { Authorization: `token ${github.token}` });
  expect(emulator.violations).toEqual([
    { requestIndex: 0, message: 'The access token of the store was sent to GitHub' },
    { requestIndex: 1, message: 'The access token of the store was sent to GitHub' },
    { requestIndex: 2, message: 'A token of GitHub was sent to BigCommerce' },
    { requestIndex: 3, message: 'A token of GitHub was sent to BigCommerce' },
    { requestIndex: 5, message: 'A token of GitHub was sent to storage' },
  ]);
});

test('another process sees GitHub’s side, and takes permissions away', async () => {
  await using emulator = await useEmulator();
  await createDeployment(emulator);
  const control = (body: object) =>
    fetch(`${emulator.origin}/_emulator/permissions`, { method: 'POST', body: JSON.stringify(body) });
  const state = await readJson(fetch(`${emulator.origin}/_emulator/state`));
  expect(state.github).toMatchObject({
    repository: 'acme/storefront',
    login: 'github-actions[bot]',
    deployments: [{ environment: 'production', statuses: [] }],
    pullRequests: [{ number: 7 }],
    comments: [],
  });
  expect((await control({ permission: 'deployments', level: 'read' })).status).toBe(204);
  expect(await createDeployment(emulator)).toMatchObject({ status: 403 });
  expect((await control({ permission: 'deployments', level: 'write' })).status).toBe(204);
  expect(await createDeployment(emulator)).toMatchObject({ status: 201 });
  expect((await control({ permission: 'x', level: 'none' })).status).toBe(400);
  expect((await control({ permission: 'issues', level: 'some' })).status).toBe(400);
});

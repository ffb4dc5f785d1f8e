import { expect, test } from '@jest/globals';
import type { GitHubOptions } from '../../emulator/services/github/options.ts';
import { callGitHub, createDeployment, readGitHub, SHA } from './github-helpers.ts';
import { readJson, useEmulator } from './helpers.ts';

test.each<[GitHubOptions, string | null | undefined, string, number]>([
  [{}, undefined, 'GET', 200],
  [{}, null, 'GET', 404],
  [{}, null, 'POST', 404],
  [{}, 'ghs_unknown', 'GET', 401],
  [{ isPrivate: false }, null, 'GET', 200],
  [{ isPrivate: false }, null, 'POST', 401],
  [{ isPrivate: false, permissions: {} }, undefined, 'GET', 200],
  [{ isPrivate: false, permissions: {} }, undefined, 'POST', 403],
  [{ permissions: { deployments: 'read' } }, undefined, 'GET', 200],
  [{ permissions: { deployments: 'read' } }, undefined, 'POST', 403],
  [{ permissions: { issues: 'write' } }, undefined, 'GET', 403],
])('with %j, the token %p gets on %s a %i', async (github, token, method, status) => {
  await using emulator = await useEmulator({ github });
  const body = method === 'POST' ? { ref: SHA, required_contexts: [] } : undefined;
  const answer = await readGitHub(emulator, '/deployments', { method, body, ...(token !== undefined && { token }) });
  expect(answer.status === 201 ? 200 : answer.status).toBe(status);
});

test('a token is accepted with either scheme', async () => {
  await using emulator = await useEmulator();
  const { token } = emulator.github;
  for (const [authorization, status] of [
    [`Bearer ${token}`, 200],
    [`token ${token}`, 200],
    [`TOKEN ${token}`, 200],
    [token, 401],
  ] as const) {
    const answer = await readGitHub(emulator, '/pulls', { token: null, headers: { authorization } });
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.data).toMatchObject({ message: 'Bad credentials', status: '401' });
  }
});

test('permissions can change while it runs, and the answer names the one that is missing', async () => {
  await using emulator = await useEmulator();
  const { github } = emulator;
  github.deny('deployments');
  const response = await callGitHub(emulator, '/deployments', { method: 'POST', body: { ref: SHA } });
  expect(response.status).toBe(403);
  expect(response.headers.get('x-accepted-github-permissions')).toBe('deployments=write');
  expect(await response.json()).toEqual({
    message: 'Resource not accessible by integration',
    documentation_url: 'https://docs.github.com/rest/deployments/deployments#create-a-deployment',
    status: '403',
  });
  github.deny('deployments', 'read');
  expect(await readGitHub(emulator, '/deployments')).toMatchObject({ status: 200 });
  expect(await createDeployment(emulator)).toMatchObject({ status: 403 });
  github.allow('deployments');
  expect(await createDeployment(emulator)).toMatchObject({ status: 201 });
});

test('either permission is enough to comment on a pull request', async () => {
  await using emulator = await useEmulator();
  const { github } = emulator;
  const comment = () => callGitHub(emulator, '/issues/7/comments', { method: 'POST', body: { body: 'Hello' } });
  github.deny('issues');
  expect((await comment()).status).toBe(201);
  github.deny('pull-requests', 'read');
  const refused = await comment();
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-accepted-github-permissions')).toBe('issues=write; pull_requests=write');
  expect(await readGitHub(emulator, '/issues/7/comments')).toMatchObject({ status: 200 });
  github.allow('issues');
  expect((await comment()).status).toBe(201);
});

test('other tokens write under their own names, with their own permissions', async () => {
  await using emulator = await useEmulator({ github: { tokens: [{ token: 'github_pat_1', login: 'hubot' }] } });
  const { github } = emulator;
  const app = github.addToken({ login: 'deployer[bot]', permissions: { issues: 'write' } });
  const comment = (token: string) =>
    readGitHub(emulator, '/issues/7/comments', { method: 'POST', body: { body: 'Hello' }, token });
  expect((await comment('github_pat_1')).data.user).toMatchObject({ login: 'hubot', type: 'User' });
  expect((await comment(app)).data.user).toMatchObject({ login: 'deployer[bot]', type: 'Bot' });
  expect(await readGitHub(emulator, '/deployments', { token: app })).toMatchObject({
    status: 403,
    data: { message: 'Resource not accessible by integration' },
  });
  github.deny('deployments', 'none', 'github_pat_1');
  expect(await readGitHub(emulator, '/deployments', { token: 'github_pat_1' })).toMatchObject({
    status: 403,
    data: { message: 'Resource not accessible by personal access token' },
  });
  expect(() => github.allow('issues', 'nobody')).toThrow('There is no such GitHub token in the emulator.');
});

test.each([
  'query { viewer { login } }',
  '{viewer{login}}',
  '\n  query Who($x: Int = 1) {\n    viewer { # me\n      login,\n    }\n  }\n',
  'query{viewer{login __typename id databaseId}}',
])('GraphQL knows the viewer: %j', async (query) => {
  await using emulator = await useEmulator();
  const person = emulator.github.addToken({ login: 'hubot' });
  for (const url of [emulator.github.graphqlUrl, emulator.github.enterpriseGraphqlUrl]) {
    for (const [token, login] of [
      [emulator.github.token, 'github-actions[bot]'],
      [person, 'hubot'],
    ]) {
      const headers = { authorization: `bearer ${token}` };
      const { data } = await readJson(fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) }));
      expect(data.viewer.login).toBe(login);
    }
  }
});

test.each<[unknown, object]>([
  [{ query: '{ zen }' }, { message: "Field 'zen' doesn't exist on type 'Query'", locations: [{ line: 1, column: 3 }] }],
  [{ query: '{ viewer { nose } }' }, { path: ['query', 'viewer', 'nose'] }],
  [{ query: 'mutation { x }' }, { message: expect.stringMatching(/^Parse error/) }],
  [{}, { message: 'A query attribute must be specified and must be a string.' }],
])('GraphQL does not understand %j', async (body, error) => {
  await using emulator = await useEmulator();
  const answer = await readGitHub(emulator, '//graphql', { method: 'POST', body });
  expect(answer).toMatchObject({ status: 200, data: { errors: [error] } });
  expect(await readGitHub(emulator, '//graphql', { method: 'POST', body, token: null })).toMatchObject({ status: 401 });
});

test('only a person’s token may ask who it is', async () => {
  await using emulator = await useEmulator();
  expect(await readGitHub(emulator, '//user')).toMatchObject({
    status: 403,
    data: { message: 'Resource not accessible by integration' },
  });
  const token = emulator.github.addToken({ login: 'hubot' });
  expect(await readGitHub(emulator, '//user', { token })).toMatchObject({ status: 200, data: { login: 'hubot' } });
  expect(await readGitHub(emulator, '//user', { token: null })).toMatchObject({ status: 401 });
});

test('roles are shown as permissions', async () => {
  await using emulator = await useEmulator();
  const ask = (login: string) => readGitHub(emulator, `/collaborators/${encodeURIComponent(login)}/permission`);
  emulator.github.setRole('eve', 'maintain');
  expect(await ask('eve')).toMatchObject({
    data: { permission: 'write', role_name: 'maintain', user: { login: 'eve' } },
  });
  emulator.github.setRole('Eve', 'none');
  expect((await ask('eve')).data.permission).toBe('none');
  expect((await ask('github-actions[bot]')).status).toBe(200);
  expect((await ask('nobody')).status).toBe(404);
});

test('what does not exist is 404 in GitHub’s form', async () => {
  await using emulator = await useEmulator();
  const paths = ['//', '//repos', '//zen', '//repos/acme/other/pulls/7', '/pulls/', '/pulls/x', '/deployments/1'];
  for (const path of paths) {
    const answer = await readGitHub(emulator, path);
    expect(answer).toMatchObject({ status: 404, data: { message: 'Not Found', status: '404' } });
  }
  expect(await readGitHub(emulator, '/pulls/7', { method: 'PUT' })).toMatchObject({ status: 404 });
  expect(await readGitHub(emulator, '//repos/ACME/Storefront/pulls/7')).toMatchObject({ status: 200 });
});

test('a body that is not a JSON object is rejected, and so is a client without a user agent', async () => {
  await using emulator = await useEmulator();
  const send = (body: string) => readGitHub(emulator, '/deployments', { method: 'POST', body });
  expect(await send('{')).toMatchObject({ status: 400, data: { message: 'Problems parsing JSON' } });
  expect(await send('[]')).toMatchObject({ status: 400, data: { message: 'Body should be a JSON object' } });
  const nameless = await callGitHub(emulator, '/pulls', { headers: { 'user-agent': '' } });
  expect(nameless.status).toBe(403);
  expect(await nameless.text()).toContain('User-Agent');
});

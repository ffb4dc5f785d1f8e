/** The embedded GitHub answers as GitHub's own description has it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import { startEmulator } from '../../emulator/server.ts';
import { GITHUB_ENDPOINTS } from '../../emulator/services/github/endpoints.ts';
import { type GitHubRequest, requestProblems, responseProblems } from './openapi.ts';
import { createRequest } from './openapi-requests.ts';

const RUN_ID = 11;
const artifact = { runId: RUN_ID, name: 'bundle', sizeBytes: 9, createdAtMs: 0 };
const ARTIFACTS = [
  { ...artifact, id: 12, digest: `sha256:${'0'.repeat(64)}`, expiresAtMs: 4e12 },
  { ...artifact, id: 13, headBranch: 'topic', headSha: 'c0ffee', expiresAtMs: 1 },
];

const RUNS = [
  { runId: RUN_ID },
  {
    runId: 21,
    event: 'pull_request',
    headBranch: 'change-9',
    headSha: 'a'.repeat(40),
    headRepository: 'fork/storefront',
  },
  { runId: 22, event: 'pull_request', headBranch: 'stock-levels', pullRequests: [7] },
];

let emulator: Emulator;
let personalToken: string;
/** Ids of what was there before the tests. */
let known: { deployment: number; comment: number };
let behindSha: string;

beforeAll(async () => {
  emulator = await startEmulator();
  const { github } = emulator;
  personalToken = github.addToken({ login: 'mona' });
  github.setRole('admin', 'admin');
  github.mountArtifacts({
    list: (runId) => ARTIFACTS.filter((one) => one.runId === runId),
    find: (id) => ARTIFACTS.find((one) => one.id === id),
    findRun: (runId) => RUNS.find((one) => one.runId === runId),
    signedUrl: (id, origin) => `${origin}/artifacts/${id}`,
  });
  github.addPullRequest({ number: 8, state: 'closed', isMerged: true, body: 'Words' });
  github.addPullRequest({ number: 9, isDraft: true, headRepository: 'fork/storefront', mergeCommitSha: null });
  github.addPullRequest({ number: 10, state: 'closed', isLocked: true });
  behindSha = github.addPullRequest({ number: 11, isBehind: true, headRef: 'behind' }).head.sha;
  const statuses = [
    'in_progress',
    { state: 'success', environmentUrl: 'https://example.com', logUrl: 'https://a.b' },
  ] as const;
  github.addDeployment({ statuses: [...statuses], transient: true, description: 'Words' });
  known = {
    deployment: github.addDeployment({ environment: 'preview', payload: 'text', login: 'mona' }).id,
    comment: github.addComment({ body: 'Hello' }).id,
  };
});

afterAll(() => emulator.close());

interface Answer {
  status: number;
  body: { id: number; total_count?: number };
  problems: string[];
}

/** What the embedded GitHub answers; the request is held against the description too, unless it is bad on purpose. */
async function send(request: GitHubRequest, isFine = true): Promise<Answer> {
  const { method, path, query } = request;
  // The job's own token, unless the test has another.
  const authorization = request.headers['authorization']?.replace('ghs_secret', emulator.github.token) ?? '';
  const response = await fetch(`${emulator.origin}${path}?${new URLSearchParams(query)}`, {
    method,
    headers: { ...request.headers, authorization },
    redirect: 'manual',
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const text = await response.text();
  const body = text === '' ? undefined : JSON.parse(text);
  const recorded = emulator.requests.at(-1);
  if (recorded === undefined) throw new Error('nothing was recorded');
  return {
    status: response.status,
    body,
    problems: [
      ...(isFine ? await requestProblems(recorded) : []),
      ...(await responseProblems(request, response.status, body)),
    ],
  };
}

/** A request to the repository of the embedded GitHub. */
function call(method: string, path: string, rest: Partial<GitHubRequest> = {}): GitHubRequest {
  const prefix = `/github/repos/${emulator.github.repository}`;
  return createRequest(method, path.startsWith('/') ? path : `${prefix}/${path}`, rest);
}

async function expectAnswer(request: GitHubRequest, status: number, isFine = true): Promise<Answer> {
  const answer = await send(request, isFine);
  expect({ status: answer.status, problems: answer.problems }).toEqual({ status, problems: [] });
  return answer;
}

const create = (body: object) => call('POST', 'deployments', { body: { required_contexts: [], ...body } });

describe('deployments', () => {
  test('from the first to the last', async () => {
    const { id } = (await expectAnswer(create({ ref: 'main', payload: { a: 1 }, description: 'Words' }), 201)).body;
    const states = ['queued', 'pending', 'in_progress', 'success', 'failure', 'error', 'inactive'];
    for (const state of states) {
      const body = { state, description: 'Words', log_url: 'https://a.b', environment_url: 'https://c.d' };
      await expectAnswer(call('POST', `deployments/${id}/statuses`, { body }), 201);
    }
    await expectAnswer(call('POST', `deployments/${id}/statuses`, { body: { state: 'inactive' } }), 201);
    await expectAnswer(call('GET', `deployments/${id}/statuses`), 200);
    await expectAnswer(call('GET', `deployments/${id}`), 200);
    await expectAnswer(call('DELETE', `deployments/${id}`), 204);
    await expectAnswer(call('GET', `deployments/${id}`), 404);
  });

  test('more of them', async () => {
    await expectAnswer(call('GET', 'deployments', { query: { per_page: '1', page: '2' } }), 200);
    await expectAnswer(call('GET', 'deployments', { query: { environment: 'nowhere' } }), 200);
    await expectAnswer(create({ ref: 'main', payload: 'text', description: null, environment: 'preview' }), 201);
  });

  test('what is rejected', async () => {
    await expectAnswer(create({ ref: 'nothing' }), 422);
    await expectAnswer(create({ environment: 7 }), 422, false);
    await expectAnswer(call('POST', 'deployments', { body: { ref: 'main' } }), 409);
    await expectAnswer(create({ ref: behindSha }), 409);
    await expectAnswer(create({ ref: 'behind' }), 202);
    await expectAnswer(call('DELETE', `deployments/${known.deployment}`), 422);
    await expectAnswer(call('DELETE', 'deployments/1'), 404);
    const path = `deployments/${known.deployment}/statuses`;
    await expectAnswer(call('POST', path, { body: { state: 'done' } }), 422, false);
    await expectAnswer(call('POST', path, { body: { state: 'error', environment_url: 'ftp://a' } }), 422);
    await expectAnswer(call('POST', path, { body: { state: 'error', description: 'x'.repeat(141) } }), 422, false);
    await expectAnswer(call('POST', 'deployments/1/statuses', { body: { state: 'error' } }), 404);
    await expectAnswer(call('GET', 'deployments/1/statuses'), 404);
  });
});

describe('comments', () => {
  test('from the first to the last', async () => {
    const { id } = (await expectAnswer(call('POST', 'issues/7/comments', { body: { body: 'Hello' } }), 201)).body;
    await expectAnswer(call('GET', `issues/comments/${id}`), 200);
    await expectAnswer(call('PATCH', `issues/comments/${id}`, { body: { body: 'New' } }), 200);
    const reaction = call('POST', `issues/comments/${id}/reactions`, { body: { content: 'eyes' } });
    const made = (await expectAnswer(reaction, 201)).body;
    await expectAnswer(reaction, 200);
    await expectAnswer(call('DELETE', `issues/comments/${id}/reactions/${made.id}`), 204);
    await expectAnswer(call('DELETE', `issues/comments/${id}/reactions/${made.id}`), 404);
    await expectAnswer(reaction, 201);
    await expectAnswer(call('GET', 'issues/7/comments', { query: { per_page: '100' } }), 200);
    await expectAnswer(call('DELETE', `issues/comments/${id}`), 204);
    await expectAnswer(call('GET', `issues/comments/${id}`), 404);
  });

  test('what is rejected', async () => {
    await expectAnswer(call('GET', 'issues/99/comments'), 404);
    await expectAnswer(call('POST', 'issues/99/comments', { body: { body: 'Hello' } }), 404);
    await expectAnswer(call('POST', 'issues/10/comments', { body: { body: 'Hello' } }), 403);
    await expectAnswer(call('POST', 'issues/7/comments', { body: { body: 'x'.repeat(65_537) } }), 422, false);
    await expectAnswer(call('POST', 'issues/7/comments', { body: {} }), 422, false);
    await expectAnswer(call('PATCH', `issues/comments/${known.comment}`, { body: { body: 7 } }), 422, false);
    await expectAnswer(call('PATCH', `issues/comments/${known.comment}`, { body: { body: '' } }), 422);
    const path = `issues/comments/${known.comment}/reactions`;
    await expectAnswer(call('POST', path, { body: { content: 'no' } }), 422, false);
    await expectAnswer(call('DELETE', 'issues/comments/1'), 404);
  });
});

describe('pull requests, check runs and people', () => {
  test('pull requests', async () => {
    for (const number of [7, 8, 9, 10, 11]) await expectAnswer(call('GET', `pulls/${number}`), 200);
    await expectAnswer(call('GET', 'pulls', { query: { state: 'all', sort: 'updated', direction: 'asc' } }), 200);
    await expectAnswer(call('GET', 'pulls', { query: { head: 'acme:nothing' } }), 200);
    await expectAnswer(call('GET', 'pulls/99'), 404);
  });

  test('a pull request whose fork is gone', async () => {
    emulator.github.addPullRequest({ number: 12, headRepository: null });
    const { status, problems } = await send(call('GET', 'pulls/12'));
    expect(status).toBe(200);
    // The description forgets that GitHub has null here.
    const known = ['answer.head.repo must be object', 'answer.head.user must be object'];
    expect(problems.filter((problem) => !known.includes(problem))).toEqual([]);
  });

  test('check runs', async () => {
    const output = { title: 'Deployed', summary: 'It works', text: 'More', annotations: [] };
    const start = { name: 'Deployment', head_sha: behindSha, details_url: 'https://a.b', external_id: 'a' };
    const checkRuns = (body: object) => call('POST', 'check-runs', { body });
    const { id } = (await expectAnswer(checkRuns({ ...start, status: 'in_progress' }), 201)).body;
    const update = (body: object) => call('PATCH', `check-runs/${id}`, { body });
    await expectAnswer(update({ output }), 200);
    await expectAnswer(update({ status: 'completed', conclusion: 'neutral' }), 200);
    await expectAnswer(checkRuns({ ...start, conclusion: 'success', output }), 201);
    await expectAnswer(checkRuns({ name: 'Deployment', head_sha: behindSha }), 201);
    await expectAnswer(update({ status: 'completed', conclusion: 'fine' }), 422, false);
    await expectAnswer(call('PATCH', 'check-runs/1', { body: { output } }), 404);
    await expectAnswer(call('GET', `check-runs/${id}`), 200);
    await expectAnswer(call('GET', 'check-runs/1'), 404);
    const listed = async (query: Record<string, string>) =>
      (await expectAnswer(call('GET', `commits/${behindSha}/check-runs`, { query }), 200)).body.total_count;
    expect(await listed({ check_name: 'Deployment' })).toBe(1);
    expect(await listed({ check_name: 'Deployment', filter: 'all', per_page: '2' })).toBe(3);
    expect(await listed({ check_name: 'Deployment', filter: 'all', status: 'completed' })).toBe(2);
    expect(await listed({ check_name: 'Another' })).toBe(0);
  });

  test('people', async () => {
    for (const login of ['mona', 'admin']) await expectAnswer(call('GET', `collaborators/${login}/permission`), 200);
    await expectAnswer(call('GET', 'collaborators/nobody-at-all/permission'), 404);
    const headers = { authorization: `token ${personalToken}` };
    await expectAnswer(createRequest('GET', '/github/user', { headers }), 200);
    await expectAnswer(createRequest('GET', '/github/user'), 403);
  });

  test('who the token is', async () => {
    const body = { query: 'query { viewer { login } }' };
    await expectAnswer(createRequest('POST', '/github/graphql', { body }), 200);
    await expectAnswer(createRequest('POST', '/api/graphql', { body }), 200);
    const headers = { authorization: 'token unknown' };
    await expectAnswer(createRequest('POST', '/github/graphql', { body, headers }), 401);
    await expectAnswer(createRequest('POST', '/github/graphql', { body: { query: '{ zen }' } }), 200, false);
    await expectAnswer(createRequest('POST', '/github/graphql', { body: {} }), 200, false);
  });
});

test('artifacts', async () => {
  await expectAnswer(call('GET', `actions/runs/${RUN_ID}/artifacts`, { query: { name: 'bundle' } }), 200);
  await expectAnswer(call('GET', 'actions/runs/1/artifacts'), 200);
  for (const { id } of ARTIFACTS) await expectAnswer(call('GET', `actions/artifacts/${id}`), 200);
  await expectAnswer(call('GET', 'actions/artifacts/1'), 404);
  await expectAnswer(call('GET', 'actions/artifacts/12/zip'), 302);
  await expectAnswer(call('GET', 'actions/artifacts/13/zip'), 410);
});

test('workflow runs, and the tags that they may be of', async () => {
  for (const { runId } of RUNS) await expectAnswer(call('GET', `actions/runs/${runId}`), 200);
  await expectAnswer(call('GET', 'actions/runs/1'), 404);
  emulator.github.addTag('release/v1', 'b'.repeat(40));
  for (const ref of ['tags%2Frelease%2Fv1', 'heads%2Fmain']) await expectAnswer(call('GET', `git/ref/${ref}`), 200);
  for (const ref of ['tags%2Frelease', 'tags%2Fv1', 'heads%2Fnowhere', 'other']) {
    await expectAnswer(call('GET', `git/ref/${ref}`), 404);
  }
  // As it is written in GitHub's own examples; the description's paths cannot say that.
  expect((await send(call('GET', 'git/ref/tags/release/v1'), false)).status).toBe(200);
});

describe('what can happen to any call', () => {
  test('another prefix, token or repository', async () => {
    await expectAnswer(call('GET', `/api/v3/repos/${emulator.github.repository}/pulls/7`), 200);
    await expectAnswer(call('GET', 'pulls/7', { headers: { authorization: 'token unknown' } }), 401);
    await expectAnswer(call('GET', 'pulls/7', { headers: { authorization: '' } }), 404, false);
    await expectAnswer(call('GET', '/github/repos/acme/other/pulls/7'), 404);
    const weak = emulator.github.addToken({ login: 'weak[bot]', permissions: {} });
    await expectAnswer(call('GET', 'pulls/7', { headers: { authorization: `token ${weak}` } }), 403);
  });

  const faults: [number, Fault][] = [
    [403, { call: 'github.any', effect: 'rate-limit' }],
    [429, { call: 'github.any', effect: 'rate-limit', limit: 'secondary', status: 429 }],
    [422, { call: 'github.any', effect: 'hostile-error' }],
    [404, { call: 'github.any', effect: 'status', status: 404 }],
    [502, { call: 'github.any', effect: 'status', status: 502 }],
  ];

  test.each(faults)('a fault with %d', async (status, fault) => {
    emulator.addFault(fault);
    await expectAnswer(call('POST', 'issues/7/comments', { body: { body: 'Hello' } }), status);
  });
});

test('each call of the embedded GitHub was met', () => {
  const met = new Set<string>(emulator.requests.map((request) => request.call));
  const calls = new Set(GITHUB_ENDPOINTS.map(({ call }) => call));
  expect([...calls].filter((name) => !met.has(name))).toEqual(['github.unknown']);
});

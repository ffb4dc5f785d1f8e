/** What the runner says of a run, on a good day and with payloads that no runner should give. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type EventPullRequest, readWorkflowEvent, type WorkflowEvent } from '../../src/github/event.ts';
import { temporaryFolder } from '../clean-up.ts';

const HEAD = 'b'.repeat(40);
const MERGE = 'c'.repeat(40);
const ENV = {
  GITHUB_REPOSITORY: 'acme/storefront',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_ACTOR: 'mona',
  GITHUB_RUN_ID: '12',
  GITHUB_RUN_ATTEMPT: '3',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_REF_NAME: '7/merge',
};
const PULL = {
  number: 7,
  head: { sha: HEAD, repo: { full_name: 'acme/storefront' } },
  merge_commit_sha: MERGE,
  created_at: '2026-01-02T03:04:05Z',
};
let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => {
  delete process.env['GITHUB_EVENT_PATH'];
});

async function readWith(
  payload: string | undefined,
  env: Record<string, string> = {},
): Promise<WorkflowEvent | undefined> {
  const path = join(folder, 'event.json');
  if (payload !== undefined) writeFileSync(path, payload);
  process.env['GITHUB_EVENT_PATH'] = path;
  return await readWorkflowEvent({ ...ENV, ...env });
}

async function pullOf(pull_request: unknown): Promise<EventPullRequest | undefined> {
  return (await readWith(JSON.stringify({ pull_request })))?.pullRequest;
}

test('a pull request, in full', async () => {
  expect(await readWith(JSON.stringify({ pull_request: PULL }))).toEqual({
    repository: 'acme/storefront',
    serverUrl: 'https://github.com',
    name: 'pull_request',
    actor: 'mona',
    runId: '12',
    runAttempt: '3',
    sha: 'a'.repeat(40),
    refName: '7/merge',
    isPullRequest: true,
    pullRequest: expect.objectContaining({
      number: 7,
      headSha: HEAD,
      mergeSha: MERGE,
      isFork: false,
      createdAt: '2026-01-02T03:04:05Z',
    }),
  });
});

test.each([
  ['in another repository', { full_name: 'mona/storefront' }, true],
  ['in a repository of the same name whose owner is another', { full_name: 'acme2/storefront' }, true],
  ['in a repository that is gone', null, true],
  ['in the same repository, in another case', { full_name: 'ACME/Storefront' }, false],
])('a pull request whose head is %s', async (_, repo, isFork) => {
  expect((await pullOf({ ...PULL, head: { sha: HEAD, repo } }))?.isFork).toBe(isFork);
});

test('a head without a repository counts as a fork', async () => {
  expect((await pullOf({ ...PULL, head: { sha: HEAD } }))?.isFork).toBe(true);
});

test('a pull request without a merge commit or a date', async () => {
  for (const nothing of [null, undefined]) {
    const found = await pullOf({ ...PULL, merge_commit_sha: nothing, created_at: nothing });
    expect(found).toMatchObject({ number: 7, mergeSha: undefined, createdAt: undefined });
  }
});

test.each([
  ['missing', undefined],
  ['null', null],
  ['text', 'a'],
  ['without a number', { ...PULL, number: undefined }],
  ['with the number 0', { ...PULL, number: 0 }],
  ['with half a number', { ...PULL, number: 1.5 }],
  ['without a head', { ...PULL, head: null }],
  ['with an empty commit', { ...PULL, head: { ...PULL.head, sha: '' } }],
])('a pull request that is %s is ignored', async (_, pull_request) => {
  expect(await pullOf(pull_request)).toBeUndefined();
});

test.each([
  ['not there', undefined],
  ['empty', ''],
  ['no JSON', '{'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a number', '7'],
])('a payload that is %s leaves the rest of the event', async (_, payload) => {
  expect(await readWith(payload)).toMatchObject({
    name: 'pull_request',
    runId: '12',
    isPullRequest: true,
    pullRequest: undefined,
  });
});

test('no payload makes it throw', async () => {
  const payload = fc.oneof(
    fc.json(),
    fc.jsonValue().map((pull_request) => JSON.stringify({ pull_request })),
  );
  await fc.assert(
    fc.asyncProperty(payload, async (text) => {
      expect(await readWith(text)).toMatchObject({ repository: 'acme/storefront' });
    }),
    { numRuns: 25 },
  );
});

test.each([
  ['pull_request_target', 7],
  ['pull_request_review', 7],
  ['push', undefined],
  ['issue_comment', undefined],
])('the event %s', async (name, number) => {
  const found = await readWith(JSON.stringify({ pull_request: PULL }), { GITHUB_EVENT_NAME: name });
  expect(found?.pullRequest?.number).toBe(number);
});

test.each([{}, { GITHUB_REPOSITORY: '' }, { GITHUB_REPOSITORY: 'storefront' }, { GITHUB_REPOSITORY: 'a/b/c' }])(
  'outside of a runner (%j) there is no event',
  async (env) => {
    const { readWorkflowEvent } = await import('../../src/github/event.ts');
    expect(await readWorkflowEvent(env)).toBeUndefined();
  },
);

test('missing variables are empty, and the server is github.com', async () => {
  const { readWorkflowEvent, runUrlOf } = await import('../../src/github/event.ts');
  const event = await readWorkflowEvent({ GITHUB_REPOSITORY: 'a/b' });
  expect(event).toEqual({
    repository: 'a/b',
    serverUrl: 'https://github.com',
    name: '',
    actor: '',
    runId: '',
    runAttempt: '1',
    sha: '',
    refName: '',
    isPullRequest: false,
    pullRequest: undefined,
  });
  if (event !== undefined) expect(runUrlOf(event)).toBeUndefined();
});

test('addresses are those of the server, also of an enterprise one', async () => {
  const { commitUrlOf, readWorkflowEvent, runUrlOf } = await import('../../src/github/event.ts');
  const event = await readWorkflowEvent({
    ...ENV,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_SERVER_URL: 'https://git.example.com/',
  });
  if (event === undefined) throw new Error('no event');
  expect(runUrlOf(event)).toBe('https://git.example.com/acme/storefront/actions/runs/12/attempts/3');
  expect(commitUrlOf(event, HEAD)).toBe(`https://git.example.com/acme/storefront/commit/${HEAD}`);
});

test('other addresses, and the default branch that the payload names', async () => {
  const { deploymentsUrlOf, pullRequestUrlOf, readDefaultBranch } = await import('../../src/github/event.ts');
  const event = await readWith(JSON.stringify({ repository: { default_branch: 'trunk' } }));
  if (event === undefined) throw new Error('no event');
  expect(event.defaultBranch).toBe('trunk');
  expect(await readDefaultBranch()).toBe('trunk');
  expect(pullRequestUrlOf(event, 7)).toBe('https://github.com/acme/storefront/pull/7');
  expect(deploymentsUrlOf(event, 'a/b c')).toBe('https://github.com/acme/storefront/deployments/a%2Fb%20c');
  await readWith('{}');
  expect(await readDefaultBranch()).toBeUndefined();
});

test.each([
  [{ GITHUB_REF: 'refs/heads/main', GITHUB_REF_NAME: 'main' }, 'main'],
  [{ GITHUB_REF: 'refs/tags/v1', GITHUB_REF_NAME: 'v1' }, undefined],
  [{ GITHUB_REF_NAME: 'main' }, 'main'],
  [{ GITHUB_REF_NAME: 'v1', GITHUB_REF_TYPE: 'tag' }, undefined],
  [{ GITHUB_REF_NAME: '' }, undefined],
])('the branch of a push with %j', async (env, branch) => {
  expect(await readWith('{}', { GITHUB_EVENT_NAME: 'push', ...env })).toMatchObject({ branch });
});

const RUN = {
  ...{ event: 'push', conclusion: 'success', head_branch: 'main' },
  head_repository: { full_name: 'Acme/Storefront' },
};

test.each([
  [RUN, { event: 'push', conclusion: 'success', isFork: false, branch: 'main' }, 'main'],
  [{ ...RUN, head_repository: { full_name: 'mona/storefront' } }, { isFork: true }, 'main'],
  [{ event: 'push' }, { conclusion: '', isFork: true, branch: '' }, undefined],
  [{ ...RUN, event: 5 }, undefined, undefined],
  [undefined, undefined, undefined],
])('the run that a workflow_run follows: %j', async (workflow_run, followedRun, branch) => {
  const found = await readWith(JSON.stringify({ workflow_run }), { GITHUB_EVENT_NAME: 'workflow_run' });
  expect(found).toMatchObject({ branch });
  if (followedRun === undefined) expect(found?.followedRun).toBeUndefined();
  else expect(found?.followedRun).toMatchObject(followedRun);
  expect(await readWith(JSON.stringify({ workflow_run }), { GITHUB_EVENT_NAME: 'push' })).toMatchObject({
    followedRun: undefined,
  });
});

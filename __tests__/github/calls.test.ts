/** Each call to GitHub: its parameters, the permission that it names, and whether it may be sent twice. No server. */
import { describe, expect, test } from '@jest/globals';
import type { Call, GitHubClientOptions, Octokit, Parts } from '../../src/github/calls.ts';
import { checkCalls } from '../../src/github/check-calls.ts';
import { deploymentCalls } from '../../src/github/deployment-calls.ts';
import type { NewDeployment } from '../../src/github/github.ts';
import { personCalls } from '../../src/github/person-calls.ts';
import { commentCalls, pullRequestCalls } from '../../src/github/pull-request-calls.ts';
import { runCalls } from '../../src/github/run-calls.ts';
import { httpError } from '../http-error.ts';

const here = { owner: 'acme', repo: 'shop' };
const SHA = 'a'.repeat(40);
const WRITE_COMMENTS = { permission: 'pull-requests: write' };

/** @param answer each call's data, or what it throws */
function github(answer: unknown = {}, status = 302) {
  const calls: Call[] = [];
  const sent: [string, Record<string, unknown>][] = [];
  const give = (name: string) => async (parameters: Record<string, unknown>) => {
    sent.push([name, parameters]);
    if (answer instanceof Error) throw answer;
    return { status, headers: { location: 'https://store.example/zip' }, data: answer };
  };
  const folder = (group: string) => new Proxy({}, { get: (_, name) => give(`${group}.${String(name)}`) });
  const octokit = {
    rest: new Proxy({}, { get: (_, group) => folder(String(group)) }),
    graphql: async (query: string) => (await give('graphql')({ query })).data,
    paginate: {
      iterator: (endpoint: ReturnType<typeof give>, parameters: Record<string, unknown>) =>
        (async function* () {
          for (let page = 1; page <= 2; page += 1) yield await endpoint({ ...parameters, page });
        })(),
    },
  } as unknown as Octokit;
  const parts: Parts = {
    here,
    run: async (call, request) => {
      calls.push(call);
      return await request(octokit);
    },
  };
  return { parts, calls, sent };
}

async function listOf<T>(all: AsyncIterable<T>): Promise<T[]> {
  return await Array.fromAsync(all);
}

const options = (more: Partial<GitHubClientOptions> = {}) =>
  ({ token: 't', repository: 'acme/shop', writesComments: true, ...more }) as GitHubClientOptions;

describe('check runs', () => {
  const RUN = { id: 5, html_url: 'https://g/5', status: 'completed', external_id: 'e' };
  const KNOWN = { id: 5, url: 'https://g/5', isCompleted: true, externalId: 'e' };
  const NEW = { name: 'Gate', sha: SHA, externalId: 'e', title: 'T', summary: 'S', detailsUrl: undefined };

  test('are created in progress, with an address where there is one', async () => {
    const { parts, calls, sent } = github(RUN);
    const { createCheckRun } = checkCalls(parts);
    expect(await createCheckRun(NEW)).toEqual(KNOWN);
    await createCheckRun({ ...NEW, detailsUrl: 'https://d' });
    const output = { title: 'T', summary: 'S' };
    const request = { ...here, name: 'Gate', head_sha: SHA, external_id: 'e', status: 'in_progress', output };
    expect(sent).toEqual([
      ['checks.create', request],
      ['checks.create', { ...request, details_url: 'https://d' }],
    ]);
    expect(calls[0]).toEqual({ what: 'Creating the check run', permission: 'checks: write', repeatable: false });
  });

  test('may have been created where the answer was lost', async () => {
    const error = httpError(502, 'A fault.');
    expect(await checkCalls(github(error).parts).createCheckRun(NEW)).toEqual({ uncertain: error });
    const refused = httpError(403, 'No.');
    await expect(checkCalls(github(refused).parts).createCheckRun(NEW)).rejects.toBe(refused);
  });

  test.each([
    [undefined, { status: 'in_progress' }],
    ['success', { status: 'completed', conclusion: 'success' }],
  ] as const)('are updated (%s)', async (conclusion, state) => {
    const { parts, calls, sent } = github(RUN);
    const change = { conclusion, title: 'T', summary: 'S', detailsUrl: undefined };
    await checkCalls(parts).updateCheckRun(5, change);
    await checkCalls(parts).updateCheckRun(5, { ...change, detailsUrl: 'https://d' });
    const request = { ...here, check_run_id: 5, output: { title: 'T', summary: 'S' }, ...state };
    expect(sent.map(([, one]) => one)).toEqual([request, { ...request, details_url: 'https://d' }]);
    expect(calls[0]).toEqual({ what: 'Updating check run 5', permission: 'checks: write', repeatable: true });
    const error = httpError(403, 'No.');
    await expect(checkCalls(github(error).parts).updateCheckRun(5, change)).rejects.toBe(error);
  });

  test('are listed, all of a name, and read', async () => {
    const list = github([RUN, { id: 6, status: 'queued' }]);
    expect(await listOf(checkCalls(list.parts).listCheckRuns({ sha: SHA, name: 'Gate' }))).toEqual(
      Array(2)
        .fill([KNOWN, { id: 6, url: '', isCompleted: false, externalId: '' }])
        .flat(),
    );
    expect(list.sent[0]).toEqual([
      'checks.listForRef',
      { ...here, ref: SHA, check_name: 'Gate', filter: 'all', per_page: 100, page: 1 },
    ]);
    const one = github(RUN);
    expect(await checkCalls(one.parts).readCheckRun(5)).toEqual(KNOWN);
    expect(one.calls).toEqual([{ what: 'Reading check run 5', permission: 'checks: read', repeatable: true }]);
    expect(list.calls[0]).toEqual({ what: 'Looking for the check run', permission: 'checks: read', repeatable: true });
  });
});

describe('comments', () => {
  const COMMENT = { id: 9, body: null, html_url: 'https://g/9', user: null };
  const KNOWN = { id: 9, body: '', login: undefined, url: 'https://g/9' };

  test('are listed, created, updated, deleted, reacted to', async () => {
    const { parts, calls, sent } = github(COMMENT);
    const comments = commentCalls(parts);
    expect(await comments.createComment(7, 'B')).toEqual(KNOWN);
    expect(await comments.updateComment(9, 'B')).toEqual(KNOWN);
    expect(await comments.deleteComment(9)).toBeUndefined();
    expect(await comments.reactToComment(9, 'eyes')).toBeUndefined();
    expect(sent).toEqual([
      ['issues.createComment', { ...here, issue_number: 7, body: 'B' }],
      ['issues.updateComment', { ...here, comment_id: 9, body: 'B' }],
      ['issues.deleteComment', { ...here, comment_id: 9 }],
      ['reactions.createForIssueComment', { ...here, comment_id: 9, content: 'eyes' }],
    ]);
    expect(calls).toEqual([
      { what: 'Writing the comment', ...WRITE_COMMENTS, repeatable: false },
      { what: 'Updating the comment', ...WRITE_COMMENTS, repeatable: true },
      { what: 'Deleting a comment', ...WRITE_COMMENTS, repeatable: true },
      { what: 'Reacting to the comment', ...WRITE_COMMENTS, repeatable: true },
    ]);
    const list = github([{ ...COMMENT, body: 'B', user: { login: 'mona' } }]);
    expect((await listOf(commentCalls(list.parts).listComments(7)))[0]).toEqual({ ...KNOWN, body: 'B', login: 'mona' });
    expect(list.sent[0]?.[1]).toEqual({ ...here, issue_number: 7, per_page: 100, page: 1 });
    expect(list.calls[0]).toEqual({ what: 'Reading the comments', ...WRITE_COMMENTS, repeatable: true });
  });

  test('are reserved by a reaction that one caller alone makes, and released', async () => {
    const REACTION = { id: 3, created_at: '2026-01-02T03:04:05Z' };
    const CLAIMED = { id: 3, createdAt: '2026-01-02T03:04:05Z' };
    const { parts, calls, sent } = github(REACTION, 201);
    expect(await commentCalls(parts).claimReaction(9, 'eyes')).toEqual({ ...CLAIMED, isNew: true });
    expect(await commentCalls(github(REACTION, 200).parts).claimReaction(9, 'eyes')).toEqual({
      ...CLAIMED,
      isNew: false,
    });
    expect(await commentCalls(parts).deleteReaction(9, 3)).toBeUndefined();
    expect(sent).toEqual([
      ['reactions.createForIssueComment', { ...here, comment_id: 9, content: 'eyes' }],
      ['reactions.deleteForIssueComment', { ...here, comment_id: 9, reaction_id: 3 }],
    ]);
    expect(calls).toEqual([
      { what: 'Reserving the comment', ...WRITE_COMMENTS, repeatable: false },
      { what: 'Releasing the comment', ...WRITE_COMMENTS, repeatable: true },
    ]);
  });

  test('may have been created where the answer was lost', async () => {
    const error = httpError(500, 'A fault.');
    expect(await commentCalls(github(error).parts).createComment(7, 'B')).toEqual({ uncertain: error });
  });

  test.each(['deleteComment', 'reactToComment'] as const)(
    '%s waits for the answer, which may be a refusal',
    async (name) => {
      const error = httpError(403, 'No.');
      await expect(commentCalls(github(error).parts)[name](9, 'eyes')).rejects.toBe(error);
    },
  );
});

describe('pull requests', () => {
  const PULL = {
    ...{ number: 7, state: 'open', user: { login: 'mona' }, mergeable: null, created_at: '2026' },
    head: { sha: SHA, repo: { full_name: 'ACME/Shop' } },
  };
  const KNOWN = {
    ...{ number: 7, isOpen: true, headSha: SHA, isFork: false, author: 'mona', isMergeable: undefined },
    createdAt: '2026',
  };

  test.each([
    [{}, {}],
    [
      { state: 'closed', mergeable: false, user: null },
      { isOpen: false, isMergeable: false, author: undefined },
    ],
    [{ head: { sha: SHA, repo: { full_name: 'mona/shop' } } }, { isFork: true }],
    [{ head: { sha: SHA, repo: null } }, { isFork: true }],
  ])('%j', async (given, known) => {
    const { parts, sent } = github({ ...PULL, ...given });
    expect(await pullRequestCalls(parts, options()).readPullRequest(7)).toEqual({ ...KNOWN, ...known });
    expect(sent).toEqual([['pulls.get', { ...here, pull_number: 7 }]]);
  });

  test.each([
    [true, 'pull-requests: write'],
    [false, 'pull-requests: read'],
  ])('are read with the permission that the token needs anyway (%s)', async (writesComments, permission) => {
    const { parts, calls } = github(PULL);
    const { readPullRequest, readPullRequestState } = pullRequestCalls(parts, options({ writesComments }));
    await readPullRequest(7);
    expect(await readPullRequestState(7)).toEqual({ number: 7, state: 'open', isPullRequest: true, createdAt: '2026' });
    expect(calls).toEqual(Array(2).fill({ what: 'Reading pull request 7', permission, repeatable: true }));
    const list = github([PULL]);
    const open = pullRequestCalls(list.parts, options({ writesComments })).listOpenPullRequests();
    expect(await listOf(open)).toEqual([KNOWN, KNOWN]);
    expect(list.sent[0]).toEqual(['pulls.list', { ...here, state: 'open', per_page: 100, page: 1 }]);
    expect(list.calls[0]).toEqual({ what: 'Reading the open pull requests', permission, repeatable: true });
  });

  test('what is no pull request has no state of one', async () => {
    const nothing = { number: undefined, state: undefined, isPullRequest: false, createdAt: undefined };
    for (const data of [null, 'x', {}, { head: 5, number: 'x' }]) {
      expect(await pullRequestCalls(github(data).parts, options()).readPullRequestState(7)).toEqual(nothing);
    }
  });
});

describe('runs, artifacts and tags', () => {
  const RUN = { id: 3, event: 'push', head_branch: 'main', head_sha: SHA, repository: { id: 1 } };
  test.each([
    [{ head_repository: { id: 1 } }, { isFork: false, headBranch: 'main', pullRequests: [] }],
    [
      { head_repository: { id: 2 }, head_branch: '' },
      { isFork: true, headBranch: undefined },
    ],
    [
      { head_repository: null, pull_requests: [{ number: 7 }] },
      { isFork: true, pullRequests: [7] },
    ],
  ])('a run %j', async (given, known) => {
    const { parts, calls, sent } = github({ ...RUN, ...given });
    expect(await runCalls(parts).readRun(3)).toMatchObject({ id: 3, event: 'push', headSha: SHA, ...known });
    expect(sent).toEqual([['actions.getWorkflowRun', { ...here, run_id: 3 }]]);
    expect(calls).toEqual([{ what: 'Reading run 3', permission: 'actions: read', repeatable: true }]);
  });

  test.each([
    ['commit', SHA],
    ['tag', undefined],
  ])('a tag of a %s', async (type, sha) => {
    const { parts, calls, sent } = github({ object: { type, sha: SHA } });
    expect(await runCalls(parts).readTag('v1')).toEqual({ sha });
    expect(sent).toEqual([['git.getRef', { ...here, ref: 'tags/v1' }]]);
    expect(calls).toEqual([{ what: 'Reading a tag', permission: 'contents: read', repeatable: true }]);
  });

  const ARTIFACT = { id: 4, name: 'a.zip', size_in_bytes: 9, expired: false };
  test.each([
    [{}, { expiresAt: undefined, sha256: undefined, builtBy: undefined }],
    [
      { digest: `sha256:${'b'.repeat(64)}`, expires_at: '2027' },
      { sha256: 'b'.repeat(64), expiresAt: '2027' },
    ],
    [
      { digest: 'md5:x', expired: true },
      { sha256: undefined, isExpired: true },
    ],
    [
      { workflow_run: { id: 3, head_sha: SHA, repository_id: 1, head_repository_id: 2 } },
      { builtBy: { runId: 3, headSha: SHA, repositoryId: 1, headRepositoryId: 2 } },
    ],
    // All of it, or it is unknown.
    [{ workflow_run: { id: 3, head_sha: SHA, repository_id: 1 } }, { builtBy: undefined }],
  ])('an artifact %j', async (given, known) => {
    const { parts, calls, sent } = github({ ...ARTIFACT, ...given });
    const found = await runCalls(parts).readArtifact(4);
    expect(found).toMatchObject({ id: 4, name: 'a.zip', sizeBytes: 9, isExpired: false, ...known });
    expect(sent).toEqual([['actions.getArtifact', { ...here, artifact_id: 4 }]]);
    expect(calls).toEqual([{ what: 'Reading artifact 4', permission: 'actions: read', repeatable: true }]);
  });

  test('an artifact is asked for without following to storage, which must not get the token', async () => {
    const { parts, calls, sent } = github();
    expect(await runCalls(parts).readDownloadUrl(4)).toBe('https://store.example/zip');
    const request = { ...here, artifact_id: 4, archive_format: 'zip', request: { redirect: 'manual' } };
    expect(sent).toEqual([['actions.downloadArtifact', request]]);
    expect(calls).toEqual([{ what: 'Asking for artifact 4', permission: 'actions: read', repeatable: true }]);
    const list = github([ARTIFACT]);
    expect(await listOf(runCalls(list.parts).listRunArtifacts(3))).toHaveLength(2);
    expect(list.sent[0]?.[1]).toEqual({ ...here, run_id: 3, per_page: 100, page: 1 });
    expect(list.calls[0]).toMatchObject({ what: 'Reading the artifacts of run 3', repeatable: true });
  });
});

describe('people', () => {
  test.each([
    ['ghs_x', 'my-app', 'my-app[bot]'],
    ['ghs_x', 'my-app[bot]', 'my-app[bot]'],
    ['ghp_x', 'mona', 'mona'],
  ])('a token %s of %s writes as %s', async (token, login, expected) => {
    const { parts, calls } = github({ viewer: { login } });
    expect(await personCalls(parts, options({ token })).readViewerLogin()).toBe(expected);
    expect(calls).toEqual([{ what: 'Asking GitHub who the token writes as', permission: undefined, repeatable: true }]);
  });

  test('where GraphQL does not say it, REST does for people; for an app it is not known', async () => {
    expect(await personCalls(github({ login: 'mona' }).parts, options({ token: 'ghp_x' })).readViewerLogin()).toBe(
      'mona',
    );
    const app = github({ login: 'mona' });
    expect(await personCalls(app.parts, options({ token: 'ghs_x' })).readViewerLogin()).toBeUndefined();
    expect(app.calls).toHaveLength(1);
    const error = httpError(401, 'No.');
    const { parts, calls } = github(error);
    await expect(personCalls(parts, options({ token: 'ghp_x' })).readViewerLogin()).rejects.toBe(error);
    expect(calls.map(({ what }) => what)).toContain('Asking GitHub who owns the token');
  });

  test('what somebody may do', async () => {
    const { parts, calls, sent } = github({ permission: 'write' });
    expect(await personCalls(parts, options()).readPermission('mona')).toBe('write');
    expect(sent).toEqual([['repos.getCollaboratorPermissionLevel', { ...here, username: 'mona' }]]);
    expect(calls).toEqual([{ what: 'Asking what mona may do here', permission: undefined, repeatable: true }]);
    await expect(personCalls(github({ permission: 'owner' }).parts, options()).readPermission('x')).rejects.toThrow();
  });
});

describe('GitHub deployments', () => {
  test.each([
    [true, 'deployments: write'],
    [false, 'deployments: read'],
    [undefined, 'deployments: read'],
  ])('are read with the permission that the token needs anyway (%s)', async (writes, permission) => {
    const known = { id: 2, sha: SHA, environment: 'production', created_at: '2026', payload: 'x' };
    const { parts, calls, sent } = github(known);
    const more = writes === undefined ? {} : { writesDeployments: writes };
    const expected = { id: 2, sha: SHA, environment: 'production', createdAt: '2026', payload: undefined };
    expect(await deploymentCalls(parts, options(more)).readDeployment(2)).toEqual(expected);
    expect(sent).toEqual([['repos.getDeployment', { ...here, deployment_id: 2 }]]);
    expect(calls).toEqual([{ what: 'Reading GitHub deployment 2', permission, repeatable: true }]);
    const list = github([known]);
    expect(await listOf(deploymentCalls(list.parts, options(more)).listDeployments({ environment: 'e' }))).toHaveLength(
      2,
    );
    expect(list.sent[0]).toEqual(['repos.listDeployments', { ...here, environment: 'e', per_page: 100, page: 1 }]);
    const states = github([{ state: 'success', created_at: '1', description: null }]);
    const found = await listOf(deploymentCalls(states.parts, options(more)).listDeploymentStates(2));
    expect(found[0]).toEqual({ state: 'success', createdAt: '1' });
    expect(states.sent[0]?.[1]).toEqual({ ...here, deployment_id: 2, per_page: 100, page: 1 });
    expect([list.calls[0]?.what, states.calls[0]?.what]).toEqual([
      'Reading GitHub deployments',
      'Reading a GitHub deployment',
    ]);
  });

  const NEW = {
    ...{ sha: SHA, environment: 'preview', description: 'D', isTransient: true, isProduction: false },
    payload: { bundleBytes: 1, bundleFiles: 1, bundleSha256: 'c'.repeat(64), runId: '3' },
  } as unknown as NewDeployment;

  test('are created of the build as it is, whatever its checks say, and not sent twice', async () => {
    const { parts, calls, sent } = github({ id: 2 });
    expect(await deploymentCalls(parts, options()).createDeployment(NEW)).toEqual({ id: 2 });
    const what = 'Creating the GitHub deployment';
    expect(calls).toEqual([{ what, permission: 'deployments: write', repeatable: false }]);
    expect(sent[0]).toMatchObject([
      'repos.createDeployment',
      {
        ...{ ...here, ref: SHA, environment: 'preview', description: 'D', auto_merge: false, required_contexts: [] },
        ...{ transient_environment: true, production_environment: false },
        payload: expect.anything(),
      },
    ]);
    const error = httpError(502, 'A fault.');
    expect(await deploymentCalls(github(error).parts, options()).createDeployment(NEW)).toEqual({ uncertain: error });
  });

  test('are set to a state, which may be sent twice', async () => {
    const { parts, calls, sent } = github({});
    const { createDeploymentStatus } = deploymentCalls(parts, options());
    const status = { state: 'success', description: 'D', environmentUrl: undefined, logUrl: undefined } as const;
    await createDeploymentStatus(2, status);
    await createDeploymentStatus(2, { ...status, environmentUrl: 'https://e', logUrl: 'https://l' });
    expect(calls[0]).toMatchObject({ permission: 'deployments: write', repeatable: true });
    expect(calls[0]?.what).toBe('Setting the GitHub deployment to success');
    expect(sent[0]?.[1]).toMatchObject({
      ...here,
      deployment_id: 2,
      state: 'success',
      description: 'D',
      auto_inactive: false,
    });
    expect(sent[0]?.[1]).not.toHaveProperty('environment_url');
    expect(sent[0]?.[1]).not.toHaveProperty('log_url');
    expect(sent[1]?.[1]).toMatchObject({ environment_url: 'https://e', log_url: 'https://l' });
    const error = httpError(403, 'No.');
    const refused = deploymentCalls(github(error).parts, options()).createDeploymentStatus(2, status);
    await expect(refused).rejects.toBe(error);
  });
});

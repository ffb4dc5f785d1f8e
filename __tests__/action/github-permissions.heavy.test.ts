/** Tokens that may not do something: each thing shown warns once, with the line that is missing, and the deployment goes on. */
import { expect, test } from '@jest/globals';
import type { Permission } from '../../emulator/services/github/permissions.ts';
import { expectDeployed, ON_DISPATCH, requestsTo, warningList } from './github-fault-helpers.ts';
import { githubCallsOf, githubPlatform, onGitHub, onPullRequest, ownComments, statesOf } from './github-harness.ts';
import { failureOf } from './harness.ts';

/** What a warning says about a missing permission: the line itself, and where it goes. */
function adviceFor(line: string): RegExp {
  return new RegExp(`answered 403\\..*not accessible by integration.* Add \`${line}\` to the job's \`permissions:\`, `);
}

const COMMENTS: readonly Permission[] = ['issues', 'pull-requests'];

test.each(['none', 'read'] as const)(
  'deployments: %s on a push: one warning with the line, one request',
  async (left) => {
    const emulator = await githubPlatform();
    emulator.github.deny('deployments', left === 'none' ? 'none' : 'read');
    const run = await onGitHub({ emulator });
    expectDeployed(run);
    expect(warningList(run)).toEqual([expect.stringMatching(adviceFor('deployments: write'))]);
    expect(warningList(run)[0]).toMatch(/^The GitHub deployment could not be made or updated\./);
    expect(githubCallsOf(emulator)).toEqual(['github.createDeployment']);
    expect(run.outputs).not.toHaveProperty('github-deployment-id');
    expect(run.summary).toContain('### Warnings');
  },
);

test.each(['none', 'read'] as const)('deployments: %s on a pull request: one warning, and a comment', async (left) => {
  const emulator = await githubPlatform();
  emulator.github.deny('deployments', left === 'none' ? 'none' : 'read');
  const run = await onPullRequest({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([expect.stringMatching(adviceFor('deployments: write'))]);
  expect(requestsTo(emulator, 'github.createDeployment')).toHaveLength(1);
  // For the size of production's bundle, which is asked for at the same time.
  expect(requestsTo(emulator, 'github.listDeployments')).toHaveLength(1);
  expect(githubCallsOf(emulator)).not.toContain('github.createDeploymentStatus');
  expect(ownComments(emulator)).toHaveLength(1);
  expect(ownComments(emulator)[0]?.body).toContain('Deployed to preview');
});

test.each([
  ['none', 'github.listComments'],
  ['read', 'github.createComment'],
] as const)('comments: %s: one warning, and a deployment', async (left, refused) => {
  const emulator = await githubPlatform();
  for (const permission of COMMENTS) emulator.github.deny(permission, left);
  const run = await onPullRequest({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([expect.stringMatching(adviceFor('pull-requests: write'))]);
  expect(warningList(run)[0]).toMatch(/^The comment on pull request #7 could not be written\./);
  const asked = githubCallsOf(emulator).filter((call) => /Comment|graphql/.test(call));
  expect(asked).toEqual(left === 'none' ? [refused] : ['github.listComments', refused]);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  expect(run.outputs).not.toHaveProperty('comment-id');
});

test.each(COMMENTS)('a token that may write %s alone may write the comment', async (permission) => {
  const emulator = await githubPlatform();
  for (const one of COMMENTS) if (one !== permission) emulator.github.deny(one);
  const run = await onPullRequest({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([]);
  expect(ownComments(emulator)).toHaveLength(1);
});

test('reading the pull request: one warning with the line, a comment, and no deployment of an unknown commit', async () => {
  const emulator = await githubPlatform();
  emulator.github.deny('pull-requests');
  const run = await onGitHub({ emulator, ...ON_DISPATCH });
  expectDeployed(run);
  // The comment takes more, and whoever adds a line is not to be sent for another one.
  expect(warningList(run)).toEqual([expect.stringMatching(adviceFor('pull-requests: write'))]);
  expect(warningList(run)[0]).toMatch(/^Which commit pull request #7 is at could not be asked.*`sha` would name/);
  expect(requestsTo(emulator, 'github.getPullRequest')).toHaveLength(1);
  expect(emulator.github.deployments).toEqual([]);
  expect(ownComments(emulator)).toHaveLength(1);
});

test('reading the pull request without a comment: the line says no more than it takes', async () => {
  const emulator = await githubPlatform();
  emulator.github.deny('pull-requests');
  const run = await onGitHub({ emulator, ...ON_DISPATCH, inputs: { ...ON_DISPATCH.inputs, comment: 'false' } });
  expect(warningList(run)).toEqual([expect.stringMatching(adviceFor('pull-requests: read'))]);
});

test('with the input sha, reading the pull request is not missed', async () => {
  const emulator = await githubPlatform();
  emulator.github.deny('pull-requests');
  const sha = '0123456789'.repeat(4);
  const inputs = { ...ON_DISPATCH.inputs, sha };
  const run = await onGitHub({ emulator, ...ON_DISPATCH, inputs });
  expectDeployed(run);
  expect(warningList(run)).toEqual([]);
  expect(emulator.github.deployments).toMatchObject([{ sha, state: 'success' }]);
  expect(ownComments(emulator)).toHaveLength(1);
});

test('deployments and comments denied: two warnings, one of each, and nothing is asked twice', async () => {
  const emulator = await githubPlatform({ github: { permissions: { contents: 'read' } } });
  const run = await onPullRequest({ emulator });
  expectDeployed(run);
  const warnings = warningList(run);
  expect(warnings).toHaveLength(2);
  expect(warnings).toContainEqual(expect.stringMatching(adviceFor('deployments: write')));
  expect(warnings).toContainEqual(expect.stringMatching(adviceFor('pull-requests: write')));
  expect(githubCallsOf(emulator).toSorted()).toEqual([...['github.createDeployment', 'github.listComments']]);
});

test.each([onGitHub, onPullRequest])(
  'a deployment that fails reports its own error when everything is denied (%p)',
  async (start) => {
    const emulator = await githubPlatform({ github: { permissions: {} } });
    emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
    const run = await start({ emulator });
    expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 1, outcome: 'failed' });
    expect(failureOf(run).title).toBe('Deployment failed (code 30)');
    expect(run.summary).toContain('code 30');
    expect(warningList(run)).toHaveLength(start === onGitHub ? 1 : 2);
  },
);

test('a permission that is lost while it deploys: one warning, and no further request', async () => {
  const emulator = await githubPlatform({ holdDeploymentsAt: 'deploying' });
  const running = onPullRequest({ emulator });
  await emulator.waitForRequest('events');
  const before = githubCallsOf(emulator).length;
  emulator.github.deny('deployments');
  emulator.releaseDeployment();
  const run = await running;
  expectDeployed(run);
  expect(warningList(run)).toEqual([expect.stringMatching(adviceFor('deployments: write'))]);
  const after = githubCallsOf(emulator).slice(before);
  expect(after.filter((call) => call.includes('Deployment'))).toEqual(['github.createDeploymentStatus']);
  expect(ownComments(emulator)[0]?.body).toContain('Deployed to preview');
});

test('a token of a person is refused in other words, and the job cannot grant it anything', async () => {
  const emulator = await githubPlatform();
  const githubToken = emulator.github.addToken({ login: 'mona', permissions: { contents: 'read' } });
  const run = await onGitHub({ emulator, githubToken });
  expectDeployed(run);
  expect(warningList(run)).toEqual([
    expect.stringMatching(
      /personal access token\. Give the token in `github-token` the permission `deployments: write`/,
    ),
  ]);
});

test('a locked conversation is reported as that, and not as a missing permission', async () => {
  const emulator = await githubPlatform();
  emulator.github.lockConversation(7);
  const run = await onPullRequest({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([expect.stringContaining('issue is locked')]);
  expect(run.everything).not.toContain('`permissions:`');
  expect(requestsTo(emulator, 'github.createComment')).toHaveLength(1);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
});

test.each([onGitHub, onPullRequest])('a bad token is reported as that (%p)', async (start) => {
  const emulator = await githubPlatform();
  const githubToken = 'ghs_wrong0123456789abcdef';
  const run = await start({ emulator, githubToken });
  expectDeployed(run);
  const warnings = warningList(run);
  expect(warnings).toHaveLength(start === onGitHub ? 1 : 2);
  for (const warning of warnings) expect(warning).toMatch(/answered 401\..*Bad credentials.*Check `github-token`/);
  expect(run.everything).not.toContain('`permissions:`');
  expect(run.everything).not.toContain(githubToken);
  // A good token is refused now and then: each call is made three times, at the beginning of the run and at its end.
  expect(githubCallsOf(emulator)).toHaveLength(start === onGitHub ? 6 : 15);
});

test('a repository that is not there for this token may be a matter of permissions', async () => {
  const emulator = await githubPlatform();
  const run = await onPullRequest({ emulator, env: { GITHUB_REPOSITORY: 'acme/elsewhere' } });
  expectDeployed(run);
  const warnings = warningList(run);
  expect(warnings).toHaveLength(2);
  for (const warning of warnings) expect(warning).toMatch(/answered 404\..* may be a missing permission\. Add `/);
  expect(githubCallsOf(emulator)).toHaveLength(2);
});

test('an environment that GitHub refuses is reported in its words, without advice on permissions', async () => {
  const emulator = await githubPlatform();
  const body = {
    message: 'Validation Failed',
    errors: [{ resource: 'Deployment', code: 'custom', field: 'environment', message: 'environment is not usable' }],
  };
  emulator.addFault({ call: 'github.createDeployment', effect: 'status', status: 422, body });
  const run = await onGitHub({ emulator, inputs: { environment: 'odd' } });
  expectDeployed(run);
  expect(warningList(run)).toEqual([
    expect.stringMatching(
      /answered 422\. The server says: Validation Failed; environment is not usable\. Until it is, `rollback` assumes [^.]*\.$/,
    ),
  ]);
  expect(githubCallsOf(emulator)).toEqual(['github.createDeployment']);
});

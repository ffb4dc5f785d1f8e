/** GitHub on a bad day: lost answers, server faults, broken connections. The deployment goes on, and nothing is made twice. */
import { expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import type { GitHubCall } from '../../emulator/services/github/endpoints.ts';
import { earlierPayload, expectDeployed, ON_DISPATCH, requestsTo, warningList } from './github-fault-helpers.ts';
import { githubCallsOf, githubPlatform, onGitHub, onPullRequest, ownComments, statesOf } from './github-harness.ts';
import { failureOf } from './harness.ts';

const GREEN = [['in_progress', 'success']];

test.each(['lost-answer', 'reset-in-body'] as const)(
  'the deployment whose answer is lost (%s) is found again, and not made twice',
  async (effect) => {
    const emulator = await githubPlatform();
    emulator.addFault({ call: 'github.createDeployment', effect });
    const run = await onGitHub({ emulator });
    expectDeployed(run);
    expect(warningList(run)).toEqual([]);
    expect(statesOf(emulator)).toEqual(GREEN);
    expect(run.outputs['github-deployment-id']).toBe(String(emulator.github.deployments[0]?.id));
    const [sought] = requestsTo(emulator, 'github.listDeployments');
    const { sha, environment } = emulator.github.deployments[0] ?? {};
    expect(sought?.query).toMatchObject({ sha, environment });
  },
);

test('only the deployment of this very run is taken for the lost one', async () => {
  const emulator = await githubPlatform();
  const sha = emulator.github.environment()['GITHUB_SHA'] ?? '';
  const run_id = String(emulator.artifacts.runId);
  for (const changes of [{ run_id: '1' }, { run_id, run_attempt: '2' }, { run_id, project_uuid: 'another' }]) {
    emulator.github.addDeployment({ sha, payload: earlierPayload(emulator, changes) });
  }
  emulator.addFault({ call: 'github.createDeployment', effect: 'reset-before' });
  expectDeployed(await onGitHub({ emulator }));
  expect(emulator.github.deployments).toHaveLength(4);
  expect(statesOf(emulator).at(-1)).toEqual(GREEN[0]);
});

const NOT_MADE: Fault[] = [
  { call: 'github.createDeployment', effect: 'reset-before' },
  { call: 'github.createDeployment', effect: 'status', status: 500 },
  { call: 'github.createDeployment', effect: 'status', status: 502, body: '<html>Bad gateway</html>' },
];

test('a second step of the same job does not take the deployment of the first for its own', async () => {
  const emulator = await githubPlatform();
  expectDeployed(await onGitHub({ emulator }));
  emulator.addFault({ call: 'github.createDeployment', effect: 'reset-before' });
  expectDeployed(await onGitHub({ emulator }));
  expect(statesOf(emulator)).toEqual([['in_progress', 'success', 'inactive'], ...GREEN]);
});

test('a second step that can make none does not close the deployment of the first', async () => {
  const emulator = await githubPlatform();
  expectDeployed(await onGitHub({ emulator }));
  emulator.addFault({ call: 'github.createDeployment', effect: 'status', status: 502, times: 'always' });
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
  const run = await onGitHub({ emulator });
  expect(run.outputs['outcome']).toBe('failed');
  expect(run.outputs).not.toHaveProperty('github-deployment-id');
  expect(statesOf(emulator)).toEqual(GREEN);
});

test.each(NOT_MADE)('a deployment that was not made is made again, after a look (%j)', async (fault) => {
  const emulator = await githubPlatform();
  emulator.addFault(fault);
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([]);
  expect(githubCallsOf(emulator).slice(0, 3)).toEqual([
    ...['github.createDeployment', 'github.listDeployments', 'github.createDeployment'],
  ]);
  expect(statesOf(emulator)).toEqual(GREEN);
});

test('a deployment that cannot be made twice in a row is made at the end, without a warning', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeployment', effect: 'status', status: 502, times: 2 });
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([]);
  expect(requestsTo(emulator, 'github.createDeployment')).toHaveLength(3);
  expect(statesOf(emulator)).toEqual(GREEN);
});

test('a deployment that can never be made is given up, with one warning', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeployment', effect: 'status', status: 502, times: 'always' });
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([expect.stringMatching(/^The GitHub deployment could not be made.*answered 502/)]);
  expect(requestsTo(emulator, 'github.createDeployment')).toHaveLength(4);
  expect(requestsTo(emulator, 'github.createDeploymentStatus')).toEqual([]);
  expect(run.outputs).not.toHaveProperty('github-deployment-id');
});

test.each(['lost-answer', 'reset-in-body'] as const)(
  'the comment whose answer is lost (%s) is found again, and not written twice',
  async (effect) => {
    const emulator = await githubPlatform();
    emulator.addFault({ call: 'github.createComment', effect });
    const run = await onPullRequest({ emulator });
    expectDeployed(run);
    expect(warningList(run)).toEqual([]);
    expect(ownComments(emulator)).toHaveLength(1);
    expect(ownComments(emulator)[0]?.body).toContain('Deployed to preview');
    expect(run.outputs['comment-id']).toBe(String(ownComments(emulator)[0]?.id));
  },
);

const CALLS: readonly GitHubCall[] = [
  'github.getPullRequest',
  'github.createDeployment',
  'github.createDeploymentStatus',
  'github.listDeployments',
  'github.listDeploymentStatuses',
  'github.listComments',
  'github.createComment',
  'github.updateComment',
  'github.graphql',
];

/** Two runs of a pull request, the second of which finds what the first has left; each call goes wrong once in each. */
async function runTwice(emulator: Emulator, faultFor: (call: GitHubCall) => Fault) {
  const runs = [];
  for (const GITHUB_RUN_ID of ['1001', '1002']) {
    emulator.clearFaults();
    for (const call of CALLS) emulator.addFault(faultFor(call));
    runs.push(await onGitHub({ emulator, ...ON_DISPATCH, env: { GITHUB_RUN_ID } }));
  }
  return runs;
}

test.each<[string, (call: GitHubCall) => Fault]>([
  ['a broken connection', (call) => ({ call, effect: 'reset-before' })],
  ['a lost answer', (call) => ({ call, effect: 'lost-answer' })],
  ['an answer that breaks off', (call) => ({ call, effect: 'reset-in-body' })],
  ['a server fault', (call) => ({ call, effect: 'status', status: 503 })],
  ['a limit', (call) => ({ call, effect: 'rate-limit', limit: 'secondary', retryAfterSeconds: 0 })],
])('%s on each call once changes nothing of what is shown', async (_, faultFor) => {
  const emulator = await githubPlatform();
  const runs = await runTwice(emulator, faultFor);
  const hit = new Set(emulator.requests.filter(({ faults }) => faults.length > 0).map(({ call }) => call));
  expect([...hit].toSorted()).toEqual(CALLS.toSorted());
  for (const run of runs) {
    expectDeployed(run);
    expect(warningList(run)).toEqual([]);
  }
  expect(ownComments(emulator)).toHaveLength(1);
  // The same status twice is one line more in a history.
  const states = statesOf(emulator).map((all) => all.filter((state, index) => state !== all[index - 1]));
  expect(states).toEqual([
    ['in_progress', 'success', 'inactive'],
    ['in_progress', 'success'],
  ]);
});

test.each([
  'github.createDeploymentStatus',
  'github.listDeployments',
  'github.listComments',
  'github.updateComment',
] as const)('%s: two server faults, then it is done', async (call) => {
  const emulator = await githubPlatform();
  emulator.addFault({ call, effect: 'status', status: 500, times: 2 });
  const run = await onPullRequest({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([]);
  expect(run.lines.filter((line) => /answered 500.*Trying again in .* \(try [23]\)/.test(line))).toHaveLength(2);
  expect(statesOf(emulator)).toEqual(GREEN);
  expect(ownComments(emulator)[0]?.body).toContain('Deployed to preview');
});

test('a deployment that fails reports its own error when every call of GitHub breaks', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.any', effect: 'status', status: 422, times: 'always' });
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
  const run = await onPullRequest({ emulator });
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 1, outcome: 'failed' });
  expect(failureOf(run).title).toBe('Deployment failed (code 40)');
  expect(warningList(run)).toHaveLength(2);
  expect(githubCallsOf(emulator).toSorted()).toEqual([...['github.createDeployment', 'github.listComments']]);
});

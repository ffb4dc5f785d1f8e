/** What GitHub would not take at first is told later: at the end of the run, in the post step, by the next run. */
import { expect, test } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { endRunAt } from './github-cancel-harness.ts';
import { headingOf, onlyComment, wordsOf } from './github-comment-reading.ts';
import {
  type GitHubRun,
  githubPlatform,
  onGitHub,
  onPullRequest,
  ownComments,
  pullRequestEvent,
  statesOf,
} from './github-harness.ts';
import { storefront, warningsOf } from './harness.ts';

const LIMIT = { effect: 'rate-limit', resetSeconds: 3000 } as const;

function failAtPlatform(emulator: Emulator): void {
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
}

/** Ends what is left open, in a post step that has no fault to meet. */
async function postOf(run: GitHubRun, main: FinishedRun): Promise<FinishedRun> {
  run.emulator.clearFaults();
  return await onGitHub({ ...run, postOf: main.state });
}

function expectNoNewVerdict(after: FinishedRun): void {
  expect(after.exitCode).toBe(0);
  expect(after.annotations).toEqual([]);
  expect(after.everything).not.toMatch(/cancelled/i);
}

function expectFailureShown(emulator: Emulator): void {
  expect(statesOf(emulator)).toEqual([['in_progress', 'failure']]);
  const words = wordsOf(onlyComment(emulator).body);
  expect(headingOf(onlyComment(emulator).body)).toBe('❌ Deployment failed (code 40) · preview');
  expect(words).toContain('What to do');
  expect(words).toContain('548 B, 3 files');
}

test('a run that failed and is killed while it tells GitHub stays failed: the post step says what it would have', async () => {
  const emulator = await githubPlatform();
  failAtPlatform(emulator);
  emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'hang', skip: 1 });
  emulator.addFault({ call: 'github.updateComment', effect: 'hang' });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const reached = () => emulator.waitForRequest('github.updateComment');
  const { post } = await endRunAt(run, reached, 'SIGKILL');
  const after = await post();
  expectNoNewVerdict(after);
  expectFailureShown(emulator);
  expect(wordsOf(after.summary)).toContain('❌ Deployment failed (code 40)');
  expect(after.lines).toContain('Outcome: failed');
});

test('where GitHub refuses the end once, the post step tells it, and writes no second summary', async () => {
  const emulator = await githubPlatform();
  failAtPlatform(emulator);
  emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'status', status: 400, skip: 1 });
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 400 });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  expect(main.outputs['outcome']).toBe('failed');
  expect(warningsOf(main).split('\n')).toHaveLength(2);
  expect(main.lines.join('\n')).toMatch(
    /! Update GitHub: not all could be updated: this action's post step tries again/,
  );
  expect(statesOf(emulator)).toEqual([['in_progress']]);
  const after = await postOf(run, main);
  expectNoNewVerdict(after);
  expectFailureShown(emulator);
  expect(after.summary).toBe('');
});

test('what is closed already is not closed again by the post step', async () => {
  const emulator = await githubPlatform();
  failAtPlatform(emulator);
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 400 });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  expect(statesOf(emulator)).toEqual([['in_progress', 'failure']]);
  expectNoNewVerdict(await postOf(run, main));
  expectFailureShown(emulator);
});

test('a post step that meets the same refusal says so once, and nothing hangs on it', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 400, times: 'always' });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  expect(main.outputs['outcome']).toBe('deployed');
  const after = await onGitHub({ ...run, postOf: main.state });
  expect({ exitCode: after.exitCode, outcome: after.outputs['outcome'] }).toEqual({ exitCode: 0, outcome: undefined });
  expect(warningsOf(after)).toMatch(/^The comment on pull request #7 could not be written\..* answered 400/);
});

test('a limit at the beginning that is over at the end: deployment and comment are made then', async () => {
  const emulator = await githubPlatform();
  for (const call of ['github.createDeployment', 'github.listComments'] as const) emulator.addFault({ call, ...LIMIT });
  const run = await onPullRequest({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  expect(headingOf(onlyComment(emulator).body)).toBe('✅ Deployed to preview');
  expect(warningsOf(run).split('\n')).toHaveLength(2);
  expect(run.outputs['github-deployment-id']).toBe(String(emulator.github.deployments[0]?.id));
});

test('a limit at the beginning of a push that fails: the old comment praises no longer', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator });
  failAtPlatform(emulator);
  emulator.addFault({ call: 'github.listComments', ...LIMIT });
  const run = await onPullRequest({ emulator, env: { GITHUB_RUN_ID: '77' } });
  expect(run.outputs['outcome']).toBe('failed');
  expect(headingOf(onlyComment(emulator).body)).toMatch(/^❌/);
});

test('two comments of runs that raced: the next run keeps the older one and deletes the other', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator });
  const first = onlyComment(emulator);
  emulator.github.addComment({ login: emulator.github.login, body: first.body });
  const foreign = emulator.github.addComment({ login: 'mona', body: first.body });
  failAtPlatform(emulator);
  const run = await onPullRequest({ emulator, env: { GITHUB_RUN_ID: '78' } });
  expect(ownComments(emulator)).toEqual([first]);
  expect(headingOf(first.body)).toMatch(/^❌/);
  expect(emulator.github.comments).toContain(foreign);
  expect(run.lines.join('\n')).toMatch(/Deleted a second comment of this project and environment: https:/);
  expect(warningsOf(run)).toBe('');
});

test('a second comment that cannot be deleted is told of, and the first one is written all the same', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator });
  const first = onlyComment(emulator);
  emulator.github.addComment({ login: emulator.github.login, body: first.body });
  emulator.addFault({ call: 'github.deleteComment', effect: 'status', status: 403 });
  const run = await onPullRequest({ emulator, env: { GITHUB_RUN_ID: '79' } });
  expect(headingOf(first.body)).toBe('✅ Deployed to preview');
  expect(run.lines.join('\n')).toMatch(/A second comment of this project and environment stays, https:.*answered 403/);
});

test('without the event’s payload one warning says why nothing is shown', async () => {
  const emulator = await githubPlatform();
  const event = { name: 'pull_request', payload: 'not a payload' };
  const run = await onGitHub({ emulator, event, env: { GITHUB_EVENT_PATH: '/nowhere/event.json' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(warningsOf(run)).toBe(
    'Neither a comment nor a deployment is shown on GitHub: the payload of the event (GITHUB_EVENT_PATH) cannot be read. `pull-request` would name the pull request.',
  );
  expect(emulator.github.deployments).toEqual([]);
});

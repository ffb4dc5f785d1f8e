/** Runs on one pull request that overlap: none reverts what a later one has shown. */
import { expect, test } from '@jest/globals';
import { readShownAtMs } from '../../src/domain/comment-marker.ts';
import { endRunAt } from './github-cancel-harness.ts';
import { headingOf, onlyComment, wordsOf } from './github-comment-reading.ts';
import { earlierPayload } from './github-fault-helpers.ts';
import {
  type GitHubRun,
  githubPlatform,
  onGitHub,
  onPullRequest,
  ownComments,
  PULL_REQUEST,
  pullRequestEvent,
  statesOf,
} from './github-harness.ts';
import { expectNoNewVerdict, failAtPlatform, postOf } from './github-post-helpers.ts';
import { storefront, warningsOf } from './harness.ts';

const HOUR_MS = 3_600_000;

test('a later run has shown the truth by then: the post step leaves its comment and its deployment alone', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'status', status: 400, skip: 1 });
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 400 });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  expect(main.outputs['outcome']).toBe('deployed');
  emulator.clearFaults();
  await onPullRequest({ emulator, env: { GITHUB_RUN_ID: '80' } });
  const { body } = onlyComment(emulator);
  const after = await postOf(run, main);
  expectNoNewVerdict(after);
  expect(onlyComment(emulator).body).toBe(body);
  expect(after.lines).toContain('A later run has written the comment: it stays as it is.');
  expect(statesOf(emulator)).toEqual([
    ['in_progress', 'success', 'inactive'],
    ['in_progress', 'success'],
  ]);
});

test('one whose end was shown but whose answer was lost, and that was replaced since, is not revived', async () => {
  const emulator = await githubPlatform();
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  await onPullRequest({ emulator, env: { GITHUB_RUN_ID: '81' } });
  const unsettled = JSON.stringify({
    ...JSON.parse(main.state['github-status'] ?? ''),
    ...{ isClosed: false, isDeploymentClosed: false },
  });
  await onGitHub({ ...run, postOf: { 'github-status': unsettled } });
  expect(statesOf(emulator)).toEqual([
    ['in_progress', 'success', 'inactive'],
    ['in_progress', 'success'],
  ]);
});

test('what a success has replaced is closed by the post step where the main step was refused that', async () => {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: PULL_REQUEST, createdAtMs: Date.now() - HOUR_MS });
  const payload = earlierPayload(emulator, { pull_request: PULL_REQUEST });
  const createdAtMs = Date.now() - HOUR_MS / 2;
  const older = emulator.github.addDeployment({ environment: 'preview', payload, statuses: ['success'], createdAtMs });
  emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'status', status: 400, skip: 2 });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  expect(older.state).toBe('success');
  expectNoNewVerdict(await postOf(run, main));
  expect(older.state).toBe('inactive');
  expect(emulator.github.deployments.at(-1)?.state).toBe('success');
});

test('a post step that leaves the comment of a later run deletes nothing', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 400 });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  const { body } = onlyComment(emulator);
  const later = body.replace(/told-at \d+/, `told-at ${Date.now() + 60_000}`).replace('Deploying', 'Later');
  const second = emulator.github.addComment({ login: emulator.github.login, body: later });
  const after = await postOf(run, main);
  expect(after.lines).toContain('A later run has written the comment: it stays as it is.');
  expect(emulator.github.comments).toContain(second);
  expect(second.body).toBe(later);
});

test('the comment of a post step has a time that later runs can read', async () => {
  const emulator = await githubPlatform();
  failAtPlatform(emulator);
  emulator.addFault({ call: 'github.listComments', effect: 'hang', skip: 1 });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const reached = async () => await emulator.waitForRequest('github.listComments', { count: 2 });
  const { post } = await endRunAt(run, reached, 'SIGKILL');
  await post();
  const { body } = onlyComment(emulator);
  expect(body).toContain('Deployment failed');
  expect(readShownAtMs(body)).toBeGreaterThan(Date.now() - HOUR_MS);
});

test('a success that another run has shown in between is what is named when this one fails', async () => {
  const emulator = await githubPlatform({ holdDeploymentsAt: 'queued' });
  failAtPlatform(emulator);
  const failing = onPullRequest({ emulator, env: { GITHUB_RUN_ID: '90' } });
  await emulator.waitForRequest('events');
  const comment = onlyComment(emulator);
  const success = { sha: 'c'.repeat(40), url: 'https://other.example', at: new Date().toISOString() };
  const line = `<!-- catalyst-deploy-action last-success ${encodeURIComponent(JSON.stringify(success))} -->`;
  comment.body = comment.body.replace('\n', `\n${line}\n`);
  emulator.releaseDeployment();
  expect((await failing).outputs['outcome']).toBe('failed');
  expect(wordsOf(comment.body)).toContain('The last deployment of this pull request that succeeded was ccccccc');
});

test('two comments of runs that raced: the next run leaves the older one and deletes the other', async () => {
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

test('a second comment that cannot be deleted is logged, and the first one is written all the same', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator });
  const first = onlyComment(emulator);
  emulator.github.addComment({ login: emulator.github.login, body: first.body });
  emulator.addFault({ call: 'github.deleteComment', effect: 'status', status: 403 });
  const run = await onPullRequest({ emulator, env: { GITHUB_RUN_ID: '79' } });
  expect(headingOf(first.body)).toBe('✅ Deployed to preview');
  expect(run.lines.join('\n')).toMatch(
    /A second comment of this project and environment remains, https:.*answered 403/,
  );
});

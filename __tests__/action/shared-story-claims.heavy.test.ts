/** Claims on a shared preview, when runs of both actions overlap or fail. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { renderMarked } from '../../src/domain/comment-marker.ts';
import { commentEvent, gate, MARKER, onCommand } from './gate-harness.ts';
import { githubPlatform, onGitHub, pullRequestEvent, startOnGitHub } from './github-harness.ts';
import { commanded, exampleRun, expectHonest, pushed, reasonOf, shownOn } from './shared-job-harness.ts';

/** A run of the deploy action on a push that is killed when the platform has completed its deployment. */
async function killedAtItsEnd(emulator: Emulator, number: number) {
  const before = emulator.requests.filter(({ call }) => call === 'github.createDeploymentStatus').length;
  emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'hang', skip: 1, times: 'always' });
  emulator.addFault({ call: 'github.updateComment', effect: 'hang', times: 'always' });
  const event = pullRequestEvent(emulator, 'pull_request', number);
  const run = exampleRun(emulator, event, { number });
  const started = startOnGitHub(run);
  await emulator.waitForRequest('github.createDeploymentStatus', { count: before + 2 });
  started.kill('SIGKILL');
  const { state } = await started.finished;
  emulator.clearFaults();
  return async () => await onGitHub({ ...run, postOf: state });
}

test('a build that fails after a command: the check is closed, and the pull request keeps its state', async () => {
  const emulator = await githubPlatform();
  await pushed(emulator, 7, '1');
  const before = shownOn(emulator, 7).share;
  const run = await commanded(emulator, {}, { build: 'fails' });
  expect(reasonOf(run)).toBe('takeover');
  expect(emulator.github.checkRuns).toMatchObject([
    { status: 'completed', conclusion: 'cancelled', output: { title: 'No deployment closed this check' } },
  ]);
  expect(shownOn(emulator, 7).share).toEqual({ ...before, claimedAtMs: expect.any(Number) });
  expectHonest(emulator, 7);
});

test('a command preserves since when a pull request has the preview: an older run that ends late takes nothing', async () => {
  const emulator = await githubPlatform();
  const post = await killedAtItsEnd(emulator, 7);
  await pushed(emulator, 8, '2');
  await commanded(emulator, { number: 8 }, { build: 'fails' });
  expect((await post()).exitCode).toBe(0);
  expect(shownOn(emulator, 7).words).toContain('shows #8');
  expectHonest(emulator, 8);
});

test('a command that is given while another pull request builds: its own deployment retains the claim', async () => {
  const emulator = await githubPlatform();
  await pushed(emulator, 7, '1');
  emulator.github.addPullRequest({ number: 8, headSha: '2'.repeat(40) });
  const push = pullRequestEvent(emulator, 'pull_request', 8);
  expect((await gate({ emulator, event: push })).outputs['reason']).toBe('newest');
  // 8 is built for some minutes, and 7 for longer still.
  const { run } = await onCommand({ emulator });
  expect(run.outputs['reason']).toBe('takeover');
  await onGitHub(exampleRun(emulator, push, { number: 8 }));
  const { comment: _comment, ...command } = commentEvent(emulator);
  const deploy = await onGitHub(exampleRun(emulator, command, { number: 7 }));
  expect(deploy.outputs['outcome']).toBe('deployed');
  expect(shownOn(emulator, 7).share?.claimedAtMs).toBeDefined();
  expect(reasonOf(await pushed(emulator, 7, '3'))).toBe('takeover');
  expectHonest(emulator, 7);
});

test('a used claim is lost, even to a run that began before it', async () => {
  const emulator = await githubPlatform({ holdDeploymentsAt: 'queued' });
  emulator.github.addPullRequest({ number: 8, headSha: '2'.repeat(40) });
  const push = pullRequestEvent(emulator, 'pull_request', 8);
  const deploy = onGitHub(exampleRun(emulator, push, { number: 8 }));
  await emulator.waitForRequest('events');
  const claimedAtMs = Date.now();
  const memory = {
    lastSuccess: undefined,
    shownAtMs: 1,
    share: { holds: true, heldSinceMs: claimedAtMs + 1, claimedAtMs },
  };
  const body = renderMarked(MARKER, memory, 'Deployed.');
  emulator.github.addComment({ issueNumber: 7, login: emulator.github.login, body });
  emulator.releaseDeployment();
  expect((await deploy).outputs['outcome']).toBe('deployed');
  expect(shownOn(emulator, 7).words).toContain('shows #8 now, and no longer this pull request');
  expect(shownOn(emulator, 7).share?.claimedAtMs).toBeUndefined();
  expectHonest(emulator, 8);
});

test('two runs killed at their ends: whichever reports first, both comments name the one that is live', async () => {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 8, headSha: '2'.repeat(40) });
  const postOf8 = await killedAtItsEnd(emulator, 8);
  const postOf7 = await killedAtItsEnd(emulator, 7);
  await postOf8();
  await postOf7();
  expect(shownOn(emulator, 8).words).toContain('shows #7 now, and no longer this pull request');
  expect(shownOn(emulator, 7).words).toContain('✅ Deployed to preview');
  expect([shownOn(emulator, 7).share?.holds, shownOn(emulator, 8).share?.holds]).toEqual([true, false]);
});

/** The shared preview when runs overlap, or are interrupted while they notify the others. */
import { expect, test } from '@jest/globals';
import type { Call } from '../../emulator/services.ts';
import { startOnGitHub } from './github-harness.ts';
import { callsOf } from './harness.ts';
import { commentOf, runFor, take, twoPullRequests, waitingComment } from './shared-preview-harness.ts';

test('of two runs that end at the same time, the one that was completed last has it, whoever shows it last', async () => {
  const emulator = await twoPullRequests();
  // What is shown of #7 at its end waits; by then #8 has been deployed.
  emulator.addFault({ call: 'github.updateComment', effect: 'delay', delayMs: 6000 });
  const slow = startOnGitHub(runFor(emulator, 7));
  await emulator.waitForRequest('github.updateComment');
  await take(emulator, 8);
  await slow.finished;
  expect(commentOf(emulator, 7).words).toContain('The shared preview shows #8 now, and no longer this pull request.');
  expect(commentOf(emulator, 7).share).toMatchObject({ holds: false });
  expect(commentOf(emulator, 8).share).toMatchObject({ holds: true });
});

/** Calls that only notifying others makes, and how many of them there were before. */
const NOTIFYING: readonly [Call, 'SIGINT' | 'SIGKILL'][] = [
  ['github.listPullRequests', 'SIGINT'],
  ['github.listPullRequests', 'SIGKILL'],
  ['github.deleteComment', 'SIGINT'],
  ['github.deleteComment', 'SIGKILL'],
];

test.each(NOTIFYING)('when notifying is interrupted (%s, %s), the post step does it', async (call, signal) => {
  const emulator = await twoPullRequests();
  emulator.github.addPullRequest({ number: 9 });
  waitingComment(emulator, 9);
  await take(emulator, 7);
  const before = callsOf(emulator).filter((one) => one === call).length;
  emulator.addFault({ call, effect: 'hang' });
  const started = startOnGitHub(runFor(emulator, 8));
  await emulator.waitForRequest(call, { count: before + 1 });
  started.kill(signal);
  const ended = await started.finished;
  const post = await take(emulator, 8, { postOf: ended.state });
  expect(post.exitCode).toBe(0);
  expect(commentOf(emulator, 7).words).toContain('The shared preview shows #8 now');
  expect(commentOf(emulator, 8).share).toMatchObject({ holds: true });
  expect(commentOf(emulator, 9).words).toContain('The shared preview shows #8');
  expect(emulator.github.deployments.map(({ state }) => state)).toEqual(['inactive', 'success']);
});

test('120 open pull requests: the newest are notified, and it says so', async () => {
  const emulator = await twoPullRequests();
  for (let number = 100; number < 220; number += 1) emulator.github.addPullRequest({ number });
  waitingComment(emulator, 219);
  waitingComment(emulator, 100);
  const run = await take(emulator, 7);
  expect(run.exitCode).toBe(0);
  expect(commentOf(emulator, 219).words).toContain('The shared preview shows #7');
  expect(commentOf(emulator, 100).words).toContain('Waiting.');
  expect(run.lines.join('\n')).toContain('Only the newest 50 open pull requests are updated');
});

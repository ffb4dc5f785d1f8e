/** A cancelled job on GitHub: whenever the signal comes, deployment and comment say so, in time and truthfully. */
import { expect, test } from '@jest/globals';
import {
  type Ended,
  type EventKind,
  endAt,
  expectIdle,
  expectShownOnGitHub,
  expectTruth,
  type Moment,
  momentsOn,
  openDeployments,
} from './github-cancel-harness.ts';
import { failureOf } from './harness.ts';

function expectCancelled({ main, emulator }: Ended, moment: Moment): void {
  expect({ exitCode: main.exitCode, signal: main.signal }).toEqual({ exitCode: 1, signal: null });
  expect(main.cancelMs).toBeLessThan(5000);
  expect(main.outputs['outcome']).toBe('cancelled');
  expect(main.summary).toContain('🚫 Deployment cancelled');
  const uuid = emulator.deployments[0]?.deploymentUuid ?? 'none';
  expectTruth(main.summary, moment.remote, uuid, false);
  expectTruth(failureOf(main).message, moment.remote, uuid, false);
}

async function cancelThenPost(moment: Moment, kind: EventKind, signal: NodeJS.Signals): Promise<void> {
  const ended = await endAt(moment, kind, signal);
  const { emulator, main, post } = ended;
  expectCancelled(ended, moment);
  const isDone = moment.unseen === true || JSON.parse(main.state['github-status'] ?? '{}').isClosed === true;
  if (isDone) expectShownOnGitHub(emulator, moment, kind);
  const requests = emulator.requests.length;
  const after = await post();
  if (isDone) expectIdle(after, requests, emulator);
  expectShownOnGitHub(emulator, moment, kind);
}

test.each(momentsOn('pull request'))('a pull request is cancelled %s (SIGINT)', async (_, moment) => {
  await cancelThenPost(moment, 'pull request', 'SIGINT');
});

test.each(momentsOn('push'))('a push is cancelled %s (SIGTERM)', async (_, moment) => {
  await cancelThenPost(moment, 'push', 'SIGTERM');
});

test.each(['push', 'pull request'] as const)(
  'a %s is cancelled while following, and GitHub no longer answers: gone in time, and the post step shows it',
  async (kind) => {
    const moment = momentsOn(kind).find(([name]) => name === 'while following')?.[1];
    if (moment === undefined) throw new Error('no such moment');
    const reached: Moment['reached'] = async (emulator) => {
      await emulator.waitForRequest('events');
      emulator.addFault({ call: 'github.any', effect: 'hang', times: 'always' });
    };
    const ended = await endAt({ ...moment, reached }, kind, 'SIGINT');
    expectCancelled(ended, moment);
    expect(openDeployments(ended.emulator)).toHaveLength(1);
    await ended.post();
    expectShownOnGitHub(ended.emulator, moment, kind);
  },
);

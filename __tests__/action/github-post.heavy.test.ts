/** A step that is killed outright says nothing more: its post step shows what happened. */
import { expect, test } from '@jest/globals';
import {
  type EventKind,
  endAt,
  expectIdle,
  expectShownOnGitHub,
  expectTruth,
  type Moment,
  momentsOn,
} from './github-cancel-harness.ts';
import { ownComments } from './github-harness.ts';
import { failureOf } from './harness.ts';

async function killThenPost(moment: Moment, kind: EventKind): Promise<void> {
  const { emulator, main, post } = await endAt(moment, kind, 'SIGKILL');
  expect(main.signal).toBe('SIGKILL');
  const requests = emulator.requests.length;
  const after = await post();
  if (moment.unseen === true) return expectIdle(after, requests, emulator);
  expect({ exitCode: after.exitCode, signal: after.signal, stderr: after.stderr }).toEqual({
    exitCode: 1,
    signal: null,
    stderr: '',
  });
  const uuid = emulator.deployments[0]?.deploymentUuid ?? 'none';
  for (const text of [after.summary, failureOf(after).message]) {
    expect(text).toContain('The step was ended before it could say how');
    expectTruth(text, moment.remote, uuid, false);
  }
  expect(after.summary).toContain('🚫 Deployment cancelled');
  expect(after.lines.join('\n')).toContain('Outcome: cancelled');
  expectShownOnGitHub(emulator, moment, kind);
  expect(after.outputs['outcome']).toBe('cancelled');
}

test.each(momentsOn('pull request'))('a pull request: killed %s', async (_, moment) => {
  await killThenPost(moment, 'pull request');
});

test.each(momentsOn('push'))('a push: killed %s', async (_, moment) => {
  await killThenPost(moment, 'push');
});

test('a post step that runs twice adds no second comment, and leaves all closed', async () => {
  const moment = momentsOn('pull request').find(([name]) => name === 'while following')?.[1];
  if (moment === undefined) throw new Error('no such moment');
  const { emulator, post } = await endAt(moment, 'pull request', 'SIGKILL');
  const first = await post();
  await post();
  expectShownOnGitHub(emulator, moment, 'pull request');
  expect(ownComments(emulator)).toHaveLength(1);
  const requests = emulator.requests.length;
  expectIdle(await post({ postOf: first.state }), requests, emulator);
});

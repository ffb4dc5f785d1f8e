/** What GitHub refuses: where it is needed to decide, the gate is red and says what to do; where it only shows something, a warning. */
import { describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { Permission } from '../../emulator/services/github/permissions.ts';
import type { FaultEffect } from '../../emulator/services.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { callsSince, checksOf, DECIDING, decisionOf, onCommand, onPush, previewComment } from './gate-harness.ts';
import { warningList } from './github-fault-helpers.ts';
import { githubCallsOf, githubPlatform } from './github-harness.ts';
import { failureOf } from './harness.ts';

function expectUndecided(run: FinishedRun): { title: string; message: string } {
  expect({ exitCode: run.exitCode, deploy: run.outputs['deploy'] }).toEqual({ exitCode: 1, deploy: 'false' });
  expect(run.outputs).not.toHaveProperty('reason');
  expect(run.summary).toMatch(/^## ❌ Not deployed(?: to preview)?: /);
  expect(run.lines).toContain('Deploy: false (nothing decided)');
  return failureOf(run);
}

async function twoPullRequests(): Promise<Emulator> {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 12 });
  return emulator;
}

describe.each(DECIDING)('%s decides', (call, start) => {
  test.each<[string, FaultEffect, RegExp]>([
    ['is refused', { effect: 'status', status: 422 }, /answered 422.*githubstatus\.com\. Then run this job again/s],
    [
      'takes no such token',
      { effect: 'status', status: 401 },
      /Check `github-token`.* Then run this job.*answered 401/s,
    ],
    ['is limited for an hour', { effect: 'rate-limit', resetSeconds: 3600 }, /answered 403.*a later run will do it/s],
    ['is something else', { effect: 'status', status: 200, body: { odd: true } }, /not what GitHub documents/],
  ])('where it %s: red', async (_, effect, words) => {
    const emulator = await twoPullRequests();
    emulator.addFault({ call, times: 'always', ...effect });
    const { message } = expectUndecided(await start(emulator));
    expect(message).toMatch(words);
    expect(message).toMatch(/^This run deploys nothing\.\n/);
    expect(message).toContain('Without it the gate cannot decide.');
    // A good token may be refused for a moment: that alone is asked again.
    const isTokenRefused = 'status' in effect && effect.status === 401;
    expect(githubCallsOf(emulator).filter((one) => one === call)).toHaveLength(isTokenRefused ? 3 : 1);
    expect(emulator.github.checkRuns).toEqual([]);
    expect(previewComment(emulator)).toBeUndefined();
  });
});

test('an answer of GitHub that tries to break out of the log does not', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.getPermission', effect: 'hostile-error', times: 'always' });
  const { run } = await onCommand({ emulator });
  expectUndecided(run);
  expect(run.lines.filter((line) => /^::(set-output|error title=pwned)/.test(line))).toEqual([]);
  expect(run.summary).not.toContain('<img');
});

test('reading pull requests without the permission: red, with the line', async () => {
  const emulator = await twoPullRequests();
  emulator.github.deny('pull-requests');
  expect(expectUndecided(await onPush({ emulator })).message).toContain('Add `pull-requests: write` to the job');
  const quiet = await onPush({ emulator, inputs: { comment: 'false' } });
  expect(expectUndecided(quiet).message).toContain('Add `pull-requests: read` to the job');
});

test.each([
  ['a push', (emulator: Emulator) => onPush({ emulator, githubToken: '' })],
  ['a command', async (emulator: Emulator) => (await onCommand({ emulator, githubToken: '' })).run],
])('without a token %s is an error', async (_, start) => {
  const emulator = await githubPlatform();
  expect(expectUndecided(await start(emulator)).title).toBe('No GitHub token');
  expect(githubCallsOf(emulator)).toEqual([]);
});

test('all wrong inputs are reported in one go, before anything is sent', async () => {
  const emulator = await githubPlatform();
  const inputs = { policy: 'latest', 'command-phrase': 'x', 'check-name': 'a\nb', comment: 'yes', environment: 'a\nb' };
  const run = await onPush({ emulator, inputs: { ...inputs, 'keep-check-open': '1', 'github-token': 'not a token' } });
  const { title, message } = expectUndecided(run);
  expect(title).toBe('Invalid inputs');
  for (const name of [...Object.keys(inputs), 'keep-check-open', 'github-token'])
    expect(message).toContain(`- ${name}:`);
  expect(message).toContain('newest, all, command');
  expect(run.everything).not.toContain('not a token');
  expect(githubCallsOf(emulator)).toEqual([]);
});

const COMMENTS: readonly Permission[] = ['issues', 'pull-requests'];

describe('a missing permission to show something: the command is accepted, with one warning and the line', () => {
  test.each(['none', 'read'] as const)('checks: %s', async (left) => {
    const emulator = await githubPlatform();
    emulator.github.deny('checks', left);
    const { run } = await onCommand({ emulator, inputs: { 'keep-check-open': 'true' } });
    expect(decisionOf(run)).toEqual({ deploy: 'true', reason: 'takeover' });
    expect(warningList(run)).toEqual([
      expect.stringMatching(
        /^The check run "Shared preview" could not be made or closed\..*Add `checks: write` to the job/,
      ),
    ]);
    expect(run.outputs).not.toHaveProperty('check-run-id');
    expect(githubCallsOf(emulator).filter((call) => call.includes('CheckRun'))).toEqual(['github.createCheckRun']);
    expect(JSON.parse(run.state['check'] ?? '')).toMatchObject({ isOpen: false });
    expect(previewComment(emulator)?.body).toContain('Claimed: preview');
  });

  test('reaction and comment', async () => {
    const emulator = await githubPlatform();
    for (const permission of COMMENTS) emulator.github.deny(permission, 'read');
    const { run } = await onCommand({ emulator });
    expect(decisionOf(run)).toEqual({ deploy: 'true', reason: 'takeover' });
    expect(warningList(run)).toEqual([
      expect.stringMatching(/^The comment got no reaction\..*Add `pull-requests: write`/),
      expect.stringMatching(
        /^The comment on pull request #7 could not be read or written\..*Add `pull-requests: write`/,
      ),
    ]);
    expect(checksOf(emulator)).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
  });

  test('the reaction to somebody who may not', async () => {
    const emulator = await githubPlatform();
    for (const permission of COMMENTS) emulator.github.deny(permission, 'read');
    const { run } = await onCommand({ emulator, given: { login: 'stranger' } });
    expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'not-permitted' });
    expect(warningList(run)).toHaveLength(1);
  });

  test('a push whose comment cannot be written', async () => {
    const emulator = await twoPullRequests();
    for (const permission of COMMENTS) emulator.github.deny(permission, 'read');
    const run = await onPush({ emulator });
    expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'not-newest' });
    expect(warningList(run)).toHaveLength(1);
  });

  test('a push whose comments cannot be read: there can be no claim', async () => {
    const emulator = await githubPlatform();
    for (const permission of COMMENTS) emulator.github.deny(permission);
    const run = await onPush({ emulator, inputs: { policy: 'command' } });
    expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'manual-only' });
    expect(warningList(run)).toEqual([expect.stringContaining('Add `pull-requests: write`')]);
    expect(githubCallsOf(emulator)).toEqual(['github.listComments']);
  });

  test('a conversation that is locked', async () => {
    const emulator = await twoPullRequests();
    emulator.github.lockConversation(7);
    const run = await onPush({ emulator });
    expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'not-newest' });
    expect(warningList(run)).toEqual([expect.stringContaining('issue is locked')]);
  });
});

test('a fault that passes is no reason to be red', async () => {
  const emulator = await twoPullRequests();
  emulator.addFault({ call: 'github.listPullRequests', effect: 'status', status: 502 });
  const before = githubCallsOf(emulator).length;
  expect(decisionOf(await onPush({ emulator })).reason).toBe('not-newest');
  expect(callsSince(emulator, before).slice(0, 2)).toEqual(['github.listPullRequests', 'github.listPullRequests']);
});

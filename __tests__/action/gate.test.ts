/** Every decision of the preview gate, by what it puts out and by the calls that it makes. */
import { describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import {
  COMMANDER,
  checksOf,
  commentEvent,
  decisionOf,
  gate,
  onCommand,
  onPush,
  previewComment,
  shareOf,
} from './gate-harness.ts';
import { githubCallsOf, githubPlatform, pullRequestEvent } from './github-harness.ts';
import { warningsOf } from './harness.ts';

const headOf = (emulator: Emulator, number = 7) =>
  emulator.github.pullRequests.find((one) => one.number === number)?.head.sha;

/** The newest pull request is another one. */
async function outnumbered(newest: object = {}): Promise<Emulator> {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 12, ...newest });
  return emulator;
}

function expectPullRequest(run: FinishedRun, emulator: Emulator, ref = 'merge'): void {
  expect(run.outputs).toMatchObject({
    'pull-request': '7',
    sha: headOf(emulator),
    ref: `refs/pull/7/${ref}`,
    'command-phrase': 'redeploy preview',
  });
}

describe('a push', () => {
  test('to the newest pull request deploys: one question, nothing shown', async () => {
    const emulator = await githubPlatform();
    const run = await onPush({ emulator });
    expect(decisionOf(run)).toEqual({ deploy: 'true', reason: 'newest' });
    expectPullRequest(run, emulator);
    expect(githubCallsOf(emulator)).toEqual(['github.listPullRequests']);
    expect(run.annotations).toEqual([]);
    expect(run.summary).toContain('## ✅ Deploying &#35;<!-- -->7 to preview\n');
    expect(run.lines).toContain('Deploy: true (newest)');
    expect(run.state).toEqual({});
  });

  test('to another one does not, and says how to claim the preview', async () => {
    const emulator = await outnumbered();
    const run = await onPush({ emulator });
    expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'not-newest' });
    expectPullRequest(run, emulator);
    expect(githubCallsOf(emulator)).toEqual(['github.listPullRequests', 'github.listComments', 'github.createComment']);
    const body = previewComment(emulator)?.body;
    expect(body).toContain('Not deployed to preview');
    expect(body).toContain('<code>redeploy preview</code>');
    expect(body).toContain('&#35;<!-- -->12');
    expect(body).toContain(`>${headOf(emulator)?.slice(0, 7)}</a> was not deployed`);
    expect(shareOf(body)).toBeUndefined();
    expect(run.summary).toContain('## ⏭️ Not deploying &#35;<!-- -->7 to preview\n');
    expect(run.annotations).toEqual([]);
  });

  test.each([
    ['of a fork', { headRepository: 'stranger/storefront' }],
    ['of a fork that is gone', { headRepository: null }],
    ['of Dependabot', { login: 'dependabot[bot]' }],
    ['closed', { state: 'closed' }],
  ])('is the newest where the one with a higher number is %s', async (_, newest) => {
    const emulator = await outnumbered(newest);
    expect(decisionOf(await onPush({ emulator }))).toEqual({ deploy: 'true', reason: 'newest' });
  });

  test("by a person to a pull request of Dependabot's counts", async () => {
    const emulator = await githubPlatform();
    emulator.github.addPullRequest({ number: 7, login: 'dependabot[bot]' });
    emulator.github.addPullRequest({ number: 3 });
    expect(decisionOf(await onPush({ emulator }))).toEqual({ deploy: 'true', reason: 'newest' });
  });

  test('is decided on in a pull_request_target event, too', async () => {
    const emulator = await outnumbered();
    const run = await gate({ emulator, event: pullRequestEvent(emulator, 'pull_request_target', 12) });
    expect(decisionOf(run)).toEqual({ deploy: 'true', reason: 'newest' });
    expect(run.outputs).toMatchObject({ 'pull-request': '12', ref: 'refs/pull/12/merge' });
  });

  test('policy all: every push deploys, as newest or as takeover', async () => {
    const emulator = await outnumbered();
    const inputs = { policy: 'all' };
    expect(decisionOf(await onPush({ emulator, inputs }))).toEqual({ deploy: 'true', reason: 'takeover' });
    expect(decisionOf(await onPush({ emulator, inputs, number: 12 }))).toEqual({ deploy: 'true', reason: 'newest' });
    expect(new Set(githubCallsOf(emulator))).toEqual(new Set(['github.listPullRequests']));
  });

  test('policy all deploys where GitHub does not say which one is the newest', async () => {
    const emulator = await outnumbered();
    emulator.addFault({ call: 'github.listPullRequests', effect: 'status', status: 422, times: 'always' });
    const run = await onPush({ emulator, inputs: { policy: 'all' } });
    expect(decisionOf(run)).toEqual({ deploy: 'true', reason: 'takeover' });
    expect(warningsOf(run)).toMatch(/^Whether this pull request is the newest is not known; it deploys anyway\./);
  });

  test('policy command: no push deploys by itself, and nobody asks which one is the newest', async () => {
    const emulator = await githubPlatform();
    const run = await onPush({ emulator, inputs: { policy: 'command', 'command-phrase': '/preview!' } });
    expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'manual-only' });
    expect(githubCallsOf(emulator)).toEqual(['github.listComments', 'github.createComment']);
    expect(previewComment(emulator)?.body).toContain('<code>&#47;preview&#33;</code>');
    expect(previewComment(emulator)?.body).toContain('by command alone');
    expect(run.outputs['command-phrase']).toBe('/preview!');
  });

  test('comment: false writes nothing, and stores no claims', async () => {
    const emulator = await outnumbered();
    const run = await onPush({ emulator, inputs: { comment: 'false' } });
    expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'not-newest' });
    expect(githubCallsOf(emulator)).toEqual(['github.listPullRequests']);
  });
});

describe('no request at all', () => {
  const NOTHING = { deploy: 'false', reason: 'not-applicable' };

  test.each(['stranger/storefront', null])('for a fork (%p)', async (headRepository) => {
    const emulator = await githubPlatform();
    emulator.github.addPullRequest({ number: 7, headRepository });
    const run = await onPush({ emulator, githubToken: '' });
    expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'fork' });
    expectPullRequest(run, emulator);
    expect(githubCallsOf(emulator)).toEqual([]);
  });

  test.each(['state', 'action'])('for a closed pull request (by its %s)', async (by) => {
    const emulator = await githubPlatform();
    const { name, payload } = pullRequestEvent(emulator);
    const closed = { ...payload, pull_request: { ...payload.pull_request, state: 'closed', mergeable: false } };
    const event = { name, payload: by === 'state' ? closed : { ...payload, action: 'closed' } };
    const run = await gate({ emulator, event });
    expect(decisionOf(run)).toEqual(NOTHING);
    expectPullRequest(run, emulator, by === 'state' ? 'head' : 'merge');
    expect(githubCallsOf(emulator)).toEqual([]);
  });

  test('for a run that Dependabot started, with a word on what to do', async () => {
    const emulator = await githubPlatform();
    const run = await onPush({ emulator, env: { GITHUB_ACTOR: 'dependabot[bot]' } });
    expect(decisionOf(run)).toEqual(NOTHING);
    expect(githubCallsOf(emulator)).toEqual([]);
    expect(run.annotations).toMatchObject([{ level: 'notice', message: expect.stringContaining('redeploy preview') }]);
  });

  test.each(['push', 'workflow_dispatch', 'pull_request_review', 'schedule'])('for the event %s', async (name) => {
    const emulator = await githubPlatform();
    const run = await gate({ emulator, event: { name, payload: 'anything' }, githubToken: '' });
    expect(decisionOf(run)).toEqual(NOTHING);
    expect(run.outputs).not.toHaveProperty('pull-request');
    expect(run.summary).toContain(name.replaceAll('_', '&#95;'));
    expect(githubCallsOf(emulator)).toEqual([]);
  });

  test.each(['edited', 'deleted'])('for a command that was %s', async (action) => {
    const emulator = await githubPlatform();
    const { run } = await onCommand({ emulator, given: { action } });
    expect(decisionOf(run)).toEqual(NOTHING);
    expect(run.outputs['pull-request']).toBe('7');
    expect(githubCallsOf(emulator)).toEqual([]);
  });

  test('for a command on an issue', async () => {
    const emulator = await githubPlatform();
    const { run } = await onCommand({ emulator, given: { isIssue: true } });
    expect(decisionOf(run)).toEqual(NOTHING);
    expect(run.outputs).not.toHaveProperty('pull-request');
    expect(githubCallsOf(emulator)).toEqual([]);
  });
});

describe('a command', () => {
  const ACCEPTED = [
    'github.getPermission',
    'github.getPullRequest',
    'github.createReaction',
    'github.createCheckRun',
    'github.listComments',
    'github.createComment',
    'github.updateCheckRun',
  ];

  test.each(['write', 'maintain', 'admin'] as const)('by somebody with the role %s deploys', async (role) => {
    const emulator = await outnumbered();
    emulator.github.setRole(COMMANDER, role);
    const { comment, ...event } = commentEvent(emulator, { body: 'Redeploy PREVIEW, please\nthank you' });
    const run = await gate({ emulator, event });
    expect(decisionOf(run)).toEqual({ deploy: 'true', reason: 'takeover' });
    expectPullRequest(run, emulator);
    expect(githubCallsOf(emulator)).toEqual(ACCEPTED);
    expect(comment.reactions.map(({ content }) => content)).toEqual(['eyes']);
    expect(checksOf(emulator)).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
    expect(emulator.github.checkRuns[0]).toMatchObject({ name: 'Shared preview', headSha: headOf(emulator) });
    expect(run.outputs).not.toHaveProperty('check-run-id');
    expect(shareOf(previewComment(emulator)?.body)).toMatch(/^waits claimed-at \d{13}$/);
    expect(previewComment(emulator)?.body).toContain('hubot claimed the shared preview');
    expect(run.everything).not.toContain('thank you');
    expect(warningsOf(run)).toBe('');
  });

  test.each(['none', 'read', 'triage'] as const)('by somebody with the role %s: only a reaction', async (role) => {
    const emulator = await githubPlatform();
    emulator.github.setRole(COMMANDER, role);
    const { comment, ...event } = commentEvent(emulator);
    const run = await gate({ emulator, event });
    expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'not-permitted' });
    expect(githubCallsOf(emulator)).toEqual(['github.getPermission', 'github.createReaction']);
    expect(comment.reactions.map(({ content }) => content)).toEqual(['-1']);
    expect(run.outputs).not.toHaveProperty('sha');
    expect(run.outputs['pull-request']).toBe('7');
  });

  test('on a fork: only a reaction', async () => {
    const emulator = await githubPlatform();
    emulator.github.addPullRequest({ number: 7, headRepository: 'stranger/storefront' });
    const { run, comment } = await onCommand({ emulator });
    expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'fork' });
    expect(comment.reactions.map(({ content }) => content)).toEqual(['-1']);
    expect(githubCallsOf(emulator)).toEqual(ACCEPTED.slice(0, 3));
  });

  test('on a closed pull request: refused', async () => {
    const emulator = await githubPlatform();
    emulator.github.addPullRequest({ number: 7, state: 'closed' });
    const { run, comment } = await onCommand({ emulator });
    expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'not-applicable' });
    expect(comment.reactions.map(({ content }) => content)).toEqual(['-1']);
    expect(githubCallsOf(emulator)).toEqual(ACCEPTED.slice(0, 3));
  });

  test('on one that conflicts with its base: its head is to be checked out', async () => {
    const emulator = await githubPlatform();
    emulator.github.addPullRequest({ number: 7, hasConflicts: true });
    const { run } = await onCommand({ emulator });
    expectPullRequest(run, emulator, 'head');
  });

  test('comment: false claims nothing for later, and says so nowhere', async () => {
    const emulator = await outnumbered();
    const { run } = await onCommand({ emulator, inputs: { comment: 'false' } });
    expect(decisionOf(run)).toEqual({ deploy: 'true', reason: 'takeover' });
    expect(githubCallsOf(emulator)).toEqual(ACCEPTED.filter((call) => !/Comments?$/.test(call)));
    const push = await onPush({ emulator, inputs: { comment: 'false' } });
    expect(decisionOf(push)).toEqual({ deploy: 'false', reason: 'not-newest' });
  });
});

/** Claims on the shared preview: kept over later pushes, until another pull request takes it; and what comments say. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import {
  callsSince,
  decisionOf,
  MARKER,
  onCommand,
  onPush,
  previewComment,
  shareOf,
  takeAway,
} from './gate-harness.ts';
import { githubCallsOf, githubPlatform } from './github-harness.ts';
import { warningsOf } from './harness.ts';

const TAKEOVER = { deploy: 'true', reason: 'takeover' };
const EARLIER = 'e0'.repeat(20);

/** Pull request 7, of which 12 is newer. */
async function twoPullRequests(): Promise<Emulator> {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 12 });
  return emulator;
}

/** A comment as a deployment of pull request 7 leaves it. */
function leftByDeployment(emulator: Emulator, share: string, url = 'https://shop.example/'): void {
  const success = encodeURIComponent(JSON.stringify({ sha: EARLIER, url, at: '2026-01-02T03:04:05.678Z' }));
  const body = [
    MARKER,
    '<!-- catalyst-deploy-action told-at 1700000000000 -->',
    `<!-- catalyst-deploy-action last-success ${success} -->`,
    `<!-- catalyst-deploy-action shared-preview ${share} -->`,
    '',
    '### ✅ Deployed to preview\n',
  ].join('\n');
  emulator.github.addComment({ login: emulator.github.login, body });
}

test.each(['newest', 'command'] as const)(
  'a claim deploys later pushes until it is lost, and again once it is claimed anew (policy %s)',
  async (policy) => {
    const emulator = await twoPullRequests();
    const inputs = { policy };
    const unclaimed = { deploy: 'false', reason: policy === 'newest' ? 'not-newest' : 'manual-only' };
    expect(decisionOf(await onPush({ emulator, inputs }))).toEqual(unclaimed);
    expect(decisionOf((await onCommand({ emulator, inputs })).run)).toEqual(TAKEOVER);
    const before = githubCallsOf(emulator).length;
    for (const _ of [1, 2]) expect(decisionOf(await onPush({ emulator, inputs }))).toEqual(TAKEOVER);
    // A push that deploys leaves the comment to the deployment.
    expect(callsSince(emulator, before).filter((call) => /^github\.(create|update|delete)/.test(call))).toEqual([]);
    takeAway(emulator);
    expect(decisionOf(await onPush({ emulator, inputs }))).toEqual(unclaimed);
    expect(shareOf(previewComment(emulator)?.body)).toBe('waits');
    expect(decisionOf((await onCommand({ emulator, inputs })).run)).toEqual(TAKEOVER);
    expect(decisionOf(await onPush({ emulator, inputs }))).toEqual(TAKEOVER);
    expect(previewComment(emulator)?.body).toContain('Claimed: preview');
  },
);

test('two pull requests take the preview from each other by command', async () => {
  const emulator = await twoPullRequests();
  emulator.github.addPullRequest({ number: 15 });
  const pushes = async () => [
    decisionOf(await onPush({ emulator })).deploy,
    decisionOf(await onPush({ emulator, number: 12 })).deploy,
  ];
  expect(await pushes()).toEqual(['false', 'false']);
  await onCommand({ emulator });
  expect(await pushes()).toEqual(['true', 'false']);
  await onCommand({ emulator, given: { number: 12 } });
  takeAway(emulator, 7);
  expect(await pushes()).toEqual(['false', 'true']);
  // The newest one deploys whatever the others claim.
  expect(decisionOf(await onPush({ emulator, number: 15 }))).toEqual({ deploy: 'true', reason: 'newest' });
});

test('a claim of the newest pull request: its pushes are those of the newest', async () => {
  const emulator = await githubPlatform();
  await onCommand({ emulator });
  expect(decisionOf(await onPush({ emulator }))).toEqual({ deploy: 'true', reason: 'newest' });
  expect(decisionOf(await onPush({ emulator, inputs: { policy: 'command' } }))).toEqual(TAKEOVER);
});

test('claims of two environments have nothing to do with each other', async () => {
  const emulator = await twoPullRequests();
  await onCommand({ emulator, inputs: { environment: 'staging' } });
  const other = decisionOf(await onPush({ emulator, inputs: { environment: 'preview', comment: 'true' } }));
  expect(other.deploy).toBe('false');
  expect(decisionOf(await onPush({ emulator, inputs: { environment: 'Staging' } }))).toEqual(TAKEOVER);
});

test('a claim in a comment that somebody else wrote is none', async () => {
  const emulator = await twoPullRequests();
  const body = `${MARKER}\n<!-- catalyst-deploy-action shared-preview holds claimed-at 1700000000000 -->\n\nmine`;
  const forged = emulator.github.addComment({ login: 'mona', body });
  const quoted = emulator.github.addComment({ login: emulator.github.login, body: `Somebody wrote:\n${body}` });
  expect(decisionOf(await onPush({ emulator })).reason).toBe('not-newest');
  expect([forged.body, quoted.body]).toEqual([body, `Somebody wrote:\n${body}`]);
});

test('the comment on the pull request that holds the preview says so, and keeps what it stored', async () => {
  const emulator = await twoPullRequests();
  leftByDeployment(emulator, 'holds');
  expect(decisionOf(await onPush({ emulator })).reason).toBe('not-newest');
  const body = previewComment(emulator)?.body ?? '';
  expect(shareOf(body)).toBe('holds');
  expect(body).toContain('last-success');
  expect(body).toContain('As far as is known, the preview shows <code>e0e0e0e</code> of this pull request');
  expect(body).toContain('href="https://shop.example/"');
  expect(body).not.toContain('may show something else');
});

test('the comment on one that lost it names its last deployment, whose address shows something else by now', async () => {
  const emulator = await twoPullRequests();
  leftByDeployment(emulator, 'waits');
  await onPush({ emulator });
  const body = previewComment(emulator)?.body ?? '';
  expect(shareOf(body)).toBe('waits');
  expect(body).toMatch(/succeeded was <code>e0e0e0e<\/code>.*may show something else by now/);
  expect(body).not.toContain('the preview shows');
});

test('a command by the one that holds the preview keeps that, beside the claim', async () => {
  const emulator = await twoPullRequests();
  leftByDeployment(emulator, 'holds');
  expect(decisionOf((await onCommand({ emulator })).run)).toEqual(TAKEOVER);
  const body = previewComment(emulator)?.body ?? '';
  expect(shareOf(body)).toMatch(/^holds claimed-at 1[89]\d{11}$|^holds claimed-at 17[1-9]\d{10}$/);
  expect(body).toContain('last-success');
  expect(body).toContain('the preview shows <code>e0e0e0e</code>');
});

test('a comment that says the same already is left alone; for another commit or newest one it changes', async () => {
  const emulator = await twoPullRequests();
  await onPush({ emulator });
  const { updatedAtMs, body } = { ...previewComment(emulator) };
  const run = await onPush({ emulator, env: { GITHUB_RUN_ID: '99', GITHUB_RUN_ATTEMPT: '2' } });
  expect(run.everything).toContain('The comment says so already');
  expect(previewComment(emulator)).toMatchObject({ updatedAtMs, body });
  expect(githubCallsOf(emulator)).not.toContain('github.updateComment');
  const sha = 'ab'.repeat(20);
  emulator.github.addPullRequest({ number: 7, headSha: sha });
  await onPush({ emulator });
  expect(previewComment(emulator)?.body).toContain('abababa');
  emulator.github.addPullRequest({ number: 13 });
  await onPush({ emulator });
  expect(previewComment(emulator)?.body).toContain('&#35;<!-- -->13');
  expect(githubCallsOf(emulator).filter((call) => call === 'github.updateComment')).toHaveLength(2);
});

test('no name in a comment notifies anybody or refers to anything', async () => {
  const emulator = await twoPullRequests();
  await onCommand({ emulator });
  const claimed = previewComment(emulator)?.body ?? '';
  takeAway(emulator);
  await onPush({ emulator });
  for (const body of [claimed, previewComment(emulator)?.body ?? ''])
    expect(body).not.toMatch(/@\w|(?<!&)#\d|\/pull\//);
});

test('two comments of one preview become one', async () => {
  const emulator = await twoPullRequests();
  leftByDeployment(emulator, 'waits');
  leftByDeployment(emulator, 'waits');
  await onPush({ emulator });
  expect(previewComment(emulator)?.body).toContain('Not deployed to preview');
});

test('120 open pull requests: the newest is found on whichever page it is', async () => {
  const emulator = await githubPlatform();
  // The list begins with those that were made last, and numbers are not made in the order of time here.
  for (let number = 20; number < 139; number += 1) {
    emulator.github.addPullRequest({ number, createdAtMs: 1_700_000_000_000 - number * 1000 });
  }
  expect(emulator.github.pullRequests).toHaveLength(120);
  const run = await onPush({ emulator });
  expect(decisionOf(run)).toEqual({ deploy: 'false', reason: 'not-newest' });
  expect(previewComment(emulator)?.body).toContain('&#35;<!-- -->138');
  expect(githubCallsOf(emulator).filter((call) => call === 'github.listPullRequests')).toHaveLength(2);
  expect(decisionOf(await onPush({ emulator, number: 138 }))).toEqual({ deploy: 'true', reason: 'newest' });
  expect(warningsOf(run)).toBe('');
});

test('a claim far down in a long conversation is found', async () => {
  const emulator = await twoPullRequests();
  for (let count = 0; count < 130; count += 1) emulator.github.addComment({ body: `Remark ${count}` });
  await onCommand({ emulator });
  expect(decisionOf(await onPush({ emulator }))).toEqual(TAKEOVER);
});

/** All pull requests deploy into one project: whoever has the preview, nobody's comment may claim otherwise. */
import { describe, expect, test } from '@jest/globals';
import { renderMarked } from '../../src/domain/comment-marker.ts';
import { hrefsOf } from './github-comment-reading.ts';
import { githubCallsOf } from './github-harness.ts';
import { warningsOf } from './harness.ts';
import { commentOf, MARKER, PHRASE, take, twoPullRequests, waitingComment } from './shared-preview-harness.ts';

describe('two pull requests in turn', () => {
  test('each one takes the preview from the other, and the comments show it', async () => {
    const emulator = await twoPullRequests();
    await take(emulator, 7);
    const first = commentOf(emulator, 7);
    expect(first.words).toContain('✅ Deployed to preview');
    expect(first.words).toContain(
      'All pull requests share this address: it shows this one until another one takes it.',
    );
    expect(first.share).toMatchObject({ holds: true });

    await take(emulator, 8);
    const lost = commentOf(emulator, 7);
    // A new one, since an edit notifies nobody.
    expect(lost.id).not.toBe(first.id);
    expect(lost.words).toContain('🔁 Preview taken over');
    expect(lost.words).toContain('The shared preview shows #8 now, and no longer this pull request.');
    expect(lost.words).toContain(`comment ${PHRASE}`);
    expect(lost.share).toEqual({ holds: false, heldSinceMs: undefined, claimedAtMs: undefined });
    expect(hrefsOf(lost.body)).toEqual([`https://github.com/${emulator.github.repository}/pull/8`]);
    expect(commentOf(emulator, 8).share).toMatchObject({ holds: true });
    expect(emulator.github.deployments.map(({ state }) => state)).toEqual(['inactive', 'success']);

    await take(emulator, 7);
    // It is this run's own comment again: edited, no third one.
    expect(commentOf(emulator, 7)).toMatchObject({ id: lost.id, share: { holds: true } });
    expect(commentOf(emulator, 8).words).toContain('The shared preview shows #7 now');
    expect(emulator.github.deployments.map(({ state }) => state)).toEqual(['inactive', 'inactive', 'success']);
    expect(new Set(emulator.deployments.map(({ projectUuid }) => projectUuid)).size).toBe(1);
  });

  test('those who did not have it get a silent edit, and none where nothing changes', async () => {
    const emulator = await twoPullRequests();
    emulator.github.addPullRequest({ number: 9 });
    const waiting = waitingComment(emulator, 9);
    await take(emulator, 7);
    expect(commentOf(emulator, 9).id).toBe(waiting.id);
    expect(commentOf(emulator, 9).words).toContain('The shared preview shows #7 , and not this pull request.');
    const edits = () => emulator.requests.filter(({ call }) => call === 'github.updateComment').length;
    const before = edits();
    await take(emulator, 7);
    // Its own comment alone: when it begins, and when it has ended.
    expect(edits()).toBe(before + 2);
    await take(emulator, 8);
    expect(commentOf(emulator, 9).id).toBe(waiting.id);
    expect(commentOf(emulator, 9).words).toContain('The shared preview shows #8 , and not this pull request.');
  });

  test('a deployment that fails takes nothing from anybody', async () => {
    const emulator = await twoPullRequests();
    await take(emulator, 7);
    const before = commentOf(emulator, 7).body;
    emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
    const failed = await take(emulator, 8);
    expect(failed.outputs['outcome']).toBe('failed');
    expect(commentOf(emulator, 7).body).toBe(before);
    expect(commentOf(emulator, 8).share).toMatchObject({ holds: false });
    expect(emulator.github.deployments.map(({ state }) => state)).toEqual(['success', 'failure']);
  });

  test('a claim by command is gone when another one takes the preview, unless it is newer than that run', async () => {
    const emulator = await twoPullRequests();
    emulator.github.addPullRequest({ number: 9 });
    waitingComment(emulator, 7, 1);
    waitingComment(emulator, 9, Date.now() + 60_000);
    await take(emulator, 8);
    expect(commentOf(emulator, 7).share?.claimedAtMs).toBeUndefined();
    expect(commentOf(emulator, 9).body).toContain('Waiting.');
  });

  test('its own claim stays with who has the preview', async () => {
    const emulator = await twoPullRequests();
    waitingComment(emulator, 7, 5);
    await take(emulator, 7);
    expect(commentOf(emulator, 7).share).toMatchObject({ holds: true, claimedAtMs: 5 });
  });
});

test('a pull request that was closed in the meantime is updated by an edit', async () => {
  const emulator = await twoPullRequests();
  await take(emulator, 7);
  const first = commentOf(emulator, 7);
  emulator.github.addPullRequest({ number: 7, state: 'closed' });
  await take(emulator, 8);
  expect(commentOf(emulator, 7)).toMatchObject({ id: first.id, share: { holds: false } });
  // The gate ignores commands on a closed one.
  expect(commentOf(emulator, 7).words).not.toContain(PHRASE);
});

test("a stranger's copy of the marker is left alone", async () => {
  const emulator = await twoPullRequests();
  const memory = {
    lastSuccess: undefined,
    shownAtMs: 1,
    share: { holds: true, heldSinceMs: Date.now() + 1e9, claimedAtMs: 1 },
  };
  const body = renderMarked(MARKER, memory, 'Mine.');
  const copy = emulator.github.addComment({ issueNumber: 7, login: 'mallory', body });
  const run = await take(emulator, 8);
  expect(run.exitCode).toBe(0);
  expect(copy.body).toBe(body);
  expect(commentOf(emulator, 8).share).toMatchObject({ holds: true });
});

test('without the permission, the deployment is shown and one warning says what is missing', async () => {
  const emulator = await twoPullRequests();
  emulator.github.deny('pull-requests');
  emulator.github.deny('issues');
  const run = await take(emulator, 8);
  expect(run.exitCode).toBe(0);
  expect(warningsOf(run)).toContain('Add `pull-requests: write`');
});

test('with `comment: false` nobody is written to, and the GitHub deployments show it', async () => {
  const emulator = await twoPullRequests();
  await take(emulator, 7, { inputs: { comment: 'false' } });
  await take(emulator, 8, { inputs: { comment: 'false' } });
  expect(emulator.github.comments).toEqual([]);
  expect(githubCallsOf(emulator)).not.toContain('github.listPullRequests');
  expect(emulator.github.deployments.map(({ state }) => state)).toEqual(['inactive', 'success']);
});

test('without a command, the comment does not speak of one', async () => {
  const emulator = await twoPullRequests();
  await take(emulator, 7, { inputs: { 'command-phrase': '' } });
  await take(emulator, 8, { inputs: { 'command-phrase': '' } });
  const { words } = commentOf(emulator, 7);
  expect(words).toContain('To get it back, run its deployment again, or push to it.');
  expect(words).not.toContain('comment');
});

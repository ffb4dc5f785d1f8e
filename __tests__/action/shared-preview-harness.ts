/** What the tests of the shared preview share: pull requests that take it, and what their comments say. */

import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { readShare, renderMarked, renderMarker, SHARED_PREVIEW } from '../../src/domain/comment-marker.ts';
import { wordsOf } from './github-comment-reading.ts';
import { type GitHubRun, githubPlatform, onGitHub, ownComments, pullRequestEvent } from './github-harness.ts';

export const MARKER = renderMarker({ project: SHARED_PREVIEW, environment: 'preview' });
export const PHRASE = 'redeploy preview';

export async function twoPullRequests(): Promise<Emulator> {
  const emulator = await githubPlatform();
  // Opened after the deployments of the older one.
  emulator.github.addPullRequest({ number: 8, createdAtMs: Date.now() + 60_000 });
  return emulator;
}

export function runFor(emulator: Emulator, number: number, change: Partial<GitHubRun> = {}): GitHubRun {
  const inputs = { preview: 'shared', 'command-phrase': PHRASE, ...change.inputs };
  return { emulator, event: pullRequestEvent(emulator, 'pull_request', number), ...change, inputs };
}

export async function take(emulator: Emulator, number: number, change: Partial<GitHubRun> = {}): Promise<FinishedRun> {
  return await onGitHub(runFor(emulator, number, change));
}

export function commentOf(emulator: Emulator, number: number) {
  const [comment, ...others] = ownComments(emulator, number);
  if (comment === undefined || others.length > 0)
    throw new Error(`#${number} has ${others.length + 1} comments, or none`);
  return { ...comment, words: wordsOf(comment.body), share: readShare(comment.body) };
}

/** The comment that a pull request has while it waits, as the gate or a run before has written it. */
export function waitingComment(emulator: Emulator, issueNumber: number, claimedAtMs?: number) {
  const memory = { lastSuccess: undefined, shownAtMs: 1, share: { holds: false, claimedAtMs } };
  const body = renderMarked(MARKER, memory, 'Waiting.');
  return emulator.github.addComment({ issueNumber, login: emulator.github.login, body });
}

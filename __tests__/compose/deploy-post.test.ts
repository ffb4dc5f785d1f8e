/** When a `post` step says that its run began, and how long it took: another process did that. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { createDeployPostRun } from '../../src/compose/deploy-post.ts';
import { createOpenState, type GitHubStatusState, renderState } from '../../src/github-status/state.ts';
import type { RunContext } from '../../src/run-context.ts';

const NOW_MS = Date.parse('2026-01-02T03:05:00Z');
const STARTED_MS = NOW_MS - 60_000;
const REMOTE = { stage: 'completed', deploymentUuid: 'd' } as const;
const OPEN = createOpenState({ uuid: 'p', name: undefined }, REMOTE);

afterEach(() => {
  jest.useRealTimers();
});

/** Undefined: its run was begun by no other process; null: it began none. */
async function begunAfter(left: string) {
  jest.useFakeTimers({ now: NOW_MS });
  const begin = jest.fn<(report: unknown, begun?: unknown) => unknown>();
  const state = { read: (name: string) => (name === 'github-status' ? left : ''), save: () => {} };
  const running = await createDeployPostRun({ state, begin, maskSecret: () => {} } as unknown as RunContext);
  expect(Object.keys(running).sort()).toEqual(['close', 'finish', 'work']);
  return begin.mock.calls[0] === undefined ? null : begin.mock.calls[0][1];
}

test.each<[string, Partial<GitHubStatusState>, unknown]>([
  ['killed while it deployed: until now', { startedAtMs: STARTED_MS }, { at: new Date(STARTED_MS), elapsedMs: 60_000 }],
  [
    'killed after it deployed: until then',
    { startedAtMs: STARTED_MS, completedAtMs: STARTED_MS + 20_000 },
    { at: new Date(STARTED_MS), elapsedMs: 20_000 },
  ],
  ['killed before it had begun', {}, undefined],
])('a main step that was %s', async (_, changes, begun) => {
  expect(await begunAfter(renderState({ ...OPEN, ...changes }))).toEqual(begun);
});

test.each<[string, string]>([
  ['left nothing', ''],
  ['has closed and reported everything', renderState({ ...OPEN, isClosed: true, isReported: true })],
])('after a main step that %s, nothing is begun', async (_, left) => {
  expect(await begunAfter(left)).toBeNull();
});

test.each<[string, Partial<GitHubStatusState>]>([
  ['closed everything, but did not report it', { isClosed: true }],
  ['reported it, but left something open', { isReported: true }],
])('after a main step that %s, a run is begun', async (_, changes) => {
  expect(await begunAfter(renderState({ ...OPEN, ...changes }))).toBeUndefined();
});

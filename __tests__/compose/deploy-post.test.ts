/** When a `post` step says that its run began, and how long it took: another process did that. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createDeployPostRun } from '../../src/compose/deploy-post.ts';
import { createOpenState, type GitHubStatusState, renderState } from '../../src/github-status/state.ts';
import type { DeployEvent } from '../../src/report/deploy-record.ts';
import type { RunContext } from '../../src/run-context.ts';
import { createFakeRun } from '../fake-run.ts';

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

/** The events of a `post` step's work. @param states what the main step left, by its names */
async function workAfter(states: Record<string, string>): Promise<DeployEvent[]> {
  const run = { ...createFakeRun<DeployEvent>(), attach: () => {} };
  const context = {
    state: { read: (name: string) => states[name] ?? '', save: () => {} },
    begin: () => run,
    maskSecret: () => {},
    redactor: { redactPublic: (text: string) => text },
  };
  const { work } = await createDeployPostRun(context as unknown as RunContext);
  await work();
  return [...run.events];
}

describe('what is shown again', () => {
  const END = {
    outcome: 'deployed' as const,
    durationMs: 5,
    failure: undefined,
    deployments: [],
    correlationId: undefined,
  };
  const LEFT: GitHubStatusState = {
    ...createOpenState({ uuid: 'p', name: 'shop' }, REMOTE),
    ...{ urls: ['https://shop.example'], completedAtMs: 7, githubDeploymentId: 9, end: END },
  };
  const event = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_EVENT_NAME: 'push', GITHUB_SHA: 'a'.repeat(40) };
  const given = { 'INPUT_GITHUB-TOKEN': 'token', 'INPUT_GITHUB-DEPLOYMENT': 'true' };
  const SUPPORT_BUNDLE = JSON.stringify({ name: 'd.zip', path: '/tmp/d.zip' });

  afterEach(() => {
    for (const name of Object.keys({ ...event, ...given })) delete process.env[name];
  });

  test('is all that the main step knew of the deployment', async () => {
    Object.assign(process.env, event, given);
    const events = await workAfter({ 'github-status': renderState(LEFT) });
    expect(events).toEqual(
      expect.arrayContaining([
        { type: 'project-found', uuid: 'p', name: 'shop' },
        { type: 'created', deploymentUuid: 'd' },
        { type: 'deployed', urls: ['https://shop.example'], atMs: 7 },
        { type: 'resumed', remote: REMOTE },
        { type: 'github-deployment-created', id: 9 },
        { type: 'target-found', environment: 'production', deploymentsUrl: expect.any(String) },
      ]),
    );
  });

  test('is nothing on GitHub where all of it is closed and reported', async () => {
    Object.assign(process.env, event, given);
    const left = { 'github-status': renderState({ ...LEFT, isClosed: true, isReported: true }) };
    const types = (await workAfter({ ...left, 'support-bundle': SUPPORT_BUNDLE })).map(({ type }) => type);
    expect(types).toContain('support-bundle-made');
    expect(types).toContain('project-found');
    expect(types).not.toContain('target-found');
    expect(types).not.toContain('api-host-found');
  });

  test('is nothing on GitHub without an event, and a run of an unknown project has none', async () => {
    const events = await workAfter({
      'github-status': renderState({
        ...LEFT,
        projectUuid: '',
        remote: { stage: 'nothing-sent', deploymentUuid: undefined },
      }),
    });
    const types = events.map(({ type }) => type);
    expect(types).toContain('resumed');
    expect(types).not.toContain('target-found');
    expect(types).not.toContain('project-found');
    expect(types).not.toContain('created');
  });
});

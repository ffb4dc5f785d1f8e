/** Calls of GitHub that never come back, and limits without a time: how long a deployment is held up at most. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FaultCall } from '../../emulator/services.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { expectDeployed, ON_DISPATCH, requestsTo, warningList } from './github-fault-helpers.ts';
import { githubPlatform, onGitHub, onPullRequest, ownComments, statesOf } from './github-harness.ts';
import { platform } from './harness.ts';

/** The client's own bounds: 15 s a try, tries begin within 20 s; 30 s before the deployment, 75 s after it. */
const ONE_CALL_S = 40;
const OPENING_S = 32;
const END_S = 77;

/** A run that finds what an earlier one has left. */
async function secondRun(emulator: Emulator, prepare: () => void): Promise<FinishedRun> {
  expectDeployed(await onPullRequest({ emulator }));
  prepare();
  return await onGitHub({ emulator, ...ON_DISPATCH });
}

/**
 * Seconds from the first request to GitHub to the first one to the platform (what starting a process takes here is no
 * part of it), and from the platform's verdict to the end of the run.
 */
function heldUp(emulator: Emulator, run: FinishedRun, startedAtMs: number): { before: number; after: number } {
  const asked = emulator.requests.find((one) => one.startedAtMs >= startedAtMs && one.call?.startsWith('github.'));
  const sign = requestsTo(emulator, 'sign').at(-1)?.startedAtMs ?? Number.NaN;
  const verdict = requestsTo(emulator, 'events').at(-1)?.endedAtMs ?? Number.NaN;
  const endedAtMs = startedAtMs + run.durationMs;
  return { before: (sign - (asked?.startedAtMs ?? Number.NaN)) / 1000, after: (endedAtMs - verdict) / 1000 };
}

interface Hang {
  call: FaultCall;
  before: number;
  after: number;
}

const HANGS: Hang[] = [
  { call: 'github.getPullRequest', before: OPENING_S, after: ONE_CALL_S },
  { call: 'github.createDeployment', before: OPENING_S, after: ONE_CALL_S },
  { call: 'github.createDeploymentStatus', before: OPENING_S, after: ONE_CALL_S },
  { call: 'github.listDeployments', before: OPENING_S, after: ONE_CALL_S },
  { call: 'github.listDeploymentStatuses', before: OPENING_S, after: ONE_CALL_S },
  { call: 'github.listComments', before: OPENING_S, after: ONE_CALL_S },
  { call: 'github.updateComment', before: OPENING_S, after: ONE_CALL_S },
  { call: 'github.graphql', before: OPENING_S, after: ONE_CALL_S },
  { call: 'github.any', before: 2 * OPENING_S, after: END_S },
];

test('a call that hangs holds the deployment up for so long, and the run ends green', async () => {
  const held = await Promise.all(
    HANGS.map(async (hang) => {
      const emulator = await githubPlatform();
      let startedAtMs = 0;
      const run = await secondRun(emulator, () => {
        emulator.addFault({ call: hang.call, times: 'always', effect: 'hang' });
        startedAtMs = Date.now();
      });
      return { hang, run, ...heldUp(emulator, run, startedAtMs) };
    }),
  );
  const seconds = held.map(({ hang, before, after }) => ({ call: hang.call, before, after }));
  for (const { hang, run, before, after } of held) {
    expectDeployed(run);
    expect({ call: hang.call, isSoon: before < hang.before && after < hang.after, seconds }).toMatchObject({
      isSoon: true,
    });
  }
});

test('one try that hangs is made again, and everything is shown', async () => {
  const calls = ['createDeploymentStatus', 'listComments', 'createComment', 'createDeployment'] as const;
  const runs = await Promise.all(
    calls.map(async (name) => {
      const emulator = await githubPlatform();
      emulator.addFault({ call: `github.${name}`, effect: 'hang' });
      return { name, emulator, run: await onPullRequest({ emulator }) };
    }),
  );
  for (const { name, emulator, run } of runs) {
    expectDeployed(run);
    expect({ name, warnings: warningList(run) }).toEqual({ name, warnings: [] });
    expect({ name, states: statesOf(emulator) }).toEqual({ name, states: [['in_progress', 'success']] });
    expect(ownComments(emulator)).toHaveLength(1);
    expect(ownComments(emulator)[0]?.body).toContain('Deployed to preview');
  }
});

test('an answer that trickles is given up like one that never comes, and nothing is made twice', async () => {
  const calls = ['createDeployment', 'createComment', 'listComments', 'listDeployments'] as const;
  const runs = await Promise.all(
    calls.map(async (name) => {
      const emulator = await githubPlatform();
      const call = `github.${name}` as const;
      const run = await secondRun(emulator, () =>
        emulator.addFault({ call, effect: 'slow-body', delayMs: 1000, chunkBytes: 1 }),
      );
      return { name, emulator, run };
    }),
  );
  for (const { name, emulator, run } of runs) {
    expectDeployed(run);
    expect({ name, comments: ownComments(emulator).length }).toEqual({ name, comments: 1 });
    expect({ name, states: statesOf(emulator) }).toEqual({
      name,
      states: [
        ['in_progress', 'success', 'inactive'],
        ['in_progress', 'success'],
      ],
    });
  }
});

/** GitHub's own words on one: at least a minute. */
const MINUTE_LIMIT = { effect: 'rate-limit', limit: 'secondary', retryAfterSeconds: 'none' } as const;

test('a secondary limit without a time holds up no deployment: what it refuses is made at the end', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeployment', ...MINUTE_LIMIT });
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(run.durationMs).toBeLessThan(20_000);
  expect(warningList(run)).toEqual([]);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
});

test('a secondary limit without a time is waited out for a minute at the end', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeploymentStatus', skip: 1, ...MINUTE_LIMIT });
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([]);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  const [, refused, again] = requestsTo(emulator, 'github.createDeploymentStatus');
  const waitedMs = (again?.startedAtMs ?? 0) - (refused?.endedAtMs ?? 0);
  expect(waitedMs).toBeGreaterThanOrEqual(59_900);
  expect(waitedMs).toBeLessThan(70_000);
});

test('where nothing listens, each thing shown says so, and the run ends in good time', async () => {
  const emulator = await githubPlatform();
  const closed = await platform();
  await closed.close();
  const run = await onGitHub({ emulator, env: { GITHUB_API_URL: `${closed.origin}/github` } });
  expectDeployed(run);
  expect(warningList(run).length).toBeGreaterThan(0);
  for (const warning of warningList(run)) {
    expect(warning).toMatch(/^The GitHub deployment could not be made or updated\. .*ECONNREFUSED/);
  }
  expect(run.durationMs).toBeLessThan(45_000);
});

test('what is no JSON is reported as that, without the page that came', async () => {
  const emulator = await githubPlatform();
  const body = '<html><body>Sign in to the network</body></html>';
  const headers = { 'content-type': 'text/html' };
  emulator.addFault({ call: 'github.any', effect: 'status', status: 200, body, headers, times: 'always' });
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(warningList(run).length).toBeGreaterThan(0);
  for (const warning of warningList(run)) {
    expect(warning).toMatch(/^The GitHub deployment could not be made or updated\. \w+ing .*GitHub deployment/);
  }
  expect(run.everything).not.toContain('Sign in');
  expect(run.everything).not.toContain("'in' operator");
});

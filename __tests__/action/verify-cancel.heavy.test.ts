/** A job that is cancelled while its storefront is looked at, verified, rehearsed or taken back. */
import { expect, test } from '@jest/globals';
import type { FinishedRun, StartedRun } from '../../scripts/action-runner.ts';
import { failureOf } from './harness.ts';
import { newRun } from './rollback-harness.ts';
import {
  type Answer,
  buildId,
  deployVerified,
  lastStatuses,
  nthBuild,
  plain,
  shopFor,
  startVerified,
  verifiedPlatform,
} from './verify-harness.ts';

/** Cancels the run when it has printed such a line. */
function cancelAt(words: string) {
  let atMs = 0;
  const onLine = (line: string, run: StartedRun) => {
    if (atMs > 0 || !line.includes(words)) return;
    atMs = performance.now();
    run.kill('SIGINT');
  };
  return { onLine, sinceMs: () => performance.now() - atMs };
}

function expectCancelled(run: FinishedRun, cancelMs: number): void {
  expect({ exitCode: run.exitCode, signal: run.signal, outcome: run.outputs['outcome'] }).toEqual({
    exitCode: 1,
    signal: null,
    outcome: 'cancelled',
  });
  expect(cancelMs).toBeLessThan(5000);
}

const HANGING: Answer = () => {};

test('while what is live is looked at: nothing was deployed, nothing is open', async () => {
  const { emulator, shop } = await verifiedPlatform(() => HANGING);
  const started = startVerified({ emulator });
  // The deployment waits for that look.
  await emulator.waitForRequest('github.createDeploymentStatus');
  started.kill('SIGINT');
  const run = await started.finished;
  expectCancelled(run, 0);
  expect(emulator.deployments).toEqual([]);
  expect(shop.count('/')).toBe(1);
  expect(lastStatuses(emulator).at(-1)?.state).toBe('inactive');
});

test('while it is verified: it is live, and nobody knows whether it works', async () => {
  const { emulator } = await verifiedPlatform((path, build) => (build === 1 && path === '/' ? HANGING : 200));
  const cancel = cancelAt('::group::Verify');
  const run = await startVerified({ emulator, onLine: cancel.onLine }).finished;
  expectCancelled(run, cancel.sinceMs());
  expect(failureOf(run).message).toMatch(/not verified|verified/);
  expect(lastStatuses(emulator).at(-1)).toMatchObject({
    state: 'error',
    description: expect.stringMatching(/^Live, but not verified/),
  });
});

test('while it is taken back: what is known of the second deployment is said', async () => {
  const { emulator } = await verifiedPlatform((path, deployments) => {
    if (path === '/BUILD_ID') return plain(buildId([0, 1, 2, 1][deployments] ?? 0));
    return deployments === 2 ? 500 : 200;
  });
  await deployVerified({ emulator, env: newRun(emulator) });
  emulator.addFault({ call: 'upload', effect: 'stall-upload', afterBytes: 0, skip: 1 });
  const inputs = { 'on-verify-failure': 'rollback', 'verify-timeout-seconds': '1' };
  const started = startVerified({ emulator, workspace: nthBuild(2), inputs, env: newRun(emulator) });
  await emulator.waitForRequest('upload', { count: 3 });
  started.kill('SIGINT');
  const run = await started.finished;
  expectCancelled(run, 0);
  // The broken build is live still: the second deployment was not begun.
  expect(failureOf(run).message).toMatch(/live/);
  expect(lastStatuses(emulator).at(-1)?.state).toBe('error');
});

test('while it is rehearsed: the project itself is as it was', async () => {
  const { emulator } = await verifiedPlatform(() => 200);
  emulator.addProject('stage');
  await shopFor(emulator, () => HANGING, 'stage', 1);
  const cancel = cancelAt('::group::Rehearsal: verify');
  const inputs = { 'rehearsal-project': 'stage' };
  const run = await startVerified({ emulator, inputs, onLine: cancel.onLine }).finished;
  expectCancelled(run, cancel.sinceMs());
  expect(failureOf(run).message).toContain('Nothing was deployed to the project itself');
  expect(emulator.deployments).toHaveLength(1);
  expect(lastStatuses(emulator).at(-1)?.state).toBe('inactive');
});

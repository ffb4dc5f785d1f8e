/** A step that is killed while its storefront is rehearsed, verified or taken back: its post step says what is certain. */
import { expect, test } from '@jest/globals';
import type { StartedRun } from '../../scripts/action-runner.ts';
import { onGitHub } from './github-harness.ts';
import { failureOf } from './harness.ts';
import { newRun, startRollback } from './rollback-harness.ts';
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

const HANGING: Answer = () => {};
const ROLLBACK = { 'on-verify-failure': 'rollback', 'verify-timeout-seconds': '1' };
const SLOW = { 'verify-timeout-seconds': '60' };

const killAt = (words: string) => (line: string, run: StartedRun) => {
  if (line.includes(words)) run.kill('SIGKILL');
};

test('killed while it is verified: it is live and not verified, and a rollback goes back to the one before', async () => {
  const { emulator } = await verifiedPlatform((path, deployments) => {
    if (path === '/BUILD_ID') return plain(buildId([0, 1, 2, 1][deployments] ?? 0));
    return deployments === 2 && path === '/' ? HANGING : 200;
  });
  await deployVerified({ emulator, env: newRun(emulator) });
  const env = newRun(emulator);
  const started = startVerified({ emulator, workspace: nthBuild(2), inputs: SLOW, env });
  await emulator.waitForRequest('github.createDeploymentStatus', { count: 5 });
  started.kill('SIGKILL');
  const main = await started.finished;
  const after = await onGitHub({ emulator, env, postOf: main.state });
  expect(failureOf(after).message).toContain('it is live, and whether it works was not verified');
  expect(after.summary).toContain('This build is live.');
  expect(lastStatuses(emulator).at(-1)).toMatchObject({
    state: 'error',
    description: expect.stringMatching(/^Live, but not verified: the run was cancelled/),
    environmentUrl: expect.stringContaining('localhost'),
  });
  // The former success stays, for the way back.
  expect(emulator.github.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual(['success', 'error']);
  const back = await startRollback({ emulator, inputs: { verify: 'auto', 'verify-timeout-seconds': '3' } }).finished;
  expect(back.outputs).toMatchObject({ outcome: 'deployed', 'source-deployment-id': `${firstIdOf(emulator)}` });
  expect(back.lines.join('\n')).toContain('live without a success');
  // What was live without a success is replaced, too.
  expect(emulator.github.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual([
    ...['inactive', 'inactive', 'success'],
  ]);
});

const firstIdOf = ({ github }: { github: { deployments: readonly { id: number }[] } }) => github.deployments[0]?.id;

test('killed while the last good bundle is verified again: that is live', async () => {
  const { emulator } = await verifiedPlatform((path, deployments) => {
    if (path === '/BUILD_ID') return plain(buildId([0, 1, 2, 1][deployments] ?? 0));
    if (deployments === 3) return HANGING;
    return deployments === 2 ? 500 : 200;
  });
  await deployVerified({ emulator, env: newRun(emulator) });
  const env = newRun(emulator);
  const onLine = killAt('::group::Verify again');
  const main = await startVerified({ emulator, workspace: nthBuild(2), inputs: ROLLBACK, env, onLine }).finished;
  const after = await onGitHub({ emulator, env, postOf: main.state });
  expect(failureOf(after).message).toContain('is live again. Whether it works was not verified');
  expect(lastStatuses(emulator).at(-1)).toMatchObject({
    state: 'failure',
    description: expect.stringMatching(/^Rolled back to [0-9a-f]{7} \(GitHub deployment \d+\); the run was cancelled/),
  });
});

test('killed while it is rehearsed: nothing was deployed', async () => {
  const { emulator } = await verifiedPlatform(() => 200);
  emulator.addProject('stage');
  await shopFor(emulator, () => HANGING, 'stage', 1);
  const env = newRun(emulator);
  const onLine = killAt('::group::Rehearsal: verify');
  const main = await startVerified({ emulator, inputs: { 'rehearsal-project': 'stage' }, env, onLine }).finished;
  const after = await onGitHub({ emulator, env, postOf: main.state });
  expect(failureOf(after).message).toContain('Nothing was deployed to the project itself');
  expect(lastStatuses(emulator).at(-1)?.state).toBe('inactive');
});

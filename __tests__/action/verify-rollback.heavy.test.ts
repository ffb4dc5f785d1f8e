/** A storefront that does not work is taken back, and the rollback action is verified as a deployment is. */
import { describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { ON_FAILURE, readParts } from './diagnostics-harness.ts';
import { failureOf, warningsOf } from './harness.ts';
import { newRun, startRollback } from './rollback-harness.ts';
import {
  type Answers,
  buildId,
  deployVerified,
  lastStatuses,
  nthBuild,
  plain,
  startVerified,
  verifiedPlatform,
} from './verify-harness.ts';

const ROLLBACK = { 'on-verify-failure': 'rollback', 'verify-timeout-seconds': '2' };

/** Which build each completed deployment brings, and which builds are broken. */
function story(order: readonly number[], broken: readonly number[]): Answers {
  return (path, deployments) => {
    const build = order[deployments - 1] ?? 0;
    if (path === '/BUILD_ID') return plain(buildId(build));
    return broken.includes(build) ? 500 : 200;
  };
}

async function deployBuild(
  emulator: Emulator,
  build: number,
  inputs: Record<string, string> = {},
  builtBy: Parameters<typeof newRun>[1] = {},
  env: Record<string, string> = {},
) {
  const run = { ...newRun(emulator, builtBy), ...env };
  return await deployVerified({ emulator, workspace: nthBuild(build), inputs, env: run });
}

async function rollBack(emulator: Emulator, inputs: Record<string, string> = {}) {
  const verified = { verify: 'auto', 'verify-timeout-seconds': '2' };
  return await startRollback({ emulator, inputs: { ...verified, ...inputs } }).finished;
}

const uploadsOf = ({ uploads }: Emulator) => uploads.map(({ sha256 }) => sha256);

describe('on-verify-failure: rollback', () => {
  test('brings the last good build back, once, and says which build is live', async () => {
    const { emulator } = await verifiedPlatform(story([1, 2, 1], [2]));
    const good = await deployBuild(emulator, 1);
    expect(good.outputs).toMatchObject({ outcome: 'deployed' });
    const bad = await deployBuild(emulator, 2, ROLLBACK);
    expect(bad.exitCode).toBe(1);
    expect(bad.outputs).toMatchObject({ outcome: 'rolled-back', verification: 'unhealthy' });
    expect(failureOf(bad).title).toBe('Rolled back: the storefront did not work');
    expect(failureOf(bad).message).toMatch(/is live again, and works/);
    const [first, second, third] = uploadsOf(emulator);
    expect(emulator.deployments).toHaveLength(3);
    expect(third).toBe(first);
    expect(second).not.toBe(first);
    // GitHub shows what is live: the first one.
    expect(emulator.github.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual(['success', 'failure']);
    expect(lastStatuses(emulator).at(-1)?.description).toMatch(/^Rolled back/);
    expect(bad.summary).toContain('Rolled back');
    // What is to come back is not what is live.
    expect(bad.lines.filter((line) => line.includes('Current: '))).toEqual([]);
  });

  test('has the download of that bundle in its support bundle', async () => {
    const { emulator } = await verifiedPlatform(story([1, 2, 1], [2]));
    await deployBuild(emulator, 1);
    const bad = await deployBuild(emulator, 2, { ...ROLLBACK, ...ON_FAILURE });
    expect(bad.outputs).toMatchObject({ outcome: 'rolled-back' });
    const requests = readParts(bad.outputs['diagnostics-path'] ?? '')['requests.json'];
    expect(requests).toMatch(/"what":"Downloading [^"]*","method":"GET"/);
    expect(requests).not.toMatch(/[?&]sig=/);
  });

  test('that finds no artifact leaves the new build live, and says why', async () => {
    const { emulator } = await verifiedPlatform(story([1, 2], [2]));
    await deployBuild(emulator, 1, { 'upload-artifact': 'false' });
    const bad = await deployBuild(emulator, 2, ROLLBACK);
    expect(bad.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(bad).message).toContain('It was not rolled back');
    expect(emulator.deployments).toHaveLength(2);
    expect(lastStatuses(emulator).at(-1)?.state).toBe('error');
  });

  test('brings back no bundle of a branch that anybody may push', async () => {
    const { emulator } = await verifiedPlatform(story([1, 2], [2]));
    await deployBuild(emulator, 1, {}, { headBranch: 'anybodys' });
    const bad = await deployBuild(emulator, 2, ROLLBACK);
    expect(bad.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(bad).message).toMatch(/It was not rolled back: .*on the branch "anybodys", not on .*"main"/);
    expect(emulator.deployments).toHaveLength(2);
  });

  test('brings back that of its own branch, whatever that is called', async () => {
    const { emulator } = await verifiedPlatform(story([1, 2, 1], [2]));
    const run = [{ headBranch: 'release' }, { GITHUB_REF: 'refs/heads/release', GITHUB_REF_NAME: 'release' }] as const;
    await deployBuild(emulator, 1, {}, ...run);
    const bad = await deployBuild(emulator, 2, ROLLBACK, ...run);
    expect(bad.outputs).toMatchObject({ outcome: 'rolled-back' });
    expect(uploadsOf(emulator).at(-1)).toBe(uploadsOf(emulator)[0]);
  });

  test('that the platform refuses says so', async () => {
    const { emulator } = await verifiedPlatform(story([1, 2], [2]));
    await deployBuild(emulator, 1);
    emulator.addFault({ call: 'createDeployment', effect: 'status', status: 422, skip: 1, times: 'always' });
    const bad = await deployBuild(emulator, 2, ROLLBACK);
    expect(bad.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(bad).message).toContain('Rolling back failed');
    // A refusal is certain: this build is live.
    expect(bad.summary).toContain('This build is live, and does not work.');
    expect(lastStatuses(emulator).at(-1)).toMatchObject({
      state: 'error',
      description: expect.stringMatching(/^Live, but 1 of 1 page fails/),
    });
  });

  test('that cannot be is warned of before anything is sent', async () => {
    const { emulator } = await verifiedPlatform(story([1], [1]));
    let sentBefore: number | undefined;
    const onLine = (line: string) => {
      if (line.includes('::warning title=')) sentBefore ??= emulator.requests.length;
    };
    const inputs = { ...ROLLBACK, 'github-token': '' };
    const bad = await startVerified({ emulator, workspace: nthBuild(1), inputs, onLine }).finished;
    expect(warningsOf(bad)).toMatch(/will not be able to roll back.*`github-token` is empty/);
    expect(sentBefore).toBe(0);
    expect(bad.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(bad).message).toContain('It was not rolled back: Only GitHub knows');
    expect(failureOf(bad).message).not.toContain('on-verify-failure');
  });

  test('does not deploy the very bundle again that does not work', async () => {
    const { emulator } = await verifiedPlatform((path, deployments) =>
      path === '/BUILD_ID' ? plain(buildId(1)) : deployments === 2 ? 500 : 200,
    );
    await deployBuild(emulator, 1);
    const bad = await deployBuild(emulator, 1, ROLLBACK);
    expect(bad.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(bad).message).toContain('has the same bundle');
    expect(emulator.deployments).toHaveLength(2);
  });

  test('does nothing on a first deployment', async () => {
    const { emulator } = await verifiedPlatform(story([1], [1]));
    const bad = await deployBuild(emulator, 1, ROLLBACK);
    expect(bad.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(bad).message).toMatch(/first|no earlier/);
    expect(emulator.deployments).toHaveLength(1);
  });

  test('says so when the former build does not work any longer, either', async () => {
    let isDeployed = false;
    const { emulator } = await verifiedPlatform((path, deployments) => {
      const build = [0, 1, 2, 1][deployments] ?? 0;
      isDeployed ||= build === 2;
      if (path === '/BUILD_ID') return plain(buildId(build));
      return isDeployed ? 500 : 200;
    });
    await deployBuild(emulator, 1);
    const bad = await deployBuild(emulator, 2, ROLLBACK);
    expect(bad.outputs).toMatchObject({ outcome: 'rolled-back' });
    expect(failureOf(bad).message).toContain('and does not work, either');
    expect(emulator.deployments).toHaveLength(3);
  });
});

describe('the rollback action', () => {
  test('goes back to the last build that worked from one that is live and broken, and not one too far', async () => {
    const { emulator } = await verifiedPlatform(story([1, 2, 3, 2], [3]));
    for (const build of [1, 2])
      expect((await deployBuild(emulator, build)).outputs).toMatchObject({ outcome: 'deployed' });
    const bad = await deployBuild(emulator, 3, { 'verify-timeout-seconds': '1' });
    expect(bad.outputs).toMatchObject({ outcome: 'unhealthy' });
    // What the message advises.
    const back = await rollBack(emulator);
    expect(back.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    const [, second, , fourth] = uploadsOf(emulator);
    expect(fourth).toBe(second);
    expect(lastStatuses(emulator).at(-1)?.state).toBe('success');
  });

  test('is red when what it brought back does not work', async () => {
    const { emulator } = await verifiedPlatform((path, deployments) => {
      const build = [0, 1, 2, 1][deployments] ?? 0;
      if (path === '/BUILD_ID') return plain(buildId(build));
      return deployments === 3 ? 500 : 200;
    });
    for (const build of [1, 2]) await deployBuild(emulator, build);
    const back = await rollBack(emulator);
    expect(back.exitCode).toBe(1);
    expect(back.outputs).toMatchObject({ outcome: 'unhealthy', verification: 'unhealthy' });
  });
});

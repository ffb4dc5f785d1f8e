/** A rehearsal before the deployment: the committed action against storefronts written by hand. */
import { describe, expect, test } from '@jest/globals';
import { failureOf } from './harness.ts';
import { deployVerified, lastStatuses, shopFor, verifiedPlatform } from './verify-harness.ts';

describe('a rehearsal', () => {
  const rehearsed = { 'rehearsal-project': 'stage', 'verify-timeout-seconds': '2' };

  test('that works lets the deployment through', async () => {
    const { emulator, shop } = await verifiedPlatform(() => 200);
    emulator.addProject('stage');
    const stage = await shopFor(emulator, () => 200, 'stage', 1);
    const run = await deployVerified({ emulator, inputs: rehearsed });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy', url: shop.url });
    expect(emulator.deployments.map(({ projectUuid }) => projectUuid)).toEqual([
      emulator.projects[1]?.uuid,
      emulator.projects[0]?.uuid,
    ]);
    expect(stage.count('/')).toBe(2);
    expect(emulator.github.deployments).toHaveLength(1);
    const [first, second] = emulator.deployments;
    expect(first?.environmentVariables).toEqual(second?.environmentVariables);
  });

  test('that does not work leaves production alone, and everything says so', async () => {
    const { emulator, shop } = await verifiedPlatform(() => 200);
    emulator.addProject('stage');
    await shopFor(emulator, (path) => (path === '/' ? 500 : 200), 'stage', 1);
    const run = await deployVerified({ emulator, inputs: rehearsed });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ outcome: 'rejected' });
    expect(failureOf(run).title).toBe('Rejected by the rehearsal');
    expect(run.summary).toContain('Rejected by the rehearsal');
    expect(emulator.deployments.map(({ projectUuid }) => projectUuid)).toEqual([emulator.projects[1]?.uuid]);
    expect(lastStatuses(emulator).at(-1)).toMatchObject({ state: 'failure' });
    // By the look before all else.
    expect(shop.count('/BUILD_ID')).toBe(1);
  });

  test.each([
    ['false', 'deployed', 2],
    ['true', 'rejected', 1],
  ])('that cannot be judged, strict %s: %s', async (strict, outcome, deployments) => {
    const { emulator } = await verifiedPlatform(() => 200);
    emulator.addProject('stage');
    await shopFor(emulator, () => 401, 'stage', 1);
    const run = await deployVerified({ emulator, inputs: { ...rehearsed, 'rehearsal-strict': strict } });
    expect(run.outputs).toMatchObject({ outcome });
    expect(emulator.deployments).toHaveLength(deployments);
  });

  test('in conflict is refused or waited out as `on-conflict` says', async () => {
    const { emulator } = await verifiedPlatform(() => 200);
    emulator.addProject('stage');
    await shopFor(emulator, () => 200, 'stage', 1);
    emulator.addFault({ call: 'createDeployment', effect: 'conflict' });
    const refused = await deployVerified({ emulator, inputs: rehearsed });
    expect(refused.outputs).toMatchObject({ outcome: 'conflict' });
    expect(failureOf(refused).message).toContain('"stage"');
    expect(emulator.deployments).toHaveLength(0);
    emulator.addFault({ call: 'createDeployment', effect: 'conflict' });
    const waited = await deployVerified({ emulator, inputs: { ...rehearsed, 'on-conflict': 'wait' } });
    expect(waited.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
  });
});

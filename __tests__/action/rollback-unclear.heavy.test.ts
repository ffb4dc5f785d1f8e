/** Bytes that several deployments have: another storefront's is never taken for the one that is meant. */
import { expect, test } from '@jest/globals';
import { warningList } from './github-fault-helpers.ts';
import { failureOf } from './harness.ts';
import { deployVersion, expectNothingDeployed, liveBundle, platformWith, rollBack } from './rollback-harness.ts';

test('of an artifact whose bytes two storefronts have shown none is taken, but the one that is named', async () => {
  const { emulator, deployed } = await platformWith(['one']);
  const first = emulator.projects[0]?.uuid ?? '';
  const other = emulator.addProject('other-shop');
  const second = await deployVersion(emulator, 'one', { inputs: { 'project-uuid': other.uuid } });
  const copy = await deployVersion(emulator, 'one', { inputs: { 'github-deployment': 'false' } });
  await deployVersion(emulator, 'two');
  const inputs = { 'from-artifact': String(copy.artifactId) };
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
  expect(failureOf(run).title).toBe('Bundle not clear');
  expect(failureOf(run).message).toContain(
    `${second.deploymentId} (project ${other.uuid}), ${deployed[0]?.deploymentId} (project ${first})`,
  );
  const named = await rollBack({ emulator, inputs: { ...inputs, 'project-uuid': first } });
  expect(named.outputs).toMatchObject({
    outcome: 'deployed',
    'project-uuid': first,
    'source-deployment-id': String(deployed[0]?.deploymentId),
  });
  expect(warningList(named)).toEqual([]);
  expect(named.summary).toMatch(/^## ✅ Rolled back production to /);
});

test('a dry run by name does not say of a run that deployed by UUID that its project is another one', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const inputs = {
    'from-run': String(deployed[0]?.runId),
    'project-name': emulator.projects[0]?.name ?? '',
    'dry-run': 'true',
  };
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
  expect(failureOf(run).title).toBe('Project not known');
  expect(failureOf(run).message).toContain('Name the project with `project-uuid`');
});

test('many deployments of the same bytes that stored none do not hide the one that did', async () => {
  const { emulator } = await platformWith([]);
  const stored = { inputs: { environment: 'staging', 'upload-artifact': 'true' } };
  const bare = { inputs: { environment: 'staging', 'upload-artifact': 'false' } };
  const one = await deployVersion(emulator, 'one', stored);
  for (let times = 0; times < 16; times += 1) await deployVersion(emulator, 'one', bare);
  await deployVersion(emulator, 'two', stored);
  const run = await rollBack({ emulator, inputs: { environment: 'staging' } });
  expect(run.outputs).toMatchObject({ outcome: 'deployed', 'source-artifact-id': String(one.artifactId) });
  expect(liveBundle(emulator)).toBe(one.sha256);
});

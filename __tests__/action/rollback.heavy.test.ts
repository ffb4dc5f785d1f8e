/** Rolling back: what production showed before goes live again, by the bytes that were stored. */
import { expect, test } from '@jest/globals';
import { bodiesOf, warningList } from './github-fault-helpers.ts';
import { statesOf } from './github-harness.ts';
import { callsOf, failureOf, HOSTING } from './harness.ts';
import { deployVersion, expectNothingDeployed, liveBundle, platformWith, rollBack } from './rollback-harness.ts';

test('the bundle that was live before goes live again, byte for byte', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const [one] = deployed;
  expect(new Set(deployed.map(({ sha256 }) => sha256)).size).toBe(2);
  const run = await rollBack({ emulator });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(warningList(run)).toEqual([]);
  expect(liveBundle(emulator)).toBe(one?.sha256);
  const project = emulator.projects[0]?.uuid;
  expect(run.outputs).toMatchObject({
    outcome: 'deployed',
    'source-deployment-id': String(one?.deploymentId),
    'source-run-id': String(one?.runId),
    'source-artifact-id': String(one?.artifactId),
    'source-sha': emulator.github.deployments[0]?.sha,
    'bundle-sha256': one?.sha256,
    'project-uuid': project,
    url: expect.stringMatching(/^https:/),
  });
  expect(statesOf(emulator)).toEqual([
    ['in_progress', 'success', 'inactive'],
    ['in_progress', 'success', 'inactive'],
    ['in_progress', 'success'],
  ]);
  expect(run.lines).toContainEqual(
    expect.stringContaining(`Current: GitHub deployment ${deployed[1]?.deploymentId} (`),
  );
  expect(run.lines).toContainEqual(expect.stringContaining(`Back to: GitHub deployment ${one?.deploymentId} (commit `));
  expect(run.summary).toMatch(
    /^## ✅ Rolled back production to <code>[0-9a-f]{7}<\/code> from <code>[0-9a-f]{7}<\/code>\n/,
  );
  expect(run.summary).toMatch(
    new RegExp(
      `Bundle from:\\*\\* GitHub deployment <code>${one?.deploymentId}</code> of .*production.*run ${one?.runId}.*succeeded 20`,
    ),
  );
});

test('the end of the log and the summary say what it went back to, and from what', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const [one, two] = deployed.map(({ deploymentId }) => deploymentId);
  const shas = emulator.github.deployments.map(({ sha }) => sha.slice(0, 7));
  const run = await rollBack({ emulator, inputs: { 'dry-run': 'true' } });
  expect(run.lines.slice(-3)).toContainEqual(
    `Bundle: that of GitHub deployment ${one} (commit ${shas[0]}), instead of GitHub deployment ${two} (commit ${shas[1]})`,
  );
  expect(run.summary).toMatch(new RegExp(`Instead of:\\*\\* GitHub deployment <code>${two}</code>`));
});

test('rolling back twice goes back two deployments, and a third time says that there is nothing before', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two', 'three']);
  await rollBack({ emulator });
  expect(liveBundle(emulator)).toBe(deployed[1]?.sha256);
  const second = await rollBack({ emulator });
  expect(second.lines).toContainEqual(
    expect.stringContaining(`a rollback itself, to GitHub deployment ${deployed[1]?.deploymentId} (`),
  );
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
  const third = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(third)).toMatchObject({ title: 'Nothing to roll back to' });
  expect(failureOf(third).message).toContain('Before the one that the current one brought back');
  // What is deployed after that is rolled back to what was live before it.
  await deployVersion(emulator, 'four');
  await rollBack({ emulator });
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
});

test('variables and secrets are sent as they are given, and nothing of them is shown', async () => {
  const { emulator } = await platformWith(['one', 'two']);
  const secret = 'correct horse battery staple';
  const inputs = { 'environment-variables': 'CHANNEL=7', secrets: `AUTH_SECRET=${secret}` };
  const run = await rollBack({ emulator, inputs });
  expect(bodiesOf(emulator, 'createDeployment').at(-1)).toMatchObject({
    environment_variables: [
      { type: 'plain_text', key: 'CHANNEL', value: '7' },
      { type: 'secret', key: 'AUTH_SECRET', value: secret },
      HOSTING,
    ],
  });
  expect(run.everything).not.toContain(secret);
});

test('a dry run finds, downloads and checks, and asks BigCommerce nothing', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const before = emulator.requests.length;
  const run = await rollBack({ emulator, inputs: { 'dry-run': 'true' } });
  expect(run).toMatchObject({ exitCode: 0, outputs: { outcome: 'dry-run', 'bundle-sha256': deployed[0]?.sha256 } });
  const calls = callsOf(emulator).slice(before);
  expect(new Set(calls)).toEqual(
    new Set([
      'github.listDeployments',
      'github.listDeploymentStatuses',
      'github.getArtifact',
      'github.getRun',
      'github.downloadArtifact',
      'artifacts.getBlob',
    ]),
  );
  expect(emulator.github.deployments).toHaveLength(2);
  expect(run.summary).toContain('Bundle from');
});

test.each([
  ['conflict', { effect: 'conflict', times: 'always' }, 'error'],
  ['failed', { effect: 'fail', code: 40 }, 'failure'],
] as const)('a %s is red, and the deployment before stays what is live', async (outcome, fault, state) => {
  const { emulator } = await platformWith(['one', 'two']);
  emulator.addFault({ call: 'createDeployment', ...fault });
  const run = await rollBack({ emulator });
  expect(run).toMatchObject({ exitCode: 1, outputs: { outcome } });
  expect(run.summary).not.toContain('Rolled back');
  expect(statesOf(emulator).slice(1)).toEqual([
    ['in_progress', 'success'],
    ['in_progress', state],
  ]);
});

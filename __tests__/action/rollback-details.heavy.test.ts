/** Rolling back, in its details: what it is shown as, what is passed over, and what is warned of. */
import { expect, test } from '@jest/globals';
import { bodiesOf, requestsTo, warningList } from './github-fault-helpers.ts';
import { onGitHub, ownComments, pullRequestEvent, statesOf } from './github-harness.ts';
import { failureOf, HOSTING, SMALL_BUILD, storefront } from './harness.ts';
import {
  build,
  deployedBy,
  deployVersion,
  expectNothingDeployed,
  liveBundle,
  platformWith,
  rollBack,
} from './rollback-harness.ts';

test('it is shown as a deployment of the earlier commit, and its bundle is stored anew', async () => {
  const { emulator, deployed } = await platformWith(['one']);
  const sha = emulator.github.pullRequests[0]?.head.sha ?? '';
  const two = await deployVersion(emulator, 'two', { inputs: { sha } });
  await deployVersion(emulator, 'three');
  const run = await rollBack({ emulator });
  const made = emulator.github.deployments.at(-1);
  const stored = emulator.artifacts.list.at(-1);
  expect(made).toMatchObject({ sha, environment: 'production', production: true, transient: false });
  expect(made?.payload).toMatchObject({
    source_deployment_id: two.deploymentId,
    bundle_sha256: two.sha256,
    artifact_id: stored?.id,
    run_id: String(stored?.runId),
    project_uuid: emulator.projects[0]?.uuid,
    pull_request: null,
    preview: null,
    working_directory: '.',
  });
  expect(stored).toMatchObject({ sha256: two.sha256, finalized: true });
  expect(stored?.runId).not.toBe(deployed[0]?.runId);
  expect(run.outputs).toMatchObject({ 'artifact-id': String(stored?.id), 'github-deployment-id': String(made?.id) });
  expect(run.summary).toContain(`**Bundle from:** GitHub deployment <code>${two.deploymentId}</code> of `);
});

test('the very same bytes, and what never succeeded, are nothing to go back to', async () => {
  const { emulator, deployed } = await platformWith(['one']);
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
  await onGitHub({ emulator, workspace: build('broken') });
  await deployVersion(emulator, 'two');
  await deployVersion(emulator, 'two');
  await rollBack({ emulator });
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
});

test('a newer deployment that may have gone live all the same is warned of', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  emulator.holdDeployments('deploying');
  await onGitHub({ emulator, workspace: build('three'), inputs: { 'timeout-minutes': '0.01' } });
  emulator.holdDeployments(undefined);
  emulator.releaseDeployment();
  await emulator.waitForDeployment(({ status }) => status === 'completed');
  const unsure = emulator.github.deployments.at(-1)?.id;
  const run = await rollBack({ emulator, inputs: { 'on-conflict': 'wait' } });
  expect(warningList(run)).toEqual([
    `GitHub deployment ${unsure} is newer than ${deployed[1]?.deploymentId}, which is assumed to be live, and has the state error: if it did go live, \`from-deployment: ${deployed[1]?.deploymentId}\` goes back to the one before it.`,
  ]);
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
});

test('a newer one that the platform failed, and yet deployed, is warned of', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 60 });
  const noAddress = await onGitHub({ emulator, workspace: build('three') });
  expect(noAddress.outputs).toMatchObject({ outcome: 'failed', 'error-code': '60' });
  const unsure = noAddress.outputs['github-deployment-id'];
  const run = await rollBack({ emulator });
  expect(warningList(run)).toEqual([
    expect.stringMatching(`^GitHub deployment ${unsure} is newer .*from-deployment: ${deployed[1]?.deploymentId}\``),
  ]);
});

test('a rollback without a verdict is made again, with no word of the bundle that it was to take away', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  emulator.holdDeployments('deploying');
  const lost = await rollBack({ emulator, inputs: { 'timeout-minutes': '0.01' } });
  expect(lost.outputs['outcome']).toBe('unknown');
  emulator.holdDeployments(undefined);
  emulator.releaseDeployment();
  const run = await rollBack({ emulator, inputs: { 'on-conflict': 'wait' } });
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
  const [warning, ...others] = warningList(run);
  expect(others).toEqual([]);
  expect(warning).toContain(`the bundle of GitHub deployment ${deployed[0]?.deploymentId}, which it brought, is live`);
  expect(warning).not.toContain('from-deployment');
});

test('of a Catalyst storefront without its variables is warned of, and none but the usual one is sent', async () => {
  const { emulator } = await platformWith([]);
  for (const version of ['one', 'two']) {
    const files = { ...SMALL_BUILD, 'worker.js': `export default [env.BIGCOMMERCE_STOREFRONT_TOKEN, '${version}'];` };
    await deployVersion(emulator, version, { workspace: storefront(files) });
  }
  const run = await rollBack({ emulator, inputs: { 'environment-variables': 'AUTH_URL=https://shop.example' } });
  expect(run.outputs['outcome']).toBe('deployed');
  const missing = 'BIGCOMMERCE_STORE_HASH, BIGCOMMERCE_STOREFRONT_TOKEN, BIGCOMMERCE_CHANNEL_ID, AUTH_SECRET. ';
  expect(warningList(run)).toEqual([expect.stringContaining(`has a value for ${missing}`)]);
  const variables = [{ type: 'plain_text', key: 'AUTH_URL', value: 'https://shop.example' }, HOSTING];
  expect(bodiesOf(emulator, 'createDeployment').at(-1)).toMatchObject({ environment_variables: variables });
});

test('an event of a pull request changes nothing of what is deployed, and gets no comment', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const run = await rollBack({ emulator, event: pullRequestEvent(emulator) });
  expect(run.exitCode).toBe(0);
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
  expect(emulator.github.deployments.at(-1)).toMatchObject({
    environment: 'production',
    sha: emulator.github.deployments[0]?.sha,
    payload: { pull_request: null },
  });
  expect(ownComments(emulator)).toEqual([]);
  expect(requestsTo(emulator, 'github.listComments')).toEqual([]);
});

test('a project of several is named, and others in the environment are left alone', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const other = emulator.addProject('second-shop');
  for (const version of ['a', 'b']) await deployVersion(emulator, version, { inputs: { 'project-uuid': other.uuid } });
  const unclear = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(unclear).title).toBe('Project not clear');
  for (const { uuid } of emulator.projects) expect(failureOf(unclear).message).toContain(uuid);
  await rollBack({ emulator, inputs: { 'project-uuid': emulator.projects[0]?.uuid ?? '' } });
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
  // By its name, though its deployments were made by its UUID.
  const byName = deployedBy(await rollBack({ emulator, inputs: { 'project-name': 'second-shop' } }));
  expect(byName.sha256).toBe(emulator.uploads.at(-1)?.sha256);
  expect(emulator.github.deployments.at(-1)?.payload).toMatchObject({
    project_uuid: other.uuid,
    project_name: 'second-shop',
  });
  expect(statesOf(emulator).map((states) => states.at(-1))).toEqual([
    ...['inactive', 'inactive', 'inactive', 'inactive'],
    ...['success', 'success'],
  ]);
});

/** What cannot be brought back: the error says why and what to do, nothing is deployed, and nothing on GitHub lies. */
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { warningList } from './github-fault-helpers.ts';
import { failureOf, warningsOf } from './harness.ts';
import {
  type Deployed,
  deployPreview,
  deployVersion,
  expectNothingDeployed,
  platformWith,
  rollBack,
} from './rollback-harness.ts';

/** Three bundles, so that there is one to offer: the newest is live, and the second would be next. */
async function three(): Promise<{ emulator: Emulator; one: Deployed; two: Deployed; live: Deployed }> {
  const { emulator, deployed } = await platformWith(['one', 'two', 'three']);
  const [one, two, live] = deployed;
  if (one === undefined || two === undefined || live === undefined) throw new Error('not deployed');
  return { emulator, one, two, live };
}

const payloadOf = (emulator: Emulator, id: number) =>
  emulator.github.deployments.find((one) => one.id === id)?.payload as Record<string, unknown>;
const artifactOf = (emulator: Emulator, id: number) => {
  const found = emulator.artifacts.list.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no artifact ${id}`);
  return found;
};

test('a deployment without a stored bundle is named, and so are those that have one', async () => {
  const { emulator, one, two, live } = await three();
  payloadOf(emulator, two.deploymentId)['artifact_id'] = null;
  artifactOf(emulator, two.artifactId).finalized = false;
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  const { title, message } = failureOf(run);
  expect(title).toBe('Bundle not stored');
  expect(message).toContain(`GitHub deployment ${two.deploymentId} (commit `);
  expect(message).toMatch(
    new RegExp(`\`from-deployment\`: .*${one.deploymentId} \\(commit \\w{7}, production, succeeded 20`),
  );
  // The one to get away from is not among them.
  expect(message).not.toContain(String(live.deploymentId));
  expect(run.summary).toContain('❌ Not deployed to production: Bundle not stored');
});

test('a deployment whose bundle expired is named, with the time, and so are those that have one', async () => {
  const { emulator, one, two } = await three();
  artifactOf(emulator, two.artifactId).expiresAtMs = Date.parse('2026-01-02T03:04:05Z');
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  const { title, message } = failureOf(run);
  expect(title).toBe('Bundle expired');
  expect(message).toContain(`${two.deploymentId} (commit `);
  expect(message).toContain('expired at 2026-01-02 03:04:05 UTC');
  expect(message).toContain(`${one.deploymentId} (commit `);
});

test('one that expires between the look and the download is reported, too', async () => {
  const { emulator, one, two } = await three();
  const gone = { status: 410, body: { message: 'Artifact has expired' } };
  emulator.addFault({ call: 'github.downloadArtifact', effect: 'status', ...gone });
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(run).title).toBe('Bundle expired');
  for (const { deploymentId } of [one, two]) expect(failureOf(run).message).toContain(`${deploymentId} (commit `);
});

test('one that somebody deleted is reported', async () => {
  const { emulator, two } = await three();
  artifactOf(emulator, two.artifactId).finalized = false;
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(run)).toMatchObject({
    title: 'Bundle not stored',
    message: expect.stringContaining('no longer exists'),
  });
});

test('where nothing is stored any longer, nothing is offered', async () => {
  const { emulator } = await three();
  for (const artifact of emulator.artifacts.list) artifact.expiresAtMs = 1;
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(run).message).toContain(
    'No other earlier deployment of production has a bundle that is still stored.',
  );
});

test('a bundle that holds the access token of today is refused, and the file is gone', async () => {
  const { emulator, two } = await three();
  // What it was built with then is a secret now.
  const run = await expectNothingDeployed(emulator, () =>
    rollBack({ emulator, inputs: { 'access-token': 'version', 'from-deployment': String(two.deploymentId) } }),
  );
  expect(failureOf(run).title).toBe('Bundle refused before upload');
  expect(failureOf(run).message).toContain('`from-deployment`');
  expect(existsSync(run.outputs['bundle-path'] ?? '/none')).toBe(false);
});

test.each([
  ['deployments', 'deployments: read'],
  ['actions', 'actions: read'],
] as const)('without the permission %s the line that grants it is named', async (permission, line) => {
  const { emulator } = await platformWith(['one', 'two']);
  emulator.github.deny(permission);
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(run).message).toContain(`Add \`${line}\` to the job's \`permissions:\``);
});

test('without the permission to write deployments it goes live, and the next rollback is warned of', async () => {
  const { emulator } = await platformWith(['one', 'two']);
  emulator.github.deny('deployments', 'read');
  const run = await rollBack({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(warningList(run)).toEqual([expect.stringContaining('Add `deployments: write`')]);
});

test.each([
  ['an environment that has none', { environment: 'nowhere' }, 'Nothing to roll back to'],
  ['a project that has none', { 'project-uuid': '0f8fad5b-d9cb-469f-a165-70867728950e' }, 'Nothing to roll back to'],
  ['a project that is not there', { 'project-name': 'no-such-project' }, 'Project not found'],
  ['a deployment that is not there', { 'from-deployment': '12' }, 'Deployment not usable'],
  ['an artifact that is not there', { 'from-artifact': '12' }, 'Artifact not found'],
  ['a run that has none', { 'from-run': '12' }, 'Bundle not stored'],
  [
    'a pull request that has none',
    { 'from-pull-request': '9', 'project-name': 'demo-storefront' },
    'No preview to promote',
  ],
])('%s', async (_, inputs, title) => {
  const { emulator } = await platformWith(['one']);
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
  expect(failureOf(run).title).toBe(title);
  // An input of the deploy action alone.
  expect(failureOf(run).message).not.toContain('create-project');
});

test('where nothing is active, the last ones that were live are named', async () => {
  const { emulator, one, two, live } = await three();
  const { statuses } = emulator.github.deployments.at(-1) ?? {};
  // As GitHub does it itself, for a deployment that somebody else makes in the environment.
  statuses?.push({ ...statuses[1], state: 'inactive' } as (typeof statuses)[0]);
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(run).title).toBe('Nothing to roll back to');
  for (const { deploymentId } of [one, two, live]) expect(failureOf(run).message).toContain(`${deploymentId} (commit `);
});

test('a run that does not exist is reported', async () => {
  const { emulator } = await platformWith(['one']);
  emulator.addFault({ call: 'github.listRunArtifacts', effect: 'status', status: 404, body: { message: 'Not Found' } });
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs: { 'from-run': '12' } }));
  expect(failureOf(run)).toMatchObject({ title: 'Run not found', message: expect.stringContaining('its page') });
});

test('a first deployment has nothing before it', async () => {
  const { emulator } = await platformWith(['one']);
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(run)).toMatchObject({ title: 'Nothing to roll back to' });
});

test('a dry run by name says how deployments are found that were made by UUID', async () => {
  const { emulator } = await platformWith(['one', 'two']);
  const inputs = { 'dry-run': 'true', 'project-name': 'demo-storefront' };
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
  expect(failureOf(run).message).toContain('2 of its deployments do not know their project');
  expect(emulator.requests.map(({ call }) => call)).not.toContain('listProjects');
});

test('another tool’s deployment is none of ours', async () => {
  const { emulator } = await platformWith(['one']);
  const { id } = emulator.github.addDeployment({ statuses: ['success'], payload: { anything: 1 } });
  const run = await expectNothingDeployed(emulator, () =>
    rollBack({ emulator, inputs: { 'from-deployment': String(id) } }),
  );
  expect(failureOf(run).message).toContain('was not made by this action');
  const previous = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(previous).title).toBe('Nothing to roll back to');
});

test('one that never succeeded can be named, and is warned of', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const first = emulator.github.deployments[0];
  for (const status of first?.statuses ?? []) status.state = 'failure';
  const id = deployed[0]?.deploymentId;
  const run = await rollBack({ emulator, inputs: { 'from-deployment': String(id) } });
  expect(run.exitCode).toBe(0);
  expect(warningsOf(run)).toContain(`GitHub deployment ${id} never succeeded (its state is failure)`);
});

test('GitHub Enterprise Server has no such artifacts: said before anything is asked', async () => {
  const { emulator } = await platformWith([]);
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, enterprise: true }));
  expect(failureOf(run).title).toBe('Not on GitHub Enterprise Server');
  expect(emulator.requests).toEqual([]);
});

test('hostile names reach the summary and the log as text', async () => {
  const { emulator } = await platformWith([]);
  const environment = '</td><img src=x onerror=alert(1)>@everyone `x` %0A::error::pwned';
  const versions = ['one', 'two'];
  for (const version of versions) {
    await deployVersion(emulator, version, { inputs: { environment, 'upload-artifact': 'true' } });
  }
  for (const artifact of emulator.artifacts.list) artifact.name = 'a\n::error::pwned <b>.zip';
  const run = await rollBack({ emulator, inputs: { environment } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(run.annotations).toEqual([]);
  expect(run.summary).not.toMatch(/<img|<b>|@everyone/);
  const second = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs: { environment } }));
  expect(second.annotations).toHaveLength(1);
  expect(second.summary).not.toMatch(/<img|<b>|@everyone/);
});

test('a preview whose bundle was not stored cannot be promoted', async () => {
  const { emulator } = await platformWith([]);
  await deployPreview(emulator, 'preview', { inputs: { 'upload-artifact': 'false' } });
  const inputs = { 'from-pull-request': '7', 'project-name': 'demo-storefront' };
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
  expect(failureOf(run).title).toBe('Bundle not stored');
});

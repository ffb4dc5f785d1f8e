/** Bundles that are named: a deployment, a run, an artifact; and previews that go live. */
import { expect, test } from '@jest/globals';
import { warningList } from './github-fault-helpers.ts';
import { statesOf } from './github-harness.ts';
import { failureOf } from './harness.ts';
import {
  deployedBy,
  deployPreview,
  deployVersion,
  expectNothingDeployed,
  liveBundle,
  newRun,
  platformWith,
  rollBack,
} from './rollback-harness.ts';

const BAKED = /What the build baked into it .* goes live with it\./;

test.each([
  ['from-deployment', ({ deploymentId }: { deploymentId: number }) => deploymentId],
  ['from-run', ({ runId }: { runId: number }) => runId],
  ['from-artifact', ({ artifactId }: { artifactId: number }) => artifactId],
] as const)('%s names the bundle', async (input, idOf) => {
  const { emulator, deployed } = await platformWith(['one', 'two', 'three']);
  const [one, , three] = deployed;
  if (one === undefined || three === undefined) throw new Error('not deployed');
  const run = await rollBack({ emulator, inputs: { [input]: String(idOf(one)) } });
  expect(run.exitCode).toBe(0);
  expect(warningList(run)).toEqual([]);
  expect(liveBundle(emulator)).toBe(one.sha256);
  expect(run.summary).toMatch(
    /^## ✅ Rolled back production to <code>[0-9a-f]{7}<\/code> from <code>[0-9a-f]{7}<\/code>\n/,
  );
  expect(run.outputs).toMatchObject({ 'source-deployment-id': String(one.deploymentId) });
  expect(run.lines).toContainEqual(expect.stringContaining(`Current: GitHub deployment ${three.deploymentId} (`));
  // What is live once more: nothing comes of that but a deployment.
  const same = await rollBack({ emulator, inputs: { [input]: String(idOf({ ...one, ...deployedBy(run) })) } });
  expect(liveBundle(emulator)).toBe(one.sha256);
  expect(same.summary).toMatch(/^## ✅ Deployed <code>[0-9a-f]{7}<\/code> to production again\n/);
});

test('a pull request’s preview is promoted: the bytes that were reviewed go live', async () => {
  const { emulator } = await platformWith(['one']);
  await deployPreview(emulator, 'draft');
  const preview = await deployPreview(emulator, 'reviewed');
  const production = emulator.projects[0]?.uuid ?? '';
  const inputs = { 'from-pull-request': '7', 'project-uuid': production };
  const run = await rollBack({ emulator, inputs });
  expect(run).toMatchObject({ exitCode: 0, outputs: { outcome: 'deployed', 'project-uuid': production } });
  expect(liveBundle(emulator)).toBe(preview.sha256);
  expect(run.summary).toMatch(/^## ✅ Promoted <code>[0-9a-f]{7}<\/code> from preview to production\n/);
  expect(run.summary).toContain(`**Bundle from:** GitHub deployment <code>${preview.deploymentId}</code> of `);
  expect(warningList(run)).toEqual([expect.stringMatching(BAKED)]);
  expect(warningList(run)[0]).toContain(`built for preview, project ${emulator.projects[1]?.uuid}`);
  const head = emulator.github.pullRequests.find(({ number }) => number === 7)?.head.sha;
  expect(emulator.github.deployments.at(-1)).toMatchObject({
    environment: 'production',
    sha: head,
    payload: { source_deployment_id: preview.deploymentId, pull_request: null, preview: null },
  });
  // The preview is still what its project shows.
  expect(statesOf(emulator).map((states) => states.at(-1))).toEqual(['inactive', 'inactive', 'success', 'success']);
  // And back: before the promotion came what was live here, not what was previewed before it.
  await rollBack({ emulator });
  expect(emulator.github.deployments.at(-1)?.payload).toMatchObject({
    source_deployment_id: emulator.github.deployments[0]?.id,
  });
});

test.each(['from-pull-request', 'from-deployment', 'from-artifact', 'from-run'])(
  '%s of a preview needs the project that it goes to, before anything is downloaded',
  async (input) => {
    const { emulator } = await platformWith([]);
    const { deploymentId, artifactId, runId } = await deployPreview(emulator, 'preview');
    const ids = {
      'from-pull-request': 7,
      'from-deployment': deploymentId,
      'from-artifact': artifactId,
      'from-run': runId,
    };
    const given = { [input]: String(ids[input as keyof typeof ids]) };
    const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs: given }));
    expect(failureOf(run).title).toBe('Project not given');
    expect(failureOf(run).message).toContain('`project-uuid` or `project-name`');
    expect(emulator.requests.map(({ call }) => call)).not.toContain('github.downloadArtifact');
    const named = await rollBack({ emulator, inputs: { ...given, 'project-name': 'demo-storefront' } });
    expect(named).toMatchObject({ exitCode: 0, outputs: { outcome: 'deployed' } });
    expect(named.summary).toMatch(/^## ✅ Promoted <code>[0-9a-f]{7}<\/code> (?:from [a-z]+ )?to production\n/);
  },
);

test('into another project of the same environment it is a promotion, too', async () => {
  const { emulator, deployed } = await platformWith(['one']);
  const other = emulator.addProject('second-shop');
  const inputs = { 'from-deployment': String(deployed[0]?.deploymentId), 'project-uuid': other.uuid };
  const run = await rollBack({ emulator, inputs });
  expect(run.summary).toMatch(/^## ✅ Promoted <code>[0-9a-f]{7}<\/code> to production\n/);
  expect(warningList(run)).toEqual([expect.stringMatching(BAKED)]);
  expect(emulator.deployments.at(-1)?.projectUuid).toBe(other.uuid);
  expect(statesOf(emulator)).toEqual([
    ['in_progress', 'success'],
    ['in_progress', 'success'],
  ]);
});

test('of a run that deployed another storefront nothing goes into the one that is named', async () => {
  const { emulator } = await platformWith(['one']);
  const other = emulator.addProject('second-shop');
  const wrong = await deployVersion(emulator, 'other', { inputs: { 'project-uuid': other.uuid } });
  const inputs = { 'from-run': String(wrong.runId), 'project-uuid': emulator.projects[0]?.uuid ?? '' };
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
  expect(failureOf(run).title).toBe('Run of another project');
  expect(failureOf(run).message).toContain(`${wrong.deploymentId} (project ${other.uuid})`);
});

test('of a pull request with previews of two storefronts none is taken', async () => {
  const { emulator } = await platformWith(['one']);
  const previews = [await deployPreview(emulator, 'first')];
  const other = emulator.addProject('second-previews');
  const inputs = { 'upload-artifact': 'true', 'project-uuid': other.uuid };
  previews.push(await deployPreview(emulator, 'second', { inputs }));
  const promotion = { 'from-pull-request': '7', 'project-name': 'demo-storefront' };
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs: promotion }));
  expect(failureOf(run).title).toBe('Bundle not clear');
  for (const { deploymentId } of previews) expect(failureOf(run).message).toContain(`${deploymentId} (commit `);
});

test('an artifact that no deployment names is deployed by GitHub’s own digest, and the log says that', async () => {
  const { emulator } = await platformWith([]);
  const sha = emulator.github.pullRequests[0]?.head.sha ?? '';
  const stored = await deployVersion(emulator, 'kept', {
    env: newRun(emulator, { headSha: sha }),
    inputs: { 'github-deployment': 'false' },
  });
  for (const inputs of [{ 'from-artifact': String(stored.artifactId) }, { 'from-run': String(stored.runId) }]) {
    const nowhere = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
    expect(failureOf(nowhere).message).toContain('its project is unknown');
    const project = { 'project-uuid': emulator.projects[0]?.uuid ?? '', 'github-deployment': 'false' };
    const run = await rollBack({ emulator, inputs: { ...inputs, ...project } });
    expect(run.outputs).toMatchObject({
      outcome: 'deployed',
      'source-deployment-id': '',
      'source-run-id': String(stored.runId),
      'source-sha': sha,
      'bundle-sha256': stored.sha256,
    });
    expect(run.lines.join('\n')).toContain('the one that GitHub gives for the artifact; only that was checked');
    expect(warningList(run)).toEqual([expect.stringContaining('What this bundle was built for is unknown.')]);
    expect(run.summary).toMatch(/^## ✅ Deployed <code>[0-9a-f]{7}<\/code> to production again\n/);
  }
});

test('an artifact that no deployment names, with the bytes of one: the next rollback goes on from that one', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const copy = await deployVersion(emulator, 'two', { inputs: { 'github-deployment': 'false' } });
  await deployVersion(emulator, 'three');
  const run = await rollBack({ emulator, inputs: { 'from-artifact': String(copy.artifactId) } });
  expect(run.outputs).toMatchObject({ outcome: 'deployed', 'source-deployment-id': String(deployed[1]?.deploymentId) });
  await rollBack({ emulator });
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
});

test('of a run with several zips none is taken', async () => {
  const { emulator } = await platformWith([]);
  const env = newRun(emulator);
  for (const name of ['first', 'second']) {
    await deployVersion(emulator, name, { env, inputs: { 'github-deployment': 'false', 'artifact-name': name } });
  }
  const inputs = { 'from-run': env['GITHUB_RUN_ID'] ?? '' };
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
  const [first, second] = emulator.artifacts.list;
  expect(failureOf(run).title).toBe('Bundle not clear');
  expect(failureOf(run).message).toContain(`${second?.id} (second.zip), ${first?.id} (first.zip)`);
});

test('a preview environment is rolled back like any other, whoever’s pull request it showed', async () => {
  const { emulator } = await platformWith([]);
  const one = await deployPreview(emulator, 'one');
  await deployPreview(emulator, 'two');
  const inputs = { environment: 'preview', 'upload-artifact': 'true' };
  const run = await rollBack({ emulator, inputs });
  expect(run.exitCode).toBe(0);
  expect(liveBundle(emulator)).toBe(one.sha256);
  expect(statesOf(emulator).map((states) => states.at(-1))).toEqual(['inactive', 'inactive', 'success']);
  await deployPreview(emulator, 'three');
  expect(statesOf(emulator).map((states) => states.at(-1))).toEqual(['inactive', 'inactive', 'inactive', 'success']);
});

test('what stored no bundle of its own goes live from another artifact of the same bytes', async () => {
  const { emulator } = await platformWith([]);
  const stored = { inputs: { environment: 'staging', 'upload-artifact': 'true' } };
  const one = await deployVersion(emulator, 'one', stored);
  await deployVersion(emulator, 'two', stored);
  // `auto` stores nothing outside of production.
  const back = await rollBack({ emulator, inputs: { environment: 'staging' } });
  expect(back.outputs['artifact-id']).toBeUndefined();
  await deployVersion(emulator, 'three', stored);
  const run = await rollBack({ emulator, inputs: { environment: 'staging' } });
  expect(liveBundle(emulator)).toBe(one.sha256);
  expect(run.outputs).toMatchObject({
    outcome: 'deployed',
    'source-deployment-id': back.outputs['github-deployment-id'],
    'source-artifact-id': String(one.artifactId),
    'source-run-id': String(one.runId),
  });
});

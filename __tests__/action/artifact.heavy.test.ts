/** The bundle, stored as an artifact of the workflow run: when, under which name, and that it is the bundle. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { artifactCallsOf, download, payloadOf, sha256Of, unzipTest, warningList } from './artifact-harness.ts';
import { githubPlatform, onGitHub, onPullRequest, statesOf } from './github-harness.ts';
import { callsOf, reach, SMALL_BUILD, storefront, writeWorkspaceFile } from './harness.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test.each([
  { event: 'push', inputs: {}, isStored: true },
  { event: 'push', inputs: { environment: 'Production' }, isStored: true },
  { event: 'push', inputs: { environment: 'production' }, isStored: true },
  { event: 'push', inputs: { environment: 'staging' }, isStored: false },
  { event: 'push', inputs: { environment: 'preview' }, isStored: false },
  { event: 'push', inputs: { environment: 'staging', 'upload-artifact': 'true' }, isStored: true },
  { event: 'push', inputs: { 'upload-artifact': 'false' }, isStored: false },
  { event: 'pull request', inputs: {}, isStored: false },
  { event: 'pull request', inputs: { 'upload-artifact': 'true' }, isStored: true },
  // `rollback` would refuse it.
  { event: 'pull request', inputs: { environment: 'production' }, isStored: true, warning: /`rollback` will not take/ },
  { event: 'pull request', inputs: { environment: 'production', 'upload-artifact': 'false' }, isStored: false },
])('a $event with $inputs: stored $isStored', async ({ event, inputs, isStored, warning }) => {
  const emulator = await githubPlatform();
  const run = await (event === 'push' ? onGitHub : onPullRequest)({ emulator, inputs: { ...inputs } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(warningList(run)).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
  expect(emulator.artifacts.list.filter(({ finalized }) => finalized)).toHaveLength(isStored ? 1 : 0);
  expect('artifact-id' in run.outputs).toBe(isStored);
  expect(artifactCallsOf(emulator).length > 0).toBe(isStored);
  const id = emulator.artifacts.list[0]?.id ?? null;
  expect(payloadOf(emulator)).toMatchObject({ artifact_id: id });
});

test('what is stored is the bundle, byte for byte, for whoever downloads it in a later job', async () => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator });
  const { outputs } = run;
  const [artifact] = emulator.artifacts.list;
  expect(outputs['artifact-id']).toBe(String(artifact?.id));
  expect(outputs['artifact-digest']).toBe(outputs['bundle-sha256']);
  const url = `https://github.com/acme/storefront/actions/runs/${emulator.artifacts.runId}/artifacts/${artifact?.id}`;
  expect(outputs['artifact-url']).toBe(url);
  expect(run.summary).toContain(`<a href="${url}">`);
  const { name, path } = await download(emulator, outputs['artifact-id']);
  expect(name).toBe(artifact?.name);
  expect(sha256Of(path)).toBe(outputs['bundle-sha256']);
  expect(sha256Of(outputs['bundle-path'] ?? '')).toBe(outputs['bundle-sha256']);
  expect(unzipTest(path) ?? 'No errors detected').toContain('No errors detected');
  expect(payloadOf(emulator)).toMatchObject({
    artifact_id: artifact?.id,
    artifact_name: artifact?.name,
    bundle_sha256: outputs['bundle-sha256'],
  });
});

test('it is in the store before there is a GitHub deployment, and before anything is sent to BigCommerce', async () => {
  const emulator = await githubPlatform();
  await onGitHub({ emulator });
  const calls = callsOf(emulator);
  const finalized = calls.indexOf('artifacts.finalize');
  expect(finalized).toBeGreaterThan(-1);
  expect(calls.indexOf('github.createDeployment')).toBeGreaterThan(finalized);
  expect(calls.indexOf('sign')).toBeGreaterThan(finalized);
  const { endedAtMs = Number.NaN } = emulator.requests[finalized] ?? {};
  expect(emulator.github.deployments[0]?.createdAtMs).toBeGreaterThanOrEqual(endedAtMs);
});

test('a ready bundle is stored as it is', async () => {
  const emulator = await githubPlatform();
  const first = await onGitHub({ emulator, inputs: { 'upload-artifact': 'false' } });
  const bundle = first.outputs['bundle-path'] ?? '';
  const run = await onGitHub({ emulator, inputs: { bundle, 'artifact-name': 'ready' }, workspace: storefront({}) });
  expect(run.outputs).toMatchObject({ outcome: 'deployed', 'bundle-path': bundle });
  const { path } = await download(emulator, run.outputs['artifact-id']);
  expect(sha256Of(path)).toBe(sha256Of(bundle));
  expect(emulator.artifacts.list[0]?.sha256).toBe(sha256Of(bundle));
});

test.each([
  { given: 'kept-storefront', name: 'kept-storefront.zip' },
  { given: 'kept-storefront.zip', name: 'kept-storefront.zip' },
  { given: 'Läden & mehr', name: 'Läden & mehr.zip' },
])('artifact-name "$given" makes $name', async ({ given, name }) => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, inputs: { 'artifact-name': given } });
  expect(warningList(run)).toEqual([]);
  expect(emulator.artifacts.list.map((one) => one.name)).toEqual([name]);
  expect(payloadOf(emulator)).toMatchObject({ artifact_name: name });
  expect((await download(emulator, run.outputs['artifact-id'])).name).toBe(name);
});

test('artifact-retention-days is what the service is asked for; without it nothing is asked', async () => {
  const emulator = await githubPlatform();
  await onGitHub({ emulator, inputs: { 'artifact-retention-days': '7', 'artifact-name': 'seven' } });
  await onGitHub({ emulator, inputs: { 'artifact-name': 'default' } });
  const [seven, standard] = emulator.artifacts.list.map((one) => (one.expiresAtMs - one.createdAtMs) / DAY_MS);
  expect(seven).toBeCloseTo(7, 1);
  expect(standard).toBeCloseTo(90, 1);
  const bodies = emulator.requests.filter(({ call }) => call === 'artifacts.create').map(({ body }) => body);
  expect(bodies[1]).not.toHaveProperty('expires_at');
});

test.each(['0', '401', '1.5', 'seven'])(
  'artifact-retention-days "%s" is refused before anything is sent',
  async (days) => {
    const emulator = await githubPlatform();
    const run = await onGitHub({ emulator, inputs: { 'artifact-retention-days': days } });
    expect(run.outputs['outcome']).toBe('error');
    expect(run.annotations[0]?.message).toContain('artifact-retention-days');
    expect(emulator.requests).toEqual([]);
  },
);

test('two projects in one job, and a second attempt of the run, store an artifact each', async () => {
  const emulator = await githubPlatform({ projects: ['first-shop', 'second-shop'] });
  const byName = { ...reach(emulator), 'project-uuid': '' };
  const run = async (project: string, attempt: string) =>
    await onGitHub({
      emulator,
      inputs: { ...byName, 'project-name': project },
      env: { GITHUB_RUN_ATTEMPT: attempt },
    });
  for (const attempt of ['1', '2'])
    for (const project of ['first-shop', 'second-shop']) expect(warningList(await run(project, attempt))).toEqual([]);
  const names = emulator.artifacts.list.map(({ name }) => name);
  expect(new Set(names).size).toBe(4);
  expect(names.map((name) => /first-shop|second-shop/.exec(name)?.[0])).toEqual([
    'first-shop',
    'second-shop',
    'first-shop',
    'second-shop',
  ]);
  for (const name of names) expect(name).toMatch(/\.zip$/);
});

test('the artifact stays the bundle where the build has thousands of files', async () => {
  const emulator = await githubPlatform();
  const workspace = storefront(SMALL_BUILD);
  for (let index = 0; index < 900; index += 1)
    writeWorkspaceFile(workspace, join('.bigcommerce/dist/assets', `file-${index}.txt`), `${index}\n`);
  const { outputs } = await onGitHub({ emulator, workspace });
  const { path } = await download(emulator, outputs['artifact-id']);
  expect(sha256Of(path)).toBe(outputs['artifact-digest']);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
});

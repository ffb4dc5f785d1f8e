/** Whose code a rollback deploys: GitHub's own word on the run that built it counts, and not what a payload says. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { requestsTo, warningList } from './github-fault-helpers.ts';
import { pullRequestEvent } from './github-harness.ts';
import { failureOf } from './harness.ts';
import {
  type Deployed,
  deployPreview,
  deployVersion,
  expectNothingDeployed,
  liveBundle,
  newRun,
  platformWith,
  rollBack,
} from './rollback-harness.ts';

type Ways = readonly (readonly [string, (of: Deployed) => Record<string, string>])[];

/** Every way to name a bundle that is none of a preview. */
const WAYS: Ways = [
  ['nothing', () => ({})],
  ['from-deployment', ({ deploymentId }) => ({ 'from-deployment': `${deploymentId}` })],
  ['from-run', ({ runId }) => ({ 'from-run': `${runId}` })],
  ['from-artifact', ({ artifactId }) => ({ 'from-artifact': `${artifactId}` })],
];

const payloadOf = (emulator: Emulator, id: number) =>
  emulator.github.deployments.find((one) => one.id === id)?.payload as Record<string, unknown>;

/** Two deployments to production: the bundle of the first, built by a run that is given, would be the one to go back to. */
async function builtBy(run: Parameters<typeof newRun>[1]): Promise<{ emulator: Emulator; suspect: Deployed }> {
  const { emulator } = await platformWith([]);
  const suspect = await deployVersion(emulator, 'suspect', { env: newRun(emulator, run) });
  await deployVersion(emulator, 'live');
  return { emulator, suspect };
}

const REFUSED = [
  { what: 'a pull request', run: { event: 'pull_request', headBranch: 'topic' }, title: 'Bundle of a pull request' },
  { what: 'a target of a pull request', run: { event: 'pull_request_target' }, title: 'Bundle of a pull request' },
  { what: 'a comment', run: { event: 'issue_comment' }, title: 'Bundle of a pull request' },
  { what: 'a fork', run: { headRepository: 'mallory/storefront' }, title: 'Bundle of another repository' },
];
const CASES = REFUSED.flatMap((one) => WAYS.map(([way, inputsFor]) => ({ ...one, way, inputsFor })));

test.each(CASES)('what a run of $what built does not go to production by $way', async ({ run, title, inputsFor }) => {
  const { emulator, suspect } = await builtBy(run);
  const project = { 'project-uuid': emulator.projects[0]?.uuid ?? '' };
  for (const named of [{}, project]) {
    const inputs = { ...inputsFor(suspect), ...named };
    const finished = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
    expect(failureOf(finished).title).toBe(title);
    expect(failureOf(finished).message).toContain(`Artifact ${suspect.artifactId} was built by run ${suspect.runId}`);
  }
  expect(requestsTo(emulator, 'github.downloadArtifact')).toEqual([]);
});

test('an artifact that no deployment names is held to the same', async () => {
  const { emulator } = await platformWith(['one']);
  const unnamed = await deployVersion(emulator, 'unnamed', {
    env: newRun(emulator, { event: 'pull_request' }),
    inputs: { 'github-deployment': 'false' },
  });
  for (const name of [{ 'from-artifact': `${unnamed.artifactId}` }, { 'from-run': `${unnamed.runId}` }]) {
    const inputs = { ...name, 'project-uuid': emulator.projects[0]?.uuid ?? '' };
    const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
    expect(failureOf(run).title).toBe('Bundle of a pull request');
    expect(failureOf(run).message).toContain('`from-pull-request`');
  }
});

test('a deployment that names the artifact of another run is not believed', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const preview = await deployPreview(emulator, 'preview');
  const [one] = deployed;
  Object.assign(payloadOf(emulator, one?.deploymentId ?? 0), {
    artifact_id: preview.artifactId,
    bundle_sha256: preview.sha256,
  });
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(run).title).toBe('Bundle of another run');
  expect(failureOf(run).message).toContain(
    `says that run ${one?.runId} stored artifact ${preview.artifactId}, and GitHub says that run ${preview.runId} did`,
  );
});

test('nor is one that names the run, too: the run was a pull request’s', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const preview = await deployPreview(emulator, 'preview');
  Object.assign(payloadOf(emulator, deployed[0]?.deploymentId ?? 0), {
    artifact_id: preview.artifactId,
    bundle_sha256: preview.sha256,
    run_id: `${preview.runId}`,
  });
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(run).title).toBe('Bundle of a pull request');
});

test.each([
  ['nothing', null],
  ['no repository', { id: 17_301_540_021, head_sha: 'a'.repeat(40) }],
])('where GitHub says %s of who made it, it is not deployed', async (_, workflow_run) => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const { artifactId: id = 0 } = deployed[0] ?? {};
  const body = { id, name: 'a.zip', size_in_bytes: 500, expired: false, workflow_run };
  emulator.addFault({ call: 'github.getArtifact', effect: 'status', status: 200, body });
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(run).title).toBe('Bundle of unknown origin');
});

test('a preview is promoted only as one of the pull request that GitHub says it is of', async () => {
  const { emulator } = await platformWith(['one']);
  emulator.github.addPullRequest({ number: 8 });
  const other = await deployPreview(emulator, 'eight', { event: pullRequestEvent(emulator, 'pull_request', 8) });
  Object.assign(payloadOf(emulator, other.deploymentId), { pull_request: 7 });
  const inputs = { 'from-pull-request': '7', 'project-uuid': emulator.projects[0]?.uuid ?? '' };
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
  expect(failureOf(run).title).toBe('Bundle of another pull request');
});

test('a branch other than the default one is warned of by name, a release and a tag are not', async () => {
  const { emulator } = await platformWith([]);
  const runs = [
    { event: 'push', headBranch: 'hotfix/checkout' },
    { event: 'release', headBranch: 'v1.0.0' },
    { event: 'push', headBranch: 'v1.1.0' },
    { event: 'push', headBranch: 'main' },
  ];
  emulator.github.addTag('v1.1.0', emulator.github.environment()['GITHUB_SHA'] ?? '');
  const made: Deployed[] = [];
  for (const [index, run] of runs.entries()) {
    made.push(await deployVersion(emulator, `version ${index}`, { env: newRun(emulator, run) }));
  }
  for (const [index, { deploymentId, sha256 }] of made.entries()) {
    const run = await rollBack({ emulator, inputs: { 'from-deployment': `${deploymentId}` } });
    expect(liveBundle(emulator)).toBe(sha256);
    const warned = index === 0 ? [expect.stringMatching(/on the branch "hotfix\/checkout", not on .* "main"/)] : [];
    expect(warningList(run)).toEqual(warned);
    expect(run.lines.join('\n')).toContain(`(${runs[index]?.event} on ${runs[index]?.headBranch}, commit `);
  }
});

test('a token that may not read tags leaves it open what it was, and deploys', async () => {
  const { emulator, suspect } = await builtBy({ headBranch: 'v2' });
  emulator.github.deny('contents');
  const run = await rollBack({ emulator });
  expect(liveBundle(emulator)).toBe(suspect.sha256);
  expect(warningList(run)).toEqual([expect.stringMatching(/the branch or tag "v2" \(`contents: read` lets/)]);
});

test('a deployment for another commit than its run was for is warned of', async () => {
  const { emulator, suspect } = await builtBy({ headSha: 'c'.repeat(40) });
  const run = await rollBack({ emulator });
  expect(liveBundle(emulator)).toBe(suspect.sha256);
  expect(warningList(run)).toEqual([expect.stringMatching(/is for commit [0-9a-f]{7}, .* was for commit ccccccc/)]);
});

test('what is offered is never the bundle that is live, nor the one that was rolled away from', async () => {
  const { emulator, deployed } = await platformWith(['first', 'kept', 'gone', 'good', 'bad']);
  const [first, kept, gone, good, bad] = deployed;
  await rollBack({ emulator });
  expect(liveBundle(emulator)).toBe(good?.sha256);
  payloadOf(emulator, gone?.deploymentId ?? 0)['artifact_id'] = 12;
  for (const artifact of emulator.artifacts.list) if (artifact.id === gone?.artifactId) artifact.expiresAtMs = 1;
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  const { message } = failureOf(run);
  for (const one of [first, kept]) expect(message).toContain(`${one?.deploymentId} (commit `);
  for (const one of [good, bad]) expect(message).not.toContain(`${one?.deploymentId}`);
});

test('nor one that would be refused', async () => {
  const { emulator, deployed } = await platformWith(['one']);
  const suspect = await deployVersion(emulator, 'suspect', { env: newRun(emulator, { event: 'pull_request' }) });
  const two = await deployVersion(emulator, 'two');
  await deployVersion(emulator, 'three');
  for (const artifact of emulator.artifacts.list) if (artifact.id === two.artifactId) artifact.expiresAtMs = 1;
  const { message } = failureOf(await expectNothingDeployed(emulator, () => rollBack({ emulator })));
  expect(message).toContain(`${deployed[0]?.deploymentId} (commit `);
  expect(message).not.toContain(`${suspect.deploymentId}`);
});

test('a bundle that its run stored without the deployment’s knowing is found by its SHA-256', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  Object.assign(payloadOf(emulator, deployed[0]?.deploymentId ?? 0), { artifact_id: null, artifact_name: null });
  const run = await rollBack({ emulator });
  expect(run.outputs).toMatchObject({ outcome: 'deployed', 'source-artifact-id': `${deployed[0]?.artifactId}` });
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
  expect(run.lines.join('\n')).toContain(`run ${deployed[0]?.runId} stored these bytes`);
});

test('the permissions of the examples are enough, for a rollback and for a promotion', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const preview = await deployPreview(emulator, 'preview');
  for (const permission of ['checks', 'contents', 'issues', 'pull-requests'] as const) emulator.github.deny(permission);
  emulator.github.deny('actions', 'read');
  const back = await rollBack({ emulator });
  expect(warningList(back)).toEqual([]);
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
  const inputs = { 'from-pull-request': '7', 'project-uuid': emulator.projects[0]?.uuid ?? '' };
  const promoted = await rollBack({ emulator, inputs });
  expect(warningList(promoted)).toEqual([expect.stringContaining('What the build baked into it')]);
  expect(liveBundle(emulator)).toBe(preview.sha256);
});

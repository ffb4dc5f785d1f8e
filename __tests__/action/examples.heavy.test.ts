/** The examples as written: each job with the events that start it. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { temporaryFolder } from '../clean-up.ts';
import { workflowRun } from '../github/event-kinds.ts';
import { createRepository, git } from '../github/git-repository.ts';
import type { Step } from '../scripts/workflow-rules.ts';
import { guests } from './batch-harness.ts';
import { closedEvent, closedPlatform, namesOf, ON_SCHEDULE, previewName } from './cleanup-harness.ts';
import { type ExampleRun, ourSteps, runStep } from './example-runs.ts';
import { COMMANDER, commentEvent } from './gate-harness.ts';
import { githubPlatform, pullRequestEvent, statesOf } from './github-harness.ts';
import { deploy, onCleanUp, storefront, warningsOf, workspaceWith } from './harness.ts';
import { csvOf, FILE, redirectsPlatform, storedRedirects } from './redirects-harness.ts';
import { addAll } from './redirects-sync-harness.ts';
import { platformWith } from './rollback-harness.ts';

const repository = { full_name: 'acme/storefront', default_branch: 'main' };
const HAND = { name: 'workflow_dispatch', payload: { inputs: {}, repository } };
const PUSH = { name: 'push', payload: { ref: 'refs/heads/main', repository } };

function only(file: string, job: string, folder?: string): Step {
  const steps = ourSteps(file, job).filter(({ uses }) => folder === undefined || uses?.includes(folder));
  const [step, ...others] = steps;
  if (step === undefined || others.length > 0) throw new Error(`${file} has ${steps.length} such steps`);
  return step;
}

function expectGreen(run: FinishedRun, outcome: string): void {
  expect(run.annotations.filter(({ level }) => level === 'error')).toEqual([]);
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'], warnings: warningsOf(run) }).toEqual({
    exitCode: 0,
    outcome,
    warnings: '',
  });
}

/** A workspace with a build, at a commit of a pull request or its base, as after the checkout. */
function checkedOut(emulator: Emulator, ref: 'base' | 'head' | 'merge', headRepository = 'acme/storefront') {
  const workspace = storefront();
  const commits = createRepository(workspace);
  git(workspace, 'checkout', '--quiet', '--detach', commits[ref]);
  emulator.github.addPullRequest({ number: 7, headRepository, headSha: commits.head, mergeCommitSha: commits.merge });
  return { workspace, commits };
}

test('production.yml', async () => {
  const emulator = await githubPlatform();
  const { workspace, commits } = checkedOut(emulator, 'base');
  const env = { GITHUB_SHA: commits.base };
  expectGreen(await runStep(only('production.yml', 'deploy'), { emulator, event: PUSH, workspace, env }), 'deployed');
  expect(emulator.github.deployments).toMatchObject([{ environment: 'production', sha: commits.base }]);
});

test('separate-jobs.yml: the bundle of the build, in a workspace without anything', async () => {
  const emulator = await githubPlatform();
  const packed = await deploy({ emulator, inputs: { 'dry-run': 'true' } });
  const temp = temporaryFolder();
  cpSync(packed.outputs['bundle-path'] ?? '', join(temp, 'storefront-build.zip'));
  const run = { emulator, event: PUSH, workspace: workspaceWith(), values: { 'runner.temp': temp } };
  const deployed = await runStep(only('separate-jobs.yml', 'deploy'), run);
  expectGreen(deployed, 'deployed');
  expect(deployed.outputs['artifact-id']).toBeDefined();
  expect(emulator.github.deployments).toMatchObject([{ environment: 'production' }]);
});

test.each(['push', 'workflow_dispatch'])('staging.yml, for %s', async (name) => {
  const emulator = await githubPlatform();
  const { workspace, commits } = checkedOut(emulator, 'base');
  const event = { name, payload: { ref: 'refs/heads/staging', repository } };
  const env = { GITHUB_SHA: commits.base, GITHUB_REF: 'refs/heads/staging', GITHUB_REF_NAME: 'staging' };
  const run = await runStep(only('staging.yml', 'deploy'), { emulator, event, workspace, env });
  expectGreen(run, 'deployed');
  expect(run.outputs['artifact-id']).toBeDefined();
  expect(emulator.github.deployments).toMatchObject([{ environment: 'staging', sha: commits.base }]);
});

test('isolated-previews.yml: a push to a pull request, and its end', async () => {
  const emulator = await githubPlatform();
  const { workspace, commits } = checkedOut(emulator, 'merge');
  const env = { GITHUB_SHA: commits.merge };
  const run = { emulator, event: pullRequestEvent(emulator), workspace, env };
  expectGreen(await runStep(only('isolated-previews.yml', 'deploy'), run), 'deployed');
  expect(namesOf(emulator)).toContain(previewName(7));
  emulator.github.addPullRequest({ number: 7, state: 'closed' });
  const cleanup = only('isolated-previews.yml', 'cleanup');
  expectGreen(await runStep(cleanup, { ...run, event: closedEvent(emulator) }), 'deleted');
  expect(namesOf(emulator)).not.toContain(previewName(7));
});

/** The gate, then the deployment with the gate's outputs. */
async function throughTheGate(run: ExampleRun): Promise<FinishedRun> {
  const gate = await runStep(only('shared-preview.yml', 'preview', '/preview-gate@'), run);
  expect({ exitCode: gate.exitCode, deploy: gate.outputs['deploy'] }).toEqual({ exitCode: 0, deploy: 'true' });
  const outputs = ['pull-request', 'sha', 'check-run-id', 'command-phrase'];
  const values = Object.fromEntries(outputs.map((name) => [`steps.gate.outputs.${name}`, gate.outputs[name] ?? '']));
  return await runStep(only('shared-preview.yml', 'preview', 'catalyst-deploy-action@'), { ...run, values });
}

test('shared-preview.yml: a push, and a command', async () => {
  const emulator = await githubPlatform();
  const { workspace, commits } = checkedOut(emulator, 'head');
  const pushed = { emulator, event: pullRequestEvent(emulator), workspace, env: { GITHUB_SHA: commits.merge } };
  expectGreen(await throughTheGate(pushed), 'deployed');
  emulator.github.setRole(COMMANDER, 'write');
  const { comment: _, ...event } = commentEvent(emulator);
  // For a comment, GITHUB_SHA is the default branch's.
  expectGreen(await throughTheGate({ ...pushed, event, env: { GITHUB_SHA: commits.base } }), 'deployed');
  expect(statesOf(emulator)).toHaveLength(2);
});

test('fork-previews-deploy.yml: a bundle out of a run without secrets', async () => {
  const emulator = await githubPlatform();
  const { commits } = checkedOut(emulator, 'head', 'mona/storefront');
  const packed = await deploy({ emulator, inputs: { 'dry-run': 'true' } });
  const temp = mkdtempSync(join(tmpdir(), 'runner-temp-'));
  onCleanUp(() => rmSync(temp, { recursive: true }));
  cpSync(packed.outputs['bundle-path'] ?? '', join(temp, 'fork-preview.zip'));
  const fork = { event: 'pull_request', head_repository: { full_name: 'mona/storefront' }, head_sha: commits.head };
  const run = await runStep(only('fork-previews-deploy.yml', 'deploy'), {
    emulator,
    event: { name: 'workflow_run', payload: workflowRun(fork) },
    workspace: workspaceWith(),
    env: { GITHUB_SHA: commits.base },
    values: { 'runner.temp': temp, 'steps.pull.outputs.number': '7' },
  });
  expectGreen(run, 'deployed');
  expect(namesOf(emulator)).toContain(previewName(7));
  expect(emulator.github.deployments).toMatchObject([{ environment: 'preview', sha: commits.head }]);
});

const NO_FIELDS = { 'inputs.from-deployment': '', 'inputs.from-run': '', 'inputs.from-artifact': '' };

test('rollback.yml', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const values = { ...NO_FIELDS, 'inputs.project': '', 'inputs.dry-run': 'false' };
  const run = { emulator, event: HAND, workspace: workspaceWith(), values, env: { GITHUB_RUN_ID: '77' } };
  const rolled = await runStep(only('rollback.yml', 'rollback'), run);
  expect(rolled.outputs).toMatchObject({ outcome: 'deployed', 'bundle-sha256': deployed[0]?.sha256 });
});

test('promote.yml', async () => {
  const emulator = await githubPlatform();
  const { workspace, commits } = checkedOut(emulator, 'merge');
  const preview = { emulator, event: pullRequestEvent(emulator), workspace, env: { GITHUB_SHA: commits.merge } };
  const previewed = await runStep(only('isolated-previews.yml', 'deploy'), preview);
  const values = { 'inputs.pull-request': '7', 'inputs.dry-run': 'true' };
  const promotion = { emulator, event: HAND, workspace: workspaceWith(), values };
  const promoted = await runStep(only('promote.yml', 'promote'), promotion);
  expect(promoted.outputs).toMatchObject({ outcome: 'dry-run', 'bundle-sha256': previewed.outputs['bundle-sha256'] });
});

test.each([
  ['the schedule', ON_SCHEDULE, 'false', 'deleted'],
  ['somebody who looks first', HAND, 'true', 'dry-run'],
])('preview-sweep.yml, for %s', async (_, event, dryRun, outcome) => {
  const emulator = await closedPlatform();
  const values = { 'inputs.dry-run || false': dryRun };
  const run = { emulator, event, workspace: workspaceWith(), values };
  expectGreen(await runStep(only('preview-sweep.yml', 'sweep'), run), outcome);
});

test('redirects.yml: a plan on a pull request, and the sync of a push or by hand', async () => {
  const emulator = await redirectsPlatform();
  addAll(emulator, { '/kept': '/here' });
  const workspace = workspaceWith({ [FILE]: csvOf('/old,/new,,') });
  const pull = { emulator, event: pullRequestEvent(emulator), workspace };
  expectGreen(await runStep(only('redirects.yml', 'plan'), pull), 'planned');
  const sync = only('redirects.yml', 'sync');
  expectGreen(await runStep(sync, { emulator, event: PUSH, workspace }), 'complete');
  expectGreen(await runStep(sync, { emulator, event: HAND, workspace }), 'unchanged');
  expect(storedRedirects(emulator)).toEqual(['/old → /new']);
});

test('worker-errors.yml', async () => {
  const emulator = await githubPlatform();
  const run = { emulator, event: ON_SCHEDULE, workspace: workspaceWith() };
  expectGreen(await runStep(only('worker-errors.yml', 'look'), run), 'complete');
});

test('batch-upload.yml: a check on a pull request, and an upload', async () => {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 7 });
  const workspace = workspaceWith({ 'cdp/out/guests.jsonl': guests(2), 'cdp/out/orders.jsonl': guests(1) });
  const pull = { emulator, event: pullRequestEvent(emulator), workspace };
  expectGreen(await runStep(only('batch-upload.yml', 'check'), pull), 'dry-run');
  const upload = { emulator, event: ON_SCHEDULE, workspace };
  expectGreen(await runStep(only('batch-upload.yml', 'upload'), upload), 'success');
});

/**
 * Production is only deployed to on purpose: if the event does not imply it, an input has to, before anything is sent.
 */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { EVENT_KINDS, workflowRun } from '../github/event-kinds.ts';
import { type GitHubRun, githubPlatform, onGitHub, ownComments, pullRequestEvent } from './github-harness.ts';
import { callsOf, failureOf, warningsOf } from './harness.ts';
import { csvOf, redirectsPlatform, runImport } from './redirects-harness.ts';
import { runPlan, runSync } from './redirects-sync-harness.ts';
import { platformWith, rollBack } from './rollback-harness.ts';

const FORK_RUN = workflowRun({ event: 'pull_request', head_repository: { full_name: 'mona/storefront' } });
const MERGE_GROUP = eventOf('merge_group');

function eventOf(kind: string) {
  const found = EVENT_KINDS.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`no event ${kind}`);
  return { name: found.name, payload: found.payload };
}

function expectRefused(run: FinishedRun, emulator: Emulator, event: string): void {
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 1, outcome: 'error' });
  const { title, message } = failureOf(run);
  expect(title).toBe('Not known what this run is for');
  expect(message).toContain(`\`${event}\``);
  expect(message).toMatch(/What to do: .*`environment`/s);
  expect(run.summary).toContain('Not known what this run is for');
  expect(emulator.requests).toEqual([]);
}

test.each([
  ['merge_group', MERGE_GROUP],
  ['workflow_run', { name: 'workflow_run', payload: FORK_RUN }],
  ['issue_comment', eventOf('issue_comment on a pull request')],
])('%s deploys nothing by itself', async (name, event) => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, event, inputs: { 'pull-request': '', environment: ' ' } });
  expectRefused(run, emulator, name);
  expect(failureOf(run).message).toContain('`pull-request`');
});

test('with a named environment it is intended, and a dry run sends nothing', async () => {
  const emulator = await githubPlatform();
  const dry = await onGitHub({ emulator, event: MERGE_GROUP, inputs: { 'dry-run': 'true' } });
  expect(dry.outputs['outcome']).toBe('dry-run');
  expect(emulator.requests).toEqual([]);
  const run = await onGitHub({ emulator, event: MERGE_GROUP, inputs: { environment: 'queue' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(emulator.github.deployments).toMatchObject([{ environment: 'queue' }]);
});

test("a run that follows a push to this repository's default branch is for production", async () => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, event: { name: 'workflow_run', payload: workflowRun() } });
  expect({ outcome: run.outputs['outcome'], warnings: warningsOf(run) }).toEqual({ outcome: 'deployed', warnings: '' });
  expect(emulator.github.deployments).toMatchObject([{ environment: 'production' }]);
});

test('`import` and `sync` change nothing for an event that does not mean production; `plan` may read', async () => {
  const emulator = await redirectsPlatform();
  const csv = csvOf('/new,/there,,');
  expectRefused(await runSync({ emulator, csv, event: MERGE_GROUP }), emulator, 'merge_group');
  expectRefused(await runImport({ emulator, csv, event: MERGE_GROUP }), emulator, 'merge_group');
  expect((await runPlan({ emulator, csv, event: MERGE_GROUP })).outputs['outcome']).toBe('planned');
  const meant = await runSync({ emulator, csv, event: MERGE_GROUP, inputs: { environment: 'sandbox' } });
  expect(meant.outputs['outcome']).toBe('complete');
});

test('a rollback for such an event is intended if the environment is named', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const before = callsOf(emulator).length;
  const event = eventOf('workflow_run that failed');
  const refused = await rollBack({ emulator, event });
  expect(failureOf(refused)).toMatchObject({
    title: 'Not known what this run is for',
    message: expect.stringMatching(/`workflow_run`.*What to do: .*`environment`/s),
  });
  expect(callsOf(emulator).slice(before)).toEqual([]);
  const run = await rollBack({ emulator, event, inputs: { environment: 'production' } });
  expect(run.outputs).toMatchObject({ outcome: 'deployed', 'bundle-sha256': deployed[0]?.sha256 });
});

const STAGING = { GITHUB_REF: 'refs/heads/staging', GITHUB_REF_NAME: 'staging' };
const PUSH = { name: 'push', payload: { ref: 'refs/heads/staging', repository: { default_branch: 'main' } } };

test('a push to a branch other than the default one gives a warning, unless its environment is named', async () => {
  const emulator = await githubPlatform();
  const run: GitHubRun = { emulator, event: PUSH, env: STAGING };
  const silent = await onGitHub(run);
  expect(silent.outputs['outcome']).toBe('deployed');
  expect(warningsOf(silent)).toMatch(/`staging`.*not the default branch \(`main`\).*`environment`/s);
  expect(silent.summary).toContain('not the default branch');
  for (const environment of ['staging', 'production']) {
    const named = await onGitHub({ ...run, inputs: { environment, 'artifact-name': environment } });
    expect({ outcome: named.outputs['outcome'], warnings: warningsOf(named) }).toEqual({
      outcome: 'deployed',
      warnings: '',
    });
  }
});

test.each([
  ['isolated', { preview: 'isolated', 'project-uuid': '' }, '`preview-cleanup`'],
  ['shared', { preview: 'shared' }, 'pull requests that are open'],
])('a closed pull request gets no preview: %s', async (_, inputs, words) => {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 7 });
  const { name, payload } = pullRequestEvent(emulator);
  const pull_request = { ...payload.pull_request, state: 'closed' };
  const event = { name, payload: { ...payload, action: 'closed', pull_request } };
  const run = await onGitHub({ emulator, event, inputs });
  const { result = '', ...outputs } = run.outputs;
  expect({ exitCode: run.exitCode, outputs }).toEqual({
    exitCode: 0,
    outputs: { outcome: 'skipped', 'skipped-reason': 'closed', 'duration-seconds': expect.any(String) },
  });
  expect(JSON.parse(result)).toMatchObject({ outcome: 'skipped', skipped: { reason: 'closed' }, live: 'as-before' });
  expect(run.annotations).toEqual([
    { level: 'notice', title: 'Deployment skipped', message: expect.stringContaining(words) },
  ]);
  expect(run.summary).toContain('## ⏭️ Skipped');
  expect(run.lines.join('\n')).toContain('Outcome: skipped (the pull request is closed)');
  expect(emulator.requests).toEqual([]);
  expect(ownComments(emulator)).toEqual([]);
});

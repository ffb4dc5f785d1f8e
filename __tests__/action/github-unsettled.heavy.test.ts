/** What GitHub does not accept at first is shown later: at the end of the run, in the post step, by the next run. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { endRunAt } from './github-cancel-harness.ts';
import { headingOf, onlyComment, pushCommit, wordsOf } from './github-comment-reading.ts';
import {
  type GitHubRun,
  githubPlatform,
  onGitHub,
  onPullRequest,
  ownComments,
  pullRequestEvent,
  statesOf,
} from './github-harness.ts';
import { expectNoNewVerdict, failAtPlatform, postOf } from './github-post-helpers.ts';
import { storefront, warningsOf } from './harness.ts';

const LIMIT = { effect: 'rate-limit', resetSeconds: 3000 } as const;

function expectFailureShown(emulator: Emulator): void {
  expect(statesOf(emulator)).toEqual([['in_progress', 'failure']]);
  const words = wordsOf(onlyComment(emulator).body);
  expect(headingOf(onlyComment(emulator).body)).toBe('❌ Not deployed to preview: Deployment failed (code 40)');
  expect(words).toContain('What to do');
  expect(words).toContain('494 B in 3 files');
}

test('a run that failed and is killed while it updates GitHub stays failed: the post step says what it would have', async () => {
  const emulator = await githubPlatform();
  failAtPlatform(emulator);
  emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'hang', skip: 1 });
  emulator.addFault({ call: 'github.updateComment', effect: 'hang' });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const reached = () => emulator.waitForRequest('github.updateComment');
  const { post } = await endRunAt(run, reached, 'SIGKILL');
  const after = await post();
  expectNoNewVerdict(after);
  expectFailureShown(emulator);
  expect(wordsOf(after.summary)).toContain('❌ Not deployed to preview: Deployment failed (code 40)');
  expect(after.lines.join('\n')).toMatch(/^Outcome: failed \(the platform reported/m);
});

test('where GitHub refuses the end once, the post step shows it, and writes no second summary', async () => {
  const emulator = await githubPlatform();
  failAtPlatform(emulator);
  emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'status', status: 400, skip: 1 });
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 400 });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  expect(main.outputs['outcome']).toBe('failed');
  expect(warningsOf(main).split('\n')).toHaveLength(2);
  expect(main.lines.join('\n')).toMatch(
    /! Update GitHub: not all could be updated: this action's post step tries again/,
  );
  expect(statesOf(emulator)).toEqual([['in_progress']]);
  const after = await postOf(run, main);
  expectNoNewVerdict(after);
  expectFailureShown(emulator);
  expect(after.summary).toBe('');
});

test('what is closed already is not closed again by the post step', async () => {
  const emulator = await githubPlatform();
  failAtPlatform(emulator);
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 400 });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  expect(statesOf(emulator)).toEqual([['in_progress', 'failure']]);
  expectNoNewVerdict(await postOf(run, main));
  expectFailureShown(emulator);
});

test('a comment that is written is not written again by the post step', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'status', status: 400, skip: 1 });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  const before = emulator.requests.length;
  expectNoNewVerdict(await postOf(run, main));
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  expect(emulator.requests.slice(before).filter(({ call }) => /comment/i.test(call))).toEqual([]);
});

test('a post step that meets the same refusal warns of it no second time, and nothing hangs on it', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 400, times: 'always' });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  expect(main.outputs['outcome']).toBe('deployed');
  const after = await onGitHub({ ...run, postOf: main.state });
  expect({ exitCode: after.exitCode, outcome: after.outputs['outcome'] }).toEqual({ exitCode: 0, outcome: undefined });
  expect(warningsOf(main)).toMatch(/^The comment on pull request #7 could not be written\..* answered 400/);
  expect(warningsOf(after)).toBe('');
});

test('the post step is about what the main step was about, whatever the pull request and the workspace are by then', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 400 });
  const event = { name: 'workflow_dispatch', payload: {} };
  const env = { CATALYST_PROJECT_UUID: emulator.projects[0]?.uuid ?? '' };
  const inputs = { 'pull-request': '7', 'project-uuid': '' };
  const run: GitHubRun = { emulator, workspace: storefront(), event, env, inputs };
  const main = await onGitHub(run);
  pushCommit(emulator, 'b');
  const other = { ...run, env: { CATALYST_PROJECT_UUID: '00000000-0000-4000-8000-000000000000' } };
  expectNoNewVerdict(await postOf(other, main));
  const words = wordsOf(onlyComment(emulator).body);
  expect(headingOf(onlyComment(emulator).body)).toBe('✅ Deployed to preview');
  expect(words).toContain('cd05952');
  expect(words).not.toContain('bbbbbbb');
});

test('a cancel while the artifact uploads closes the comment from the signal on', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'artifacts.create', effect: 'hang' });
  const inputs = { 'upload-artifact': 'true' };
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator), inputs };
  const both = async () => {
    await emulator.waitForRequest('artifacts.create');
    while (ownComments(emulator).length === 0) await new Promise(setImmediate);
  };
  const { main } = await endRunAt(run, both, 'SIGINT');
  expect(main.outputs['outcome']).toBe('cancelled');
  expect(headingOf(onlyComment(emulator).body)).toMatch(/^🚫/);
});

test('a cancel while the pull request is read is reported from the signal on, too', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.getPullRequest', effect: 'hang' });
  const event = { name: 'workflow_dispatch', payload: {} };
  const run: GitHubRun = { emulator, workspace: storefront(), event, inputs: { 'pull-request': '7' } };
  const { main } = await endRunAt(run, () => emulator.waitForRequest('github.getPullRequest'), 'SIGINT');
  expect(main.outputs['outcome']).toBe('cancelled');
  expect(headingOf(onlyComment(emulator).body)).toMatch(/^🚫/);
});

test('a production deployment of a pull request is compared with the one before it, not with itself', async () => {
  const emulator = await githubPlatform();
  const run = await onPullRequest({ emulator, inputs: { environment: 'production' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(wordsOf(onlyComment(emulator).body)).not.toContain('against production');
});

test('a limit at the beginning that is over at the end: deployment and comment are made then', async () => {
  const emulator = await githubPlatform();
  for (const call of ['github.createDeployment', 'github.listComments'] as const) emulator.addFault({ call, ...LIMIT });
  const run = await onPullRequest({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  expect(headingOf(onlyComment(emulator).body)).toBe('✅ Deployed to preview');
  expect(warningsOf(run)).toBe('');
  const logged = run.lines.filter((line) => line.endsWith('It is tried again at the end.'));
  expect(logged.map((line) => line.split('. ')[0]).toSorted()).toEqual([
    ...['The GitHub deployment could not be made or updated', 'The comment on pull request #7 could not be written'],
  ]);
  expect(run.outputs['github-deployment-id']).toBe(String(emulator.github.deployments[0]?.id));
});

test('a deployment that could not be made is made at the end of a run that failed, too', async () => {
  const emulator = await githubPlatform();
  failAtPlatform(emulator);
  emulator.addFault({ call: 'github.createDeployment', ...LIMIT });
  const run = await onPullRequest({ emulator });
  expect(run.outputs['outcome']).toBe('failed');
  expect(statesOf(emulator)).toEqual([['in_progress', 'failure']]);
});

test('a deployment that could not be made in the main step is made by the post step', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeployment', effect: 'status', status: 400, times: 'always' });
  const run: GitHubRun = { emulator, workspace: storefront() };
  const main = await onGitHub(run);
  expect(warningsOf(main)).toMatch(/^The GitHub deployment could not be made or updated\./);
  expectNoNewVerdict(await postOf(run, main));
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  const { payload } = emulator.github.deployments[0] ?? {};
  expect(payload).toMatchObject({ bundle_sha256: main.outputs['bundle-sha256'], artifact_id: expect.any(Number) });
});

test('a limit at the beginning of a push that fails: the old comment praises no longer', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator });
  failAtPlatform(emulator);
  emulator.addFault({ call: 'github.listComments', ...LIMIT });
  const run = await onPullRequest({ emulator, env: { GITHUB_RUN_ID: '77' } });
  expect(run.outputs['outcome']).toBe('failed');
  expect(headingOf(onlyComment(emulator).body)).toMatch(/^❌/);
});

test('without the event’s payload one warning says why nothing is shown', async () => {
  const emulator = await githubPlatform();
  const event = { name: 'pull_request', payload: 'not a payload' };
  const run = await onGitHub({ emulator, event, env: { GITHUB_EVENT_PATH: '/nowhere/event.json' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(warningsOf(run)).toBe(
    'The payload of the event (GITHUB_EVENT_PATH) cannot be read, so that nothing is shown on its pull request. `pull-request` would name it.',
  );
  expect(emulator.github.deployments).toEqual([]);
});

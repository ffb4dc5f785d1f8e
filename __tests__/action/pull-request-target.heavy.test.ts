/** `pull_request_target` runs with all secrets: a fork's code in the workspace is refused before anything is sent. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { git, plantFetching } from '../github/git-repository.ts';
import { type Checkout, checkout, OWN, runOn } from './fork-harness.ts';
import { type GitHubRun, onGitHub, ownComments, pullRequestEvent, statesOf } from './github-harness.ts';
import { callsOf, failureOf, onCleanUp, storefront, warningsOf } from './harness.ts';

async function onTarget(found: Checkout, run: Partial<GitHubRun> = {}): Promise<FinishedRun> {
  return await onGitHub(runOn(found, run));
}

function expectRefused(run: FinishedRun, emulator: Emulator, sha: string): void {
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 1, outcome: 'error' });
  const { title, message } = failureOf(run);
  expect(title).toBe("Fork's code refused");
  expect(message).toContain('pull request #7');
  expect(message).toContain(sha.slice(0, 7));
  expect(message).toContain('pull_request_target');
  expect(run.summary).toMatch(/❌ Not deployed(?: to preview)?: Fork&#39;s code refused/);
  expect(callsOf(emulator).filter((call) => !call.startsWith('github.'))).toEqual([]);
  expect(emulator.github.deployments).toEqual([]);
}

function expectDeployed(run: FinishedRun, emulator: Emulator): void {
  expect(run.annotations.filter(({ level }) => level === 'error')).toEqual([]);
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 0, outcome: 'deployed' });
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
}

test.each(['head', 'merge', 'otherMerge'] as const)(
  "a fork's %s is refused, and the pull request says so",
  async (ref) => {
    const { emulator, workspace, commits } = await checkout(ref);
    expectRefused(await onTarget({ emulator, workspace, commits }), emulator, commits[ref]);
    expect(ownComments(emulator)[0]?.body).toContain('Fork&#39;s code refused');
  },
);

test('a deleted fork is a fork', async () => {
  const { emulator, workspace, commits } = await checkout('head');
  emulator.github.addPullRequest({ number: 7, headRepository: null });
  expectRefused(await onTarget({ emulator, workspace, commits }), emulator, commits.head);
});

test("a fork's head is refused with the other inputs wrong, in a dry run, and without GitHub's token", async () => {
  const { emulator, workspace, commits } = await checkout('head');
  for (const inputs of [{ 'project-uuid': '?' }, { 'dry-run': 'true' }, { 'github-token': '' }, { comment: '?' }]) {
    expectRefused(await onTarget({ emulator, workspace, commits }, { inputs }), emulator, commits.head);
  }
});

test('a fork whose commits GitHub has not merged (yet) is known by its head alone', async () => {
  const { emulator, workspace, commits } = await checkout('merge');
  emulator.github.addPullRequest({ number: 7, mergeCommitSha: null });
  expectRefused(await onTarget({ emulator, workspace, commits }), emulator, commits.merge);
});

test("a shallow checkout of a fork's merge is refused", async () => {
  const { emulator, workspace, commits } = await checkout('merge');
  const shallow = storefront();
  const clone = mkdtempSync(join(tmpdir(), 'clone-'));
  onCleanUp(() => rmSync(clone, { recursive: true, force: true }));
  git(clone, 'clone', '--quiet', '--depth', '1', '--branch', 'pull-merge', `file://${workspace}`, '.');
  cpSync(join(clone, '.git'), join(shallow, '.git'), { recursive: true });
  expectRefused(await onTarget({ emulator, workspace: shallow, commits }), emulator, commits.merge);
});

/** The base in the workspace itself, and the pull request in a folder of its own, as with the checkout's `path`. */
async function checkoutBeside(): Promise<Checkout> {
  const pull = await checkout('head');
  const workspace = storefront();
  // The same commit as the pull request's base, regardless of the clock.
  git(workspace, 'init', '--quiet');
  git(workspace, 'fetch', '--quiet', pull.workspace, pull.commits.base);
  git(workspace, 'reset', '--quiet', pull.commits.base);
  cpSync(pull.workspace, join(workspace, 'pull'), { recursive: true });
  mkdirSync(join(workspace, 'pull/core'), { recursive: true });
  return { ...pull, workspace };
}

test.each([
  ['is the working directory', { 'working-directory': 'pull' }],
  ['holds the working directory', { 'working-directory': 'pull/core', directory: '../.bigcommerce/dist' }],
  ['holds the build', { directory: 'pull/.bigcommerce/dist' }],
])("a fork's checkout in a folder of the workspace is refused where it %s", async (_, inputs) => {
  const { emulator, workspace, commits } = await checkoutBeside();
  expectRefused(await onTarget({ emulator, workspace, commits }, { inputs }), emulator, commits.head);
});

test("a bundle out of a fork's checkout is refused", async () => {
  const { emulator, workspace, commits } = await checkoutBeside();
  expectRefused(
    await onTarget({ emulator, workspace, commits }, { inputs: { bundle: 'pull/b.zip' } }),
    emulator,
    commits.head,
  );
});

test("the base is deployed beside a fork's checkout that is not used", async () => {
  const found = await checkoutBeside();
  expectDeployed(await onTarget(found), found.emulator);
});

test("the base branch is deployed for a fork's pull request", async () => {
  const found = await checkout('base');
  expectDeployed(await onTarget(found), found.emulator);
});

test.each(['head', 'merge'] as const)('a pull request of the same repository is deployed: its %s', async (ref) => {
  const found = await checkout(ref, OWN);
  const run = await onTarget(found);
  expectDeployed(run, found.emulator);
  expect(warningsOf(run)).toBe('');
});

test("a fork's head is deployed under `pull_request`, where it is the user's choice to give it secrets", async () => {
  const { emulator, workspace, commits } = await checkout('head');
  expectDeployed(await onTarget({ emulator, workspace, commits }, { event: pullRequestEvent(emulator) }), emulator);
});

test('a checkout on a machine without git is refused for a fork, and deployed for the same repository', async () => {
  const env = { PATH: storefront() };
  const { emulator, workspace, commits } = await checkout('head');
  const run = await onTarget({ emulator, workspace, commits }, { env });
  expect(failureOf(run)).toMatchObject({
    title: "Fork's code refused",
    message: expect.stringContaining('git cannot read (.)'),
  });
  expect(callsOf(emulator).filter((call) => !call.startsWith('github.'))).toEqual([]);
  const own = await checkout('head', OWN);
  expectDeployed(await onTarget(own, { env }), own.emulator);
});

test("a fork's head is refused although its folder looks like a bare repository, and no command in its configuration is run", async () => {
  const { emulator, workspace, commits } = await checkout('head');
  const ran = join(workspace, 'ran');
  plantFetching(join(workspace, 'core'), ran);
  const inputs = { 'working-directory': 'core', directory: '../.bigcommerce/dist' };
  expectRefused(await onTarget({ emulator, workspace, commits }, { inputs }), emulator, commits.head);
  expect(existsSync(ran)).toBe(false);
});

test("a fork's head is refused when another user owns the repository", async () => {
  const { emulator, workspace, commits } = await checkout('head');
  chmodSync(workspace, 0o755);
  const env = { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
  const status = () =>
    execFileSync('git', ['-C', workspace, 'status'], { env: { ...process.env, ...env }, stdio: 'pipe' });
  expect(status).toThrow(/dubious ownership/);
  expectRefused(await onTarget({ emulator, workspace, commits }, { env }), emulator, commits.head);
});

test('a pull request that was merged is code of this repository: its merge is deployed', async () => {
  const { emulator, workspace, commits } = await checkout('merge');
  const { name, payload } = pullRequestEvent(emulator, 'pull_request_target');
  const pull_request = { ...payload.pull_request, state: 'closed', merged: true };
  const event = { name, payload: { ...payload, action: 'closed', pull_request } };
  expectDeployed(await onTarget({ emulator, workspace, commits }, { event }), emulator);
});

/** A deployment is shown for one commit: a warning says when the workspace holds another one. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { type Commits, createRepository, git } from '../github/git-repository.ts';
import { type GitHubRun, githubPlatform, onGitHub, pullRequestEvent } from './github-harness.ts';
import { storefront, warningsOf } from './harness.ts';

const UNKNOWN = createHash('sha1').update('nobody has it').digest('hex');

interface Checkout {
  emulator: Emulator;
  workspace: string;
  commits: Commits;
}

async function checkout(ref: keyof Commits): Promise<Checkout> {
  const emulator = await githubPlatform();
  const workspace = storefront();
  const commits = createRepository(workspace);
  git(workspace, 'checkout', '--quiet', '--detach', commits[ref]);
  emulator.github.addPullRequest({ number: 7, headSha: commits.head, mergeCommitSha: commits.merge });
  return { emulator, workspace, commits };
}

function expectWarned(run: FinishedRun, held: string, shown: string): void {
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 0, outcome: 'deployed' });
  const warning = `The workspace holds commit ${held.slice(0, 7)}, but this deployment is shown for ${shown.slice(0, 7)}`;
  expect(run.annotations.filter(({ level }) => level === 'warning')).toEqual([
    { level: 'warning', title: 'Another commit in the workspace', message: expect.stringContaining(warning) },
  ]);
  expect(run.summary).toContain('### Warnings');
}

function expectNoWarning(run: FinishedRun): void {
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 0, outcome: 'deployed' });
  expect(warningsOf(run)).toBe('');
}

const PUSH = { name: 'push', payload: {} };
const COMMENT = { name: 'issue_comment', payload: { issue: { number: 7, pull_request: {} } } };

test('a pull request with its base checked out', async () => {
  const { emulator, workspace, commits } = await checkout('base');
  const run = await onGitHub({ emulator, workspace, event: pullRequestEvent(emulator) });
  expectWarned(run, commits.base, commits.head);
});

test('a push with another commit checked out', async () => {
  const { emulator, workspace, commits } = await checkout('head');
  const run = await onGitHub({ emulator, workspace, event: PUSH, env: { GITHUB_SHA: commits.base } });
  expectWarned(run, commits.head, commits.base);
});

test('`sha` with another commit checked out', async () => {
  const { emulator, workspace, commits } = await checkout('base');
  const run = await onGitHub({ emulator, workspace, env: { GITHUB_SHA: commits.base }, inputs: { sha: UNKNOWN } });
  expectWarned(run, commits.base, UNKNOWN);
});

test('a comment on a pull request, whose workflow has the default branch checked out', async () => {
  const { emulator, workspace, commits } = await checkout('base');
  const env = { GITHUB_SHA: commits.base };
  const run = await onGitHub({ emulator, workspace, env, event: COMMENT, inputs: { 'pull-request': '7' } });
  expectWarned(run, commits.base, commits.head);
});

test('the folder of the storefront takes precedence over the workspace around it', async () => {
  const { emulator, workspace, commits } = await checkout('base');
  const core = `${workspace}/core`;
  git(workspace, 'clone', '--quiet', workspace, core);
  git(core, 'checkout', '--quiet', '--detach', commits.head);
  const inputs = { 'working-directory': 'core', directory: '../.bigcommerce/dist' };
  const run = await onGitHub({ emulator, workspace, inputs, event: PUSH, env: { GITHUB_SHA: commits.head } });
  expectNoWarning(run);
});

test.each<[string, keyof Commits, (checkout: Checkout) => Partial<GitHubRun>]>([
  ['a pull request with its merge checked out', 'merge', ({ emulator }) => ({ event: pullRequestEvent(emulator) })],
  ['a pull request with its head checked out', 'head', ({ emulator }) => ({ event: pullRequestEvent(emulator) })],
  ['a push with its commit checked out', 'base', ({ commits }) => ({ env: { GITHUB_SHA: commits.base } })],
  [
    '`sha` with that commit checked out, in capitals',
    'head',
    ({ commits }) => ({ env: { GITHUB_SHA: commits.base }, inputs: { sha: commits.head.toUpperCase() } }),
  ],
  [
    'a comment on a pull request with its head checked out',
    'head',
    ({ commits }) => ({ env: { GITHUB_SHA: commits.base }, event: COMMENT, inputs: { 'pull-request': '7' } }),
  ],
])('no warning for %s', async (_, ref, given) => {
  const found = await checkout(ref);
  const { emulator, workspace } = found;
  expectNoWarning(await onGitHub({ emulator, workspace, event: PUSH, ...given(found) }));
});

test.each([{ 'github-token': '' }, { 'dry-run': 'true' }, { 'github-deployment': 'false', comment: 'false' }])(
  'no warning if nothing is shown: %j',
  async (inputs) => {
    const { emulator, workspace, commits } = await checkout('base');
    const env = { GITHUB_SHA: commits.head };
    const run = await onGitHub({ emulator, workspace, inputs, event: PUSH, env });
    expect(warningsOf(run)).toBe('');
  },
);

test('no warning if the deployed bundle is elsewhere: its commit is unknown', async () => {
  const { emulator, workspace } = await checkout('base');
  const directory = join(storefront(), '.bigcommerce/dist');
  expectNoWarning(await onGitHub({ emulator, workspace, event: pullRequestEvent(emulator), inputs: { directory } }));
});

test('a comment does not link a commit that may be a fork’s', async () => {
  const { emulator, workspace, commits } = await checkout('base');
  const env = { GITHUB_SHA: commits.base };
  const run = await onGitHub({ emulator, workspace, env, event: COMMENT, inputs: { 'pull-request': '7' } });
  expect(warningsOf(run)).toMatch(/Check out \w+ only if it is no fork's/);
});

test('no warning outside of a repository', async () => {
  const { emulator } = await checkout('base');
  expectNoWarning(await onGitHub({ emulator, workspace: storefront(), event: pullRequestEvent(emulator) }));
});

/**
 * Runs that have secrets regardless of who caused them: only the commit that the run is for is certainly trusted. What
 * a fork's commits look like after somebody has worked on them, and the ways to a fork's code but
 * `pull_request_target`.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { workflowRun } from '../github/event-kinds.ts';
import { type Commits, git } from '../github/git-repository.ts';
import { startBatch } from './batch-harness.ts';
import { type Checkout, checkout, FORK, OWN, runOn } from './fork-harness.ts';
import { onGitHub } from './github-harness.ts';
import { callsOf, failureOf, storefront, warningsOf } from './harness.ts';
import { csvOf, FILE, runExport } from './redirects-harness.ts';
import { runPlan, runSync } from './redirects-sync-harness.ts';

const CSV = csvOf('/new,/there,,');
const FILES = { [FILE]: CSV };

function expectRefused(finished: FinishedRun, emulator: Emulator, words: RegExp): void {
  expect({ exitCode: finished.exitCode, outcome: finished.outputs['outcome'] }).toEqual({
    exitCode: 1,
    outcome: 'error',
  });
  const { title, message } = failureOf(finished);
  expect(title).toBe("Fork's code refused");
  expect(message).toMatch(words);
  expect(callsOf(emulator).filter((call) => !call.startsWith('github.'))).toEqual([]);
}

const TRICKS: readonly [string, (workspace: string, commits: Commits) => void, RegExp][] = [
  [
    'amended',
    (workspace) => git(workspace, 'commit', '--quiet', '--amend', '--message', 'Other words'),
    /holds commit/,
  ],
  [
    'squashed onto the base',
    (workspace, { base }) => {
      git(workspace, 'reset', '--quiet', '--soft', base);
      git(workspace, 'commit', '--quiet', '--message', 'All in one');
    },
    /holds commit/,
  ],
  [
    'under two empty commits',
    (workspace) => {
      for (const message of ['One', 'Two']) git(workspace, 'commit', '--quiet', '--allow-empty', '--message', message);
    },
    /holds commit/,
  ],
  [
    'with HEAD moved to another commit of the base',
    (workspace) => git(workspace, 'update-ref', 'HEAD', git(workspace, 'rev-parse', 'main~1')),
    /holds commit/,
  ],
  ['without its `.git`', (workspace) => rmSync(join(workspace, '.git'), { recursive: true }), /is in no repository/],
];

test.each(TRICKS)("a fork's head is refused for a deployment: %s", async (_, change, words) => {
  const found = await checkout('head', FORK, FILES);
  change(found.workspace, found.commits);
  expectRefused(await onGitHub(runOn(found)), found.emulator, words);
});

test.each(TRICKS)('and for redirects, in a plan too: %s', async (_, change, words) => {
  const found = await checkout('head', FORK, FILES);
  change(found.workspace, found.commits);
  for (const start of [runPlan, runSync]) expectRefused(await start(runOn(found)), found.emulator, words);
});

test("redirects out of a fork's checkout are refused, and those of the base are not; `export` reads none", async () => {
  const pull = await checkout('head', FORK, FILES);
  expectRefused(await runPlan(runOn(pull)), pull.emulator, /holds the code of the fork/);
  expect((await runExport(runOn(pull))).outputs['outcome']).toBe('complete');
  const base = await checkout('base', FORK, FILES);
  expect((await runPlan(runOn(base))).outputs['outcome']).toBe('planned');
  const own = await checkout('head', OWN, FILES);
  expect((await runPlan(runOn(own))).outputs['outcome']).toBe('planned');
});

test("a batch out of a fork's checkout is refused", async () => {
  const found = await checkout('head', FORK, FILES);
  writeFileSync(join(found.workspace, 'guests.jsonl'), '{}\n');
  const finished = await startBatch({ ...runOn(found), inputs: { files: 'guests.jsonl' } }).finished;
  expectRefused(finished, found.emulator, /holds the code of the fork/);
});

test('a bundle that is in no repository is refused, though the base is checked out', async () => {
  const found = await checkout('base', FORK, FILES);
  const bundle = join(storefront(), 'bundle.zip');
  expectRefused(await onGitHub(runOn(found, { inputs: { bundle } })), found.emulator, /is in no repository/);
});

const COMMENT = {
  name: 'issue_comment',
  payload: { action: 'created', issue: { number: 7, state: 'open', pull_request: {} }, comment: { id: 1 } },
};
const named = { 'pull-request': '7' };
const comment = (found: Checkout, inputs: Record<string, string> = named) => runOn(found, { event: COMMENT, inputs });

test.each<[string, keyof Commits, Record<string, string>]>([
  ['the pull request is named', 'head', named],
  ['merged into its base', 'merge', named],
  ['only the environment is named', 'head', { environment: 'production' }],
])("a comment does not deploy a fork's code: %s", async (_, ref, inputs) => {
  const found = await checkout(ref, FORK, FILES);
  expectRefused(await onGitHub(comment(found, inputs)), found.emulator, /pull request #7 of a fork/);
});

test('nor that of a deleted fork, nor files outside of any repository', async () => {
  const gone = await checkout('head', null);
  expectRefused(await onGitHub(comment(gone)), gone.emulator, /pull request #7 of a fork/);
  const bare = await checkout('head', FORK, FILES);
  rmSync(join(bare.workspace, '.git'), { recursive: true });
  expectRefused(await onGitHub(comment(bare)), bare.emulator, /is in no repository/);
});

test("a comment deploys the head of this repository's own pull request, and the base for any pull request", async () => {
  const own = await checkout('head', OWN, FILES);
  const finished = await onGitHub(comment(own));
  expect({ outcome: finished.outputs['outcome'], warnings: warningsOf(finished) }).toEqual({
    outcome: 'deployed',
    warnings: '',
  });
  const base = await checkout('base', FORK, FILES);
  expect((await onGitHub(comment(base))).outputs['outcome']).toBe('deployed');
});

test('a comment on an issue has no fork', async () => {
  const found = await checkout('head', FORK, FILES);
  const event = { name: 'issue_comment', payload: { action: 'created', issue: { number: 8 }, comment: { id: 1 } } };
  const finished = await onGitHub(runOn(found, { event, inputs: { environment: 'staging' } }));
  expect(finished.outputs['outcome']).toBe('deployed');
});

test('if GitHub does not say whose the pull request is, nothing is deployed', async () => {
  const denied = await checkout('head', OWN, FILES);
  const body = { message: 'Resource not accessible by integration' };
  denied.emulator.addFault({ call: 'github.getPullRequest', effect: 'status', status: 403, body, times: 'always' });
  const refused = await onGitHub(comment(denied));
  expectRefused(refused, denied.emulator, /could not be asked of GitHub.*pull-requests: read/s);
  const silent = await checkout('head', OWN, FILES);
  const inputs = { ...named, 'github-token': '' };
  expectRefused(await onGitHub(comment(silent, inputs)), silent.emulator, /`github-token` is empty/);
  // The owner of the base is known.
  const base = await checkout('base', FORK, FILES);
  expect((await onGitHub(comment(base, inputs))).outputs['outcome']).toBe('deployed');
});

test("a comment's redirects: a fork's are refused, in a plan too", async () => {
  const found = await checkout('head', FORK, FILES);
  expectRefused(await runPlan(runOn(found, { event: COMMENT })), found.emulator, /pull request #7 of a fork/);
  const inputs = { environment: 'production' };
  expectRefused(await runSync(runOn(found, { event: COMMENT, inputs })), found.emulator, /pull request #7 of a fork/);
});

const FORK_RUN = workflowRun({ event: 'pull_request', head_repository: { full_name: FORK } });

test("a run that follows a fork's deploys what that one has built, and not its own checkout", async () => {
  const event = { name: 'workflow_run', payload: FORK_RUN };
  const found = await checkout('head', FORK, FILES);
  expectRefused(await onGitHub(runOn(found, { event, inputs: named })), found.emulator, /follows a fork's/);
  const unnamed = { name: 'workflow_run', payload: {} };
  const unclear = await checkout('head', FORK, FILES);
  expectRefused(await onGitHub(runOn(unclear, { event: unnamed, inputs: named })), unclear.emulator, /may be a fork's/);
  const staged = await checkout('head', FORK, FILES);
  rmSync(join(staged.workspace, '.git'), { recursive: true });
  const finished = await onGitHub(runOn(staged, { event, inputs: named }));
  expect({ outcome: finished.outputs['outcome'], warnings: warningsOf(finished) }).toEqual({
    outcome: 'deployed',
    warnings: '',
  });
});

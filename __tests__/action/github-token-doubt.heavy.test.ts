/** A 401 of GitHub's may be one for a moment: it is met by another try, and by one more at the end of the run. */
import { expect, test } from '@jest/globals';
import type { GitHubCall } from '../../emulator/services/github/endpoints.ts';
import { expectDeployed, ON_DISPATCH, requestsTo, warningList } from './github-fault-helpers.ts';
import { githubPlatform, onGitHub, onPullRequest, ownComments, statesOf } from './github-harness.ts';

const GREEN = [['in_progress', 'success']];
const REFUSED = { effect: 'status', status: 401 } as const;

const CALLS: readonly GitHubCall[] = [
  'github.getPullRequest',
  'github.createDeployment',
  'github.createDeploymentStatus',
  'github.listDeployments',
  'github.listComments',
  'github.createComment',
  'github.updateComment',
];

test.each(CALLS)('a 401 at %s, twice: nothing is lost, and nothing is made twice', async (call) => {
  const emulator = await githubPlatform();
  emulator.addFault({ call, ...REFUSED, times: 2 });
  const run = await onGitHub({ emulator, ...ON_DISPATCH });
  expectDeployed(run);
  expect(warningList(run)).toEqual([]);
  expect(emulator.faults[0]).toMatchObject({ done: true });
  expect(statesOf(emulator)).toEqual(GREEN);
  expect(ownComments(emulator)).toHaveLength(1);
});

test('a deployment that a 401 prevents at first is made at the end', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeployment', ...REFUSED, times: 3 });
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([]);
  expect(run.lines.join('\n')).toMatch(/The GitHub deployment could not be made .* It is tried again at the end\./);
  expect(statesOf(emulator)).toEqual(GREEN);
});

test('where it can never be made, the one warning says what a rollback makes of that', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeployment', ...REFUSED, times: 'always' });
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  const id = emulator.artifacts.list[0]?.id;
  expect(warningList(run)).toEqual([
    expect.stringMatching(
      new RegExp(
        `^The GitHub deployment could not be made .* answered 401\\..*assumes that the deployment before this one is live\\. .*\`from-artifact: ${id}\`\\.$`,
      ),
    ),
  ]);
  expect(requestsTo(emulator, 'github.createDeployment')).toHaveLength(6);
});

test('a 403 is final: nothing is sent again, and the warning says the same', async () => {
  const emulator = await githubPlatform();
  emulator.github.deny('deployments', 'read');
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([expect.stringMatching(/`deployments: write`.* before this one is live\./)]);
  expect(requestsTo(emulator, 'github.createDeployment')).toHaveLength(1);
});

test('of a preview nobody rolls anything back, and of what failed neither', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeployment', ...REFUSED, times: 'always' });
  expect(warningList(await onPullRequest({ emulator })).join()).not.toContain('rollback');
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
  const warnings = warningList(await onGitHub({ emulator, inputs: { 'upload-artifact': 'false' } }));
  expect(warnings).toEqual([expect.stringMatching(/could not be made/)]);
  expect(warnings[0]).not.toContain('rollback');
});

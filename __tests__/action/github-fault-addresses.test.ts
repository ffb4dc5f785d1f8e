/** Settings under which GitHub cannot be reached, and answers that are none of its own: the deployment goes on. */
import { expect, test } from '@jest/globals';
import { expectDeployed, ON_DISPATCH, warningList } from './github-fault-helpers.ts';
import { githubPlatform, onGitHub, onPullRequest } from './github-harness.ts';
import { failureOf } from './harness.ts';

test.each([
  ['a push', { inputs: { 'upload-artifact': 'false' } }],
  ['a pull request', ON_DISPATCH],
])('an address of GitHub that makes no sense ends no deployment: %s', async (_, options) => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, ...options, env: { GITHUB_API_URL: 'nonsense' } });
  expectDeployed(run);
  expect(warningList(run)).toEqual([expect.stringContaining('GITHUB_API_URL')]);
  expect(run.summary).toContain('✅ Deployed');
});

test('a proxy setting that is no URL has its one error and the summary, although GitHub would be shown it', async () => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, ...ON_DISPATCH, env: { HTTP_PROXY: 'http://user:hunter2 pass@:bad' } });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toContain('HTTP_PROXY');
  expect(run.summary).toContain('Proxy setting');
  expect(run.everything).not.toContain('hunter2');
});

test.each([
  ['no object', [1, 2]],
  ['no id', { state: 'ok' }],
  ['an id that is none', { id: -1 }],
])('an answer that is not what GitHub documents is reported as that: %s', async (_, body) => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeployment', effect: 'status', status: 201, body, times: 'always' });
  const run = await onPullRequest({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([
    expect.stringMatching(/^The GitHub deployment .*Creating the GitHub deployment: .* not what GitHub documents/),
  ]);
});

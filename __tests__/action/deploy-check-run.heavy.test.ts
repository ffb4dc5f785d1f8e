/** A check run that GitHub does not let the deploy action close in time. */
import { expect, test } from '@jest/globals';
import { checkRunOf, openCheckRun } from './check-run-harness.ts';
import { githubPlatform, onPullRequest } from './github-harness.ts';
import { failureOf } from './harness.ts';

test('what the main step could not show, the post step does, in the same words', async () => {
  const emulator = await githubPlatform();
  const { inputs } = await openCheckRun(emulator);
  emulator.addFault({ call: 'github.updateCheckRun', effect: 'status', status: 500, times: 'always' });
  const run = await onPullRequest({ emulator, inputs: { ...inputs, 'max-attempts': '0' } });
  expect(failureOf(run).title).toBe('Input not usable');
  emulator.clearFaults();
  const post = await onPullRequest({ emulator, inputs, postOf: run.state });
  expect(post.exitCode).toBe(0);
  expect(post.annotations).toEqual([]);
  expect(checkRunOf(emulator)).toMatchObject({ conclusion: 'failure', title: 'Input not usable' });
});

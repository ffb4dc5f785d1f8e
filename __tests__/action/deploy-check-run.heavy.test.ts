/** A check run that GitHub does not let the deploy action close in time. */
import { expect, test } from '@jest/globals';
import { checkRunOf, openCheckRun } from './check-run-harness.ts';
import { endRunAt } from './github-cancel-harness.ts';
import { githubPlatform, onPullRequest, ownComments, pullRequestEvent, statesOf } from './github-harness.ts';
import { failureOf } from './harness.ts';

test('what the main step could not show, the post step does, in the same words', async () => {
  const emulator = await githubPlatform();
  const { inputs } = await openCheckRun(emulator);
  emulator.addFault({ call: 'github.updateCheckRun', effect: 'status', status: 500, times: 'always' });
  const run = await onPullRequest({ emulator, inputs: { ...inputs, 'max-attempts': '0' } });
  expect(failureOf(run).title).toBe('Invalid input');
  emulator.clearFaults();
  const post = await onPullRequest({ emulator, inputs, postOf: run.state });
  expect(post.exitCode).toBe(0);
  expect(post.annotations).toEqual([]);
  expect(checkRunOf(emulator)).toMatchObject({
    conclusion: 'failure',
    title: expect.stringMatching(/^Not deployed(?: to .*)?: Invalid input$/),
  });
});

test('a main step that is killed right after it has stored the text leaves the verdict to its post step', async () => {
  const emulator = await githubPlatform();
  const { inputs } = await openCheckRun(emulator);
  emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'hang', skip: 1 });
  const reached = async () => await emulator.waitForRequest('github.createDeploymentStatus', { count: 2 });
  const run = { emulator, inputs, event: pullRequestEvent(emulator) };
  const { main, post } = await endRunAt(run, reached, 'SIGKILL');
  const { end, ...stored } = JSON.parse(main.state['github-status'] ?? '{}') as { end?: object };
  expect(end).toMatchObject({ outcome: 'deployed' });
  const text = { conclusion: 'success', title: 'Deployed', summary: 'Stored before.' };
  const state = { 'github-status': JSON.stringify(stored), 'check-run': JSON.stringify({ text }) };
  const after = await post({ postOf: state });
  expect(after.exitCode).toBe(0);
  expect(after.outputs).toMatchObject({ outcome: 'deployed' });
  expect(statesOf(emulator).at(-1)?.at(-1)).toBe('success');
  expect(ownComments(emulator)[0]?.body).toContain('Deployed to preview');
  expect(checkRunOf(emulator)).toMatchObject(text);
});

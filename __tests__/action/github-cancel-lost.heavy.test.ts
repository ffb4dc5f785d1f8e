/** A GitHub deployment that a run may have made without getting to know of it is looked for; others are left alone. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { endRunAt } from './github-cancel-harness.ts';
import { type GitHubRun, githubPlatform, onGitHub, statesOf } from './github-harness.ts';
import { storefront } from './harness.ts';

async function afterFirstStep(): Promise<{ emulator: Emulator; run: GitHubRun }> {
  const emulator = await githubPlatform();
  const run: GitHubRun = { emulator, workspace: storefront() };
  await onGitHub(run);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  return { emulator, run };
}

test.each(['SIGINT', 'SIGKILL'] as const)(
  'a second step of the job for the same project that ends by %s before it has a GitHub deployment leaves the first one alone',
  async (signal) => {
    const { emulator, run } = await afterFirstStep();
    emulator.addFault({ call: 'github.createDeployment', effect: 'hang' });
    const reached = () => emulator.waitForRequest('github.createDeployment', { count: 2 });
    const { post } = await endRunAt(run, reached, signal);
    await post();
    expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  },
);

test('a second step whose GitHub deployment was refused leaves the first one alone', async () => {
  const { emulator, run } = await afterFirstStep();
  emulator.addFault({ call: 'github.createDeployment', effect: 'status', status: 422 });
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
  await onGitHub(run);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
});

test('a second step whose answer was lost finds its own GitHub deployment, and not that of the first step', async () => {
  const { emulator, run } = await afterFirstStep();
  emulator.addFault({ call: 'github.createDeployment', effect: 'reset-before' });
  const second = await onGitHub(run);
  expect(second.outputs['outcome']).toBe('deployed');
  expect(statesOf(emulator)).toEqual([
    ['in_progress', 'success', 'inactive'],
    ['in_progress', 'success'],
  ]);
});

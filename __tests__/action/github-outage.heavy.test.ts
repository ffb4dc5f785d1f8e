/** GitHub hangs when a deployment has succeeded: the job stays green, and its post step shows what could not be shown. */
import { expect, test } from '@jest/globals';
import {
  type GitHubRun,
  githubPlatform,
  onGitHub,
  ownComments,
  pullRequestEvent,
  startOnGitHub,
  statesOf,
} from './github-harness.ts';
import { storefront } from './harness.ts';

test.each(['push', 'pull request'] as const)('a %s', async (kind) => {
  const emulator = await githubPlatform({ holdDeploymentsAt: 'deploying' });
  const event = kind === 'push' ? undefined : pullRequestEvent(emulator);
  const run: GitHubRun = { emulator, workspace: storefront(), ...(event === undefined ? {} : { event }) };
  const started = startOnGitHub(run);
  await emulator.waitForRequest('events');
  emulator.addFault({ call: 'github.any', effect: 'hang', times: 'always' });
  emulator.releaseDeployment();
  const main = await started.finished;
  expect({ exitCode: main.exitCode, signal: main.signal, outcome: main.outputs['outcome'] }).toEqual({
    exitCode: 0,
    signal: null,
    outcome: 'deployed',
  });
  expect(main.durationMs).toBeLessThan(70_000);
  expect(main.summary).toContain('✅ Deployed');
  expect(main.lines).toContain('Outcome: deployed');
  emulator.clearFaults();
  const after = await onGitHub({ ...run, postOf: main.state });
  expect(after.exitCode).toBe(0);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  for (const { body } of ownComments(emulator)) expect(body).toContain('✅ Deployed to preview');
});

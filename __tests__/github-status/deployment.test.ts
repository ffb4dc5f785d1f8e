/** Whether a GitHub deployment leaves something to do for the post step. */
import { expect, test } from '@jest/globals';
import type { GitHub } from '../../src/github/github.ts';
import { createBestEffort } from '../../src/github-status/best-effort.ts';
import { GitHubDeployment } from '../../src/github-status/deployment.ts';
import type { GitHubStatusState } from '../../src/github-status/state.ts';

const LOGGER = { debug: () => {}, info: () => {}, warn: () => {}, notice: () => {} };
const REMOTE = { isOpen: false, isUncertain: false, deploymentUuid: undefined, completedAtMs: undefined };
const TARGET = { sha: 'a'.repeat(40), environment: 'production', isProduction: true, isPreview: false };

/** Closes the deployment of a cancelled run, on a GitHub that has none of it. */
async function closed({ opened = false, hasCommit = true, resumed = false }): Promise<boolean> {
  const signal = new AbortController().signal;
  const known = () => ({ outcome: 'cancelled', remote: { stage: 'none' }, deployments: [] });
  const left = { payload: opened ? { projectUuid: 'p' } : undefined } as unknown as GitHubStatusState;
  const options = {
    ...{
      target: hasCommit ? TARGET : { ...TARGET, sha: undefined },
      event: { runId: '1', runAttempt: '1' },
      run: LOGGER,
      known,
    },
    resumed: resumed ? left : undefined,
  } as unknown as ConstructorParameters<typeof GitHubDeployment>[0];
  const bestEffort = createBestEffort({ failing: 'It failed.', logger: LOGGER as never });
  const deployment = new GitHubDeployment(options, bestEffort, () => {});
  const github = {
    createDeployment: async () => {
      throw new Error('no answer');
    },
    listDeployments: async function* () {},
  } as unknown as GitHub;
  if (opened && !resumed) await deployment.open(github, { projectUuid: 'p' } as never, signal);
  return await deployment.close(github, REMOTE, signal);
}

test.each([
  ['that was never opened', {}, true],
  ['whose creation was interrupted: it may appear a moment later', { opened: true }, false],
  ['whose creation was interrupted, in the post step, after which nobody looks', { opened: true, resumed: true }, true],
  ['of no commit: it cannot be created', { opened: true, hasCommit: false }, true],
])('one %s', async (_, options, isSettled) => {
  expect(await closed(options)).toBe(isSettled);
});

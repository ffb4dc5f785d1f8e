/** A runner whose clock is minutes off: what is newer on GitHub is judged by GitHub's own times. */
import { expect, test } from '@jest/globals';
import { addShown, cleanUp, closedPlatform, expectEnd, projectOf } from './cleanup-harness.ts';
import { headingOf, onlyComment } from './github-comment-reading.ts';
import { earlierPayload, expectDeployed } from './github-fault-helpers.ts';
import {
  type GitHubRun,
  githubPlatform,
  onGitHub,
  onPullRequest,
  PULL_REQUEST,
  pullRequestEvent,
  statesOf,
} from './github-harness.ts';
import { postOf } from './github-post-helpers.ts';
import { storefront } from './harness.ts';

const MINUTE_MS = 60_000;
/** The runner is 5 minutes slow, and 5 minutes fast. */
const SKEWS = [5 * MINUTE_MS, -5 * MINUTE_MS];

/** A run during which another deployment is made, this long from now, and succeeds. */
async function deployBeside(clockAheadMs: number, fromNowMs: number) {
  const emulator = await githubPlatform({ holdDeploymentsAt: 'deploying', github: { clockAheadMs } });
  const running = onGitHub({ emulator });
  await emulator.waitForRequest('events');
  const createdAtMs = Date.now() + clockAheadMs + fromNowMs;
  const payload = earlierPayload(emulator);
  const newer = emulator.github.addDeployment({ payload, statuses: ['success'], createdAtMs });
  emulator.releaseDeployment();
  expectDeployed(await running);
  return { newer: newer.state, own: emulator.github.deployments[0]?.state };
}

test.each(SKEWS)(
  'GitHub is %i ms ahead: one that was made later and ended earlier is replaced',
  async (clockAheadMs) => {
    expect(await deployBeside(clockAheadMs, -20_000)).toEqual({ newer: 'inactive', own: 'success' });
  },
);

test.each(SKEWS)('GitHub is %i ms ahead: one that was made later and ended later is live', async (clockAheadMs) => {
  expect(await deployBeside(clockAheadMs, 20_000)).toEqual({ newer: 'success', own: 'inactive' });
});

test.each(SKEWS)('GitHub is %i ms ahead: the post step revives no older one', async (clockAheadMs) => {
  const emulator = await githubPlatform({ github: { clockAheadMs } });
  const createdAtMs = Date.now() + clockAheadMs - MINUTE_MS;
  const pullRequestAtMs = createdAtMs - MINUTE_MS;
  emulator.github.addPullRequest({ number: PULL_REQUEST, createdAtMs: pullRequestAtMs });
  const payload = earlierPayload(emulator, { pull_request: PULL_REQUEST });
  emulator.github.addDeployment({ environment: 'preview', payload, statuses: ['success'], createdAtMs });
  emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'status', status: 400, skip: 1 });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const main = await onGitHub(run);
  expectDeployed(main);
  await postOf(run, main);
  expect(statesOf(emulator).map((states) => states.at(-1))).toEqual(['inactive', 'success']);
});

test.each(SKEWS)(
  'GitHub is %i ms ahead: a comment stores GitHub’s time, which all runners share',
  async (clockAheadMs) => {
    const emulator = await githubPlatform({ github: { clockAheadMs } });
    await onPullRequest({ emulator });
    const comment = onlyComment(emulator);
    expect(headingOf(comment.body)).toMatch(/^✅/);
    const shownAtMs = Number(/told-at (\d+)/.exec(comment.body)?.[1]);
    expect(Math.abs(shownAtMs - comment.updatedAtMs)).toBeLessThan(4000);
  },
);

test('a preview that was deployed before it was deleted is closed, though the runner is slow', async () => {
  const emulator = await closedPlatform({ github: { clockAheadMs: 5 * MINUTE_MS } });
  const project = projectOf(emulator);
  const shown = addShown(emulator, { ...project, uuid: '00000000-0000-4000-8000-000000000000' });
  expectEnd(await cleanUp({ emulator }), 'deleted', [project.name]);
  expect(shown.state).toBe('inactive');
});

test('one that was made since by a pull request that was opened again stays, though the runner is fast', async () => {
  const emulator = await closedPlatform({ github: { clockAheadMs: -5 * MINUTE_MS } });
  const project = projectOf(emulator);
  const shown = addShown(emulator, { ...project, uuid: '00000000-0000-4000-8000-000000000000' });
  shown.createdAtMs += MINUTE_MS;
  expectEnd(await cleanUp({ emulator }), 'deleted', [project.name]);
  expect(shown.state).toBe('success');
});

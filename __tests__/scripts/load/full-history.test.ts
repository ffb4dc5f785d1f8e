/** A store and a repository with much in them, as large as docs/load.md says. */
import { expect, test } from '@jest/globals';
import {
  DISCUSSED,
  fillHistory,
  GITHUB_DEPLOYMENTS,
  PROJECTS,
  PULL_REQUESTS,
} from '../../../scripts/load/full-history.ts';
import { useEmulator } from '../../emulator/helpers.ts';

test('it has what it says, and a live deployment on GitHub for each preview of a closed pull request', async () => {
  await using emulator = await useEmulator({ projects: ['storefront'], projectLimit: 400 });
  const { previews } = fillHistory(emulator, 100);
  const { github } = emulator;
  expect([PROJECTS, PULL_REQUESTS, GITHUB_DEPLOYMENTS]).toEqual([300, 1000, 10_000]);
  expect(emulator.projects).toHaveLength(PROJECTS);
  expect(github.pullRequests).toHaveLength(PULL_REQUESTS);
  expect(github.deployments).toHaveLength(GITHUB_DEPLOYMENTS);
  expect(github.comments.filter(({ issueNumber }) => issueNumber === DISCUSSED.pullRequest)).toHaveLength(500);
  const closed = github.pullRequests.filter(({ state }) => state === 'closed').map(({ number }) => number);
  expect(closed).toHaveLength(100);
  expect(closed.every((number) => previews.has(number))).toBe(true);
  const live = github.deployments.filter(({ state }) => state === 'success');
  const shown = new Set(live.map(({ payload }) => (payload as { pull_request: number }).pull_request));
  expect(closed.filter((number) => !shown.has(number))).toEqual([]);
});

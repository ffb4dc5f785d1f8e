/** GitHub's rate limits: a short wait is waited for, a long one is not, and no deployment fails for it. */
import { expect, test } from '@jest/globals';
import type { GitHubCall } from '../../emulator/services/github/endpoints.ts';
import type { RateLimitFault } from '../../emulator/services/github/faults.ts';
import { expectDeployed, ON_DISPATCH, requestsTo, warningList } from './github-fault-helpers.ts';
import { githubCallsOf, githubPlatform, onGitHub, onPullRequest, ownComments, statesOf } from './github-harness.ts';

/** A run that waits for none of the limits below is over well before this. */
const NO_WAIT_MS = 12_000;

const LIMITED: readonly GitHubCall[] = [
  'github.createDeployment',
  'github.createDeploymentStatus',
  'github.createComment',
  'github.listDeployments',
];

test.each([403, 429] as const)('a secondary limit of a second (%i) is waited for, and logged', async (status) => {
  const emulator = await githubPlatform();
  for (const call of LIMITED) {
    emulator.addFault({ call, effect: 'rate-limit', limit: 'secondary', retryAfterSeconds: 1, status });
  }
  const run = await onPullRequest({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([]);
  for (const call of LIMITED) {
    const [refused, again] = requestsTo(emulator, call);
    expect(refused?.status).toBe(status);
    expect(again?.status).toBeLessThan(300);
    expect((again?.startedAtMs ?? 0) - (refused?.endedAtMs ?? 0)).toBeGreaterThanOrEqual(990);
  }
  const logged = run.lines.filter((line) => /secondary rate limit.*Trying again in \d.* \(try 2\)\.$/.test(line));
  expect(logged).toHaveLength(LIMITED.length);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  expect(ownComments(emulator)).toHaveLength(1);
});

test.each([403, 429] as const)('a primary limit that ends in a moment (%i) is waited for', async (status) => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeployment', effect: 'rate-limit', resetSeconds: 1, status });
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([]);
  const [refused, again] = requestsTo(emulator, 'github.createDeployment');
  expect([refused?.status, again?.status]).toEqual([status, 201]);
  expect((again?.startedAtMs ?? 0) - (refused?.endedAtMs ?? 0)).toBeGreaterThanOrEqual(990);
});

const LONG: Omit<RateLimitFault, 'effect'>[] = [
  { resetSeconds: 3000 },
  { resetSeconds: 3000, status: 429 },
  { limit: 'secondary', retryAfterSeconds: 3600 },
  { limit: 'secondary', retryAfterSeconds: 3600, status: 429 },
];

test.each(LONG)(
  'a limit that lasts (%j) is not waited for: one warning for each thing shown, and one more try at the end',
  async (limit) => {
    const emulator = await githubPlatform();
    emulator.addFault({ call: 'github.any', effect: 'rate-limit', times: 'always', ...limit });
    const run = await onPullRequest({ emulator });
    expectDeployed(run);
    expect(run.durationMs).toBeLessThan(NO_WAIT_MS);
    const warnings = warningList(run);
    expect(warnings.map((warning) => warning.split('. ')[0]).toSorted()).toEqual([
      'The GitHub deployment could not be made or updated',
      'The comment on pull request #7 could not be written',
    ]);
    for (const warning of warnings) expect(warning).toMatch(/rate limit.* a later run will do it\.$/);
    expect(run.everything).not.toContain('`permissions:`');
    expect(githubCallsOf(emulator).toSorted()).toEqual([
      ...['github.createDeployment', 'github.listComments', 'github.listComments'],
      // For one that was made after all, and for production's bundle.
      ...['github.listDeployments', 'github.listDeployments'],
    ]);
  },
);

test('a limit that is met while the pull request is read: one warning, and no waiting', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.getPullRequest', effect: 'rate-limit', resetSeconds: 3000 });
  const run = await onGitHub({ emulator, ...ON_DISPATCH });
  expectDeployed(run);
  expect(run.durationMs).toBeLessThan(NO_WAIT_MS);
  expect(warningList(run)).toEqual([expect.stringMatching(/^Which commit pull request #7 is at.*rate limit/)]);
});

test('a limit of GraphQL, given with status 200, does not hide whose comment it is', async () => {
  const emulator = await githubPlatform();
  expectDeployed(await onPullRequest({ emulator }));
  emulator.addFault({ call: 'github.graphql', effect: 'rate-limit', times: 'always' });
  const run = await onPullRequest({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([]);
  expect(requestsTo(emulator, 'github.graphql').length).toBeGreaterThan(0);
  expect(ownComments(emulator)).toHaveLength(1);
});

test('a limit that is met at the end leaves the deployment in progress, with a warning that says so', async () => {
  const emulator = await githubPlatform();
  const limit = { effect: 'rate-limit', resetSeconds: 3000 } as const;
  emulator.addFault({ call: 'github.createDeploymentStatus', skip: 1, times: 'always', ...limit });
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toEqual([expect.stringMatching(/Setting the GitHub deployment to success: .*rate limit/)]);
  expect(statesOf(emulator)).toEqual([['in_progress']]);
  // Others stay, too: this one does not show as their successor.
  expect(requestsTo(emulator, 'github.listDeployments')).toEqual([]);
});

/** Whose code an earlier bundle is, according to what GitHub says of the run that built it. */
import { expect, test } from '@jest/globals';
import { type BuildClaim, type BuildRun, refuseBuild } from '../../src/domain/provenance.ts';
import { EVENT_ROWS, isPullRequestEvent } from '../../src/domain/workflow-events.ts';

const RUN: BuildRun = {
  id: 5,
  event: 'push',
  headBranch: 'main',
  headSha: 'a'.repeat(40),
  isFork: false,
  pullRequests: [],
};
const ROLLBACK: BuildClaim = { runId: '5', pullRequest: undefined, isProduction: true, isPromotion: false };
const PROMOTION: BuildClaim = { ...ROLLBACK, pullRequest: 7, isPromotion: true };

test("a rollback refuses only bundles built by a run for a pull request's event or for a comment", () => {
  for (const event of new Set(EVENT_ROWS.map((row) => row.event))) {
    const isRefused = isPullRequestEvent(event) || event === 'issue_comment';
    expect({ event, refusal: refuseBuild({ ...RUN, event }, ROLLBACK) }).toEqual({
      event,
      refusal: isRefused ? 'pull-request' : undefined,
    });
    expect(refuseBuild({ ...RUN, event }, { ...ROLLBACK, isProduction: false })).toBeUndefined();
  }
});

test.each([
  ['pull_request', [7], undefined],
  ['pull_request', [], undefined],
  ['pull_request', [8, 7], undefined],
  ['pull_request', [8], 'other-pull-request'],
  // Of the default branch, which is what a comment's run is for: a pull request that takes main back to a release
  // branch.
  ['issue_comment', [8], undefined],
  ['workflow_run', [8], undefined],
])('a preview of #7 that a run for %s built, of which GitHub names %j: %s', (event, pullRequests, refusal) => {
  expect(refuseBuild({ ...RUN, event, pullRequests }, PROMOTION)).toBe(refusal);
});

test.each([
  ["another repository's", { isFork: true }, 'fork'],
  ['another run than the deployment names', { id: 6 }, 'other-run'],
] as const)('%s is always refused', (_, facts, refusal) => {
  for (const claim of [ROLLBACK, PROMOTION, { ...ROLLBACK, isProduction: false }]) {
    expect(refuseBuild({ ...RUN, ...facts }, claim)).toBe(refusal);
  }
});

test('the run of an artifact that no deployment names is not compared', () => {
  expect(refuseBuild({ ...RUN, id: 6 }, { ...ROLLBACK, runId: undefined })).toBeUndefined();
});

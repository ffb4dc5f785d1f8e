/** What a user reads of verification, rehearsal and rolling back, in each of their states. */
import { expect, test } from '@jest/globals';
import { marked } from 'marked';
import { detailsOf, unhealthyError } from '../../src/actions/verification/verify-errors.ts';
import { cancelledIn } from '../../src/domain/cancelled-run.ts';
import type { VerificationRecord } from '../../src/domain/verification/checks.ts';
import { renderCheckRun } from '../../src/report/check-run-text.ts';
import { renderDeployComment } from '../../src/report/deploy-comment.ts';
import type { DeployOutcome, DeployRecord } from '../../src/report/deploy-record.ts';
import { renderDeploySummary } from '../../src/report/deploy-summary.ts';
import { lastLines } from '../../src/report/last-lines.ts';
import { runStepOf } from '../../src/report/verification-record.ts';
import { commentOf } from './full-records.ts';
import { RUN } from './run-records.ts';
import { BROKEN, bad, DOUBTFUL, GOOD, good, HEALTHY, SKIPPED, URL, verified } from './verifications.ts';

function record(overrides: Partial<DeployRecord> = {}): DeployRecord {
  return {
    ...RUN,
    outcome: 'deployed',
    dryRun: false,
    phases: [],
    remote: { stage: 'completed', deploymentUuid: 'd-1' },
    project: { uuid: 'project-uuid', name: 'shop' },
    deployments: [{ uuid: 'd-1' }],
    urls: [URL],
    variables: [],
    environment: 'production',
    ...overrides,
  };
}

interface Ended {
  title?: string | undefined;
  message: string;
  details?: readonly string[] | undefined;
  fix?: string | undefined;
}
const ended = (error: Ended) => ({
  failure: { title: error.title ?? '', message: error.message, details: error.details ?? [], fix: error.fix },
});
const unhealthy = (also?: string, overrides: Partial<DeployRecord> = {}) =>
  record({ outcome: 'unhealthy', verification: BROKEN, ...ended(unhealthyError(BROKEN, also)), ...overrides });
const ROLLED_BACK = 'It was rolled back: the build of commit abc1234 is live again, and works.';
const rolledBack = (again: VerificationRecord) =>
  record({
    outcome: 'rolled-back',
    verification: BROKEN,
    restored: { ...GOOD, state: 'live', verification: again },
    deployments: [{ uuid: 'd-1' }, { uuid: 'd-2', isRollback: true }],
    ...ended({ title: 'Rolled back', message: ROLLED_BACK, details: detailsOf(BROKEN, ROLLED_BACK), fix: 'Mend it.' }),
  });
const BEFORE: Pick<DeployRecord, 'deployments' | 'urls' | 'remote'> = {
  deployments: [],
  urls: [],
  remote: { stage: 'nothing-sent', deploymentUuid: undefined },
};
const rehearsed = (
  outcome: DeployOutcome,
  rehearsal: Omit<NonNullable<DeployRecord['rehearsal']>, 'project'>,
  message = 'The rehearsal failed: it broke.',
) =>
  record({
    ...BEFORE,
    outcome,
    rehearsal: { project: 'shop-rehearsal', ...rehearsal },
    ...ended({
      title: 'Rejected by the rehearsal',
      message,
      details: rehearsal.verification === undefined ? [] : detailsOf(rehearsal.verification, 'It was not touched.'),
      fix: 'Mend it.',
    }),
  });
function cancelled(overrides: Partial<DeployRecord>): DeployRecord {
  const known = record({ outcome: 'cancelled', ...overrides });
  const { title = '', message, fix } = cancelledIn(known.remote, undefined, runStepOf(known));
  return { ...known, failure: { title, message, details: [], fix } };
}

/** What a reader sees, without marks, each line break and mark as one space. */
const wordsOf = (markdown: string) =>
  marked
    .parse(markdown, { gfm: true, breaks: true, async: false })
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCharCode(Number(digits)))
    .replace(/&quot;/g, '"')
    .replace(/&nbsp;|\s+/g, ' ')
    .replace(/ (?=[.,;:])/g, '');

const TABLE = 'Page Answer First byte /cart ❌ answers 500 640 ms, then 38 ms /old ❌ answers 500 failed before, too';
const FAILING_THERE = '❌ Does not work there: 2 of 3 pages fail';
const FAILING = '❌ Does not work: 2 of 3 pages fail';
const LIVE = 'This build is live, and does not work.';

test.each<[string, DeployRecord, { says: string[]; log: string[]; not?: string[] }]>([
  [
    'healthy',
    record({ verification: HEALTHY }),
    {
      says: [
        '✅ Deployed',
        `${URL}`,
        '✅ Works: 2 pages, first byte after up to 640 ms, then 38 ms; its build answers',
      ],
      log: ['Verification: works: 2 pages, first byte after up to 640 ms, then 38 ms; its build answers'],
      not: ['⚠️', 'live', 'before'],
    },
  ],
  [
    'healthy, which build is not known',
    record({ verification: verified('healthy', [good('/')], { build: 'unknown' }) }),
    {
      says: ['✅ Works: 1 page, first byte after 640 ms, then 38 ms; which build answers is not known'],
      log: ['Verification: works: 1 page, first byte after 640 ms'],
    },
  ],
  [
    'skipped',
    record({ verification: SKIPPED }),
    { says: ['✅ Deployed', '⏭️ Not verified. The platform named no address'], log: ['Verification: not verified'] },
  ],
  ['off', record(), { says: ['✅ Deployed'], log: [], not: ['erif', 'Works'] }],
  [
    'inconclusive',
    record({ verification: DOUBTFUL }),
    {
      says: ['⚠️ Deployed', 'whether it works is not known', '/ ⚠️ answers 401', 'Give verify-headers.'],
      log: ['Verification: not known whether it works: / answers 401'],
    },
  ],
  [
    'the former build is served',
    record({
      verification: verified('inconclusive', [], { build: 'other', reason: 'The former build is served: raise `x`.' }),
    }),
    { says: ['⚠️ Not known whether it works: The former build is served: raise x'], log: [], not: ['Answer', '`'] },
  ],
  [
    'warn',
    record({ verification: BROKEN }),
    {
      says: ['⚠️ Deployed', ', but the storefront does not work', FAILING, TABLE],
      log: [
        'Outcome: deployed, but the storefront does not work',
        'Verification: does not work: 2 of 3 pages fail: /cart answers 500, and 1 more',
      ],
      not: ['This build is live'],
    },
  ],
  [
    'unhealthy',
    unhealthy(),
    {
      says: ['💔 Deployed', ', but the storefront does not work', URL, LIVE, FAILING, TABLE, 'What to do'],
      log: ['Verification: does not work'],
    },
  ],
  [
    'the same failed before',
    unhealthy('Nothing was rolled back, since the same pages failed before.'),
    { says: [LIVE, TABLE, 'Nothing was rolled back, since the same pages failed before. What to do'], log: [] },
  ],
  [
    'the first deployment',
    unhealthy('It was not rolled back: this is the first.'),
    { says: [LIVE, 'It was not rolled back: this is the first.'], log: [], not: ['Going back'] },
  ],
  [
    'a rollback that failed',
    unhealthy('Rolling back failed: it broke.', {
      restored: { ...GOOD, state: 'failed' },
      remote: { stage: 'failed', deploymentUuid: 'd-2' },
    }),
    {
      says: [
        LIVE,
        'Going back to abc1234 ( GitHub deployment 12 ) was tried, and did not succeed.',
        'Rolling back failed',
      ],
      log: ['Rollback: to the build of commit abc1234 (GitHub deployment 12), not carried through'],
    },
  ],
  [
    'a rollback without a verdict',
    unhealthy('Rolling back failed: no verdict.', {
      restored: { ...GOOD, state: 'failed' },
      remote: { stage: 'created', deploymentUuid: 'd-2' },
    }),
    {
      says: ['Either this build is live, or abc1234 again: the rollback has no verdict.'],
      log: ['Outcome: unhealthy (the storefront did not work, and the rollback has no verdict'],
      not: [LIVE],
    },
  ],
  [
    'rolled back, and healthy again',
    rolledBack(HEALTHY),
    {
      says: [
        '↩️ Rolled back',
        'abc1234 is live again, by the bundle of GitHub deployment 12. ✅ Works: 2 pages',
        `❌ What this run deployed did not work: 2 of 3 pages fail ${TABLE}`,
      ],
      log: ['Rollback: the build of commit abc1234 (GitHub deployment 12) is live again (works: 2 pages'],
      not: ['This build is live'],
    },
  ],
  [
    'rolled back, and also broken',
    rolledBack(BROKEN),
    {
      says: ['abc1234 is live again', `${FAILING} ${TABLE}`, '❌ What this run deployed did not work'],
      log: ['is live again (does not work'],
    },
  ],
  [
    'rolled back, and inconclusive',
    rolledBack(DOUBTFUL),
    { says: ['abc1234 is live again', '⚠️ Not known whether it works', 'Give verify-headers.'], log: ['(not known'] },
  ],
  [
    'a rehearsal that passed',
    record({ verification: HEALTHY, rehearsal: { project: 'shop-rehearsal', state: 'passed', verification: HEALTHY } }),
    {
      says: ['🎭 Rehearsal passed in the project "shop-rehearsal".', '✅ Works'],
      log: ['Rehearsal: passed in the project "shop-rehearsal" (works: 2 pages'],
      not: ['The storefront is unchanged.'],
    },
  ],
  [
    'a rehearsal that was inconclusive',
    record({
      verification: HEALTHY,
      rehearsal: { project: 'shop-rehearsal', state: 'passed', verification: DOUBTFUL },
    }),
    {
      says: ['⚠️ Rehearsal gave no verdict', '⚠️ Not known whether it works there', '/ ⚠️ answers 401', '✅ Works'],
      log: ['Rehearsal: gave no verdict in the project "shop-rehearsal" (not known'],
      not: ['passed'],
    },
  ],
  [
    'rejected',
    rehearsed('rejected', { state: 'rejected', verification: BROKEN }),
    {
      says: ['⛔ Not deployed', 'The storefront is unchanged.', FAILING_THERE, TABLE, 'Mend it.'],
      log: ['Rehearsal: rejected the build in the project "shop-rehearsal" (does not work'],
      not: [URL, 'It was not touched'],
    },
  ],
  [
    'a rehearsal that the platform failed',
    rehearsed('rejected', { state: 'failed' }),
    {
      says: ['The storefront is unchanged.', '⛔ Rehearsal failed', 'The rehearsal failed: it broke.'],
      log: [],
      not: [URL],
    },
  ],
  [
    'a rehearsal in conflict',
    rehearsed('conflict', { state: 'failed' }, 'The rehearsal is in conflict.'),
    {
      says: ['The storefront is unchanged.', '⛔ Rehearsal failed', 'The rehearsal is in conflict.'],
      log: ["Outcome: conflict (another deployment of the rehearsal's project"],
    },
  ],
  [
    'cancelled while verifying',
    cancelled({ isVerifying: true }),
    { says: ['🚫', 'This build is live.', URL, 'whether it works was not verified'], log: ['Verification: cut off'] },
  ],
  [
    'cancelled while rehearsing',
    cancelled({ ...BEFORE, rehearsal: { project: 'shop-rehearsal', state: 'running' } }),
    {
      says: ['Nothing was deployed', 'may continue there'],
      log: ['Rehearsal: was cut off'],
      not: [URL, 'The storefront is unchanged.'],
    },
  ],
  [
    'cancelled before the last good bundle was deployed',
    cancelled({ verification: BROKEN, restored: { ...GOOD, state: 'restoring' } }),
    { says: ['This build is live.', 'is live, and does not work'], log: ['Rollback: to the build of commit abc1234'] },
  ],
  [
    'cancelled while it was deployed',
    cancelled({
      verification: BROKEN,
      restored: { ...GOOD, state: 'restoring' },
      remote: { stage: 'created', deploymentUuid: 'd-2' },
    }),
    { says: ['Either this build is live, or abc1234 again', 'either build may be live'], log: [], not: ['Going back'] },
  ],
  [
    'cancelled while that was verified',
    cancelled({ verification: BROKEN, restored: { ...GOOD, state: 'live' } }),
    { says: ['abc1234 is live again', 'Whether it works again was not verified.'], log: ['live again (not verified)'] },
  ],
])('%s', (_, known, { says, log, not = [] }) => {
  const summary = wordsOf(renderDeploySummary(known));
  const comment = wordsOf(renderDeployComment({ ...commentOf(known), preview: false }));
  for (const shown of [summary, comment]) {
    for (const words of says) expect(shown).toContain(words);
    for (const words of not) expect(shown).not.toContain(words);
  }
  const lines = lastLines(known).join('\n');
  for (const words of log) expect(lines).toContain(words);
});

test('what the table says is not said again below it', () => {
  for (const known of [
    unhealthy(),
    rolledBack(HEALTHY),
    rehearsed('rejected', { state: 'rejected', verification: BROKEN }),
  ]) {
    const shown = wordsOf(renderDeploySummary(known));
    expect(shown.match(/\/cart/g)).toHaveLength(1);
  }
  // A `post` step knows the message alone.
  const replayed = unhealthy();
  const { failure } = replayed;
  const shown = renderDeploySummary({ ...replayed, ...(failure && { failure: { ...failure, details: [] } }) });
  expect(wordsOf(shown)).toContain('The deployment is live at');
});

test('the build that answers is named where it is known, and the times of each page are in the summary', () => {
  const known = record({ verification: HEALTHY });
  const bundle = { path: '/b.zip', sizeBytes: 1, sha256: '', files: [], unzippedBytes: 1, warnings: [], notes: [] };
  const named = { ...known, bundle: { ...bundle, buildId: 'the-build' } };
  expect(wordsOf(renderDeploySummary(named))).toContain('; its build answers');
  expect(wordsOf(renderDeploySummary(named))).toMatch(/Ids for support and rollback .*Build: the-build/);
  expect(lastLines(named).join()).toContain('; build the-build answers');
  expect(wordsOf(renderDeploySummary(known))).toContain('/cart ✅ answers 200 212 ms, then 38 ms');
  expect(wordsOf(renderDeployComment(commentOf(known)))).not.toContain('/cart');
});

test('of many pages, those that are broken are shown first', () => {
  const pages = [...Array.from({ length: 80 }, (_, index) => good(`/page-${index}`)), bad('/cart')];
  const known = record({ verification: verified('unhealthy', pages) });
  const comment = wordsOf(renderDeployComment(commentOf(known)));
  expect(comment).toMatch(/First byte \/cart ❌ answers 500.*and 71 more/);
  expect(wordsOf(renderDeploySummary(known))).toContain('and 31 more');
});

test('a check run names what the verification found', () => {
  const found = renderCheckRun(record({ verification: BROKEN }), undefined);
  expect(found).toMatchObject({
    conclusion: 'success',
    title: expect.stringContaining(', but the storefront does not'),
  });
  expect(wordsOf(found.summary)).toContain('Does not work: 2 of 3 pages fail');
  expect(renderCheckRun(unhealthy(), undefined)).toMatchObject({ conclusion: 'failure' });
  expect(renderCheckRun(unhealthy(), undefined).summary).toContain('shop.example');
  // The address shows the former build again.
  const back = wordsOf(renderCheckRun(rolledBack(HEALTHY), undefined).summary);
  expect(back).toContain('is live again, and works');
  expect(back).not.toContain('Does not work');
});

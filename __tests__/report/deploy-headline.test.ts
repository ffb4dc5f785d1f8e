/** The first line of a deployment's summary names what happened, and where. */
import { expect, test } from '@jest/globals';
import { deployHeadline, wouldDoLine } from '../../src/report/deploy-headline.ts';
import { type DeployOutcome, type DeployRecord, INITIAL_DEPLOY_RECORD } from '../../src/report/deploy-record.ts';
import { FAILURE, RUN } from './run-records.ts';
import { GOOD } from './verifications.ts';

const known: DeployRecord = { ...INITIAL_DEPLOY_RECORD, ...RUN, phases: [], environment: 'production' };
const COMMIT = { sha: 'a'.repeat(40), url: 'https://github.com/acme/shop/commit/a' };
const REPLACED = { id: 5, commit: { sha: 'd'.repeat(40), url: 'https://github.com/acme/shop/commit/d' } };
const SOURCE = {
  deployment: { id: 4, url: 'https://github.com/acme/shop/d/4', environment: 'preview', succeededAt: undefined },
  replaced: REPLACED,
  commit: COMMIT,
  run: undefined,
  artifactId: 7,
};
const COMPLETED = { stage: 'completed', deploymentUuid: 'd-1' } as const;

/** Without the marks of Markdown. */
const headline = (record: Partial<DeployRecord>) => deployHeadline({ ...known, ...record }).replace(/<\/?code>/g, '');

test.each<[DeployOutcome, string]>([
  ['deployed', '✅ Deployed to production'],
  ['unhealthy', '💔 Deployed to production, but the storefront does not work'],
  ['rejected', '⛔ Not deployed to production: Its title'],
  ['conflict', '⛔ Not deployed to production: Its title'],
  ['error', '❌ Not deployed to production: Its title'],
  ['failed', '❌ Not deployed to production: Its title'],
  ['unknown', '❓ Its title · production'],
  ['cancelled', '🚫 Its title · production'],
  ['dry-run', '🧪 Dry run for production: nothing was sent'],
  ['skipped', '⏭️ Skipped: nothing deployed to production'],
])('%s: %s', (outcome, expected) => {
  const record = { outcome, ...(outcome === 'deployed' ? {} : { failure: FAILURE }) };
  expect(headline(record)).toBe(expected);
  const { environment: _, ...withoutPlace } = known;
  const bare = expected.replace(/ (?:to|for|·) production/, '');
  expect(deployHeadline({ ...withoutPlace, ...record })).toBe(bare);
});

test('a deployment that the platform failed, and that may be live, is not called undeployed', () => {
  const failed = { outcome: 'failed', failure: FAILURE, remote: COMPLETED } as const;
  expect(headline(failed)).toBe('❌ Its title · production');
});

test.each<[Partial<DeployRecord>, string]>([
  [{ source: { ...SOURCE, kind: 'rollback' } }, '✅ Rolled back production to aaaaaaa from ddddddd'],
  [{ source: { ...SOURCE, kind: 'rollback', replaced: undefined } }, '✅ Rolled back production to aaaaaaa'],
  [
    { source: { ...SOURCE, kind: 'rollback', commit: undefined, replaced: undefined } },
    '✅ Rolled back production to an earlier bundle',
  ],
  [{ source: { ...SOURCE, kind: 'promotion' } }, '✅ Promoted aaaaaaa from preview to production'],
  [{ source: { ...SOURCE, kind: 'promotion' }, environment: 'preview' }, '✅ Promoted aaaaaaa to preview'],
  [{ source: { ...SOURCE, kind: 'promotion', deployment: undefined } }, '✅ Promoted aaaaaaa to production'],
  [{ source: { ...SOURCE, kind: 'redeploy' } }, '✅ Deployed aaaaaaa to production again'],
  [
    { source: { ...SOURCE, kind: 'rollback' }, outcome: 'unhealthy' },
    '💔 Rolled back production to aaaaaaa from ddddddd, but the storefront does not work',
  ],
  [
    { outcome: 'rolled-back', commit: COMMIT, restored: { ...GOOD, state: 'live' } },
    '↩️ Rolled back production to abc1234 from aaaaaaa: the storefront did not work',
  ],
  [{ outcome: 'rolled-back' }, '↩️ Rolled back production to an earlier bundle: the storefront did not work'],
])('an earlier bundle, %#: %s', (record, expected) => {
  expect(headline({ outcome: 'deployed', ...record })).toBe(expected);
});

test.each([
  ['rollback', 'It would roll back production to aaaaaaa from ddddddd.'],
  ['promotion', 'It would promote aaaaaaa from preview to production.'],
  ['redeploy', 'It would deploy aaaaaaa to production again.'],
] as const)('a dry run of a %s: %s', (kind, expected) => {
  const source = { ...SOURCE, kind };
  expect(wouldDoLine({ ...known, outcome: 'dry-run', source })?.replace(/<\/?code>/g, '')).toBe(expected);
  expect(wouldDoLine({ ...known, outcome: 'deployed', source })).toBeUndefined();
  expect(wouldDoLine({ ...known, outcome: 'dry-run' })).toBeUndefined();
});

test('a name of an environment stays text', () => {
  expect(deployHeadline({ ...known, outcome: 'deployed', environment: '<b>@all' })).toBe(
    '✅ Deployed to &#60;b&#62;&#64;<!-- -->all',
  );
});

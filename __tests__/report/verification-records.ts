/** Records of deployments that were verified, rehearsed or rolled back. */
import { detailsOf, unhealthyError } from '../../src/actions/verification/verify-errors.ts';
import { cancelledIn } from '../../src/domain/cancelled-run.ts';
import type { PageResult, VerificationRecord } from '../../src/domain/verification/checks.ts';
import type { DeployOutcome, DeployRecord } from '../../src/report/deploy-record.ts';
import { runStepOf } from '../../src/report/verification-record.ts';
import { RUN } from './run-records.ts';

export const URL_OF_SHOP = 'https://shop.example';
export const GOOD = {
  githubDeployment: { id: 12, url: 'https://github.com/acme/shop/deployments/production' },
  commit: { sha: `abc1234${'0'.repeat(33)}`, url: 'https://github.com/acme/shop/commit/abc1234' },
};

export const good = (path: string): PageResult => ({
  path,
  state: 'healthy',
  status: 200,
  bytes: 81_234,
  attempts: 2,
  firstByteMs: 640.4,
  warmFirstByteMs: 38.2,
});
export const bad = (path: string, more: Partial<PageResult> = {}): PageResult => ({
  ...good(path),
  state: 'unhealthy',
  status: 500,
  problem: 'answers 500',
  ...more,
});
export const verified = (
  state: VerificationRecord['state'],
  pages: PageResult[],
  more: Partial<VerificationRecord> = {},
) => ({
  ...({ state, url: URL_OF_SHOP, build: 'matched', durationMs: 2300, pages } as const),
  ...more,
});
export const HEALTHY = verified('healthy', [good('/'), { ...good('/cart'), firstByteMs: 212 }]);
export const BROKEN = verified('unhealthy', [good('/'), bad('/cart'), bad('/old', { hasFailedBefore: true })]);
export const DOUBTFUL = verified('inconclusive', [
  {
    path: '/',
    state: 'inconclusive',
    attempts: 2,
    status: 401,
    problem: 'answers 401',
    advice: 'Give `verify-headers`.',
  },
]);
export const SKIPPED = verified('skipped', [], { reason: 'The platform named no address.' });

export function record(overrides: Partial<DeployRecord> = {}): DeployRecord {
  return {
    ...RUN,
    outcome: 'deployed',
    dryRun: false,
    phases: [],
    remote: { stage: 'completed', deploymentUuid: 'd-1' },
    project: { uuid: 'project-uuid', name: 'shop' },
    deployments: [{ uuid: 'd-1' }],
    urls: [URL_OF_SHOP],
    variables: [],
    environment: 'production',
    ...overrides,
  };
}

export interface Ended {
  title?: string | undefined;
  message: string;
  details?: readonly string[] | undefined;
  fix?: string | undefined;
}
export const ended = (error: Ended) => ({
  failure: { title: error.title ?? '', message: error.message, details: error.details ?? [], fix: error.fix },
});
export const unhealthy = (also?: string, overrides: Partial<DeployRecord> = {}) =>
  record({
    outcome: 'unhealthy',
    verification: BROKEN,
    ...ended(unhealthyError(BROKEN, { also, fix: 'Mend it.' })),
    ...overrides,
  });
export const ROLLED_BACK = 'It was rolled back: the build of commit abc1234 is live again, and works.';
export const rolledBack = (again: VerificationRecord) =>
  record({
    outcome: 'rolled-back',
    verification: BROKEN,
    restored: { ...GOOD, state: 'live', verification: again },
    deployments: [{ uuid: 'd-1' }, { uuid: 'd-2', isRollback: true }],
    ...ended({ title: 'Rolled back', message: ROLLED_BACK, details: detailsOf(BROKEN, ROLLED_BACK), fix: 'Mend it.' }),
  });
export const BEFORE: Pick<DeployRecord, 'deployments' | 'urls' | 'remote'> = {
  deployments: [],
  urls: [],
  remote: { stage: 'nothing-sent', deploymentUuid: undefined },
};
export const rehearsed = (
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
export function cancelled(overrides: Partial<DeployRecord>): DeployRecord {
  const known = record({ outcome: 'cancelled', ...overrides });
  const { title = '', message, fix } = cancelledIn(known.remote, undefined, runStepOf(known));
  return { ...known, failure: { title, message, details: [], fix } };
}

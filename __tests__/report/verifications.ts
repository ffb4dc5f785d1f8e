/** Verifications for the tests of reports. */
import type { PageResult, VerificationRecord } from '../../src/domain/verification/checks.ts';

export const URL = 'https://shop.example';
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
  ...({ state, url: URL, build: 'matched', durationMs: 2300, pages } as const),
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

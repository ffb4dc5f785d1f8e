/** Does the storefront work? The committed action against storefronts that are written by hand. */
import { describe, expect, test } from '@jest/globals';
import { failureOf, warningsOf } from './harness.ts';
import { deployVerified, HEALTHY_PAGE, lastStatuses, verifiedPlatform } from './verify-harness.ts';

const resultsOf = (run: { outputs: Record<string, string> }) =>
  JSON.parse(run.outputs['verification-results'] ?? 'null');

describe('a storefront', () => {
  test('that works is said to, and GitHub shows the success only then', async () => {
    const { emulator, shop } = await verifiedPlatform(() => 200);
    const run = await deployVerified({ emulator });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy', url: shop.url });
    expect(resultsOf(run)).toMatchObject([{ path: '/', state: 'healthy', status: 200, bytes: HEALTHY_PAGE.length }]);
    expect(lastStatuses(emulator).map(({ state }) => state)).toEqual(['in_progress', 'in_progress', 'success']);
    expect(lastStatuses(emulator)[1]).toMatchObject({ environmentUrl: shop.url });
    expect(warningsOf(run)).toBe('');
    // Twice in a row after the deployment, and once before it.
    expect(shop.count('/')).toBe(3);
    expect(run.exitCode).toBe(0);
  });

  test('of which only a warning is wanted is green, and the warning is there', async () => {
    const { emulator } = await verifiedPlatform((path, build) => (path === '/' && build === 1 ? 500 : 200));
    const inputs = { 'verify-timeout-seconds': '1', 'on-verify-failure': 'warn' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'unhealthy' });
    expect(warningsOf(run)).toContain('/ answers 500');
    expect(run.summary).toMatch(/^## ⚠️/);
  });
});

describe('what is wished for', () => {
  test('is a line that is no such line: nothing is sent', async () => {
    const { emulator, shop } = await verifiedPlatform(() => 200);
    const inputs = { 'verify-paths': '/\ncart 200\n/old 99', 'verify-headers': 'not a header' };
    const run = await deployVerified({ emulator, inputs });
    expect(failureOf(run).message).toMatch(/line 2/);
    expect(failureOf(run).message).toMatch(/line 3/);
    expect(run.everything).not.toContain('not a header');
    expect([emulator.requests.length, shop.requests.length]).toEqual([0, 0]);
  });
});

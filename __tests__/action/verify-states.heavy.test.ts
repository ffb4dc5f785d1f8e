/** What a storefront may answer: the committed action against storefronts that are written by hand. */
import { describe, expect, test } from '@jest/globals';
import { failureOf, warningsOf } from './harness.ts';
import {
  BROKEN_PAGE,
  deployVerified,
  HEALTHY_PAGE,
  lastStatuses,
  plain,
  redirect,
  verifiedPlatform,
} from './verify-harness.ts';

const resultsOf = (run: { outputs: Record<string, string> }) =>
  JSON.parse(run.outputs['verification-results'] ?? 'null');

describe('a storefront', () => {
  test('that needs a while is waited for', async () => {
    const { emulator } = await verifiedPlatform((path, build, count) =>
      build === 1 && path === '/' && count < 4 ? 500 : 200,
    );
    const run = await deployVerified({ emulator });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    expect(resultsOf(run)[0].attempts).toBeGreaterThanOrEqual(3);
  });

  test('that still shows the former build is not judged by it', async () => {
    let asked = 0;
    const { emulator, shop } = await verifiedPlatform((path, build) => {
      if (build === 0) return 200;
      if (path === '/BUILD_ID') asked += 1;
      if (asked <= 3) return path === '/BUILD_ID' ? plain('former') : 500;
      return 200;
    });
    const run = await deployVerified({ emulator, inputs: { 'verify-timeout-seconds': '20' } });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    expect(asked).toBeGreaterThan(3);
    expect(shop.count('/')).toBe(3);
    expect(run.lines.join('\n')).toMatch(/former build/);
  });

  test('that shows the former build to the end is inconclusive', async () => {
    const { emulator } = await verifiedPlatform((path) => (path === '/BUILD_ID' ? plain('former') : 200));
    const run = await deployVerified({ emulator, inputs: { 'verify-timeout-seconds': '1' } });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'inconclusive' });
    expect(warningsOf(run)).toMatch(/former build/);
  });

  test.each([
    ['500', (build: number) => (build === 1 ? 500 : 200), '/ answers 500'],
    [
      'a part that failed to render, under 200',
      (build: number) => (build === 1 ? BROKEN_PAGE : 200),
      'failed to render',
    ],
    ['a redirect in a circle', (build: number) => (build === 1 ? redirect('/') : 200), 'circle'],
  ])('that answers %s is broken: red, live, and GitHub shows no success', async (_, answer, words) => {
    const { emulator, shop } = await verifiedPlatform((path, build) => (path === '/BUILD_ID' ? 200 : answer(build)));
    const run = await deployVerified({ emulator, inputs: { 'verify-timeout-seconds': '1' } });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy', verification: 'unhealthy', url: shop.url });
    expect(failureOf(run)).toMatchObject({ title: 'Deployed, but the storefront does not work' });
    expect(failureOf(run).message).toContain(words);
    expect(lastStatuses(emulator).at(-1)).toMatchObject({
      state: 'error',
      environmentUrl: shop.url,
      description: expect.stringMatching(/^Live, but /),
    });
  });

  test('that failed before already says so, and is red', async () => {
    const { emulator } = await verifiedPlatform((path) => (path === '/' ? 500 : 200));
    const inputs = { 'verify-timeout-seconds': '1', 'on-verify-failure': 'rollback' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(run).message).toContain('/ answers 500, and it failed before this deployment, too');
    expect(resultsOf(run)).toMatchObject([{ 'failed-before': true }]);
    expect(emulator.deployments).toHaveLength(1);
  });
});

describe('what is wished for', () => {
  test('is held against each path: status, text, location', async () => {
    const { emulator } = await verifiedPlatform((path) => {
      if (path === '/cart') return redirect('/cart/', 308);
      if (path === '/old') return redirect('/new', 301);
      if (path === '/gone') return 410;
      return path.startsWith('/search') ? HEALTHY_PAGE.replace('Welcome', 'Results for rain') : 200;
    });
    const paths = [
      '/',
      '/cart 200',
      '/search?term=rain 200 contains "Results for"',
      '/old 301 location /new',
      '/gone 410',
    ];
    const run = await deployVerified({ emulator, inputs: { 'verify-paths': paths.join('\n') } });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    expect(resultsOf(run)).toHaveLength(5);
  });

  test('is missing: the text', async () => {
    const { emulator } = await verifiedPlatform(() => 200);
    const inputs = { 'verify-paths': '/ contains "Results"', 'verify-timeout-seconds': '1' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(run).message).toContain('"Results"');
    expect(run.everything).not.toContain('Welcome');
  });
});

test('a secret in a page reaches nothing that is printed', async () => {
  const secret = 'shpat-0123456789abcdef';
  const { emulator } = await verifiedPlatform((path, build) =>
    path === '/BUILD_ID' ? 200 : build === 1 ? `<h1>${secret}</h1>${BROKEN_PAGE}` : 200,
  );
  const inputs = { 'verify-timeout-seconds': '1', secrets: `SHOP_KEY=${secret}` };
  const run = await deployVerified({ emulator, inputs, env: { RUNNER_DEBUG: '1' } });
  expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
  expect(run.everything).not.toContain(secret);
  expect(run.everything).not.toContain('1742093158');
});

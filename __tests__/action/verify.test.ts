/** Does the storefront work? The committed action against storefronts that are written by hand. */
import { describe, expect, test } from '@jest/globals';
import { failureOf, warningsOf } from './harness.ts';
import {
  BROKEN_PAGE,
  deployVerified,
  HEALTHY_PAGE,
  lastStatuses,
  listen,
  plain,
  redirect,
  shopFor,
  verifiedPlatform,
} from './verify-harness.ts';

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

  test('of which only a warning is wanted is green, and the warning is there', async () => {
    const { emulator } = await verifiedPlatform((path, build) => (path === '/' && build === 1 ? 500 : 200));
    const inputs = { 'verify-timeout-seconds': '1', 'on-verify-failure': 'warn' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'unhealthy' });
    expect(warningsOf(run)).toContain('/ answers 500');
    expect(run.summary).toMatch(/^## ⚠️/);
  });

  test('that failed before already says so, and is red', async () => {
    const { emulator } = await verifiedPlatform((path) => (path === '/' ? 500 : 200));
    const inputs = { 'verify-timeout-seconds': '1', 'on-verify-failure': 'rollback' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(run).message).toContain('as it did before this deployment');
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

describe('what is in front of a storefront', () => {
  const challenge = () => (_: unknown, response: import('node:http').ServerResponse) =>
    void response.writeHead(403, { 'cf-mitigated': 'challenge' }).end('<title>Just a moment...</title>');

  test.each([
    ['a password (401)', () => 401],
    ['a bot challenge', challenge],
    ['a page for a password', () => '<form><input type="password" name="password"></form>'],
  ])('%s: nobody knows, nothing is rolled back, and a warning says what would help', async (_, answer) => {
    const { emulator } = await verifiedPlatform((path, build) => (build === 1 ? answer() : path === '/' ? 200 : 404));
    const run = await deployVerified({ emulator, inputs: { 'on-verify-failure': 'rollback' } });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'inconclusive' });
    expect(warningsOf(run)).toContain('verify-headers');
    expect(emulator.deployments).toHaveLength(1);
  });

  test('a password that `verify-headers` has: it is masked, and goes to no other host', async () => {
    const others: unknown[] = [];
    const other = await listen((request, response) => {
      others.push(request.headers['x-let-me-in']);
      response.end(HEALTHY_PAGE);
    });
    const { emulator, shop } = await verifiedPlatform((path) => (request, response) => {
      if (request.headers['x-let-me-in'] !== 'open-sesame-1234') return void response.writeHead(401).end();
      if (path === '/moved') return void response.writeHead(302, { location: `http://www.localhost:${other}/` }).end();
      response.end(path === '/BUILD_ID' ? 'build-1' : HEALTHY_PAGE);
    });
    emulator.projects[0]?.deploymentHostnames.push(`www.localhost:${other}`);
    const inputs = { 'verify-headers': 'X-Let-Me-In: open-sesame-1234', 'verify-paths': '/\n/moved' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    expect(others.length).toBeGreaterThan(1);
    expect(new Set(others)).toEqual(new Set([undefined]));
    expect(run.masks).toContain('open-sesame-1234');
    expect(run.everything).not.toContain('open-sesame-1234');
    expect(shop.requests.every(({ headers }) => headers['x-auth-token'] === undefined)).toBe(true);
  });

  test('a redirect to a host that is none of the storefront is not followed', async () => {
    let asked = 0;
    const foreign = await listen((_, response) => {
      asked += 1;
      response.end();
    });
    const { emulator } = await verifiedPlatform((path) =>
      path === '/' ? redirect(`http://127.0.0.1:${foreign}/login?token=abc`) : 200,
    );
    const run = await deployVerified({ emulator, inputs: { 'verify-timeout-seconds': '2' } });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'inconclusive' });
    expect(warningsOf(run)).toContain(`127.0.0.1:${foreign}`);
    expect(run.everything).not.toContain('token=abc');
    expect(asked).toBe(0);
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

describe('a rehearsal', () => {
  const rehearsed = { 'rehearsal-project': 'stage', 'verify-timeout-seconds': '2' };

  test('that works lets the deployment through', async () => {
    const { emulator, shop } = await verifiedPlatform(() => 200);
    emulator.addProject('stage');
    const stage = await shopFor(emulator, () => 200, 'stage', 1);
    const run = await deployVerified({ emulator, inputs: rehearsed });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy', url: shop.url });
    expect(emulator.deployments.map(({ projectUuid }) => projectUuid)).toEqual([
      emulator.projects[1]?.uuid,
      emulator.projects[0]?.uuid,
    ]);
    expect(stage.count('/')).toBe(2);
    expect(emulator.github.deployments).toHaveLength(1);
    const [first, second] = emulator.deployments;
    expect(first?.environmentVariables).toEqual(second?.environmentVariables);
  });

  test('that does not work leaves production alone, and everything says so', async () => {
    const { emulator, shop } = await verifiedPlatform(() => 200);
    emulator.addProject('stage');
    await shopFor(emulator, (path) => (path === '/' ? 500 : 200), 'stage', 1);
    const run = await deployVerified({ emulator, inputs: rehearsed });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ outcome: 'rejected' });
    expect(failureOf(run).title).toBe('Rejected by the rehearsal');
    expect(run.summary).toContain('Rejected by the rehearsal');
    expect(emulator.deployments.map(({ projectUuid }) => projectUuid)).toEqual([emulator.projects[1]?.uuid]);
    expect(lastStatuses(emulator).at(-1)).toMatchObject({ state: 'failure' });
    expect(shop.count('/BUILD_ID')).toBe(0);
  });

  test.each([
    ['false', 'deployed', 2],
    ['true', 'rejected', 1],
  ])('that cannot be judged, strict %s: %s', async (strict, outcome, deployments) => {
    const { emulator } = await verifiedPlatform(() => 200);
    emulator.addProject('stage');
    await shopFor(emulator, () => 401, 'stage', 1);
    const run = await deployVerified({ emulator, inputs: { ...rehearsed, 'rehearsal-strict': strict } });
    expect(run.outputs).toMatchObject({ outcome });
    expect(emulator.deployments).toHaveLength(deployments);
  });

  test('in conflict is refused or waited out as `on-conflict` says', async () => {
    const { emulator } = await verifiedPlatform(() => 200);
    emulator.addProject('stage');
    await shopFor(emulator, () => 200, 'stage', 1);
    emulator.addFault({ call: 'createDeployment', effect: 'conflict' });
    const refused = await deployVerified({ emulator, inputs: rehearsed });
    expect(refused.outputs).toMatchObject({ outcome: 'conflict' });
    expect(failureOf(refused).message).toContain('"stage"');
    expect(emulator.deployments).toHaveLength(0);
  });
});

/** What the worker logs while its storefront is verified. The committed action against storefronts written by hand. */

import { describe, expect, test } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import type { FinishedRun, StartedRun } from '../../scripts/action-runner.ts';
import { githubPlatform } from './github-harness.ts';
import { failureOf, warningsOf, workerLogsOf } from './harness.ts';
import { newRun } from './rollback-harness.ts';
import { commentOf, runFor, twoPullRequests } from './shared-preview-harness.ts';
import {
  type Answers,
  buildId,
  deployVerified,
  lastStatuses,
  nthBuild,
  plain,
  redirect,
  shopFor,
  startVerified,
  verifiedPlatform,
} from './verify-harness.ts';

type Log = Parameters<Emulator['addWorkerLog']>[1];

const now = (shiftMs = 0) => new Date(Date.now() + shiftMs).toISOString();
const errorOf = (message: unknown, more: { level?: 'info' | 'error'; shiftMs?: number } = {}) => ({
  ...{ timestamp: now(more.shiftMs), level: more.level ?? 'error' },
  messages: [message],
});
const requestOf = (url: string, statusCode = 200) => ({ method: 'GET', url, status_code: statusCode });

/** What the worker logs for a request; undefined: nothing at all, as for a page out of a cache. */
type Worker = (path: string, build: number, count: number) => Log | undefined;

const errorFor = (path: string, message: unknown): Log => ({ request: requestOf(path), logs: [errorOf(message)] });
const QUIET: Worker = (path) => ({ request: requestOf(path), logs: [] });

/** A platform whose storefront logs for each page that is asked after the deployment. */
async function logging(worker: Worker, answers: Answers = () => 200, options: EmulatorOptions = {}) {
  const emulator = await githubPlatform(options);
  await shopThatLogs(emulator, worker, answers);
  return { emulator };
}

async function shopThatLogs(emulator: Emulator, worker: Worker, answers: Answers, name = 'shop', index = 0) {
  const uuid = emulator.projects[index]?.uuid ?? '';
  const answer: Answers = (path, build, count) => {
    const logged = build === 0 || path === '/BUILD_ID' ? undefined : worker(path, build, count);
    if (logged !== undefined) emulator.addWorkerLog(uuid, { timestamp: now(), ...logged });
    return answers(path, build, count);
  };
  await shopFor(emulator, answer, name, index);
}

const callsOf = ({ requests }: Emulator, call: string) => requests.filter((one) => one.call === call).length;
const linesOf = ({ lines }: FinishedRun) => lines.filter((line) => line.startsWith("Worker log of this run's")).join();

describe('errors of the requests of the verification', () => {
  test('on a page that answers 200 are warnings, counted by their kind, and others’ are only counted', async () => {
    const { emulator } = await logging((path, _, count) => {
      const uuid = emulator.projects[0]?.uuid ?? '';
      emulator.addWorkerLog(uuid, errorFor('/products/1', 'Of a shopper'));
      emulator.addWorkerLog(uuid, { ...errorFor('/', 'Of a cart'), request: { ...requestOf('/'), method: 'POST' } });
      emulator.addWorkerLog(uuid, { ...errorFor(path, 'Of long ago'), timestamp: now(-60_000) });
      return { ...errorFor(`https://shop.example${path}`, `Product ${count} has no price\n  at Price (worker.js:1)`) };
    });
    const run = await deployVerified({ emulator });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    expect(workerLogsOf(run)).toMatchObject([
      { level: 'warning', title: 'Worker log: error', message: 'Product 2 has no price (2 times; on /)' },
    ]);
    expect(linesOf(run)).toBe("Worker log of this run's requests: 2 errors; of others' requests: 6 errors.");
    expect(run.summary).toContain('During these requests the worker logged 2 errors');
    expect(run.summary).toContain('Product 2 has no price');
    expect(run.everything).not.toMatch(/Of a shopper|Of a cart|Of long ago/);
    // All of them came by the tail.
    expect([callsOf(emulator, 'logs'), callsOf(emulator, 'queryLogs')]).toEqual([1, 0]);
  });

  test('explain a page that fails, in the failure, the summary and the comment', async () => {
    const emulator = await twoPullRequests();
    const thrown = { timestamp: now(), name: 'TypeError', message: 'x is not a function' };
    await shopThatLogs(
      emulator,
      (path) => ({ request: requestOf(path, 500), logs: [errorOf('Failed')], exceptions: [thrown] }),
      (path, build) => (build === 1 && path !== '/BUILD_ID' ? 500 : 200),
    );
    const run = await deployVerified(runFor(emulator, 7, { inputs: { 'verify-timeout-seconds': '1' } }));
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(run).message).toMatch(
      /meanwhile, most often: (Failed|TypeError: x is not a function) \(\d times; on \/\)/,
    );
    expect(
      workerLogsOf(run)
        .map(({ level, title }) => `${level} ${title}`)
        .toSorted(),
    ).toEqual(['error Worker log: error', 'error Worker log: exception']);
    for (const text of [run.summary, commentOf(emulator, 7).body])
      expect(text.match(/x is not a function/g)).toHaveLength(1);
  });

  test('of redirects’ targets count, too', async () => {
    const { emulator } = await logging(
      (path) => (path === '/cart/' ? errorFor(path, 'Cart failed') : QUIET(path, 1, 1)),
      (path) => (path === '/cart' ? redirect('/cart/', 308) : 200),
    );
    const run = await deployVerified({ emulator, inputs: { 'verify-paths': '/cart 200' } });
    expect(workerLogsOf(run)).toMatchObject([{ message: 'Cart failed (2 times; on /cart/)' }]);
  });

  test('of a platform whose clock is 8 minutes behind are known', async () => {
    const { emulator } = await logging((path) => ({ ...errorFor(path, 'Failed'), timestamp: now(-480_000) }));
    const run = await deployVerified({ emulator });
    expect(workerLogsOf(run)).toMatchObject([{ message: 'Failed (2 times; on /)' }]);
  });

  test('of more than nine kinds are nine annotations', async () => {
    const { emulator } = await logging((path) => ({
      request: requestOf(path),
      logs: [...'abcdefghijklm'].map((letter) => errorOf(`Failed: ${letter}`)),
    }));
    const run = await deployVerified({ emulator });
    expect(workerLogsOf(run)).toHaveLength(9);
    expect(run.summary).toContain('and 4 more');
  });

  test('in any form act as text only, and secrets in them stay secret', async () => {
    const secret = 'shpat-0123456789abcdef';
    const messages = [
      `::error::${secret}`,
      { token: secret, at: [null, 1] },
      `Failed with ${encodeURIComponent(secret)} and ${Buffer.from(secret).toString('base64')}\n::set-output name=x::y`,
      `##[error]\u001b[31m<b onclick=x>|${'x'.repeat(9_980)}${secret}`,
      [secret],
      null,
    ];
    const { emulator } = await logging((path) => ({
      request: requestOf(path),
      logs: messages.map((one) => errorOf(one)),
    }));
    const run = await deployVerified({
      emulator,
      inputs: { secrets: `SHOP_KEY=${secret}` },
      env: { RUNNER_DEBUG: '1' },
    });
    expect(run.outputs).toMatchObject({ outcome: 'deployed' });
    expect(workerLogsOf(run).length).toBeGreaterThanOrEqual(5);
    for (const form of [secret, Buffer.from(secret).toString('base64')]) expect(run.everything).not.toContain(form);
    expect(run.summary).not.toContain('<b onclick');
    expect(run.lines.filter((line) => line.startsWith('::set-output') || line.startsWith('##['))).toEqual([]);
  });
});

describe('verify-logs', () => {
  test('fail: a page that answers 200 with an error in the log is a failure, and says so', async () => {
    const { emulator } = await logging((path) => errorFor(path, 'No price'));
    const run = await deployVerified({ emulator, inputs: { 'verify-logs': 'fail' } });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy', verification: 'unhealthy' });
    expect(failureOf(run).message).toContain(
      'its worker logged 2 errors while its pages were asked. It logged: No price (2 times; on /).',
    );
    expect(workerLogsOf(run)).toMatchObject([{ level: 'error' }]);
    expect(run.summary).toContain('<code>verify-logs&#58; fail</code>');
    expect(lastStatuses(emulator).at(-1)).toMatchObject({
      state: 'error',
      description: expect.stringMatching(/^Live, but its worker logged/),
    });
  });

  test('fail: without an error it is healthy, and costs little', async () => {
    const { emulator } = await logging(QUIET);
    const run = await deployVerified({ emulator, inputs: { 'verify-logs': 'fail' } });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    expect(workerLogsOf(run)).toEqual([]);
  });

  test('fail: on-verify-failure applies: a warning, or the last good build', async () => {
    const answers: Answers = (path, deployments) =>
      path === '/BUILD_ID' ? plain(buildId([0, 1, 2, 1][deployments] ?? 0)) : 200;
    const { emulator } = await logging(
      (path, deployments) => (deployments === 2 ? errorFor(path, 'No price') : QUIET(path, 1, 1)),
      answers,
    );
    const inputs = { 'verify-logs': 'fail' };
    await deployVerified({ emulator, inputs, env: newRun(emulator) });
    const bad = await startVerified({
      emulator,
      workspace: nthBuild(2),
      env: newRun(emulator),
      inputs: { ...inputs, 'on-verify-failure': 'rollback' },
    }).finished;
    expect(bad.outputs).toMatchObject({ outcome: 'rolled-back', verification: 'unhealthy' });
    expect(failureOf(bad).message).toContain('is live again, and works');
    expect(workerLogsOf(bad)).toHaveLength(1);
    const { emulator: other } = await logging((path) => errorFor(path, 'No price'));
    const warned = await deployVerified({ emulator: other, inputs: { ...inputs, 'on-verify-failure': 'warn' } });
    expect(warned.outputs).toMatchObject({ outcome: 'deployed', verification: 'unhealthy' });
    expect(warningsOf(warned)).toContain('its worker logged 2 errors');
  });

  test('fail: errors of shoppers on the same page roll nothing back, and are warnings', async () => {
    const { emulator } = await logging((path) => {
      const uuid = emulator.projects[0]?.uuid ?? '';
      for (let index = 0; index < 20; index += 1)
        emulator.addWorkerLog(uuid, { timestamp: now(), ...QUIET(path, 1, 1) });
      emulator.addWorkerLog(uuid, { timestamp: now(), ...errorFor(path, 'No price') });
      return QUIET(path, 1, 1);
    });
    const run = await deployVerified({ emulator, inputs: { 'verify-logs': 'fail', 'on-verify-failure': 'rollback' } });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    expect(warningsOf(run)).toContain('may be of somebody else');
    expect(workerLogsOf(run)).toMatchObject([{ level: 'warning', message: 'No price (2 times; on /)' }]);
    expect(emulator.deployments).toHaveLength(1);
  });

  test.each(['silence', 'status'] as const)('fail: without the tail (%s), the query decides', async (effect) => {
    const { emulator } = await logging((path, _, count) =>
      count % 2 === 0 ? errorFor(path, 'No price') : QUIET(path, 1, 1),
    );
    const fault = effect === 'status' ? { effect, status: 500 } : { effect, events: 0 };
    emulator.addFault({ call: 'logs', ...fault, times: 'always' });
    const run = await deployVerified({ emulator, inputs: { 'verify-logs': 'fail' } });
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(callsOf(emulator, 'queryLogs')).toBe(2);
  });

  test('fail: a rehearsal rejects the build', async () => {
    const { emulator } = await verifiedPlatform(() => 200);
    emulator.addProject('stage');
    await shopThatLogs(
      emulator,
      (path) => errorFor(path, 'No price'),
      () => 200,
      'stage',
      1,
    );
    const run = await deployVerified({ emulator, inputs: { 'verify-logs': 'fail', 'rehearsal-project': 'stage' } });
    expect(run.outputs).toMatchObject({ outcome: 'rejected' });
    expect(failureOf(run).message).toContain('its worker logged 2 errors');
    expect(workerLogsOf(run)).toMatchObject([{ title: 'Worker log: error in the rehearsal' }]);
    expect(emulator.deployments).toHaveLength(1);
  });

  test.each([
    ['off', { 'verify-logs': 'off' }],
    ['a dry run', { 'dry-run': 'true' }],
    ['verify: off', { verify: 'off' }],
  ])('%s: the log is not asked', async (_, inputs) => {
    const { emulator } = await logging((path) => errorFor(path, 'No price'));
    const run = await deployVerified({ emulator, inputs });
    expect(run.exitCode).toBe(0);
    expect([callsOf(emulator, 'logs'), callsOf(emulator, 'queryLogs')]).toEqual([0, 0]);
    expect(workerLogsOf(run)).toEqual([]);
  });
});

describe('the log', () => {
  test.each([403, 404])('refused with %i is one notice with the scope, and fails nothing', async (status) => {
    const { emulator } = await logging((path) => errorFor(path, 'No price'));
    emulator.addProject('stage');
    await shopFor(emulator, () => 200, 'stage', 1);
    for (const call of ['logs', 'queryLogs'] as const)
      emulator.addFault({ call, effect: 'status', status, times: 'always' });
    const run = await deployVerified({ emulator, inputs: { 'verify-logs': 'fail', 'rehearsal-project': 'stage' } });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    expect(run.annotations.filter(({ level }) => level === 'notice')).toEqual([
      expect.objectContaining({
        title: 'Worker log not read',
        message: expect.stringMatching(/store_infrastructure_logs_read_only.*`verify-logs: fail` decides nothing/s),
      }),
    ]);
    expect(callsOf(emulator, 'queryLogs')).toBe(0);
  });

  test('cut off, again and again, is read by the query', async () => {
    const { emulator } = await logging((path) => errorFor(path, 'No price'));
    emulator.addFault({ call: 'logs', effect: 'cut-after', events: 0, times: 'always' });
    const run = await deployVerified({ emulator });
    expect(workerLogsOf(run)).toMatchObject([{ message: 'No price (2 times; on /)' }]);
    expect(callsOf(emulator, 'queryLogs')).toBeGreaterThan(0);
  });

  test('whose tail the server ends meanwhile goes on', async () => {
    const { emulator } = await logging(
      (path, _, count) => errorFor(path, `No price ${count}`),
      (path, build, count) => (build === 1 && path === '/' && count < 6 ? 500 : 200),
      { logCutMs: 400 },
    );
    const run = await deployVerified({ emulator, inputs: { 'verify-timeout-seconds': '20' } });
    expect(run.outputs).toMatchObject({ outcome: 'deployed' });
    expect(workerLogsOf(run)).toMatchObject([{ message: expect.stringMatching(/^No price 2 \([67] times; on \/\)$/) }]);
    expect(callsOf(emulator, 'logs')).toBeGreaterThan(1);
  });

  test('that is silent is read by the query', async () => {
    const { emulator } = await logging((path) => errorFor(path, 'No price'));
    emulator.addFault({ call: 'logs', effect: 'silence', events: 0, times: 'always' });
    const run = await deployVerified({ emulator });
    expect(workerLogsOf(run)).toMatchObject([{ message: 'No price (2 times; on /)' }]);
  });

  test('that does not answer at all holds a healthy deployment up for a few seconds', async () => {
    const { emulator } = await logging((path) => errorFor(path, 'No price'));
    for (const call of ['logs', 'queryLogs'] as const) emulator.addFault({ call, effect: 'hang', times: 'always' });
    const run = await deployVerified({ emulator });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    expect(run.lines.join('\n')).toContain("The worker's log could not be read. It did not answer in time.");
    expect(run.durationMs).toBeLessThan(10_000);
    expect(workerLogsOf(run)).toEqual([]);
  });

  test('that floods is counted in bounded memory', async () => {
    const flood = (emulator: Emulator) => {
      const uuid = emulator.projects[0]?.uuid ?? '';
      const others = { ...errorFor('/other', 'y'.repeat(300)), timestamp: now() };
      for (let index = 0; index < 100_000; index += 1) emulator.addWorkerLog(uuid, others);
    };
    const worker: Worker = (path, _, count) => {
      if (count === 2) flood(emulator);
      return errorFor(path, 'No price');
    };
    // To keep as many for the query takes the platform longer than to send them.
    const { emulator } = await logging(worker, () => 200, { maxLogEntries: 100 });
    const run = await deployVerified({
      emulator,
      inputs: { 'verify-timeout-seconds': '60', 'verify-logs': 'fail' },
      // Less than what is sent.
      env: { NODE_OPTIONS: '--max-old-space-size=56' },
    });
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(run).message).toContain('No price (2 times; on /)');
    // As many as come in time: on a machine that is quick enough, all of them.
    expect(linesOf(run)).toMatch(/of others' requests: (?:\d\d,\d{3}|100,000) errors/);
  });
});

test('a job that is cancelled while the log is waited for ends at once', async () => {
  const { emulator } = await logging(() => undefined);
  const inputs = { 'verify-logs': 'fail' };
  let cancelledMs = 0;
  const onLine = (line: string, run: StartedRun) => {
    if (!line.includes('::group::Verify')) return;
    void emulator.waitForRequest('logs').then(() => {
      cancelledMs = performance.now();
      run.kill('SIGINT');
    });
  };
  emulator.addFault({ call: 'logs', effect: 'hang', times: 'always' });
  const run = await startVerified({ emulator, inputs, onLine }).finished;
  expect(run.outputs).toMatchObject({ outcome: 'cancelled' });
  expect(performance.now() - cancelledMs).toBeLessThan(5000);
  expect(failureOf(run).message).toMatch(/not verified/);
});

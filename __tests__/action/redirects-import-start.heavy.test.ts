/** An import that does not start at once: the store is busy, the answer is lost, or the request is rejected. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { warningsOf } from './harness.ts';
import {
  csvOf,
  expectEnd,
  jobsOf,
  manyRows,
  redirectsPlatform,
  runImport,
  startImport,
  storeCallsOf,
  storedRedirects,
  verdictOf,
} from './redirects-harness.ts';

const CSV = csvOf(...manyRows(4));
const EXISTING = [1, 2, 3, 4].map((number) => `/old-${number} → /new-${number}`);

function postsOf(emulator: Emulator) {
  return emulator.requests.filter(({ call }) => call === 'importRedirects');
}

test("somebody else's job is waited for, and the import begins when that is over", async () => {
  const emulator = await redirectsPlatform();
  emulator.redirects.holdJobs();
  const other = emulator.redirects.startExport({ siteId: 1000 });
  const started = startImport({ emulator, csv: CSV });
  await emulator.waitForRequestEnd('importRedirects');
  emulator.redirects.holdJobs(undefined);
  emulator.redirects.releaseJobs(other.jobId);
  const run = await started.finished;
  expectEnd(run, 'complete', { completed: '4', total: '4', 'job-id': jobsOf(emulator, 'import')[0]?.jobId });
  expect(postsOf(emulator).map(({ status }) => status)).toEqual([429, 201]);
  expect(run.lines).toContainEqual(
    expect.stringMatching(/^The store is busy with another import or export.+giving up in/),
  );
  expect(storedRedirects(emulator)).toEqual(EXISTING);
});

test('a rate limit is waited for as long as it asks', async () => {
  const headers = { 'x-rate-limit-time-reset-ms': '8000', 'x-rate-limit-requests-left': '0' };
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', effect: 'status', status: 429, headers });
  expectEnd(await runImport({ emulator, csv: CSV }), 'complete', { completed: '4' });
  const [first, second] = postsOf(emulator);
  expect((second?.startedAtMs ?? 0) - (first?.endedAtMs ?? 0)).toBeGreaterThanOrEqual(8000);
});

test('a store that stays busy until `timeout-minutes` is over: nothing was changed', async () => {
  const emulator = await redirectsPlatform();
  emulator.redirects.holdJobs();
  emulator.redirects.startExport({ siteId: 1000 });
  const run = await runImport({ emulator, csv: CSV, inputs: { 'timeout-minutes': '0.15' } });
  expectEnd(run, 'error');
  expect(verdictOf(run).title).toBe('Another job of the store is running');
  expect(verdictOf(run).message).toContain('No import job could be started within 9.0 s');
  expect(run.durationMs).toBeLessThan(11_000);
  expect(jobsOf(emulator, 'import')).toEqual([]);
});

test('a request that `timeout-minutes` ends may be carried out: its state is unknown', async () => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', effect: 'hang' });
  const run = await runImport({ emulator, csv: CSV, inputs: { 'timeout-minutes': '0.05' } });
  expectEnd(run, 'unknown');
  expect(verdictOf(run).message).toContain('It is not known whether the import job was started.');
  expect(run.durationMs).toBeLessThan(6000);
});

describeLost('lost-answer', { effect: 'lost-answer' });
describeLost('a broken answer', { effect: 'reset-in-body' });
describeLost('an error after the work', { effect: 'status-after-work', status: 502 });

function describeLost(
  name: string,
  fault: { effect: 'lost-answer' | 'reset-in-body' } | { effect: 'status-after-work'; status: number },
) {
  test(`${name}: it is sent again once the store is free, and the second job is followed`, async () => {
    const emulator = await redirectsPlatform();
    emulator.addFault({ call: 'importRedirects', ...fault });
    const run = await runImport({ emulator, csv: CSV });
    const [, job] = jobsOf(emulator, 'import');
    expectEnd(run, 'complete', { completed: '4', total: '4', 'job-id': job?.jobId });
    expect(jobsOf(emulator, 'import')).toHaveLength(2);
    expect(warningsOf(run)).toContain('The job may have been started anyway. The request is sent again');
    expect(storedRedirects(emulator)).toEqual(EXISTING);
  });
}

test.each([
  { effect: 'reset-before' },
  { effect: 'reset-mid-request', afterBytes: 100 },
  { effect: 'status', status: 500 },
  { effect: 'status', status: 503, headers: { 'retry-after': '3' } },
] as const)('a request that was not carried out is sent again: %o', async (fault) => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', ...fault });
  const run = await runImport({ emulator, csv: CSV });
  expectEnd(run, 'complete', { completed: '4', total: '4' });
  expect(jobsOf(emulator, 'import')).toHaveLength(1);
  expect(storeCallsOf(emulator)).toEqual(['importRedirects', 'importRedirects', 'importEvents']);
  expect(storedRedirects(emulator)).toEqual(EXISTING);
});

test("somebody else's job is never mistaken for this run's, however similar it is", async () => {
  const emulator = await redirectsPlatform();
  emulator.redirects.holdJobs();
  emulator.addFault({ call: 'importRedirects', effect: 'reset-before' });
  const started = startImport({ emulator, csv: CSV });
  await emulator.waitForRequestEnd('importRedirects');
  const other = emulator.redirects.startImport(csvOf('/w,/y,,', '/x,/y,,', '/y,/y2,,', '/z,/y,,'));
  await emulator.waitForRequestEnd('importRedirects', { count: 2 });
  emulator.redirects.holdJobs(undefined);
  emulator.redirects.releaseJobs(other.jobId);
  const run = await started.finished;
  expectEnd(run, 'complete', { completed: '4', total: '4', 'job-id': jobsOf(emulator, 'import')[1]?.jobId });
  expect(storedRedirects(emulator)).toEqual(expect.arrayContaining(EXISTING));
});

test.each([
  [400, 'The platform did not accept the file as a CSV of redirects.'],
  [413, 'a proxy may accept even less. Split the file'],
  [401, 'Make sure that the secret behind `access-token` holds the token of a store-level API account of this store.'],
  [403, 'The token lacks the scope "Content: modify (store_v2_content)".'],
  [404, 'Check `store-hash` and `api-host`.'],
  [302, 'Redirects are not followed, since the token would be sent along.'],
])('%i is reported at once, with what to do, and is not tried again', async (status, words) => {
  const emulator = await redirectsPlatform();
  const headers = { location: 'https://elsewhere.example.com/' };
  emulator.addFault({ call: 'importRedirects', effect: 'status', status, headers });
  const run = await runImport({ emulator, csv: CSV });
  expectEnd(run, 'error');
  expect(verdictOf(run).message).toContain(words);
  expect(storeCallsOf(emulator)).toEqual(['importRedirects']);
});

test.each([{ effect: 'slow-body' }, { effect: 'delay', delayMs: 2000 }] as const)(
  'a slow platform is waited for: %o',
  async (fault) => {
    const emulator = await redirectsPlatform();
    emulator.addFault({ call: 'importRedirects', ...fault });
    expectEnd(await runImport({ emulator, csv: CSV }), 'complete', { completed: '4' });
    expect(postsOf(emulator)).toHaveLength(1);
  },
);

test('a platform that goes silent is given up after a minute, and asked again', async () => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', effect: 'stall-upload', afterBytes: 0 });
  const run = await runImport({ emulator, csv: CSV });
  expectEnd(run, 'complete', { completed: '4' });
  expect(postsOf(emulator)).toHaveLength(2);
  expect(run.durationMs).toBeLessThan(75_000);
});

test('a platform that answers with errors only: the state is unknown, and the run says so within its time', async () => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', effect: 'status', status: 503, times: 'always' });
  const run = await runImport({ emulator, csv: CSV, inputs: { 'timeout-minutes': '0.2' } });
  expectEnd(run, 'unknown');
  expect(verdictOf(run).title).toBe('No verdict: no answer to the request');
  expect(postsOf(emulator).length).toBeGreaterThan(1);
  expect(run.durationMs).toBeLessThan(14_000);
});

test('a rejection after a lost answer leaves it open what became of the first request', async () => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', effect: 'lost-answer' });
  emulator.addFault({ call: 'importRedirects', effect: 'status', status: 403 });
  const run = await runImport({ emulator, csv: CSV });
  expectEnd(run, 'unknown');
  expect(verdictOf(run).message).toContain('It is not known whether the import job was started.');
  expect(verdictOf(run).message).toContain('The token lacks the scope');
});

/** Exports that meet faults: each call of them, and the options. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { warningsOf } from './harness.ts';
import {
  annotationsOf,
  csvOf,
  expectEnd,
  HEADER,
  jobsOf,
  redirectsPlatform,
  runExport,
  runImport,
  startExport,
  storeCallsOf,
  verdictOf,
  workspaceWith,
} from './redirects-harness.ts';

const BEFORE = 'as it was\n';
const LINES = [`${HEADER}\n`, 'store.example.com,/old,/new,,\n', 'outlet.example.com,/outlet,,Product,12\n'];

async function filledPlatform(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await redirectsPlatform(options);
  emulator.redirects.add({ fromPath: '/old', to: '/new' });
  emulator.redirects.add({ fromPath: '/outlet', to: { type: 'product', entity_id: 12 }, siteId: 1001 });
  return emulator;
}

function old(): { workspace: string; file: string } {
  const workspace = workspaceWith({ 'redirects.csv': BEFORE });
  return { workspace, file: join(workspace, 'redirects.csv') };
}

function countOf(emulator: Emulator, call: string): number {
  return storeCallsOf(emulator).filter((each) => each === call).length;
}

test("somebody else's job is waited for", async () => {
  const emulator = await filledPlatform();
  emulator.redirects.holdJobs();
  const other = emulator.redirects.startImport(csvOf('/a,/b,,'));
  const { workspace, file } = old();
  const started = startExport({ emulator, workspace });
  await emulator.waitForRequestEnd('exportRedirects');
  emulator.redirects.holdJobs(undefined);
  emulator.redirects.releaseJobs(other.jobId);
  expectEnd(await started.finished, 'complete', { completed: '3', file });
});

test.each([
  [{ effect: 'status', status: 429, headers: { 'retry-after': '6' } }, 1],
  [{ effect: 'status', status: 503 }, 1],
  [{ effect: 'reset-before' }, 1],
  [{ effect: 'reset-mid-request', afterBytes: 1 }, 1],
  [{ effect: 'lost-answer' }, 2],
  [{ effect: 'reset-in-body' }, 2],
  [{ effect: 'status-after-work', status: 502 }, 2],
  [{ effect: 'slow-body' }, 1],
  [{ effect: 'delay', delayMs: 1000 }, 1],
] as const)('a start that meets %o is made in the end', async (fault, jobs) => {
  const emulator = await filledPlatform();
  emulator.addFault({ call: 'exportRedirects', ...fault });
  const { workspace, file } = old();
  expectEnd(await runExport({ emulator, workspace }), 'complete', { completed: '2', file });
  expect(readFileSync(file, 'utf8')).toBe(LINES.join(''));
  expect(jobsOf(emulator, 'export')).toHaveLength(jobs);
});

test.each([
  [400, 'answered 400'],
  [401, 'Make sure that the secret behind `access-token` holds the token of a store-level API account of this store.'],
  [403, 'The token lacks the scope "Content: modify (store_v2_content)".'],
  [422, 'Correct what the platform names'],
  [302, 'Redirects are not followed'],
])('a start that is rejected with %i leaves the old file', async (status, words) => {
  const emulator = await filledPlatform();
  const headers = { location: 'https://elsewhere.example.com/' };
  emulator.addFault({ call: 'exportRedirects', effect: 'status', status, headers });
  const { workspace, file } = old();
  const run = await runExport({ emulator, workspace });
  expectEnd(run, 'error');
  expect(verdictOf(run).message).toContain(words);
  expect(readFileSync(file, 'utf8')).toBe(BEFORE);
  expect(storeCallsOf(emulator)).toEqual(['exportRedirects']);
});

test.each([
  { effect: 'reset-before' },
  { effect: 'reset-in-body' },
  { effect: 'status', status: 404, times: 2 },
  { effect: 'status', status: 429, headers: { 'retry-after': '1' } },
  { effect: 'status', status: 500 },
  { effect: 'delay', delayMs: 1000 },
  { effect: 'slow-body', delayMs: 5 },
] as const)('a download that meets %o is whole in the end', async (fault) => {
  const emulator = await filledPlatform();
  emulator.addFault({ call: 'downloadExport', ...fault });
  const { workspace, file } = old();
  expectEnd(await runExport({ emulator, workspace }), 'complete', { completed: '2', file });
  expect(readFileSync(file, 'utf8')).toBe(LINES.join(''));
  expect(readdirSync(workspace)).toEqual(['redirects.csv']);
});

test.each([
  [{ effect: 'reset-in-body', times: 'always' }, 5],
  [{ effect: 'status', status: 404, times: 'always' }, 5],
  [{ effect: 'status', status: 403, times: 'always' }, 1],
  [{ effect: 'redirect', location: 'https://elsewhere.example.com/' }, 1],
] as const)('a download that meets %o permanently never replaces the old file', async (fault, downloads) => {
  const emulator = await filledPlatform();
  emulator.addFault({ call: 'downloadExport', ...fault });
  const { workspace, file } = old();
  const run = await runExport({ emulator, workspace });
  expectEnd(run, 'error', { 'job-id': jobsOf(emulator, 'export')[0]?.jobId });
  expect(run.outputs['file']).toBeUndefined();
  expect(readFileSync(file, 'utf8')).toBe(BEFORE);
  expect(readdirSync(workspace)).toEqual(['redirects.csv']);
  expect(countOf(emulator, 'downloadExport')).toBe(downloads);
  expect(verdictOf(run).message).toContain('its file could not be downloaded: nothing was written to redirects.csv.');
  expect(run.lines).toContainEqual(expect.stringContaining('Outcome: error (no file was written'));
});

test('a download that outlasts the time never takes the place of the old file', async () => {
  const emulator = await filledPlatform();
  emulator.addFault({ call: 'downloadExport', effect: 'slow-body', delayMs: 500 });
  const { workspace, file } = old();
  const run = await runExport({ emulator, workspace, inputs: { 'timeout-minutes': '0.05' } });
  expectEnd(run, 'error');
  expect(verdictOf(run).message).toContain('timeout-minutes');
  expect(readFileSync(file, 'utf8')).toBe(BEFORE);
  expect(readdirSync(workspace)).toEqual(['redirects.csv']);
});

test('`site-id` exports that site alone; one without redirects gives the header', async () => {
  const emulator = await filledPlatform();
  emulator.redirects.addSite('third.example.com');
  const { workspace, file } = old();
  expectEnd(await runExport({ emulator, workspace, inputs: { 'site-id': '1001' } }), 'complete', { completed: '1' });
  expect(readFileSync(file, 'utf8')).toBe(`${LINES[0]}${LINES[2]}`);
  expect(jobsOf(emulator, 'export')[0]?.request).toMatchObject({ siteId: 1001 });
  const none = await runExport({ emulator, workspace, inputs: { 'site-id': '1002' } });
  expectEnd(none, 'complete', { completed: '0' });
  expect(annotationsOf(none, 'notice')[0]?.message).toContain('Site 1002 has no redirects');
  expect(readFileSync(file, 'utf8')).toBe(LINES[0]);
});

test('`include-dynamic-target-urls` gives a further column, and `import` says that it cannot take such a file', async () => {
  const emulator = await filledPlatform();
  const { workspace, file } = old();
  const inputs = { 'include-dynamic-target-urls': 'true' };
  expectEnd(await runExport({ emulator, workspace, inputs }), 'complete', { completed: '2' });
  const [header = '', , last = ''] = readFileSync(file, 'utf8').split('\n');
  expect(header).toBe(`${HEADER},Dynamic Target URL`);
  expect(last).toContain('Product,12,https://outlet.example.com/');
  const back = await runImport({ emulator, workspace });
  expectEnd(back, 'error');
  expect(annotationsOf(back, 'error')[0]?.message).toContain('Dynamic Target URL');
});

test('what was exported can be imported, and changes nothing', async () => {
  const emulator = await filledPlatform();
  const { workspace } = old();
  const before = JSON.stringify(emulator.redirects.list);
  expectEnd(await runExport({ emulator, workspace }), 'complete');
  expectEnd(await runImport({ emulator, workspace }), 'complete', { completed: '2', failed: '0' });
  expect(JSON.stringify(emulator.redirects.list)).toBe(before);
});

test('an export into a folder that does not exist is an error before anything is sent', async () => {
  const emulator = await filledPlatform();
  const run = await runExport({ emulator, workspace: workspaceWith(), inputs: { file: 'new/redirects.csv' } });
  expect(run.outputs).toEqual({ outcome: 'error', result: expect.any(String) });
  expect(verdictOf(run).message).toContain('"new/redirects.csv" is in a folder that does not exist.');
  expect(emulator.requests).toEqual([]);
});

test('inputs that an export has no use for are warned of', async () => {
  const emulator = await filledPlatform();
  const run = await runExport({ emulator, inputs: { 'allow-failed-rows': '5' } });
  expectEnd(run, 'complete');
  expect(warningsOf(run)).toContain('allow-failed-rows: it is ignored');
});

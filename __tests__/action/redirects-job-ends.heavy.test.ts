/** Jobs that the platform itself gives up, and jobs that outlast the time of the run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  annotationsOf,
  csvOf,
  expectEnd,
  jobsOf,
  manyRows,
  redirectsPlatform,
  runExport,
  runImport,
  storedRedirects,
  verdictOf,
  workspaceWith,
} from './redirects-harness.ts';

const CSV = csvOf(...manyRows(8));

test.each(['aborted', 'failed'] as const)(
  'an import that ends as %s fails, and says what it had done by then',
  async (status) => {
    const emulator = await redirectsPlatform();
    emulator.addFault({ call: 'importRedirects', effect: 'job-ends', status, atItem: 3 });
    const run = await runImport({ emulator, csv: CSV, inputs: { 'allow-failed-rows': '8' } });
    const [job] = jobsOf(emulator, 'import');
    expectEnd(run, 'failed', { completed: '3', failed: '0', total: '8', 'job-id': job?.jobId });
    expect(verdictOf(run).title).toBe(status === 'aborted' ? 'The import was aborted' : 'The import failed');
    expect(verdictOf(run).message).toContain(
      `The platform ended import job ${job?.jobId} as "${status}", after 3 of 8 rows. What it had done by then stays in place.`,
    );
    expect(verdictOf(run).message).toContain('Run the job again');
    expect(storedRedirects(emulator)).toHaveLength(3);
  },
);

test('rejected rows of an import that fails are still reported', async () => {
  const emulator = await redirectsPlatform();
  emulator.redirects.rejectRows((row) => (row === 2 ? 'Not this one.' : undefined));
  emulator.addFault({ call: 'importRedirects', effect: 'job-ends', status: 'failed', atItem: 3 });
  const run = await runImport({ emulator, csv: CSV });
  expectEnd(run, 'failed', { completed: '2', failed: '1', total: '8' });
  expect(annotationsOf(run, 'error').map(({ line }) => line)).toEqual([3, undefined]);
  expect(readFileSync(run.outputs['failed-rows-file'] ?? '', 'utf8')).toContain('3,Not this one.,');
});

test.each(['new', 'working'] as const)(
  'an import that is still %s when the time is up: no verdict, and its job is named',
  async (point) => {
    const emulator = await redirectsPlatform({ redirects: { holdJobsAt: point } });
    const run = await runImport({ emulator, csv: CSV, inputs: { 'timeout-minutes': '0.05' } });
    const [job] = jobsOf(emulator, 'import');
    const completed = point === 'new' ? '0' : '4';
    expectEnd(run, 'unknown', { completed, failed: '0', total: '8', 'job-id': job?.jobId });
    expect(verdictOf(run).message).toContain(`No verdict on import job ${job?.jobId}: no verdict came within 3.0 s.`);
    expect(verdictOf(run).message).toContain('It continues remotely.');
    expect(verdictOf(run).message).toContain('raise `timeout-minutes`');
    expect(run.durationMs).toBeLessThan(5000);
  },
);

test('rows that are rejected before the time is up are reported', async () => {
  const emulator = await redirectsPlatform({ redirects: { holdJobsAt: 'working' } });
  emulator.addFault({ call: 'importRedirects', effect: 'refuse-rows', rows: [1] });
  const run = await runImport({ emulator, csv: CSV, inputs: { 'timeout-minutes': '0.05' } });
  expectEnd(run, 'unknown', { completed: '3', failed: '1', total: '8' });
  expect(annotationsOf(run, 'error').map(({ line }) => line)).toEqual([2, undefined]);
});

test.each(['aborted', 'failed'] as const)('an export that ends as %s leaves the old file', async (status) => {
  const emulator = await redirectsPlatform({ redirects: { redirects: [{ fromPath: '/old', to: '/new' }] } });
  emulator.addFault({ call: 'exportRedirects', effect: 'job-ends', status });
  const workspace = workspaceWith({ 'redirects.csv': 'as it was\n' });
  const run = await runExport({ emulator, workspace });
  expectEnd(run, 'failed');
  expect(run.outputs['file']).toBeUndefined();
  expect(verdictOf(run).message).toContain(`as "${status}"`);
  expect(readFileSync(join(workspace, 'redirects.csv'), 'utf8')).toBe('as it was\n');
});

test('an export that outlasts the time leaves the old file, and names its job', async () => {
  const redirects = [{ fromPath: '/old', to: '/new' }];
  const emulator = await redirectsPlatform({ redirects: { redirects, holdJobsAt: 'working' } });
  const workspace = workspaceWith({ 'redirects.csv': 'as it was\n' });
  const run = await runExport({ emulator, workspace, inputs: { 'timeout-minutes': '0.05' } });
  expectEnd(run, 'unknown');
  expect(verdictOf(run).message).toContain(`No verdict on export job ${jobsOf(emulator, 'export')[0]?.jobId}`);
  expect(readFileSync(join(workspace, 'redirects.csv'), 'utf8')).toBe('as it was\n');
});

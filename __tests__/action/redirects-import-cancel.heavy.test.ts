/** Imports and exports that are cancelled: gone in time, truthful about what goes on, and nothing left on the disk. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import {
  cancelAt,
  csvOf,
  expectEnd,
  jobsOf,
  manyRows,
  redirectsPlatform,
  startExport,
  startImport,
  verdictOf,
  workspaceWith,
} from './redirects-harness.ts';

const CSV = csvOf(...manyRows(8));

interface Moment {
  name: string;
  arrange: (emulator: Emulator) => void;
  reached: (emulator: Emulator) => Promise<unknown>;
  /** What the verdict says, and what it must not say. */
  says: string;
  never: string;
  outputs?: Record<string, unknown>;
}

const CONTINUES = 'continues remotely';
const MAY_BE = 'may still be carried out';

const IMPORTS: readonly Moment[] = [
  {
    name: 'while it waits for its turn',
    arrange: (emulator) => {
      emulator.redirects.holdJobs();
      emulator.redirects.startExport({ siteId: 1000 });
    },
    reached: (emulator) => emulator.waitForRequestEnd('importRedirects').then(settled),
    says: 'Nothing was imported.',
    never: MAY_BE,
  },
  {
    name: 'while it uploads',
    arrange: (emulator) => emulator.addFault({ call: 'importRedirects', effect: 'stall-upload', afterBytes: 0 }),
    reached: (emulator) => emulator.waitForRequest('importRedirects'),
    says: MAY_BE,
    never: CONTINUES,
  },
  {
    name: 'while the answer is awaited',
    arrange: (emulator) => emulator.addFault({ call: 'importRedirects', effect: 'hang' }),
    reached: (emulator) => emulator.waitForRequest('importRedirects'),
    says: MAY_BE,
    never: CONTINUES,
  },
  {
    name: 'after an answer that was lost',
    arrange: (emulator) => emulator.addFault({ call: 'importRedirects', effect: 'lost-answer' }),
    reached: (emulator) => emulator.waitForRequestEnd('importRedirects').then(settled),
    says: MAY_BE,
    never: CONTINUES,
  },
  {
    name: 'while the job is new',
    arrange: (emulator) => emulator.redirects.holdJobs('new'),
    reached: (emulator) => emulator.waitForRequest('importEvents').then(settled),
    says: CONTINUES,
    never: MAY_BE,
    outputs: { completed: '0', failed: '0', total: '8' },
  },
  {
    name: 'while the job is at work',
    arrange: (emulator) => emulator.redirects.holdJobs('working'),
    reached: async (emulator) => {
      await emulator.waitForRequest('importEvents');
      await emulator.redirects.waitForJob(({ completed }) => completed === 4).then(settled);
    },
    says: CONTINUES,
    never: MAY_BE,
    outputs: { completed: '4', failed: '0', total: '8' },
  },
];

/** What the emulator has sent, the run has read. */
async function settled(): Promise<void> {
  await new Promise((done) => setTimeout(done, 300));
}

test.each(IMPORTS.map((moment) => [moment.name, moment] as const))('an import cancelled %s', async (_, moment) => {
  const emulator = await redirectsPlatform({ redirects: { redirects: [{ fromPath: '/kept', to: '/there' }] } });
  moment.arrange(emulator);
  const run = await cancelAt(startImport({ emulator, csv: CSV }), moment.reached(emulator));
  expectEnd(run, 'cancelled', moment.outputs);
  expect(verdictOf(run).title).toBe('Import cancelled');
  expect(verdictOf(run).message).toContain(moment.says);
  expect(verdictOf(run).message).not.toContain(moment.never);
  expect(run.summary).toMatch(/^## 🚫 Redirects of \S+: Import cancelled$/m);
  if (moment.says === CONTINUES) expectNamed(run, jobsOf(emulator, 'import')[0]?.jobId);
  expect(readdirSync(run.runnerTemp)).toEqual([]);
});

function expectNamed(run: FinishedRun, jobId: string | undefined): void {
  expect(run.outputs['job-id']).toBe(jobId);
  expect(verdictOf(run).message).toContain(jobId);
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  'an import of two parts cancelled between them by %s: one is in place',
  async (signal) => {
    const emulator = await redirectsPlatform();
    emulator.addFault({ call: 'importRedirects', effect: 'job-running', skip: 1, times: 'always' });
    const rows = Array.from({ length: 12_000 }, (_, index) => `/old-${index},/new/${'x'.repeat(1980)}?${index},,`);
    const started = startImport({ emulator, csv: csvOf(...rows) });
    const reached = emulator.waitForRequestEnd('importRedirects', { count: 2 }).then(settled);
    const run = await cancelAt(started, reached, signal);
    const [job] = jobsOf(emulator, 'import');
    expectEnd(run, 'cancelled', { completed: `${job?.total}`, failed: '0', 'job-id': job?.jobId });
    expect(verdictOf(run).message).toContain(
      `Imported before: ${job?.total.toLocaleString('en-US')} rows, 1 of 2 parts.`,
    );
    expect(verdictOf(run).message).not.toContain(CONTINUES);
    expect(verdictOf(run).message).not.toContain(MAY_BE);
    expect(readdirSync(run.runnerTemp)).toEqual([]);
  },
);

test('an import cancelled while it is at work keeps the rows that were rejected by then', async () => {
  const emulator = await redirectsPlatform({ redirects: { holdJobsAt: 'working' } });
  emulator.addFault({ call: 'importRedirects', effect: 'refuse-rows', rows: [2] });
  const reached = emulator.redirects.waitForJob(({ completed }) => completed === 3).then(settled);
  const run = await cancelAt(startImport({ emulator, csv: CSV }), reached);
  expectEnd(run, 'cancelled', { completed: '3', failed: '1', total: '8' });
  expect(readFileSync(run.outputs['failed-rows-file'] ?? '', 'utf8')).toContain('/old-2');
});

const EXPORTS: readonly Moment[] = [
  {
    name: 'while it waits for its turn',
    arrange: (emulator) => {
      emulator.redirects.holdJobs();
      emulator.redirects.startImport(CSV);
    },
    reached: (emulator) => emulator.waitForRequestEnd('exportRedirects').then(settled),
    says: 'An export changes nothing in the store.',
    never: MAY_BE,
  },
  {
    name: 'while the answer is awaited',
    arrange: (emulator) => emulator.addFault({ call: 'exportRedirects', effect: 'hang' }),
    reached: (emulator) => emulator.waitForRequest('exportRedirects'),
    says: MAY_BE,
    never: CONTINUES,
  },
  {
    name: 'while the job is at work',
    arrange: (emulator) => emulator.redirects.holdJobs('working'),
    reached: (emulator) => emulator.waitForRequest('exportEvents').then(settled),
    says: CONTINUES,
    never: MAY_BE,
  },
  {
    name: 'while the download is awaited',
    arrange: (emulator) => emulator.addFault({ call: 'downloadExport', effect: 'hang' }),
    reached: (emulator) => emulator.waitForRequest('downloadExport'),
    says: 'An export changes nothing in the store.',
    never: CONTINUES,
  },
  {
    name: 'in the middle of the download',
    arrange: (emulator) => emulator.addFault({ call: 'downloadExport', effect: 'slow-body', delayMs: 100 }),
    reached: (emulator) => emulator.waitForRequest('downloadExport').then(settled),
    says: 'An export changes nothing in the store.',
    never: CONTINUES,
  },
];

test.each(EXPORTS.map((moment) => [moment.name, moment] as const))('an export cancelled %s', async (_, moment) => {
  const emulator = await redirectsPlatform({ redirects: { redirects: [{ fromPath: '/old', to: '/new' }] } });
  moment.arrange(emulator);
  const workspace = workspaceWith({ 'redirects.csv': 'as it was\n' });
  const run = await cancelAt(startExport({ emulator, workspace }), moment.reached(emulator));
  expectEnd(run, 'cancelled');
  expect(verdictOf(run).title).toBe('Export cancelled');
  expect(verdictOf(run).message).toContain(moment.says);
  expect(verdictOf(run).message).not.toContain(moment.never);
  expect(run.outputs['file']).toBeUndefined();
  expect(readFileSync(join(workspace, 'redirects.csv'), 'utf8')).toBe('as it was\n');
  expect(readdirSync(workspace)).toEqual(['redirects.csv']);
  if (moment.says === CONTINUES) expectNamed(run, jobsOf(emulator, 'export')[0]?.jobId);
  expect(existsSync(run.runnerTemp)).toBe(true);
});

/** Files that are larger than the platform takes at once. */
import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { warningsOf } from './harness.ts';
import {
  annotationsOf,
  csvOf,
  expectEnd,
  HEADER,
  jobsOf,
  redirectsPlatform,
  runImport,
  startImport,
  verdictOf,
} from './redirects-harness.ts';

const LIMIT_BYTES = 20_000_000;
const LONG = 'x'.repeat(1980);

/** Rows of some 2 kB each: 12,000 are two parts, 22,000 three. */
function longRows(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `/old-${index + 1},/new/${LONG}?${index + 1},,`);
}

/** What was sent, part by part. */
function partsOf(emulator: Emulator): string[][] {
  return jobsOf(emulator, 'import').map(({ file }) => (file?.text ?? '').split('\n'));
}

const TWO_PARTS = csvOf(...longRows(12_000));

test.each([
  [12_000, 2],
  [22_000, 3],
])(
  '%i rows go in %i parts, each under 20 MB and with the header; no row is lost or sent twice',
  async (rows, parts) => {
    const emulator = await redirectsPlatform();
    const csv = csvOf(...longRows(rows));
    const run = await runImport({ emulator, csv });
    const jobs = jobsOf(emulator, 'import');
    expectEnd(run, 'complete', { completed: `${rows}`, total: `${rows}`, 'job-id': jobs.at(-1)?.jobId });
    expect(jobs).toHaveLength(parts);
    for (const { file } of jobs) expect(file?.bytes).toBeLessThan(LIMIT_BYTES);
    expect(partsOf(emulator).map(([header]) => header)).toEqual(jobs.map(() => HEADER));
    const sent = partsOf(emulator).flatMap((lines) => lines.slice(1, -1));
    expect(sent.length).toBe(rows);
    expect(`${HEADER}\n${sent.join('\n')}\n` === csv).toBe(true);
    expect(run.lines).toContain(`The file is sent in ${parts} parts, since the platform does not accept larger files.`);
    expect(readdirSync(run.runnerTemp)).toEqual([]);
  },
);

test('a file just under the limit goes in one piece, and takes little memory', async () => {
  const emulator = await redirectsPlatform();
  const csv = csvOf(...longRows(9_800));
  expect(csv.length).toBeGreaterThan(19_500_000);
  const run = await runImport({ emulator, csv });
  expectEnd(run, 'complete', { completed: '9800' });
  expect(jobsOf(emulator, 'import')).toHaveLength(1);
  expect(run.peakMemoryBytes).toBeLessThan(400 * 1024 * 1024);
});

test('rejected rows of each part have the lines of the whole file', async () => {
  const emulator = await redirectsPlatform();
  // Blank lines, which are not sent, come before and between the rows.
  const [header, ...rows] = TWO_PARTS.split('\n');
  const csv = [header, '', ...rows.slice(0, 5000), '', '', ...rows.slice(5000)].join('\r\n');
  const rejected = new Set(['/old-1', '/old-5001', '/old-11000', '/old-12000']);
  emulator.redirects.refuseRows((_, cells) => (rejected.has(cells[1] ?? '') ? 'Not this one.' : undefined));
  const run = await runImport({ emulator, csv });
  expectEnd(run, 'partial', { completed: '11996', failed: '4', total: '12000' });
  const errors = annotationsOf(run, 'error');
  expect(errors.map(({ line }) => line)).toEqual([3, 5005, 11_004, 12_004, undefined]);
  for (const { line } of errors.slice(0, -1)) {
    expect(errors.find((error) => error.line === line)?.message).toContain(
      csv.split('\r\n')[(line ?? 0) - 1]?.split(',')[1],
    );
  }
});

test.each([
  [{ effect: 'status', status: 400 }, 'partial'],
  [{ effect: 'status', status: 413 }, 'partial'],
  [{ effect: 'job-ends', status: 'failed' }, 'failed'],
] as const)('a fault at the second part (%o) says that the first is in place', async (fault, outcome) => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', skip: 1, ...fault });
  const run = await runImport({ emulator, csv: TWO_PARTS });
  const first = jobsOf(emulator, 'import')[0]?.total ?? 0;
  expectEnd(run, outcome);
  expect(Number(run.outputs['completed'])).toBeGreaterThanOrEqual(first);
  expect(verdictOf(run).message).toMatch(/^Part 2 of 2: /);
  expect(verdictOf(run).message).toContain('1 of 2 parts were imported before');
  expect(verdictOf(run).message).toContain('A rerun starts with the first part again, which does no harm.');
  expect(readdirSync(run.runnerTemp)).toEqual([]);
  const again = await runImport({ emulator, csv: TWO_PARTS });
  expectEnd(again, 'complete', { completed: '12000', total: '12000' });
  expect(emulator.redirects.list).toHaveLength(12_000);
});

test('a lost answer at the second part: that part alone is sent again', async () => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', skip: 1, effect: 'lost-answer' });
  const run = await runImport({ emulator, csv: TWO_PARTS });
  const jobs = jobsOf(emulator, 'import');
  expectEnd(run, 'complete', { completed: '12000', total: '12000', 'job-id': jobs[2]?.jobId });
  expect(jobs.map(({ file }) => file?.rows)).toEqual([jobs[0], jobs[1], jobs[1]].map((job) => job?.file?.rows));
  expect(warningsOf(run)).toContain('The request is sent again, which does no harm.');
});

test('a store that is busy before the second part is waited for', async () => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', skip: 1, effect: 'job-running', retryAfterSeconds: 1 });
  expectEnd(await runImport({ emulator, csv: TWO_PARTS }), 'complete', { completed: '12000' });
});

test('a second part that has no verdict in time: what is in place, and which job keeps running, is reported', async () => {
  const emulator = await redirectsPlatform();
  const started = startImport({ emulator, csv: TWO_PARTS, inputs: { 'timeout-minutes': '0.2' } });
  await emulator.redirects.waitForJob(({ status }) => status === 'complete');
  emulator.redirects.holdJobs('new');
  const run = await started.finished;
  const [first, second] = jobsOf(emulator, 'import');
  expectEnd(run, 'unknown', { completed: `${first?.total}`, total: '12000', 'job-id': second?.jobId });
  expect(verdictOf(run).message).toContain(`Part 2 of 2: No verdict on import job ${second?.jobId}`);
  expect(verdictOf(run).message).toContain('1 of 2 parts were imported before');
});

/** Event streams of jobs that are cut, odd, hostile or gone: the verdict is found, and nothing is counted twice. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/fault-types.ts';
import { warningsOf } from './harness.ts';
import {
  annotationsOf,
  csvOf,
  expectEnd,
  jobsOf,
  manyRows,
  redirectsPlatform,
  runExport,
  runImport,
  startImport,
  storeCallsOf,
} from './redirects-harness.ts';

type StreamFault = Omit<Extract<Fault, { call: unknown }>, 'call'> & Record<string, unknown>;

const CSV = csvOf(...manyRows(8));
const REJECTED = [2, 7];

const STREAMS: readonly (readonly [string, StreamFault])[] = [
  ['cut after an event', { effect: 'cut-after', events: 1, times: 3 } as StreamFault],
  ['cut before the first event', { effect: 'cut-after', events: 0, times: 2 } as StreamFault],
  ['reset after an event', { effect: 'reset-after', events: 1, times: 3 } as StreamFault],
  ['in single bytes', { effect: 'chunking', chunking: 'bytes' } as StreamFault],
  ['with characters in two', { effect: 'chunking', chunking: 'split-multibyte' } as StreamFault],
  ['with CRLF', { effect: 'chunking', chunking: 'crlf' } as StreamFault],
  ['with CR', { effect: 'chunking', chunking: 'cr' } as StreamFault],
  ['with events that are none', { effect: 'malformed' } as StreamFault],
  ['with a huge event', { effect: 'malformed', kinds: ['huge'], hugeBytes: 3_000_000 } as StreamFault],
  ['with unknown statuses and fields', { effect: 'unknown' } as StreamFault],
  ['with each event three times', { effect: 'repeat' } as StreamFault],
  ['with ids', { effect: 'id', times: 'always' } as StreamFault],
  ['with a byte-order mark', { effect: 'bom' } as StreamFault],
  ['with comments', { effect: 'comments' } as StreamFault],
  ['over many data lines', { effect: 'multiline' } as StreamFault],
  ['with a wait before the next connection', { effect: 'retry', retryMs: 10 } as StreamFault],
  ['rejected twice with 503', { effect: 'status', status: 503, times: 2 } as StreamFault],
  ['limited by rate', { effect: 'status', status: 429, headers: { 'retry-after': '1' } } as StreamFault],
  ['whose connection is reset', { effect: 'reset-before', times: 2 } as StreamFault],
];

test.each(STREAMS)('an import whose stream comes %s', async (_, fault) => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', effect: 'refuse-rows', rows: REJECTED });
  emulator.addFault({ call: 'importEvents', ...fault } as unknown as Fault);
  const run = await runImport({ emulator, csv: CSV });
  expectEnd(run, 'partial', { completed: '6', failed: '2', total: '8' });
  expect(annotationsOf(run, 'error').map(({ line }) => line)).toEqual([3, 8, undefined]);
  expect(jobsOf(emulator, 'import')).toHaveLength(1);
  expect(run.lines.join('\n')).not.toContain('.;');
});

test.each(STREAMS)('an export whose stream comes %s', async (_, fault) => {
  const emulator = await redirectsPlatform({ redirects: { redirects: [{ fromPath: '/old', to: '/new' }] } });
  emulator.addFault({ call: 'exportEvents', ...fault } as unknown as Fault);
  const run = await runExport({ emulator });
  expectEnd(run, 'complete', { completed: '1', total: '1' });
  expect(readFileSync(run.outputs['file'] ?? '', 'utf8')).toContain('store.example.com,/old,/new,,\n');
});

test.each(['each', 'last'] as const)('rejected rows that are in %s event are reported once each', async (errorsIn) => {
  const emulator = await redirectsPlatform({ redirects: { errorsIn } });
  emulator.addFault({ call: 'importRedirects', effect: 'refuse-rows', rows: [1, 4, 8] });
  const run = await runImport({ emulator, csv: CSV });
  expectEnd(run, 'partial', { completed: '5', failed: '3' });
  expect(annotationsOf(run, 'error').map(({ line }) => line)).toEqual([2, 5, 9, undefined]);
});

test('the outputs grow with the states of a job, and not with its events', async () => {
  const emulator = await redirectsPlatform({ redirects: { steps: 100, stepMs: 2 } });
  const run = await runImport({ emulator, csv: csvOf(...manyRows(100)) });
  expectEnd(run, 'complete', { completed: '100' });
  expect(run.everything.match(/^completed<</gm)?.length).toBeLessThanOrEqual(5);
});

test('messages and statuses that try to break out of the log or the page stay text', async () => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importRedirects', effect: 'refuse-rows', rows: REJECTED });
  emulator.addFault({ call: 'importEvents', effect: 'hostile', fields: ['message'] });
  const run = await runImport({ emulator, csv: CSV });
  expectEnd(run, 'partial', { failed: '2' });
  expect(annotationsOf(run, 'error')).toHaveLength(3);
  expect(run.summary).not.toMatch(/<(?:script|img|h1)/i);
  expect(run.summary).not.toContain('](http');
  expect(Object.keys(run.outputs)).not.toContain('evil');
});

test('a stream that goes silent is opened again', async () => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'importEvents', effect: 'silence', events: 1 });
  const run = await runImport({ emulator, csv: CSV });
  expectEnd(run, 'complete', { completed: '8' });
  expect(storeCallsOf(emulator).filter((call) => call === 'importEvents')).toHaveLength(2);
  expect(run.durationMs).toBeLessThan(90_000);
});

test('the real cut after 30 s: the verdict comes on the second connection', async () => {
  const emulator = await redirectsPlatform({ redirects: { holdJobsAt: 'working' } });
  const started = startImport({ emulator, csv: CSV });
  await emulator.waitForRequest('importEvents', { count: 2 });
  emulator.redirects.releaseJobs();
  const run = await started.finished;
  expectEnd(run, 'complete', { completed: '8' });
  expect(run.annotations).toEqual([]);
});

test.each([404, 403, 500])(
  'where the stream is rejected permanently with %i, the list of jobs has the verdict',
  async (status) => {
    const emulator = await redirectsPlatform();
    emulator.addFault({ call: 'importRedirects', effect: 'refuse-rows', rows: REJECTED });
    emulator.addFault({ call: 'importEvents', effect: 'status', status, times: 'always' });
    const run = await runImport({ emulator, csv: CSV });
    expectEnd(run, 'partial', { completed: '6', failed: '2', total: '8' });
    expect(storeCallsOf(emulator).at(-1)).toBe('listRedirectJobs');
    expect(emulator.requests.at(-1)?.query).toMatchObject({ id: jobsOf(emulator, 'import')[0]?.jobId });
  },
);

test('an export whose stream is rejected is found complete in the list, and downloaded', async () => {
  const emulator = await redirectsPlatform({ redirects: { redirects: [{ fromPath: '/old', to: '/new' }] } });
  emulator.addFault({ call: 'exportEvents', effect: 'status', status: 404, times: 'always' });
  expectEnd(await runExport({ emulator }), 'complete', { completed: '1' });
});

test('a job that the platform forgets: it is unknown how it ended', async () => {
  const emulator = await redirectsPlatform({ redirects: { holdJobsAt: 'working' } });
  const started = startImport({ emulator, csv: CSV });
  await emulator.waitForRequest('importEvents');
  const [job] = jobsOf(emulator, 'import');
  emulator.redirects.forgetJob(job?.jobId ?? '');
  emulator.addFault({ call: 'importEvents', effect: 'cut-after', events: 0, times: 'always' });
  const run = await started.finished;
  expectEnd(run, 'unknown', { 'job-id': job?.jobId });
  expect(annotationsOf(run, 'error')[0]?.message).toContain(job?.jobId);
  expect(run.durationMs).toBeLessThan(75_000);
});

// What the platform calls row 1 is not documented; it is assumed to be the first after the header.
test.each([
  [0, [1, 5], [undefined, 5]],
  [2, [1, 4, 8], [3, 6, undefined]],
])(
  'a platform that counts rows from %i: nothing is lost, and a warning says that lines may be off',
  async (firstRow, rows, lines) => {
    const emulator = await redirectsPlatform({ redirects: { firstRow } });
    emulator.addFault({ call: 'importRedirects', effect: 'refuse-rows', rows });
    const run = await runImport({ emulator, csv: CSV });
    expectEnd(run, 'partial', { completed: `${8 - rows.length}`, failed: `${rows.length}` });
    expect(annotationsOf(run, 'error').map(({ line }) => line)).toEqual([...lines, undefined]);
    expect(warningsOf(run)).toContain('The platform rejected 1 row with a number outside the 8 rows sent');
  },
);

/** The error log of a batch: how it is had, and what may be wrong with it. */
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/emulator.ts';
import type { LogKind } from '../../emulator/services/sitecore/faults.ts';
import { ALL_CALLS, type BatchCase, expectCase } from './batch-cases.ts';
import { errorsFileOf, refOf, rejectedOf } from './batch-harness.ts';

const GET = 'batchLog';
const WITH_LOG = [...ALL_CALLS, GET];
/** One of three records is rejected. */
const REJECTED: Fault = { call: 'allocateBatch', effect: 'refuse-records', positions: [2], code: 'E7' };
const ONE = { outcome: 'partial', outputs: { succeeded: '2', failed: '1' } } as const;
const HAD = { ...ONE, says: ['1 record rejected', 'rejected 1 of 3 records'] } as const;
/** The counts say how many. */
const LOST = {
  ...ONE,
  inputs: { 'allow-failed-records': '100' },
  says: [
    'without a log',
    '1 of 3 records',
    'Its error log is not available',
    /`batch-ref: [\da-f-]{36}`.*reads the log/,
  ],
} as const;

function log(...kinds: LogKind[]): Fault {
  return { call: 'allocateBatch', effect: 'batch-log', kinds };
}

const GETTING: Record<string, BatchCase & { isLost?: true }> = {
  'a URL that has expired: a fresh one': {
    faults: [{ call: 'allocateBatch', effect: 'log-expired' }],
    ...HAD,
    calls: [...WITH_LOG, 'inspectBatch', GET],
    logs: ['requesting a new one'],
  },
  'URLs that have expired': {
    faults: [{ call: 'allocateBatch', effect: 'log-expired', urls: 2 }],
    ...LOST,
    calls: [...WITH_LOG, 'inspectBatch', GET],
    isLost: true,
  },
  ...Object.fromEntries(
    [401, 403, 404, 409, 410].map((status): [string, BatchCase] => [
      `${status} once`,
      { faults: [{ call: GET, effect: 'status', status }], ...HAD, calls: [...WITH_LOG, 'inspectBatch', GET] },
    ]),
  ),
  'a redirect': {
    faults: [{ call: GET, effect: 'redirect', location: 'https://elsewhere.example/x' }],
    ...HAD,
    calls: [...WITH_LOG, 'inspectBatch', GET],
  },
  '403, and a service that is gone': {
    faults: [
      { call: GET, effect: 'status', status: 403 },
      { call: 'inspectBatch', effect: 'status', status: 404, skip: 30, times: 'always' },
      { call: 'inspectBatch', effect: 'status', status: 403, skip: 1, times: 'always' },
    ],
    sitecore: { stepMs: 0 },
    ...LOST,
    isLost: true,
  },
  '503 once': { faults: [{ call: GET, effect: 'status', status: 503 }], ...HAD, calls: WITH_LOG },
  '500 three times': { faults: [{ call: GET, effect: 'status', status: 500, times: 3 }], ...HAD, calls: WITH_LOG },
  '429 with a named wait': {
    faults: [{ call: GET, effect: 'status', status: 429, headers: { 'retry-after': '1' } }],
    ...HAD,
    calls: WITH_LOG,
  },
  '503 always': {
    faults: [{ call: GET, effect: 'status', status: 503, times: 'always' }],
    ...LOST,
    calls: WITH_LOG,
    isLost: true,
  },
  'connections that break': {
    faults: [
      { call: GET, effect: 'reset-before' },
      { call: GET, effect: 'reset-in-body' },
      { call: GET, effect: 'lost-answer' },
    ],
    ...HAD,
    calls: WITH_LOG,
  },
  'a slow log': { faults: [{ call: GET, effect: 'slow-body', chunkBytes: 10 }], ...HAD },
  'no answer until the time is up: the verdict is known all the same': {
    faults: [{ call: GET, effect: 'hang' }],
    ...LOST,
    inputs: { 'timeout-minutes': '0.04', 'allow-failed-records': '100' },
    isLost: true,
  },
};

test.each(Object.entries(GETTING))('getting the log: %s', async (_, { isLost = false, ...desired }) => {
  const faults = [REJECTED, ...(desired.faults ?? [])];
  const { run } = await expectCase({ ...desired, faults });
  expect(rejectedOf(run)).toEqual(isLost ? [] : [expect.stringMatching(/^guests\.jsonl:2: .*E7/)]);
  expect(run.outputs['errors-file'] === undefined).toBe(isLost);
});

/** `rows`: lines of the errors file. */
const FORMS: [LogKind[], BatchCase & { rows: unknown[] }][] = [
  [['not-gzip'], { ...HAD, rows: [2] }],
  [['truncated'], { ...LOST, rows: [] }],
  [
    ['empty'],
    {
      ...ONE,
      inputs: { 'allow-failed-records': '100' },
      says: ['without a log', '1 of 3 records', 'Its error log is empty: it names none of them'],
      rows: [],
    },
  ],
  [
    ['bad-lines'],
    {
      outcome: 'failed',
      outputs: { succeeded: '0', failed: '3' },
      warns: [/lines that could not be read, and does not name 2 of the 3/],
      rows: [2],
    },
  ],
  [['repeats'], { ...HAD, rows: [2] }],
  [
    ['strangers'],
    {
      outcome: 'failed',
      outputs: { succeeded: '0', failed: '3' },
      warns: [/has 3 refs that no record of the batch has/],
      rows: [2, undefined, undefined, undefined],
    },
  ],
  [
    ['hostile'],
    {
      outcome: 'partial',
      outputs: { succeeded: '1', failed: '2' },
      warns: [/1 line that could not be read/],
      rows: [2],
    },
  ],
  [
    ['huge'],
    {
      outcome: 'failed',
      outputs: { failed: '3' },
      warns: [/refs that no record of the batch has/],
      rows: Array(101).fill(expect.anything()),
    },
  ],
  [
    ['huge-line'],
    { outcome: 'partial', outputs: { failed: '2' }, warns: [/1 line that could not be read/], rows: [2] },
  ],
];

test('a log that names fewer records than the service counts: its count goes', async () => {
  const { run } = await expectCase({
    faults: [REJECTED, { call: 'allocateBatch', effect: 'batch-counts', read: 3, processed: 1, failed: 2 } as Fault],
    outcome: 'partial',
    outputs: { succeeded: '1', failed: '2' },
    warns: ['does not name 1 of the 2 rejected records'],
  });
  expect(run.summary).toContain('Sitecore CDP does not say which');
});

test.each(FORMS)('a log that is %s', async (kinds, { rows, ...desired }) => {
  const { run } = await expectCase({ ...desired, faults: [REJECTED, log(...kinds)] });
  const lines = errorsFileOf(run)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { line?: number });
  if (kinds.includes('huge')) expect(lines).toHaveLength(rows.length);
  else expect(lines.map(({ line }) => line ?? undefined)).toEqual(rows);
  expect(run.peakMemoryBytes).toBeLessThan(200_000_000);
  expect(run.everything).not.toContain('\u001b[');
});

test('what the service says of a record is shown without anything that is somebody’s, wherever it occurs', async () => {
  const hostile = '::error::pwned\r\n::set-output name=x::y\n<script>alert(1)</script> | [x](javascript:1) @everyone';
  const { run } = await expectCase({
    faults: [{ ...REJECTED, message: hostile, quoting: true, code: '::warning::' } as Fault],
    outcome: 'partial',
    outputs: { failed: '1' },
  });
  expect(rejectedOf(run)).toHaveLength(1);
  expect(run.lines.filter((line) => line.startsWith('::error::pwned') || line.startsWith('::set-output'))).toEqual([]);
  expect(run.summary).not.toContain('<script>');
  expect(run.summary).not.toContain('](javascript');
  const [entry] = errorsFileOf(run)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(entry).toMatchObject({ line: 2, ref: refOf(2) });
});

test('the URL of a log may be of nobody: nothing is sent there', async () => {
  const { run, emulator } = await expectCase({
    faults: [
      REJECTED,
      {
        call: 'inspectBatch',
        effect: 'status',
        status: 200,
        body: { status: { code: 'error', log: 'http://logs.example.com/x?X-Amz-Signature=5f5f5f5f5f' } },
      },
    ],
    outcome: 'partial',
    says: ['it is not known how many', 'of the error log that is not an https URL'],
  });
  expect(emulator.requests.filter(({ call }) => call === GET)).toEqual([]);
  expect(run.everything).not.toContain('5f5f5f5f5f');
});

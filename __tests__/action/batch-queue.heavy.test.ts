/** Several batches: what is sent after a bad one, and what the run says in all. */
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/fault-types.ts';
import { type BatchCase, expectCaseEnd } from './batch-cases.ts';
import { batchPlatform, errorsFileOf, guest, runBatch } from './batch-harness.ts';

const NAMES = ['a.jsonl', 'b.jsonl', 'c.jsonl'];
const FILES = Object.fromEntries(NAMES.map((name, file) => [name, `${guest(file * 2 + 1)}\n${guest(file * 2 + 2)}\n`]));

/** Of the second batch. */
function second(fault: object): Fault {
  return { call: 'allocateBatch', skip: 1, ...fault } as Fault;
}

/** `batches`: as many are allocated, and are in `batch-refs`. */
const QUEUES: Record<string, BatchCase & { batches: number }> = {
  'all good': { batches: 3, outcome: 'success', outputs: { records: '6', succeeded: '6', failed: '0' } },
  'a record of the second is rejected': {
    faults: [second({ effect: 'refuse-records', count: 1 })],
    batches: 3,
    outcome: 'partial',
    outputs: { records: '6', succeeded: '5', failed: '1' },
    says: ['rejected 1 of 6 records', /Correct it in \S+\.jsonl/],
  },
  'a record of the second is rejected, which is allowed': {
    faults: [second({ effect: 'refuse-records', count: 1 })],
    inputs: { 'allow-failed-records': '1' },
    batches: 3,
    outcome: 'partial',
    isGreen: true,
    outputs: { succeeded: '5', failed: '1' },
    warns: ['allows that'],
  },
  'records of each are rejected: all count together': {
    faults: [{ call: 'allocateBatch', effect: 'refuse-records', count: 1, times: 3 }],
    inputs: { 'allow-failed-records': '2' },
    batches: 3,
    outcome: 'partial',
    outputs: { succeeded: '3', failed: '3' },
    says: ['3 of 6 records', 'allows 2'],
  },
  'all records of all are rejected': {
    faults: [{ call: 'allocateBatch', effect: 'refuse-records', count: 2, times: 3 }],
    batches: 3,
    outcome: 'failed',
    outputs: { succeeded: '0', failed: '6' },
    says: ['all 6 records'],
  },
  'the second is corrupted': {
    faults: [second({ effect: 'batch-ends', status: 'corrupted' })],
    inputs: { 'allow-failed-records': '100' },
    batches: 2,
    outcome: 'corrupted',
    outputs: { records: '6', succeeded: '2' },
    says: ['Batch 2 of 3 (b.jsonl)', '2 records accepted', 'Not sent: c.jsonl', 'remaining files: b.jsonl, c.jsonl'],
  },
  'the second is in error without a log': {
    faults: [second({ effect: 'batch-ends', status: 'error' })],
    sitecore: { renderCounts: () => ({}) },
    inputs: { 'allow-failed-records': '100' },
    batches: 2,
    outcome: 'partial',
    outputs: { succeeded: '2', failed: '2' },
    says: ['Batch 2 of 3 (b.jsonl)', 'Not sent: c.jsonl', 'remaining files: c.jsonl'],
  },
  'the second never ends': {
    faults: [second({ effect: 'batch-stays', status: 'processing' })],
    inputs: { 'timeout-minutes': '0.06' },
    batches: 2,
    outcome: 'unknown',
    outputs: { succeeded: '2', failed: '0' },
    says: [
      /with `batch-ref: \S+` and `files: b\.jsonl` alone/,
      'for the remaining files: c.jsonl',
      'Not sent: c.jsonl',
    ],
  },
  'the second is not to be had': {
    faults: [second({ effect: 'status', status: 403 })],
    batches: 1,
    outcome: 'partial',
    outputs: { succeeded: '2', failed: '0' },
    says: ['answered 403', 'Not sent: c.jsonl', 'remaining files: b.jsonl, c.jsonl'],
  },
  'the first is not to be had': {
    faults: [{ call: 'allocateBatch', effect: 'status', status: 401 }],
    batches: 0,
    outcome: 'error',
    outputs: { 'batch-refs': '[]' },
    says: ['answered 401', '`client-key` and `api-token`'],
  },
  'the upload of the second is rejected to the end': {
    faults: [{ call: 'uploadBatch', skip: 1, times: 'always', effect: 'status', status: 403 }],
    batches: 5,
    outcome: 'partial',
    outputs: { succeeded: '2', failed: '0' },
    says: ['Batch 2 of 3 (b.jsonl)', '3 new locations', 'Not sent: c.jsonl'],
  },
  'the first is all rejected, and the second corrupted': {
    faults: [
      { call: 'allocateBatch', effect: 'refuse-records', count: 2 },
      { call: 'allocateBatch', skip: 1, effect: 'batch-ends', status: 'corrupted' },
    ],
    batches: 2,
    outcome: 'corrupted',
    outputs: { succeeded: '0' },
    says: ['0 records accepted, 2 rejected', 'Not sent: c.jsonl'],
  },
};

test.each(Object.entries(QUEUES))('%s', async (_, { batches, ...desired }) => {
  const { faults = [], sitecore } = desired;
  const emulator = await batchPlatform({ faults, ...(sitecore && { sitecore }) });
  const run = await runBatch({ emulator, files: FILES, inputs: { files: '*.jsonl', ...desired.inputs } });
  expectCaseEnd(run, desired);
  const { list } = emulator.batches;
  expect(list).toHaveLength(batches);
  const refs = JSON.parse(run.outputs['batch-refs'] ?? '') as string[];
  // Those that were given up are in no output.
  const isGivenUp = desired.says?.includes('3 new locations') === true;
  expect(refs).toEqual(list.map(({ ref }) => ref).filter((__, index) => !isGivenUp || index === 0 || index === 4));
  // One after another: each begins when the one before has its verdict.
  const ended = list.filter(({ endedAtMs }) => endedAtMs !== undefined);
  for (const [index, { createdAtMs }] of ended.entries())
    expect(createdAtMs).toBeGreaterThanOrEqual(ended[index - 1]?.endedAtMs ?? 0);
  const files = ended.filter(({ status }) => status === 'success').map(({ records }) => records[0]?.ref);
  expect(files.every((ref) => ref !== undefined)).toBe(true);
});

test('rejected records of several batches are in one errors file, each with its own file', async () => {
  const emulator = await batchPlatform({
    faults: [
      { call: 'allocateBatch', effect: 'refuse-records', positions: [2] },
      { call: 'allocateBatch', skip: 2, effect: 'refuse-records', positions: [1] },
    ],
  });
  const run = await runBatch({ emulator, files: FILES, inputs: { files: 'c.jsonl\nb.jsonl\na.jsonl' } });
  expectCaseEnd(run, { outcome: 'partial', outputs: { failed: '2' } });
  const lines = errorsFileOf(run)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { file: string; line: number });
  expect(lines.map(({ file, line }) => `${file}:${line}`)).toEqual(['c.jsonl:2', 'a.jsonl:1']);
});

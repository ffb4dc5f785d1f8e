/** Each way in which a batch comes to its end, or to none. */
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/fault-types.ts';
import { ALL_CALLS, type BatchCase, expectCase } from './batch-cases.ts';
import {
  annotationsOf,
  batchPlatform,
  errorsFileOf,
  expectEnd,
  guests,
  refOf,
  rejectedOf,
  runBatch,
  startBatch,
} from './batch-harness.ts';

const WITH_LOG = [...ALL_CALLS, 'batchLog'];

function rejects(count: number): Fault {
  return { call: 'allocateBatch', effect: 'refuse-records', count, code: 'E7' };
}

function ends(status: 'corrupted' | 'error' | 'success'): Fault {
  return { call: 'allocateBatch', effect: 'batch-ends', status };
}

const ALLOWED = '`allow-failed-records` allows that';

const VERDICTS: Record<string, BatchCase> = {
  success: { outcome: 'success', outputs: { records: '3', succeeded: '3', failed: '0' }, calls: ALL_CALLS },
  'some rejected': {
    faults: [rejects(2)],
    outcome: 'partial',
    outputs: { records: '3', succeeded: '1', failed: '2', 'errors-file': expect.stringMatching(/^\//) },
    calls: WITH_LOG,
    says: ['2 records rejected', 'rejected 2 of 3 records; the others were accepted', 'Correct them in guests.jsonl'],
  },
  'all rejected': {
    faults: [rejects(3)],
    outcome: 'failed',
    outputs: { succeeded: '0', failed: '3' },
    calls: WITH_LOG,
    says: ['rejected all 3 records.', 'Correct them'],
  },
  'as many rejected as are allowed': {
    faults: [rejects(2)],
    inputs: { 'allow-failed-records': '2' },
    outcome: 'partial',
    isGreen: true,
    outputs: { succeeded: '1', failed: '2' },
    warns: [ALLOWED],
  },
  'one more rejected than is allowed': {
    faults: [rejects(2)],
    inputs: { 'allow-failed-records': '1' },
    outcome: 'partial',
    outputs: { succeeded: '1', failed: '2' },
    says: ['`allow-failed-records` allows 1'],
  },
  'all rejected, which is allowed': {
    faults: [rejects(3)],
    inputs: { 'allow-failed-records': '3' },
    outcome: 'failed',
    isGreen: true,
    outputs: { succeeded: '0', failed: '3' },
    warns: [ALLOWED],
  },
  'error without a log': {
    faults: [ends('error')],
    sitecore: { renderCounts: () => ({}) },
    inputs: { 'allow-failed-records': '1000' },
    outcome: 'failed',
    outputs: { succeeded: '0', failed: '3' },
    calls: [...ALL_CALLS, 'batch'],
    says: ['without a log', '3 of 3 records', 'provides no error log', 'Check the batch: `GET /v2/batches/'],
  },
  'error without a log, but with counts': {
    faults: [rejects(2), { call: 'allocateBatch', effect: 'batch-log', kinds: ['missing'] }],
    inputs: { 'allow-failed-records': '1000' },
    outcome: 'partial',
    outputs: { succeeded: '1', failed: '2' },
    calls: [...ALL_CALLS, 'batch'],
    says: ['without a log', '2 of 3 records'],
  },
  'error whose counts say that none failed': {
    faults: [ends('error')],
    outcome: 'partial',
    outputs: { succeeded: '2', failed: '1' },
    calls: [...ALL_CALLS, 'batch'],
    says: ['1 of 3 records'],
  },
  corrupted: {
    faults: [ends('corrupted')],
    inputs: { 'allow-failed-records': '1000' },
    outcome: 'corrupted',
    outputs: { succeeded: '0' },
    calls: ALL_CALLS,
    says: [/corrupted: .*MD5 [\da-f]{32}, \d+ bytes; the service reports the same/, 'leave `batch-ref` empty'],
  },
  'success that counts failed records': {
    faults: [{ call: 'allocateBatch', effect: 'batch-counts', failed: 2 }],
    outcome: 'partial',
    outputs: { succeeded: '1', failed: '2' },
    warns: [/reports batch \S+ as a success, but .* it counts 2 failed\. Those count as rejected/],
    says: ['2 records rejected'],
  },
  'success that counts failed records, as many as are allowed': {
    faults: [{ call: 'allocateBatch', effect: 'batch-counts', failed: 2 }],
    inputs: { 'allow-failed-records': '2' },
    outcome: 'partial',
    isGreen: true,
    outputs: { succeeded: '1', failed: '2' },
    warns: ['a success', ALLOWED],
  },
  'success that counts fewer records than were sent': {
    faults: [{ call: 'allocateBatch', effect: 'batch-counts', read: 2, processed: 2 }],
    outcome: 'success',
    warns: ['it counts 2 read, 2 processed.'],
  },
  'success without counts': { sitecore: { renderCounts: () => ({}) }, outcome: 'success', outputs: { succeeded: '3' } },
  'unknown words on the way': {
    faults: [{ call: 'allocateBatch', effect: 'batch-status', status: 'scanning', seenTimes: 3 }],
    outcome: 'success',
    warns: ['reports the status "scanning", which this action does not know. It does not count as a verdict'],
  },
};

test.each(Object.entries(VERDICTS))('%s', async (_, desired) => {
  const { run, emulator } = await expectCase(desired);
  const refs = emulator.batches.list.map(({ ref }) => ref);
  expect(refs).toHaveLength(1);
  expect(run.outputs['batch-refs']).toBe(JSON.stringify(refs));
  expect(run.lines.join('\n')).toContain(`${refs[0]}`);
});

test('each rejected record is reported once at its line, in the order of the file, nine of them; all are in the errors file', async () => {
  const emulator = await batchPlatform({
    faults: [{ ...rejects(12), message: 'Wrong email', quoting: true } as Fault],
  });
  const run = await runBatch({ emulator, files: { 'guests.jsonl': guests(14) } });
  expectEnd(run, 'partial', { succeeded: '2', failed: '12' });
  expect(rejectedOf(run).map((text) => Number(text.split(':')[1]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const lines = errorsFileOf(run)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ line, ref, code, file }) => [line, ref, code, file])).toEqual(
    Array.from({ length: 12 }, (_, index) => [index + 1, refOf(index + 1), 'E7', 'guests.jsonl']),
  );
  for (let number = 1; number <= 12; number += 1) expect(run.summary).toContain(refOf(number));
});

test('records that may fail are warnings', async () => {
  const emulator = await batchPlatform({ faults: [rejects(2)] });
  const run = await runBatch({ emulator, inputs: { 'allow-failed-records': '2' } });
  expectEnd(run, 'partial', {}, true);
  expect(annotationsOf(run, 'warning').map(({ file, line }) => `${file}:${line}`)).toEqual([
    'guests.jsonl:1',
    'guests.jsonl:2',
    'undefined:undefined',
  ]);
});

test.each(['uploading', 'file_uploaded', 'processing', 'paused'])(
  'a batch that stays %s: no verdict in time, and how to come to one',
  async (status) => {
    const { run, emulator } = await expectCase({
      faults: [{ call: 'allocateBatch', effect: 'batch-stays', status }],
      inputs: { 'timeout-minutes': '0.04' },
      outcome: 'unknown',
      says: ['No verdict', `Last seen: ${status}`, 'timeout-minutes', /with `batch-ref: [\da-f-]{36}`/],
      warns: status === 'paused' ? ['reports the status "paused"'] : [],
    });
    const [batch] = emulator.batches.list;
    expect(run.outputs['batch-refs']).toBe(JSON.stringify([batch?.ref]));
    expect(run.lines.join('\n')).toContain(`Run the job again with \`batch-ref: ${batch?.ref}\``);
    expect(run.durationMs).toBeLessThan(6000);
    expect(batch?.uploads).toBe(1);
  },
);

test('the status is asked for more and more seldom, and often again once it changes', async () => {
  const emulator = await batchPlatform({ sitecore: { holdBatchesAt: 'processing' } });
  const started = startBatch({ emulator, inputs: { 'poll-interval-seconds': '0.3' } });
  const atMs = async (count: number) => {
    const { startedAtMs } = await emulator.waitForRequest('inspectBatch', { count });
    return startedAtMs;
  };
  // The first answer is a change.
  const times = [await atMs(1), await atMs(2), await atMs(3), await atMs(4), await atMs(5)];
  emulator.batches.setBatch(emulator.batches.list[0]?.ref ?? '', { status: 'file_uploaded' });
  times.push(await atMs(6), await atMs(7));
  emulator.batches.setBatch(emulator.batches.list[0]?.ref ?? '', { status: 'success' });
  expectEnd(await started.finished, 'success');
  const pauses = times.map((time, index) => time - (times[index - 1] ?? 0)).slice(1);
  const [, , , fourth = 0, , afterChange = 0] = pauses;
  expect(fourth).toBeGreaterThan(900);
  expect(afterChange).toBeLessThan(700);
});

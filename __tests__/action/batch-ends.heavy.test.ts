/** Each way in which a batch comes to its end, or to none. */
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/emulator.ts';
import { ALL_CALLS, type BatchCase, expectCase } from './batch-cases.ts';
import {
  annotationsOf,
  batchPlatform,
  errorsFileOf,
  expectEnd,
  guests,
  refOf,
  refusedOf,
  runBatch,
  startBatch,
} from './batch-harness.ts';

const WITH_LOG = [...ALL_CALLS, 'batchLog'];

function refuses(count: number): Fault {
  return { call: 'allocateBatch', effect: 'refuse-records', count, code: 'E7' };
}

function ends(status: 'corrupted' | 'error' | 'success'): Fault {
  return { call: 'allocateBatch', effect: 'batch-ends', status };
}

const ALLOWED = '`allow-failed-records` lets that pass';

const VERDICTS: Record<string, BatchCase> = {
  success: { outcome: 'success', outputs: { records: '3', succeeded: '3', failed: '0' }, calls: ALL_CALLS },
  'some refused': {
    faults: [refuses(2)],
    outcome: 'partial',
    outputs: { records: '3', succeeded: '1', failed: '2', 'errors-file': expect.stringMatching(/^\//) },
    calls: WITH_LOG,
    says: ['2 records refused', 'refused 2 of 3 records; the others are in', 'Correct them in guests.jsonl'],
  },
  'all refused': {
    faults: [refuses(3)],
    outcome: 'failed',
    outputs: { succeeded: '0', failed: '3' },
    calls: WITH_LOG,
    says: ['refused all 3 records.', 'Correct them'],
  },
  'as many refused as are allowed': {
    faults: [refuses(2)],
    inputs: { 'allow-failed-records': '2' },
    outcome: 'partial',
    isGreen: true,
    outputs: { succeeded: '1', failed: '2' },
    warns: [ALLOWED],
  },
  'one more refused than is allowed': {
    faults: [refuses(2)],
    inputs: { 'allow-failed-records': '1' },
    outcome: 'partial',
    outputs: { succeeded: '1', failed: '2' },
    says: ['`allow-failed-records` allows 1'],
  },
  'all refused, which is allowed': {
    faults: [refuses(3)],
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
    says: ['without a log', '3 of 3 records', 'gives no error log', 'Look at the batch: `GET /v2/batches/'],
  },
  'error without a log, but with counts': {
    faults: [refuses(2), { call: 'allocateBatch', effect: 'batch-log', kinds: ['missing'] }],
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
    says: [/corrupted: .*MD5 [\da-f]{32}, \d+ bytes; the service gives the same/, 'leave `batch-ref` empty'],
  },
  'success that counts failed records': {
    faults: [{ call: 'allocateBatch', effect: 'batch-counts', failed: 2 }],
    outcome: 'partial',
    outputs: { succeeded: '1', failed: '2' },
    warns: [/calls batch \S+ a success, and .* it counts 2 failed\. Those count as refused/],
    says: ['2 records refused'],
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
    warns: ['calls the batch "scanning", which this action does not know: it is no verdict'],
  },
};

test.each(Object.entries(VERDICTS))('%s', async (_, desired) => {
  const { run, emulator } = await expectCase(desired);
  const refs = emulator.sitecore.list.map(({ ref }) => ref);
  expect(refs).toHaveLength(1);
  expect(run.outputs['batch-refs']).toBe(JSON.stringify(refs));
  expect(run.lines.join('\n')).toContain(`${refs[0]}`);
});

test('each refused record is told once at its line, in the order of the file, nine of them; all are in the errors file', async () => {
  const emulator = await batchPlatform({
    faults: [{ ...refuses(12), message: 'Wrong email', quoting: true } as Fault],
  });
  const run = await runBatch({ emulator, files: { 'guests.jsonl': guests(14) } });
  expectEnd(run, 'partial', { succeeded: '2', failed: '12' });
  expect(refusedOf(run).map((text) => Number(text.split(':')[1]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
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
  const emulator = await batchPlatform({ faults: [refuses(2)] });
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
      warns: status === 'paused' ? ['calls the batch "paused"'] : [],
    });
    const [batch] = emulator.sitecore.list;
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
  emulator.sitecore.setBatch(emulator.sitecore.list[0]?.ref ?? '', { status: 'file_uploaded' });
  times.push(await atMs(6), await atMs(7));
  emulator.sitecore.setBatch(emulator.sitecore.list[0]?.ref ?? '', { status: 'success' });
  expectEnd(await started.finished, 'success');
  const pauses = times.map((time, index) => time - (times[index - 1] ?? 0)).slice(1);
  const [, , , fourth = 0, , afterChange = 0] = pauses;
  expect(fourth).toBeGreaterThan(900);
  expect(afterChange).toBeLessThan(700);
});

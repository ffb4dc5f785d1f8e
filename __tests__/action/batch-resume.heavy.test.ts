/** A run with `batch-ref`: what it makes of the batch that the service has, whatever state that is in. */
import { expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import type { BatchChange } from '../../emulator/services/sitecore/batch-lifecycle.ts';
import { ALL_CALLS, type BatchCase, expectCaseEnd, IN_TIME } from './batch-cases.ts';
import {
  batchCallsOf,
  batchPlatform,
  FILE,
  guests,
  rejectedOf,
  runBatch,
  startBatch,
  workspaceWith,
} from './batch-harness.ts';

const REF = 'f1a9f1d3-3c1e-4b60-8c33-4c1f0a53a9d1';
const AGAIN = 'inspectBatch';

/** The batch of a run that ended before its upload: the store refuses nobody from now on. */
async function leaveBatch(emulator: Emulator, change: BatchChange | undefined, workspace: string): Promise<number> {
  emulator.addFault({ call: 'uploadBatch', effect: 'hang' });
  const started = startBatch({ emulator, workspace, inputs: { 'batch-ref': REF } });
  await emulator.waitForRequest('uploadBatch');
  started.kill('SIGINT');
  await started.finished;
  if (change !== undefined) emulator.sitecore.setBatch(REF, change);
  return emulator.requests.length;
}

type Resumed = BatchCase & {
  change?: BatchChange;
  /** Made after the first run, besides. */
  later?: readonly Fault[];
  /** Of the batches that there are then; that of the first run comes first. */
  uploads: readonly number[];
};

const RESUMED: Record<string, Resumed> = {
  'uploading: the file goes to its location': {
    outcome: 'success',
    calls: [AGAIN, 'uploadBatch', AGAIN],
    uploads: [1],
    logs: ['for this file: uploading'],
  },
  'uploading, where only the other call says to where': {
    later: [{ call: AGAIN, effect: 'status', status: 200, body: { ref: REF, status: { code: 'uploading' } } }],
    outcome: 'success',
    calls: [AGAIN, 'batch', 'uploadBatch', AGAIN],
    uploads: [1],
  },
  'uploading, and no location is shown: a fresh batch': {
    sitecore: { showsLocation: false },
    outcome: 'success',
    calls: [AGAIN, 'batch', ...ALL_CALLS],
    uploads: [0, 1],
    warns: [`no longer gives an upload location for it. Batch ${REF} is abandoned, and its file is sent as batch`],
  },
  'uploading, and its location has expired: a fresh batch': {
    change: { expiry: '2026-01-01T00:00:00Z' },
    outcome: 'success',
    calls: [AGAIN, ...ALL_CALLS],
    uploads: [0, 1],
    warns: [/Its upload location expired .* ago\. Batch f1a9f1d3/],
  },
  'uploading, and its location is rejected: a new batch': {
    later: [{ call: 'uploadBatch', effect: 'status', status: 403 }],
    outcome: 'success',
    calls: [AGAIN, 'uploadBatch', ...ALL_CALLS],
    uploads: [0, 1],
    warns: [/The upload was rejected: .*Batch f1a9f1d3/],
  },
  'file_uploaded: it is followed': {
    change: { status: 'file_uploaded' },
    inputs: { 'timeout-minutes': '0.03' },
    outcome: 'unknown',
    calls: [AGAIN],
    uploads: [0],
    says: [`with \`batch-ref: ${REF}\``, 'It continues remotely'],
  },
  'processing: it is followed': {
    change: { status: 'processing' },
    inputs: { 'timeout-minutes': '0.03' },
    outcome: 'unknown',
    calls: [AGAIN],
    uploads: [0],
    says: ['Last seen: processing', `with \`batch-ref: ${REF}\``],
  },
  'of a status that nobody knows: it is followed': {
    change: { status: 'paused' },
    inputs: { 'timeout-minutes': '0.03' },
    outcome: 'unknown',
    calls: [AGAIN],
    uploads: [0],
    warns: ['"paused", which this action does not know'],
  },
  'a success': {
    change: { status: 'success', recordCount: 3 },
    outcome: 'success',
    calls: [AGAIN],
    uploads: [0],
    outputs: { succeeded: '3' },
  },
  'an error without a log': {
    change: { status: 'error', recordCount: 3, rejectedCount: 3 },
    outcome: 'failed',
    calls: [AGAIN, 'batch', 'inspectBatch', 'batch'],
    uploads: [0],
    outputs: { failed: '3' },
    says: ['without a log'],
  },
  corrupted: {
    change: { status: 'corrupted' },
    outcome: 'corrupted',
    calls: [AGAIN],
    uploads: [0],
    says: ['leave `batch-ref` empty'],
  },
  'a success of another file': {
    change: { status: 'success', md5: '0'.repeat(32) },
    outcome: 'error',
    calls: [AGAIN],
    uploads: [0],
    says: [`Batch ${REF} belongs to another file`, 'Nothing was sent', '0'.repeat(32)],
  },
  'uploading, for a file of another size': {
    change: { sizeBytes: 7 },
    outcome: 'error',
    calls: [AGAIN],
    uploads: [0],
    says: ['belongs to another file', '7 bytes'],
  },
  'not to be asked for': {
    later: [{ call: AGAIN, effect: 'status', status: 401, times: 'always' }],
    outcome: 'error',
    calls: [AGAIN],
    uploads: [0],
    says: ['`client-key`'],
  },
  'asked for after troubles': {
    later: [
      { call: AGAIN, effect: 'status', status: 503 },
      { call: AGAIN, effect: 'reset-before' },
    ],
    outcome: 'success',
    calls: [AGAIN, 'uploadBatch', AGAIN],
    uploads: [1],
  },
};

test.each(Object.entries(RESUMED))('the batch is %s', async (_, { change, later = [], uploads, ...desired }) => {
  const { sitecore } = desired;
  const emulator = await batchPlatform(sitecore && { sitecore });
  const workspace = workspaceWith({ [FILE]: guests(3) });
  const before = await leaveBatch(emulator, change, workspace);
  for (const fault of later) emulator.addFault(fault);
  const run = await runBatch({
    emulator,
    workspace,
    inputs: { ...IN_TIME, 'batch-ref': REF.toUpperCase(), ...desired.inputs },
  });
  expectCaseEnd(run, desired);
  const calls = batchCallsOf({ ...emulator, requests: emulator.requests.slice(before) });
  expect(calls).toEqual(desired.calls);
  const { list } = emulator.sitecore;
  expect(list.map((batch) => batch.uploads)).toEqual(uploads);
  const isRefused = desired.outcome === 'error';
  expect(run.outputs['batch-refs']).toBe(JSON.stringify(isRefused ? [] : [list.at(-1)?.ref]));
});

test('uploading, on a runner whose clock is two hours fast: its location is as good as on any other', async () => {
  const emulator = await batchPlatform();
  const workspace = workspaceWith({ [FILE]: guests(3) });
  const before = await leaveBatch(emulator, undefined, workspace);
  const ahead = 'const { now } = Date; Date.now = () => now() + 7_200_000;';
  const run = await runBatch({
    emulator,
    workspace,
    inputs: { ...IN_TIME, 'batch-ref': REF },
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ahead)}` },
  });
  expectCaseEnd(run, { outcome: 'success', outputs: { 'batch-refs': JSON.stringify([REF]) } });
  expect(batchCallsOf({ ...emulator, requests: emulator.requests.slice(before) })).toEqual([
    AGAIN,
    'uploadBatch',
    AGAIN,
  ]);
});

test('a ref that the service does not know is that of the batch', async () => {
  const emulator = await batchPlatform();
  const run = await runBatch({ emulator, inputs: { 'batch-ref': REF } });
  expectCaseEnd(run, { outcome: 'success', outputs: { 'batch-refs': JSON.stringify([REF]) } });
  expect(batchCallsOf(emulator)).toEqual([AGAIN, ...ALL_CALLS]);
  const again = await runBatch({ emulator, inputs: { 'batch-ref': REF } });
  expectCaseEnd(again, { outcome: 'success', outputs: { 'batch-refs': JSON.stringify([REF]), succeeded: '3' } });
  expect(emulator.sitecore.list.map(({ uploads }) => uploads)).toEqual([1]);
  const other = await runBatch({ emulator, files: { [FILE]: guests(4) }, inputs: { 'batch-ref': REF } });
  expectCaseEnd(other, { outcome: 'error', says: ['belongs to another file'] });
});

test('an error is looked at again, with its log', async () => {
  const emulator = await batchPlatform({
    faults: [
      { call: 'allocateBatch', effect: 'refuse-records', positions: [3] },
      { call: 'batchLog', effect: 'status', status: 404, times: 2 },
    ],
  });
  const first = await runBatch({ emulator });
  expectCaseEnd(first, { outcome: 'partial', outputs: { failed: '1' }, says: ['reads the log'] });
  const [ref = ''] = JSON.parse(first.outputs['batch-refs'] ?? '') as string[];
  const before = emulator.requests.length;
  const second = await runBatch({ emulator, inputs: { 'batch-ref': ref } });
  expectCaseEnd(second, { outcome: 'partial', outputs: { succeeded: '2', failed: '1' }, says: ['1 record rejected'] });
  expect(rejectedOf(second)).toEqual([expect.stringMatching(/^guests\.jsonl:3: /)]);
  expect(emulator.requests.slice(before).map(({ call }) => call)).toEqual([AGAIN, 'batchLog']);
});

test('a ref for several files is rejected before anything is asked', async () => {
  const emulator = await batchPlatform();
  const files = { 'a.jsonl': guests(1), 'b.jsonl': guests(1) };
  const run = await runBatch({ emulator, files, inputs: { files: '*.jsonl', 'batch-ref': REF } });
  expectCaseEnd(run, { outcome: 'error', says: ['batch-ref: It is the UUID of one batch, and `files` names 2 files'] });
  expect(emulator.requests).toEqual([]);
});

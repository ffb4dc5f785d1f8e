/** A job that is cancelled: wherever that meets the run, it ends soon, leaves nothing behind, and says what goes on. */
import { expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import { expectOneVerdict } from './batch-cases.ts';
import { type BatchRun, batchPlatform, cancelAt, expectEnd, FILE, guest, guests, startBatch } from './batch-harness.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

interface Point {
  faults?: readonly Fault[];
  run?: BatchRun;
  hold?: 'uploading' | 'file_uploaded' | 'processing';
  /** Resolves at the moment of the signal; `logged` when the run has logged a line with this text. */
  reached: (emulator: Emulator, logged: (text: string) => Promise<unknown>) => Promise<unknown>;
  /** Of the verdict. */
  says: readonly (string | RegExp)[];
  /** How many batches are in the outputs. */
  refs: number;
  outputs?: Readonly<Record<string, string>>;
}

const RESUME = /Run the job again with `batch-ref: [\da-f-]{36}`/;

/** A large file, whose upload stalls after some of it. */
function noise(records: number): string {
  const line = (number: number) => guest(number, { value: { firstName: `Ermentrud${number}`, note: noiseOf(number) } });
  return Array.from({ length: records }, (_, index) => `${line(index + 1)}\n`).join('');
}

function noiseOf(seed: number): string {
  let state = seed * 2_654_435_761;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state.toString(36);
  };
  return Array.from({ length: 200 }, next).join('');
}

const POINTS: Record<string, Point> = {
  'a batch is announced': {
    faults: [{ call: 'allocateBatch', effect: 'hang' }],
    reached: (emulator) => emulator.waitForRequest('allocateBatch'),
    says: ['was about to be created: none of it was uploaded', 'Run the job again.'],
    refs: 0,
  },
  'the service names a wait': {
    faults: [{ call: 'allocateBatch', effect: 'status', status: 429, headers: { 'retry-after': '60' } }],
    reached: (emulator) => emulator.waitForRequestEnd('allocateBatch'),
    says: ['was about to be created: none of it was uploaded'],
    refs: 0,
  },
  'a batch of a given ref is asked for': {
    faults: [{ call: 'inspectBatch', effect: 'hang' }],
    run: { inputs: { 'batch-ref': 'f1a9f1d3-3c1e-4b60-8c33-4c1f0a53a9d1' } },
    reached: (emulator) => emulator.waitForRequest('inspectBatch'),
    says: ['Nothing was sent.'],
    refs: 0,
  },
  'the file is uploaded, and storage does not answer': {
    faults: [{ call: 'uploadBatch', effect: 'hang' }],
    reached: (emulator) => emulator.waitForRequest('uploadBatch'),
    says: [/was being uploaded as [\da-f-]{36}: an interrupted upload is not stored, unless all of it/, RESUME],
    refs: 1,
  },
  'the file is half uploaded': {
    faults: [{ call: 'uploadBatch', effect: 'stall-upload', afterBytes: 1000 }],
    run: { files: { [FILE]: noise(6000) } },
    reached: (emulator) => emulator.waitForRequest('uploadBatch'),
    says: ['was being uploaded as', RESUME],
    refs: 1,
  },
  'storage is in trouble': {
    faults: [{ call: 'uploadBatch', effect: 'status', status: 503, times: 'always' }],
    reached: (emulator) => emulator.waitForRequest('uploadBatch', { count: 2 }),
    says: ['was being uploaded as', RESUME],
    refs: 1,
  },
  'the batch is asked for, and the service does not answer': {
    faults: [{ call: 'inspectBatch', effect: 'hang' }],
    reached: (emulator) => emulator.waitForRequest('inspectBatch'),
    says: ['continues remotely: the service cannot cancel it', RESUME],
    refs: 1,
  },
  'the batch is processed': {
    hold: 'processing',
    reached: (emulator) => emulator.waitForRequest('inspectBatch', { count: 3 }),
    says: ['(last seen: processing), continues remotely', RESUME],
    refs: 1,
  },
  'the run waits a long time for the next question': {
    hold: 'file_uploaded',
    run: { inputs: { 'poll-interval-seconds': '600' } },
    // Storage has the file earlier than the run has its answer.
    reached: (_, logged) => logged('Uploaded '),
    says: ['continues remotely', RESUME],
    refs: 1,
  },
  'the log is read': {
    faults: [
      { call: 'allocateBatch', effect: 'refuse-records', count: 1 },
      { call: 'batchLog', effect: 'hang' },
    ],
    reached: (emulator) => emulator.waitForRequest('batchLog'),
    says: ['The batch has a verdict: error'],
    refs: 1,
  },
  'the log comes slowly': {
    faults: [
      { call: 'allocateBatch', effect: 'refuse-records', count: 1 },
      { call: 'batchLog', effect: 'slow-body', delayMs: 1000 },
    ],
    reached: (emulator) => emulator.waitForRequest('batchLog'),
    says: ['The batch has a verdict: error'],
    refs: 1,
  },
  'a large log is joined to the records': {
    faults: [
      { call: 'allocateBatch', effect: 'refuse-records', count: 1 },
      { call: 'allocateBatch', effect: 'batch-log', kinds: ['huge'], hugeBytes: 400_000_000 },
    ],
    reached: (emulator) => emulator.waitForRequestEnd('batchLog'),
    says: ['The batch has a verdict: error'],
    refs: 1,
  },
  'the second of three batches is processed': {
    faults: [{ call: 'allocateBatch', skip: 1, effect: 'batch-stays', status: 'processing' }],
    run: {
      files: { 'a.jsonl': guests(1), 'b.jsonl': guests(2), 'c.jsonl': guests(3) },
      inputs: { files: '*.jsonl' },
    },
    reached: (emulator) =>
      emulator.sitecore.waitForBatch(
        ({ ref, status }) => status === 'processing' && ref === emulator.sitecore.list[1]?.ref,
      ),
    says: [
      /Batch 2 of 3 \(b\.jsonl\), [\da-f-]{36}.*continues remotely/,
      '1 of 3 batches has a verdict: 1 record accepted.',
      'Not sent: c.jsonl',
      /`batch-ref: [\da-f-]{36}` and `files: b\.jsonl` alone/,
      'remaining files: c.jsonl',
    ],
    refs: 2,
    outputs: { succeeded: '1', failed: '0', records: '6' },
  },
};

const CASES = Object.entries(POINTS).flatMap(([name, point]) =>
  SIGNALS.map((signal): [string, NodeJS.Signals, Point] => [name, signal, point]),
);

function watchLines() {
  let seen = (_line: string) => {};
  const logged = (text: string) =>
    new Promise<void>((resolve) => {
      seen = (line) => line.includes(text) && resolve();
    });
  return { logged, onLine: (line: string) => seen(line) };
}

test.each(CASES)('while %s: %s', async (_, signal, { faults = [], run: given, hold, reached, says, refs, outputs }) => {
  const emulator = await batchPlatform({ faults, sitecore: { holdBatchesAt: hold } });
  const lines = watchLines();
  const started = startBatch({ emulator, ...given, onLine: lines.onLine });
  await reached(emulator, lines.logged);
  // What was reached is reported before more is asked.
  const run = await cancelAt(started, new Promise((resolve) => setImmediate(resolve)), signal);
  const asked = emulator.requests.length;
  expectEnd(run, 'cancelled', {
    'batch-refs': JSON.stringify(emulator.sitecore.list.slice(0, refs).map(({ ref }) => ref)),
    ...outputs,
  });
  const verdict = expectOneVerdict(run);
  for (const text of says)
    expect(verdict).toEqual(text instanceof RegExp ? expect.stringMatching(text) : expect.stringContaining(text));
  expect(verdict).toContain('Batch upload cancelled');
  expect(emulator.requests.length).toBe(asked);
});

test.each(SIGNALS)('while the files are read: %s', async (signal) => {
  const emulator = await batchPlatform();
  const files = { 'a.jsonl': noise(40_000) };
  const { logged, onLine } = watchLines();
  const reading = logged('Check and pack');
  const run = await cancelAt(startBatch({ emulator, files, inputs: { files: '*.jsonl' }, onLine }), reading, signal);
  expectEnd(run, 'cancelled', { 'batch-refs': '[]' });
  expect(expectOneVerdict(run)).toContain('Nothing was sent.');
  expect(emulator.requests).toEqual([]);
});

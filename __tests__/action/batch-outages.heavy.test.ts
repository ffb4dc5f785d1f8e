/** Outages that last as long as the run has patience: what each costs in time, and how it ends. */
import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/emulator.ts';
import { type BatchCase, expectCase } from './batch-cases.ts';
import { FILE, guest } from './batch-harness.ts';

const REF = 'f1a9f1d3-3c1e-4b60-8c33-4c1f0a53a9d1';
const RESUME = /Run the job again with `batch-ref: [\da-f-]{36}`/;

function always(call: 'allocateBatch' | 'inspectBatch' | 'uploadBatch' | 'batchLog', fault: object): Fault {
  return { call, times: 'always', ...fault } as Fault;
}

/** Of 3 MB that no compression makes small. */
function largeGuest(number: number): string {
  return `${guest(number, { value: { note: randomBytes(2_250_000).toString('base64') } })}\n`;
}

/** `seconds`: no more than these. */
const OUTAGES: Record<string, BatchCase & { seconds: number; uploads?: number }> = {
  'announcing: 503': {
    faults: [always('allocateBatch', { effect: 'status', status: 503 })],
    outcome: 'error',
    outputs: { 'batch-refs': '[]' },
    says: ['answered 503', 'status page'],
    seconds: 60,
  },
  'announcing: no answers': {
    faults: [always('allocateBatch', { effect: 'lost-answer' })],
    outcome: 'error',
    outputs: { 'batch-refs': '[]' },
    says: ['Announcing the batch', 'got no answer'],
    seconds: 60,
  },
  'looking for a given batch: 500': {
    faults: [always('inspectBatch', { effect: 'status', status: 500 })],
    inputs: { 'batch-ref': REF },
    outcome: 'error',
    outputs: { 'batch-refs': '[]' },
    says: ['answered 500'],
    seconds: 60,
  },
  'uploading: 503': {
    faults: [always('uploadBatch', { effect: 'status', status: 503 })],
    outcome: 'unknown',
    says: [RESUME, 'answered 503'],
    warns: ['may have arrived', 'may have arrived', 'may have arrived'],
    seconds: 90,
    uploads: 0,
  },
  'uploading: 429, for a long time': {
    faults: [{ call: 'uploadBatch', effect: 'status', status: 429, headers: { 'retry-after': '3600' } }],
    outcome: 'error',
    says: ['answered 429', 'Storage failed'],
    seconds: 10,
    uploads: 0,
  },
  'uploading: one answer hangs': {
    faults: [{ call: 'uploadBatch', effect: 'hang' }],
    outcome: 'success',
    seconds: 80,
    uploads: 1,
  },
  'uploading: the connection stalls in the middle': {
    faults: [{ call: 'uploadBatch', effect: 'stall-upload', afterBytes: 100_000 }],
    files: { [FILE]: [1, 2, 3, 4, 5, 6].map(largeGuest).join('') },
    outcome: 'success',
    logs: [/stalled after \d+ of \d+ bytes/],
    seconds: 60,
    uploads: 1,
  },
  'announcing: one answer hangs': {
    faults: [{ call: 'allocateBatch', effect: 'hang' }],
    outcome: 'success',
    seconds: 30,
  },
  'asking: one answer hangs': {
    faults: [{ call: 'inspectBatch', effect: 'hang' }],
    outcome: 'success',
    logs: ['Status request failed'],
    seconds: 30,
    uploads: 1,
  },
  'the log: one answer hangs': {
    faults: [
      { call: 'allocateBatch', effect: 'refuse-records', count: 1 },
      { call: 'batchLog', effect: 'hang' },
    ],
    outcome: 'partial',
    outputs: { failed: '1' },
    says: ['1 record rejected'],
    seconds: 45,
    uploads: 1,
  },
};

test('each outage ends in time', async () => {
  const ends = Object.entries(OUTAGES).map(async ([name, { seconds, uploads, ...desired }]) => {
    try {
      const { run, emulator } = await expectCase(desired);
      expect(run.durationMs).toBeLessThan(seconds * 1000);
      if (uploads !== undefined) expect(emulator.sitecore.list.at(-1)?.uploads ?? 0).toBe(uploads);
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  });
  const failed = (await Promise.allSettled(ends)).filter(({ status }) => status === 'rejected');
  expect(failed).toEqual([]);
});

import { expect, test } from '@jest/globals';
import { cancelledBatches } from '../../src/actions/batch/cancelled.ts';
import { CancelledError } from '../../src/errors.ts';
import type { BatchUploadRecord } from '../../src/report/batch-record.ts';
import {
  createWorld,
  FILE,
  fault,
  GIVEN,
  OTHER,
  packedFile,
  polled,
  runUpload,
  state,
  URL_A,
  type World,
} from './batch-helpers.ts';

const CANCELLED = new CancelledError('The job was cancelled.');

/** Cancels the run at its nth call of a kind. @returns what it can say then */
async function cancelAt(call: string, nth: number, world: World = {}, batchRef?: string) {
  const controller = new AbortController();
  let seen = 0;
  const created = createWorld({
    files: [packedFile(FILE), packedFile(OTHER)],
    ...world,
    signal: controller.signal,
    onCall: (name) => {
      if (name !== call) return;
      seen += 1;
      if (seen === nth) controller.abort(CANCELLED);
    },
  });
  const files = world.files === undefined ? [FILE, OTHER] : [FILE];
  expect(await runUpload(created, { files, batchRef })).toBe(CANCELLED);
  expect(created.seen.removed).toBe(1);
  const record = { batches: [...created.seen.batches.values()] } as BatchUploadRecord;
  return cancelledBatches(record, CANCELLED);
}

test('before anything was sent', async () => {
  const none = cancelledBatches({ batches: [] as BatchUploadRecord['batches'] } as BatchUploadRecord, CANCELLED);
  expect(none).toMatchObject({ outcome: 'cancelled', message: 'The job was cancelled. Nothing was sent.' });
  const one = { files: [packedFile(FILE)] };
  expect((await cancelAt('find', 1, one, GIVEN)).message).toBe('The job was cancelled. Nothing was sent.');
});

test('while a batch is made', async () => {
  const error = await cancelAt('allocate', 1);
  expect(error.message).toBe(
    'The job was cancelled. Batch 1 of 2 (guests.jsonl) was about to be created: none of it was uploaded. Not sent: orders.jsonl.',
  );
  expect(error.fix).toBe('Run the job again.');
});

test('during the upload: whether it arrived nobody knows, and the ref finds out', async () => {
  const error = await cancelAt('upload', 1, { files: [packedFile(FILE)] });
  expect(error.message).toContain('The batch was being uploaded as ref-1: an interrupted upload is not stored');
  expect(error.fix).toContain('`batch-ref: ref-1`');
});

test('while a batch is followed, after one that was taken', async () => {
  const error = await cancelAt('poll', 3, { answers: { poll: [polled('success'), polled('processing')] } });
  expect(error.message).toBe(
    'The job was cancelled. Batch 2 of 2 (orders.jsonl), ref-2 (last seen: processing), continues remotely: the service cannot cancel it. 1 of 2 batches has a verdict: 100 records accepted.',
  );
  expect(error.inShort).toBe('100 records accepted, a batch continues remotely');
  expect(error.fix).toBe(
    'Run the job again with `batch-ref: ref-2` and `files: orders.jsonl` alone: it then follows this batch to its verdict instead of creating another.',
  );
});

test('after an upload of which nobody knows whether it arrived', async () => {
  const upload = [{ kind: 'uncertain' as const, error: fault('Broken off.') }];
  const error = await cancelAt('poll', 1, { files: [packedFile(FILE)], answers: { upload } });
  expect(error.message).toBe(
    'The job was cancelled. The batch, ref-1: it is not known whether its upload arrived. If it did, the batch continues remotely.',
  );
  expect(error.inShort).toBe('a batch may continue remotely');
});

test('between two batches, and while a log is read', async () => {
  const answers = { poll: [polled('error', { logUrl: URL_A })] };
  const error = await cancelAt('downloadLog', 1, { answers });
  const readLog =
    'Run the job again with `files: guests.jsonl` and `batch-ref: ref-1`: it then sends nothing and reads the log.';
  expect(error.message).toBe(
    'The job was cancelled. 1 of 2 batches has a verdict: 0 records accepted, unknown for 100. Not sent: orders.jsonl.',
  );
  expect(error.inShort).toBe('0 records accepted, unknown for 100, 1 of 2 batches not sent');
  expect(error.fix).toBe(`${readLog} Run the job again for the remaining files: orders.jsonl.`);
  const alone = await cancelAt('downloadLog', 1, { answers, files: [packedFile(FILE)] });
  expect(alone).toMatchObject({
    message: 'The job was cancelled. The batch has a verdict: error, but its error log was not read.',
    fix: readLog,
  });
});

test('a batch that was resumed goes on, too', async () => {
  const found = [state('processing', { md5: `md5-of-${FILE}-1`, sizeBytes: 1000 })];
  const error = await cancelAt('poll', 1, { files: [packedFile(FILE)], answers: { find: found } }, GIVEN);
  expect(error.message).toContain(`The batch, ${GIVEN} (last seen: processing), continues remotely`);
});

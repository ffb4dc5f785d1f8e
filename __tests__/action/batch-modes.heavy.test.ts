/** Files with other modes than `upsert`: what is sent again, and what is said of it. */
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/fault-types.ts';
import { ALL_CALLS, type BatchCase, expectCase } from './batch-cases.ts';
import { annotationsOf, batchPlatform, guest, guests, runBatch } from './batch-harness.ts';

const PUT = 'uploadBatch';
const lost: Fault = { call: PUT, effect: 'lost-answer' };
const ONCE = 'sending records of mode insert twice does not have the same effect as sending them once.';
/** One is enough. */
const INSERTS = { 'guests.jsonl': `${guests(2)}${guest(3, { mode: 'insert' })}\n` };

const CASES: Record<string, BatchCase & { puts: number }> = {
  'a lost answer: the status is looked at, and nothing is sent again': {
    faults: [lost],
    outcome: 'success',
    calls: ALL_CALLS,
    puts: 1,
    warns: ['The file may have arrived anyway: the status of the batch will show'],
  },
  'a break: the service still waits, and the file goes to the same location': {
    faults: [{ call: PUT, effect: 'reset-mid-request', afterBytes: 100 }],
    outcome: 'success',
    calls: [...ALL_CALLS, PUT, 'inspectBatch'],
    puts: 2,
    warns: ['may have arrived'],
    logs: ['The file did not arrive: uploading it again'],
  },
  'a break, and then a refusal: no other batch is made': {
    faults: [
      { call: PUT, effect: 'reset-mid-request', afterBytes: 100 },
      { call: PUT, effect: 'status', status: 403 },
    ],
    outcome: 'unknown',
    calls: [...ALL_CALLS, PUT],
    puts: 2,
    warns: ['may have arrived'],
    says: [
      /not sent under another ref, because its records could count twice\. Run the job again with `batch-ref: [\da-f-]{36}`/,
    ],
  },
  'a lost answer to the announcement: it sends no records, and is repeated': {
    faults: [{ call: 'allocateBatch', effect: 'lost-answer' }],
    outcome: 'success',
    puts: 1,
  },
  'rejected records: they are to be sent alone': {
    faults: [{ call: 'allocateBatch', effect: 'refuse-records', positions: [3] }],
    outcome: 'partial',
    puts: 1,
    says: [`send only those records, in a file of their own: the others were accepted, and ${ONCE}`],
  },
};

test.each(Object.entries(CASES))('%s', async (_, { puts, ...desired }) => {
  const { run, emulator } = await expectCase({ files: INSERTS, logs: [`guests.jsonl: ${ONCE}`], ...desired });
  expect(emulator.requests.filter(({ call }) => call === PUT)).toHaveLength(puts);
  expect(emulator.batches.list).toHaveLength(1);
  expect(run.summary).toContain(ONCE);
  expect(run.everything).not.toContain('sending a record twice has the same effect as sending it once');
});

test('a rerun with the same batch-ref finds the batch that took its place, and sends nothing', async () => {
  const emulator = await batchPlatform({
    faults: [
      { call: PUT, effect: 'status', status: 403 },
      { call: 'allocateBatch', skip: 1, effect: 'refuse-records', count: 1 },
    ],
  });
  const inputs = { 'batch-ref': '0f8fad5b-d9cb-469f-a165-70867728950e' };
  const runs = [
    await runBatch({ emulator, files: INSERTS, inputs }),
    await runBatch({ emulator, files: INSERTS, inputs }),
  ];
  const taken = emulator.batches.list.filter(({ recordCount }) => recordCount > 0);
  expect(taken).toHaveLength(1);
  const refs = JSON.stringify([taken[0]?.ref]);
  for (const { outputs } of runs) {
    expect(outputs).toMatchObject({ outcome: 'partial', succeeded: '2', failed: '1', 'batch-refs': refs });
  }
  expect(runs[1]?.lines.join('\n')).toContain(`An earlier run replaced it with batch ${taken[0]?.ref}.`);
});

test('all modes come in, lines may end with CR, and a guest that is there twice is a warning', async () => {
  const modes = ['insert', 'create', 'upsert', 'merge', 'delete', 'gdpr_delete'];
  const lines = [
    ...modes.map((mode, index) => guest(index + 1, { mode })),
    guest(7, { schema: 'migration', mode: 'guest' }),
    guest(1, { ref: '00000009-aaaa-4bbb-8ccc-dddddddddddd' }),
  ];
  const { run, emulator } = await expectCase({
    files: { 'guests.jsonl': `${lines.join('\r')}\r` },
    outcome: 'success',
    outputs: { records: '8', succeeded: '8' },
  });
  expect(emulator.batches.list[0]?.records.map(({ mode }) => mode)).toEqual([...modes, 'guest', 'upsert']);
  const [warning] = annotationsOf(run, 'warning');
  expect(warning).toMatchObject({ line: 8, title: 'Duplicate record' });
  expect(warning?.message).toMatch(/^The guest has the same (e-mail address|identifier) as the one in line 1\./);
});

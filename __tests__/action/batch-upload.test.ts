import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import {
  annotationsOf,
  batchCallsOf,
  batchPlatform,
  cancelAt,
  errorsFileOf,
  expectEnd,
  expectNoPersonalData,
  FILE,
  guest,
  guests,
  refOf,
  rejectedOf,
  runBatch,
  startBatch,
  verdictOf,
  workspaceWith,
} from './batch-harness.ts';

test('a file is checked, uploaded and followed to its verdict', async () => {
  const emulator = await batchPlatform();
  const run = await runBatch({ emulator, files: { [FILE]: `${guest(1)}\r\n\n${guest(2)}` } });
  const [batch] = emulator.sitecore.list;
  expectEnd(run, 'success', {
    'batch-refs': JSON.stringify([batch?.ref]),
    records: '2',
    succeeded: '2',
    failed: '0',
  });
  expect(batch?.records).toEqual([JSON.parse(guest(1)), JSON.parse(guest(2))]);
  expect(batchCallsOf(emulator)).toEqual(['allocateBatch', 'uploadBatch', 'inspectBatch']);
  expect(run.annotations).toEqual([]);
  expect(run.masks).toContain(emulator.sitecore.apiToken);
});

test('rejected records are reported at their lines, without anything that is somebody’s, and make the job red', async () => {
  const emulator = await batchPlatform();
  emulator.sitecore.rejectRecords(({ value }, position) =>
    position === 2 ? { code: 4001, message: `The email ${value['email']} is not valid` } : undefined,
  );
  const run = await runBatch({ emulator });
  expectEnd(run, 'partial', { records: '3', succeeded: '2', failed: '1' });
  expect(rejectedOf(run)).toEqual([expect.stringMatching(/^guests\.jsonl:2: .*4001/)]);
  expect(verdictOf(run)).toEqual({
    title: '1 record rejected',
    message: expect.stringContaining('Sitecore CDP rejected 1 of 3 records; the others were accepted.'),
  });
  const [line = ''] = errorsFileOf(run).split('\n');
  expect(JSON.parse(line)).toMatchObject({ file: FILE, line: 2, ref: refOf(2), code: '4001' });
  const allowed = await runBatch({ emulator, inputs: { 'allow-failed-records': '1' } });
  expectEnd(allowed, 'partial', { failed: '1' }, true);
});

test('faults of all files are reported at their lines, and nothing is sent', async () => {
  const emulator = await batchPlatform();
  const broken = `${guest(2)}\n${guest(3).slice(0, -1)}\n`;
  const files = { 'a.jsonl': broken, 'b.jsonl': guests(1), 'c.jsonl': '' };
  const run = await runBatch({ emulator, files, inputs: { files: '*.jsonl' } });
  expectEnd(run, 'error', { 'batch-refs': '[]' });
  expect(annotationsOf(run, 'error').map(({ message }) => message.split('\n').slice(0, 2).join('\n'))).toEqual([
    expect.stringMatching(/^This is not JSON.*\(a\.jsonl:2\)$/),
    'It is empty. (c.jsonl)',
    'Sitecore CDP is unchanged.\n2 of 3 files have 2 problems in total.',
  ]);
  expect(run.summary).toContain('❌ Check and pack a.jsonl');
  expect(batchCallsOf(emulator)).toEqual([]);
});

test('a dry run needs no credentials; a run that needs them says which are empty, and why they may be', async () => {
  const dry = await runBatch({ inputs: { 'dry-run': 'true' } });
  expectEnd(dry, 'dry-run', { records: '3', 'batch-refs': '[]' });
  const run = await runBatch({});
  expectEnd(run, 'error');
  expect(verdictOf(run).message).toMatch(/api-token: It is empty\. .*does not exist arrives empty/);
});

test('a cancelled run says that its batch goes on, and a run with its ref follows it to the verdict', async () => {
  const emulator = await batchPlatform();
  emulator.sitecore.holdBatches('processing');
  const started = startBatch({ emulator });
  const run = await cancelAt(started, emulator.waitForRequest('inspectBatch', { count: 2 }));
  const ref = emulator.sitecore.list[0]?.ref ?? '';
  expectEnd(run, 'cancelled', { 'batch-refs': JSON.stringify([ref]) });
  expect(verdictOf(run).message).toContain(`${ref} (last seen: processing), continues remotely`);
  const resumed = startBatch({ emulator, inputs: { 'batch-ref': ref } });
  await emulator.waitForRequest('inspectBatch', { count: 4 });
  emulator.sitecore.releaseBatches();
  expectEnd(await resumed.finished, 'success', { 'batch-refs': JSON.stringify([ref]), succeeded: '3' });
  expect(emulator.sitecore.list).toHaveLength(1);
});

test.each([
  ['a text', guests(1), 'ermentrud.1@quuxmail.example'],
  ['a number', guests(1), 'points: 770001'],
  ['a text of a gzip', gzipSync(guests(1)), 'Ermentrud1'],
  ['a text of a line that is no JSON', `${guest(1)}}`, 'Ermentrud1'],
])("the search for somebody's data finds %s", (_, content, output) => {
  const workspace = workspaceWith({ [FILE]: content });
  const run = (everything: string) => ({ everything, stderr: '', outputs: {} }) as unknown as FinishedRun;
  expect(() => expectNoPersonalData(run(output), workspace)).toThrow("somebody's data");
  expectNoPersonalData(run(`guest ${refOf(1)} firstName`), workspace);
});

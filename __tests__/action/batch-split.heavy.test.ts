/** A file of more than a batch may have: one batch after another, each of whole records. */
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { batchCallsOf, batchPlatform, expectEnd, FILE, refOf, runBatch, verdictOf } from './batch-harness.ts';
import { startRun } from './harness.ts';
import { annotationsOf } from './run-reading.ts';

/** Base64 takes a third more than its content, which gzip removes. */
const SOURCE_BYTES = 75_000_000;
/** API document, section 3. */
const MAX_BATCH_BYTES = 50_000_000;
const RECORD_BYTES = 7500;
const RECORDS = SOURCE_BYTES / RECORD_BYTES;

const workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
writeRecords(join(workspace, FILE));

afterAll(() => rmSync(workspace, { recursive: true, force: true }));

function writeRecords(path: string): void {
  const file = openSync(path, 'w');
  for (let n = 1; n <= RECORDS; n += 1) {
    const note = randomBytes((RECORD_BYTES * 3) / 4).toString('base64');
    // A blank line in between: each record is in a line with an odd number.
    writeSync(file, `{"ref":"${refOf(n)}","schema":"guest","mode":"upsert","value":{"note":"${note}"}}\n\n`);
  }
  closeSync(file);
}

/** Without the harness's search for values, which takes long for so many; `note` is looked for here. */
async function run(emulator: Emulator, inputs: Record<string, string> = {}): Promise<FinishedRun> {
  const { sitecore, origin } = emulator;
  const reaching = { 'base-url': origin, 'client-key': sitecore.clientKey, 'api-token': sitecore.apiToken };
  return await startRun({
    action: 'batch-upload',
    workspace,
    inputs: { ...reaching, files: FILE, 'poll-interval-seconds': '0.1', ...inputs },
  }).finished;
}

test('parts are sent one after another, each of whole records; rejected ones are reported at the lines of the file', async () => {
  const emulator = await batchPlatform();
  const rejected = [1, RECORDS - 1, RECORDS].map(refOf);
  emulator.sitecore.rejectRecords(({ ref, value }) =>
    rejected.includes(ref) ? { code: 7, message: `note ${String(value['note']).slice(0, 40)}` } : undefined,
  );
  const finished = await run(emulator);
  const { list } = emulator.sitecore;
  expectEnd(finished, 'partial', {
    records: `${RECORDS}`,
    failed: '3',
    'batch-refs': JSON.stringify(list.map(({ ref }) => ref)),
  });
  expect(annotationsOf(finished, 'error').map(({ line }) => line)).toEqual([
    1,
    2 * RECORDS - 3,
    2 * RECORDS - 1,
    undefined,
  ]);
  expect(finished.everything).not.toMatch(/[A-Za-z0-9+/]{60}/);
  expect(list.length).toBe(2);
  const texts = list.map(({ path }) => gunzipSync(readFileSync(String(path))).toString());
  const [first = ''] = texts;
  expect(first.endsWith('}\n')).toBe(true);
  expect(texts.join('') === readFileSync(join(workspace, FILE), 'utf8').replaceAll('\n\n', '\n')).toBe(true);
  const sizes = list.map(({ path }) => statSync(String(path)).size);
  for (const size of sizes) expect(size).toBeLessThanOrEqual(MAX_BATCH_BYTES);
  // As full as whole blocks of records allow.
  expect(sizes[0]).toBeGreaterThan(MAX_BATCH_BYTES - 600_000);
  expect(batchCallsOf(emulator).filter((call) => call !== 'inspectBatch')).toEqual([
    'allocateBatch',
    'uploadBatch',
    'batchLog',
    'allocateBatch',
    'uploadBatch',
    'batchLog',
  ]);
  const second = emulator.requests.filter(({ call }) => call === 'allocateBatch')[1];
  expect(second?.startedAtMs).toBeGreaterThanOrEqual(Number(list[0]?.endedAtMs));
});

test('a batch that is corrupted is the last one', async () => {
  const emulator = await batchPlatform({
    faults: [{ call: 'allocateBatch', effect: 'batch-ends', status: 'corrupted' }],
  });
  const finished = await run(emulator);
  expectEnd(finished, 'corrupted', { records: `${RECORDS}`, succeeded: '0' });
  expect(emulator.sitecore.list.length).toBe(1);
});

test.each([
  [{ split: 'false' }, '`split` is false'],
  [{ 'batch-ref': refOf(9) }, '`batch-ref` is the UUID of a single one'],
])('with %j, nothing is sent of a file that takes several batches', async (inputs, why) => {
  const emulator = await batchPlatform();
  const finished = await run(emulator, inputs);
  expectEnd(finished, 'error', { 'batch-refs': '[]' });
  expect(verdictOf(finished)).toEqual({ title: 'File too large for one batch', message: expect.stringContaining(why) });
  expect(verdictOf(finished).message).toContain('a batch may be at most 47.7 MB (50,000,000 bytes)');
  expect(emulator.requests).toEqual([]);
});

test('with `split: false`, a file that is small enough is sent', async () => {
  const emulator = await batchPlatform();
  expectEnd(await runBatch({ emulator, inputs: { split: 'false', 'batch-ref': refOf(9) } }), 'success', {
    'batch-refs': JSON.stringify([refOf(9)]),
  });
});

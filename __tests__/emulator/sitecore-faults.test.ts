import { createReadStream } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import type { SitecoreCall } from '../../emulator/services/sitecore/endpoints.ts';
import type { BatchFault, LogKind } from '../../emulator/services/sitecore/faults.ts';
import { useEmulator } from './helpers.ts';
import {
  allocate,
  callBatches,
  codeOf,
  createRecord,
  downloadLog,
  finish,
  inspect,
  md5Of,
  pack,
  putFile,
  readLog,
  send,
  sendAllocate,
} from './sitecore-helpers.ts';

const RECORDS = Array.from({ length: 4 }, () => createRecord());
const FILE = pack(...RECORDS);
const REF = 'f1a9f1d3-3c1e-4b60-8c33-4c1f0a53a9d1';

const CALLS: [SitecoreCall, (emulator: Emulator, href: string) => Promise<Response>][] = [
  ['allocateBatch', (emulator) => sendAllocate(emulator, REF, { checksum: md5Of(FILE), size: FILE.length })],
  ['batch', (emulator) => callBatches(emulator, `/${emulator.sitecore.list[0]?.ref}`)],
  ['inspectBatch', (emulator) => callBatches(emulator, `/inspect/${emulator.sitecore.list[0]?.ref}`)],
  ['listBatches', (emulator) => callBatches(emulator, '/inspect')],
  ['uploadBatch', (_, href) => putFile(href, FILE)],
  ['batchLog', (emulator) => fetch(emulator.sitecore.createLogUrl(emulator.sitecore.list[0]?.ref ?? ''))],
];

test.each(CALLS)('%s meets faults of its answer', async (call, sendCall) => {
  await using emulator = await useEmulator();
  emulator.sitecore.rejectRecords(() => ({ code: 1, message: 'No.' }));
  const { ref, location } = await allocate(emulator, FILE);
  if (call === 'batchLog') await putFile(location.href, FILE).then(() => finish(emulator, ref));
  const uploads = emulator.sitecore.list[0]?.uploads;
  emulator.addFault({ call, effect: 'status', status: 503, headers: { 'Retry-After': '1' } });
  const refused = await sendCall(emulator, location.href);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  const isStore = call === 'uploadBatch' || call === 'batchLog';
  expect(refused.headers.get('content-type')).toBe(isStore ? 'application/xml' : 'application/json');
  emulator.addFault({ call, effect: 'reset-before' });
  await expect(sendCall(emulator, location.href)).rejects.toThrow();
  emulator.addFault({ call, effect: 'reset-mid-request' });
  await expect(sendCall(emulator, location.href)).rejects.toThrow();
  expect([emulator.sitecore.list.length, emulator.sitecore.list[0]?.uploads]).toEqual([1, uploads]);
  emulator.addFault({ call, effect: 'delay', delayMs: 1 });
  expect((await sendCall(emulator, location.href)).ok).toBe(true);
});

test.each<Fault>([
  { call: 'uploadBatch', effect: 'lost-answer' },
  { call: 'uploadBatch', effect: 'status-after-work', status: 500 },
  { call: 'allocateBatch', effect: 'reset-in-body' },
  { call: 'allocateBatch', effect: 'status-after-work', status: 502 },
])('%j: the work is done', async (fault) => {
  await using emulator = await useEmulator();
  const { location } = await allocate(emulator, FILE);
  emulator.addFault(fault);
  const [, sendCall] = CALLS.find(([call]) => call === fault.call) ?? [];
  const status = await sendCall?.(emulator, location.href)
    .then(async (response) => [await response.text(), response.status][1])
    .catch(() => 'none');
  expect(status).toBe(fault.effect === 'status-after-work' ? fault.status : 'none');
  expect(fault.call === 'uploadBatch' ? emulator.sitecore.list[0]?.uploads : emulator.sitecore.list[1]?.ref).toBe(
    fault.call === 'uploadBatch' ? 1 : REF,
  );
});

test('a batch is not known for its first polls', async () => {
  await using emulator = await useEmulator();
  const { ref } = await allocate(emulator, FILE);
  emulator.addFault({ call: 'inspectBatch', effect: 'status', status: 404, times: 2 });
  const statuses = [];
  for (let poll = 0; poll < 3; poll += 1) statuses.push((await callBatches(emulator, `/inspect/${ref}`)).status);
  expect(statuses).toEqual([404, 404, 200]);
});

async function sendWith(emulator: Emulator, ...faults: readonly BatchFault[]): Promise<string> {
  for (const fault of faults) emulator.addFault({ call: 'allocateBatch', ...fault });
  return await send(emulator, FILE);
}

test.each<[BatchFault, number[]]>([
  [{ effect: 'refuse-records', count: 2 }, [0, 1]],
  [{ effect: 'refuse-records', positions: [2, 99] }, [1]],
  [{ effect: 'refuse-records', refs: [`${RECORDS[3]?.ref.toUpperCase()}`], code: 'X1', message: '::error::\n|' }, [3]],
])('records are rejected that are fine by themselves: %j', async (fault, rejected) => {
  await using emulator = await useEmulator();
  const ref = await sendWith(emulator, fault);
  expect((await finish(emulator, ref)).rejectedCount).toBe(rejected.length);
  const { code = 400, message = 'The record could not be processed.' } = { ...fault } as {
    code?: string;
    message?: string;
  };
  expect(await readLog(emulator, ref)).toEqual(rejected.map((index) => ({ ref: RECORDS[index]?.ref, code, message })));
});

test('the message of a rejected record may quote it', async () => {
  await using emulator = await useEmulator();
  const ref = await sendWith(emulator, { effect: 'refuse-records', count: 1, message: 'Bad', quoting: true });
  await finish(emulator, ref);
  expect(await readLog(emulator, ref)).toMatchObject([{ message: 'Bad email: jane@example.com, firstName: Jane' }]);
});

test.each<[BatchFault[], object]>([
  [[{ effect: 'batch-ends', status: 'corrupted' }], { code: 'corrupted' }],
  [[{ effect: 'batch-ends', status: 'error' }], { code: 'error' }],
  [
    [
      { effect: 'refuse-records', count: 1 },
      { effect: 'batch-ends', status: 'success' },
    ],
    { code: 'success' },
  ],
  [
    [
      { effect: 'refuse-records', count: 1 },
      { effect: 'batch-log', kinds: ['missing'] },
    ],
    { code: 'error' },
  ],
  [
    [
      { effect: 'batch-ends', status: 'error' },
      { effect: 'batch-log', kinds: ['strangers'] },
    ],
    { code: 'error', log: expect.stringContaining('X-Amz-SignedHeaders=host&') },
  ],
])('a verdict that was asked for: %j', async (faults, status) => {
  await using emulator = await useEmulator();
  const ref = await sendWith(emulator, ...faults);
  await finish(emulator, ref);
  expect((await inspect(emulator, ref)).status).toEqual(status);
  expect(emulator.requests[0]?.faults).toEqual(faults.map(({ effect }) => effect));
});

test.each(['uploading', 'file_uploaded', 'processing', 'paused'])('a batch stays %s', async (status) => {
  await using emulator = await useEmulator();
  const ref = await sendWith(emulator, { effect: 'batch-stays', status });
  await emulator.sitecore.waitForBatch((batch) => batch.status === status);
  await new Promise((resolve) => setTimeout(resolve, 20));
  emulator.sitecore.releaseBatches();
  expect((await inspect(emulator, ref)).status).toEqual({ code: status });
});

test('an unknown status is on the way until it was seen', async () => {
  await using emulator = await useEmulator();
  const ref = await sendWith(emulator, { effect: 'batch-status', status: 'scanning', seenTimes: 2 });
  await emulator.sitecore.waitForBatch(({ status }) => status === 'scanning');
  expect((await inspect(emulator, ref)).status).toEqual({ code: 'scanning' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await inspect(emulator, ref)).status).toEqual({ code: 'scanning' });
  expect((await finish(emulator, ref)).status).toBe('success');
});

test('counts may be others than those of the file', async () => {
  await using emulator = await useEmulator();
  const ref = await sendWith(emulator, { effect: 'batch-counts', failed: 3 });
  await finish(emulator, ref);
  expect(await inspect(emulator, ref)).toMatchObject({
    status: { code: 'success' },
    statistics: { totalRead: 4, totalProcessed: 4, totalFailed: 3 },
  });
});

test.each<[BatchFault, string, boolean]>([
  [{ effect: 'batch-location', kind: 'expired' }, '403 AccessDenied', true],
  [{ effect: 'batch-location', kind: 'past' }, '403 AccessDenied', false],
  [{ effect: 'batch-location', kind: 'refused' }, '403 SignatureDoesNotMatch', true],
])('%j: the location does not work', async (fault, code, isInTime) => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'allocateBatch', ...fault });
  const { location } = await allocate(emulator, FILE);
  expect(Date.parse(location.expiry) > Date.now()).toBe(isInTime);
  expect(await codeOf(await putFile(location.href, FILE))).toBe(code);
  expect((await putFile((await allocate(emulator, FILE)).location.href, FILE)).status).toBe(200);
});

test('a location may be anything, or not be there', async () => {
  await using emulator = await useEmulator();
  const location = { href: 'http://store.example.com/x', expiry: 'soon' };
  emulator.addFault({ call: 'allocateBatch', effect: 'batch-location', ...location });
  emulator.addFault({ call: 'allocateBatch', effect: 'batch-location', kind: 'none' });
  expect((await allocate(emulator, FILE)).location).toEqual(location);
  expect(await allocate(emulator, FILE)).not.toHaveProperty('location');
});

test('the first URL of a log has expired, the next one has not', async () => {
  await using emulator = await useEmulator();
  const ref = await sendWith(emulator, { effect: 'refuse-records', count: 1 }, { effect: 'log-expired' });
  await finish(emulator, ref);
  await expect(downloadLog(emulator, ref)).rejects.toThrow('Request has expired');
  expect(await readLog(emulator, ref)).toHaveLength(1);
});

const [first] = RECORDS;

test.each<[LogKind, (log: Buffer) => unknown, unknown]>([
  ['empty', (log) => gunzipSync(log).length, 0],
  ['not-gzip', (log) => JSON.parse(log.toString()).ref, first?.ref],
  ['truncated', (log) => gunzipSync(log), 'unexpected end of file'],
  ['bad-lines', (log) => JSON.parse(gunzipSync(log).toString().split('\n')[1] ?? ''), 'end of JSON input'],
  [
    'strangers',
    (log) =>
      gunzipSync(log)
        .toString()
        .match(/Nobody sent/g)?.length,
    3,
  ],
  ['hostile', (log) => /"code":"oh no\\r\\n::error/.test(`${gunzipSync(log)}`), true],
  ['repeats', (log) => gunzipSync(log).toString().split(`${first?.ref}`).length, 3],
  ['huge', (log) => gunzipSync(log).length > 3_000_000 && log.length < 600_000, true],
  [
    'huge-line',
    (log) =>
      gunzipSync(log)
        .toString()
        .split('\n')
        .map(({ length }) => length > 3_000_000),
    [false, true, false],
  ],
])('a log that is %s', async (kind, look, expected) => {
  await using emulator = await useEmulator();
  const faults = [
    { effect: 'refuse-records', count: 1 },
    { effect: 'batch-log', kinds: [kind], hugeBytes: 3_000_000 },
  ] as const;
  const ref = await sendWith(emulator, ...faults);
  const { logPath = '' } = await finish(emulator, ref);
  const log = await downloadLog(emulator, ref);
  expect(Buffer.concat(await createReadStream(logPath).toArray()).equals(log)).toBe(true);
  if (kind === 'truncated' || kind === 'bad-lines') expect(() => look(log)).toThrow(`${expected}`);
  else expect(look(log)).toEqual(expected);
});

test.each<[object, string]>([
  [{ call: 'inspectBatch', effect: 'batch-stays', status: 'x' }, 'must be one of allocateBatch; it is inspectBatch'],
  [{ call: 'allocateBatch', effect: 'batch-ends', status: 'uploading' }, 'status must be one of corrupted'],
  [{ call: 'allocateBatch', effect: 'batch-log', kinds: ['x'] }, 'kinds must be a list of missing'],
  [{ call: 'allocateBatch', effect: 'refuse-records', code: {} }, 'code must be a whole number or a string'],
  [{ call: 'uploadBatch', effect: 'fail', code: 30 }, 'must be one of createDeployment; it is uploadBatch'],
])('%j is refused', async (fault, message) => {
  await using emulator = await useEmulator();
  expect(() => emulator.addFault(fault as Fault)).toThrow(message);
});

import { expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import type { RedirectCall } from '../../emulator/services/redirects/endpoints.ts';
import type { StreamFault } from '../../emulator/streams/stream-faults.ts';
import { readJson, useEmulator } from './helpers.ts';
import {
  callRedirects,
  createCsv,
  finishJob,
  idOf,
  openJobEvents,
  putRedirects,
  readJobEvents,
  sendExport,
  sendImport,
} from './redirects-helpers.ts';

const CSV = createCsv(...['a', 'b', 'c', 'd'].map((name) => `store.example.com,/${name},/new,,`));
const ITEM = { from_path: '/x', site_id: 1000, to: { type: 'url', url: '/y' } };

const useSeeded = () => useEmulator({ redirects: { redirects: [{ fromPath: '/a', to: '/b' }] } });

const CALLS: [RedirectCall, (emulator: Emulator, jobId: string) => Promise<Response>][] = [
  ['listRedirects', (emulator) => callRedirects(emulator, '')],
  ['upsertRedirects', (emulator) => putRedirects(emulator, [ITEM])],
  ['deleteRedirects', (emulator) => callRedirects(emulator, '?id:in=1', { method: 'DELETE' })],
  ['listRedirectJobs', (emulator) => callRedirects(emulator, '/imex/jobs')],
  ['importRedirects', (emulator) => sendImport(emulator, CSV)],
  ['exportRedirects', (emulator) => sendExport(emulator)],
  ['importEvents', (emulator, jobId) => openJobEvents(emulator, 'import', jobId)],
  ['exportEvents', (emulator, jobId) => openJobEvents(emulator, 'export', jobId)],
  ['downloadExport', (emulator, jobId) => callRedirects(emulator, `/imex/export/${jobId}/download`)],
];

test.each(CALLS)('%s meets faults of its answer', async (call, send) => {
  await using emulator = await useSeeded();
  const { jobId } = call === 'importEvents' ? emulator.redirects.startImport(CSV) : emulator.redirects.startExport();
  await finishJob(emulator, jobId);
  emulator.addFault({ call, effect: 'status', status: 503, headers: { 'Retry-After': '1' } });
  const refused = await send(emulator, jobId);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect([emulator.redirects.list.length, emulator.redirects.jobs.length]).toEqual([
    call === 'importEvents' ? 4 : 1,
    1,
  ]);
  emulator.addFault({ call, effect: 'reset-before' });
  await expect(send(emulator, jobId)).rejects.toThrow();
  emulator.addFault({ call, effect: 'delay', delayMs: 1 });
  expect((await send(emulator, jobId)).ok).toBe(true);
});

test.each<Fault>([
  { call: 'upsertRedirects', effect: 'lost-answer' },
  { call: 'upsertRedirects', effect: 'reset-in-body' },
  { call: 'upsertRedirects', effect: 'status-after-work', status: 502 },
])('%j: the work is done', async (fault) => {
  await using emulator = await useEmulator();
  emulator.addFault(fault);
  const status = await readJson(putRedirects(emulator, [ITEM])).then(
    (answer) => answer.status,
    () => 'none',
  );
  expect(status).toBe(fault.effect === 'status-after-work' ? 502 : 'none');
  expect(emulator.redirects.list).toHaveLength(1);
});

test('a part of a batch fails, and the answer says only that it is so', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'upsertRedirects', effect: 'part-fails', items: [2, 9] });
  const items = ['/x', '/y', '/z'].map((path) => ({ ...ITEM, from_path: path }));
  const answer = await putRedirects(emulator, items);
  expect(answer.status).toBe(207);
  expect(await readJson(answer)).toMatchObject({ status: 207, title: '1 of 3 items could not be processed.' });
  expect(emulator.redirects.list.map(({ fromPath }) => fromPath)).toEqual(['/x', '/z']);
  emulator.addFault({ call: 'deleteRedirects', effect: 'part-fails', items: [1], status: 507 });
  expect((await callRedirects(emulator, '?id:in=1,2', { method: 'DELETE' })).status).toBe(507);
  expect(emulator.redirects.list.map(({ fromPath }) => fromPath)).toEqual(['/x']);
});

test('an import whose answer is lost has begun; one that is broken off has not', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'importRedirects', effect: 'lost-answer' });
  await expect(sendImport(emulator, CSV)).rejects.toThrow();
  await emulator.redirects.waitForJob(({ status }) => status === 'complete');
  emulator.addFault({ call: 'importRedirects', effect: 'reset-mid-request', afterBytes: 10 });
  await expect(sendImport(emulator, CSV)).rejects.toThrow();
  expect(emulator.redirects.jobs).toHaveLength(1);
});

test('a download breaks off in the middle', async () => {
  await using emulator = await useSeeded();
  const { jobId } = emulator.redirects.startExport();
  await finishJob(emulator, jobId);
  emulator.addFault({ call: 'downloadExport', effect: 'reset-in-body' });
  await expect(callRedirects(emulator, `/imex/export/${jobId}/download`).then((one) => one.text())).rejects.toThrow();
});

test.each([
  ['aborted', 3, 3],
  ['failed', undefined, 2],
  ['failed', 0, 0],
  ['aborted', 99, 4],
] as const)('a job ends as %s at item %p', async (status, atItem, completed) => {
  await using emulator = await useEmulator();
  const end = { effect: 'job-ends', status, ...(atItem !== undefined && { atItem }) } as const;
  emulator.addFault({ call: 'importRedirects', ...end });
  const jobId = await idOf(sendImport(emulator, CSV));
  expect(await finishJob(emulator, jobId)).toMatchObject({ status, completed, total: 4 });
  expect(emulator.redirects.list).toHaveLength(completed);
  expect(await readJobEvents(openJobEvents(emulator, 'import', jobId))).toMatchObject([{ status }]);
});

test('an export can end early too, and then there is nothing to download', async () => {
  await using emulator = await useSeeded();
  emulator.addFault({ call: 'exportRedirects', effect: 'job-ends', status: 'failed' });
  const { jobId, status } = await finishJob(emulator, await idOf(sendExport(emulator)));
  expect(status).toBe('failed');
  expect((await callRedirects(emulator, `/imex/export/${jobId}/download`)).status).toBe(404);
});

test('rows are rejected that are fine by themselves', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'importRedirects', effect: 'refuse-rows', rows: [2, 4], message: 'No.' });
  emulator.addFault({ call: 'importRedirects', effect: 'job-ends', status: 'aborted', atItem: 3 });
  const job = await finishJob(emulator, await idOf(sendImport(emulator, CSV)));
  expect(job).toMatchObject({ status: 'aborted', completed: 2, failed: 1, errors: [{ row: 2, message: 'No.' }] });
  expect(emulator.requests[0]?.faults).toEqual(['refuse-rows', 'job-ends']);
});

test('another job runs for some requests, or for a while', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'importRedirects', effect: 'job-running', times: 2, retryAfterSeconds: 1 });
  const statuses: (number | string | null)[] = [];
  for (let index = 0; index < 3; index += 1) {
    const response = await sendImport(emulator, CSV);
    statuses.push(response.status, response.headers.get('retry-after'));
  }
  expect(statuses).toEqual([429, '1', 429, '1', 201, null]);
  emulator.addFault({ call: 'exportRedirects', effect: 'job-running', durationMs: 30 });
  const busy = await sendExport(emulator);
  expect(await readJson(busy)).toMatchObject({
    status: 429,
    title: 'Your store already has an active Redirects import or export job running.',
  });
  const start = emulator.requests.at(-1)?.startedAtMs ?? 0;
  while ((await sendExport(emulator)).status === 429);
  expect(Date.now() - start).toBeGreaterThanOrEqual(29);
});

/** A stream of a job that has rejected a row and is held there, cut after its state; as raw text. */
async function readHeldStream(emulator: Emulator, faults: readonly StreamFault[]): Promise<string> {
  emulator.redirects.holdJobs();
  emulator.redirects.rejectRows((row) => (row === 1 ? 'No.' : undefined));
  const { jobId } = emulator.redirects.startImport(CSV);
  await emulator.redirects.waitForJob(({ failed }) => failed === 1);
  for (const fault of faults) emulator.addFault({ call: 'importEvents', ...fault } as Fault);
  emulator.addFault({ call: 'importEvents', effect: 'cut-after', events: 1 });
  return await (await openJobEvents(emulator, 'import', jobId)).text();
}

const dataOf = (text: string) =>
  text
    .split('\n\n')
    .slice(0, -1)
    .map((event) => event.replace(/^data: /, ''));

test('broken and unknown events are about a job', async () => {
  await using emulator = await useEmulator();
  const faults: StreamFault[] = [{ effect: 'malformed', hugeBytes: 2000 }, { effect: 'unknown' }];
  const events = dataOf(await readHeldStream(emulator, faults));
  expect(events.slice(0, 4)).toEqual([
    '{"status": "complete", "event": ',
    'null',
    '"complete"',
    '[{"status":"complete"}]',
  ]);
  expect(JSON.parse(events[4] ?? '')).toEqual(expect.not.objectContaining({ status: expect.anything() }));
  expect(JSON.parse(events[5] ?? '')).toMatchObject({ status: 7, completed_items: 'many', errors: 'none' });
  expect(events[6]).toBe('');
  expect(JSON.parse(events[7] ?? '')).toMatchObject({ status: 'working', padding: 'x'.repeat(2000) });
  expect(events.slice(8).map((data) => JSON.parse(data))).toMatchObject([
    { status: 'working', phase: 'warming_caches', total_items: 4 },
    { status: 'paused', total_items: 4 },
    { status: 'working', failed_items: 1, region: 'moon-1' },
  ]);
});

test('hostile text is in messages, and in a status that is not a verdict', async () => {
  await using emulator = await useEmulator();
  const [first] = dataOf(
    await readHeldStream(emulator, [{ effect: 'hostile', text: '::error::', fields: ['status'] }]),
  );
  expect(JSON.parse(first ?? '')).toMatchObject({ status: '::error::', errors: [{ message: 'No.' }] });
  const [jobId = ''] = emulator.redirects.jobs.map((job) => job.jobId);
  emulator.redirects.releaseJobs();
  await finishJob(emulator, jobId);
  emulator.addFault({ call: 'importEvents', effect: 'hostile', text: '<img>', fields: ['status', 'message'] });
  expect(await readJobEvents(openJobEvents(emulator, 'import', jobId))).toMatchObject([
    { status: 'complete', errors: [{ row: 1, message: '<img>' }] },
  ]);
});

test.each<[StreamFault, RegExp]>([
  [{ effect: 'id' }, /^id: \d+\ndata: \{"job_id".*\}\n\n$/],
  [{ effect: 'chunking', chunking: 'crlf' }, /^data: \{"job_id".*\}\r\n\r\n$/],
  [{ effect: 'repeat', copies: 2 }, /^(data: \{"job_id".*\}\n\n){2}$/],
  [{ effect: 'multiline' }, /^data: \{\ndata: {3}"job_id"/],
])('%j shapes the stream of a job', async (fault, form) => {
  await using emulator = await useEmulator();
  expect(await readHeldStream(emulator, [fault])).toMatch(form);
});

test('a stream ends after its time, whatever the state; and in the documented form', async () => {
  await using emulator = await useEmulator({
    streamCutMs: 20,
    sseForm: 'documented',
    redirects: { holdJobsAt: 'new' },
  });
  const { jobId } = emulator.redirects.startImport(CSV);
  const text = await (await openJobEvents(emulator, 'import', jobId)).text();
  expect(text).toMatch(/^event: message\ndata: \{.*"status":"new".*\}\n\n$/);
  emulator.addFault({ call: 'importEvents', effect: 'reset-after', events: 1 });
  await expect(readJobEvents(openJobEvents(emulator, 'import', jobId))).rejects.toThrow();
});

test.each<[Fault, string]>([
  [
    { call: 'exportRedirects', effect: 'refuse-rows', rows: [1] },
    'must be one of importRedirects; it is exportRedirects',
  ],
  [{ call: 'listRedirects', effect: 'part-fails', items: [1] }, 'must be one of upsertRedirects, deleteRedirects'],
  [{ call: 'listRedirects', effect: 'job-running' }, 'must be one of importRedirects, exportRedirects'],
  [{ call: 'events', effect: 'job-ends', status: 'failed' }, 'must be one of importRedirects, exportRedirects'],
  [{ call: 'importRedirects', effect: 'job-ends', status: 'complete' } as unknown as Fault, 'status must be one of'],
  [{ call: 'importRedirects', effect: 'refuse-rows', rows: [0] }, 'rows must be a list of whole numbers of 1 or more'],
  [{ call: 'importRedirects', effect: 'conflict' }, 'must be one of createDeployment; it is importRedirects'],
  [{ call: 'upload', effect: 'status-after-work', status: 500 }, "must be one of BigCommerce's"],
])('%j is refused', async (fault, message) => {
  await using emulator = await useEmulator();
  expect(() => emulator.addFault(fault)).toThrow(message);
});

test('a token of GitHub in a request is a violation, in a file too', async () => {
  await using emulator = await useEmulator();
  const { token } = emulator.github;
  await sendImport(emulator, createCsv(`store.example.com,/a,/${token},,`));
  await putRedirects(emulator, [{ ...ITEM, to: { type: 'url', url: `/${token}` } }]);
  await callRedirects(emulator, `?keyword=${token}`);
  await sendImport(emulator, CSV);
  const message = 'A token of GitHub was sent to BigCommerce';
  expect(emulator.violations).toEqual([0, 1, 2].map((requestIndex) => ({ requestIndex, message })));
});

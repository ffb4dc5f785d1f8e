import { expect, test } from '@jest/globals';
import { readJson, useEmulator } from './helpers.ts';
import {
  callRedirects,
  createCsv,
  finishJob,
  HEADER,
  idOf,
  openJobEvents,
  readJobEvents,
  sendExport,
  sendImport,
} from './redirects-helpers.ts';

const ROWS = [
  'store.example.com,/a,/new,,',
  'Outlet.example.com,/b,,Product,12',
  'other.example.com,/c,/new,,',
  '"store.example.com","/d,e",https://elsewhere.example/x,,',
] as const;

test('an import takes time, reports its progress, and rejects some rows', async () => {
  await using emulator = await useEmulator({ redirects: { steps: 2, holdJobsAt: 'new' } });
  const csv = createCsv(...ROWS);
  const jobId = await idOf(sendImport(emulator, csv));
  const stream = await openJobEvents(emulator, 'import', jobId);
  emulator.redirects.releaseJobs(jobId);
  const error = { row: 3, message: 'The domain "other.example.com" is not one of this store.' };
  const total = { job_id: jobId, total_items: 4 };
  expect(await readJobEvents(stream)).toEqual([
    { ...total, status: 'new', completed_items: 0, failed_items: 0, errors: [] },
    { ...total, status: 'working', completed_items: 0, failed_items: 0, errors: [] },
    { ...total, status: 'working', completed_items: 2, failed_items: 0, errors: [] },
    { ...total, status: 'working', completed_items: 3, failed_items: 1, errors: [error] },
    { ...total, status: 'complete', completed_items: 3, failed_items: 1, errors: [error] },
  ]);
  expect(emulator.redirects.list).toMatchObject([
    { siteId: 1000, fromPath: '/a', to: { type: 'url', url: '/new' } },
    { siteId: 1001, fromPath: '/b', to: { type: 'product', entity_id: 12 } },
    { siteId: 1000, fromPath: '/d,e', to: { type: 'url', url: 'https://elsewhere.example/x' } },
  ]);
  expect(emulator.redirects.jobs[0]?.file).toEqual({
    name: 'redirects.csv',
    contentType: 'text/csv',
    bytes: csv.length,
    text: csv,
    rows: 4,
  });
  const [recorded] = emulator.requests;
  expect(recorded?.body).toBeUndefined();
  expect(recorded?.bodyBytes).toBeGreaterThan(csv.length);
});

test.each([
  ['', 'The row must have 5 columns.'],
  ['store.example.com,/a,/b', 'The row must have 5 columns.'],
  ['store.example.com,a,/b,,', "The old path must begin with '/'."],
  ['store.example.com,,/b,,', 'The old path is required.'],
  ['store.example.com,/a,,,', 'The row has no target.'],
  ['store.example.com,/a,/b,Product,1', 'The row has two targets.'],
  ['store.example.com,/a,,product,1', 'The dynamic target type "product" is unknown.'],
  ['store.example.com,/a,,Url,1', 'The dynamic target type "Url" is unknown.'],
  ['store.example.com,/a,,Page,0', 'The dynamic target ID must be a positive integer.'],
  ['store.example.com,/a,,Page,1.5', 'The dynamic target ID must be a positive integer.'],
  ['store.example.com,/a,b,,', 'The manual URL must be a path or a URL.'],
  [`store.example.com,/a,/${'b'.repeat(2048)},,`, 'The manual URL must not be longer than 2048 characters.'],
])('a row like "%.60s" is rejected', async (row, message) => {
  await using emulator = await useEmulator();
  const job = await finishJob(emulator, await idOf(sendImport(emulator, createCsv(row, ROWS[0]))));
  expect(job).toMatchObject({ status: 'complete', completed: 1, failed: 1, errors: [{ row: 1, message }] });
});

test('the number of the first row, and which events have errors, can be chosen', async () => {
  await using emulator = await useEmulator({ redirects: { firstRow: 2, errorsIn: 'last' } });
  emulator.redirects.rejectRows((row, cells) => (row === 1 ? `Not ${cells[1]}.` : undefined));
  const jobId = await idOf(sendImport(emulator, createCsv(...ROWS)));
  const events = await readJobEvents(openJobEvents(emulator, 'import', jobId));
  expect(events.at(-1).errors).toMatchObject([{ row: 2, message: 'Not /a.' }, { row: 4 }]);
  await finishJob(emulator, jobId);
  expect(events.slice(0, -1).filter(({ errors }) => errors !== undefined)).toEqual([]);
});

const CSV = createCsv(ROWS[0]);

test.each([
  ['another header', CSV.replace('Old Path', 'Path')],
  ['a space in the header', CSV.replace('ID\n', 'ID \n')],
  ['a byte-order mark', `\uFEFF${CSV}`],
  ['nothing', ''],
  ['a quote that does not end', `${CSV}"x`],
  ['bytes that are no text', new Uint8Array([...Buffer.from(CSV), 0xff])],
])('a file with %s is not a CSV of redirects', async (_, file) => {
  await using emulator = await useEmulator();
  expect((await sendImport(emulator, file)).status).toBe(400);
  expect(emulator.redirects.jobs).toEqual([]);
});

test('a body that is not a form, or has no file, is refused', async () => {
  await using emulator = await useEmulator();
  const post = async (body: string | FormData, headers: Record<string, string> = {}) => {
    const response = await callRedirects(emulator, '/imex/import', { method: 'POST', body, headers });
    return [response.status, Object.values((await readJson(response)).errors)];
  };
  const form = new FormData();
  expect(await post(CSV, { 'content-type': 'text/csv' })).toEqual([400, ['the form must be multipart/form-data']]);
  expect(await post(CSV, { 'content-type': 'multipart/form-data; boundary=a' })).toEqual([
    400,
    ['the form cannot be read'],
  ]);
  form.set('file', new File([CSV], 'a.csv'));
  expect(await post(form)).toEqual([400, ['is required']]);
  form.set('import_file', CSV);
  expect(await post(form)).toEqual([400, ['must be a file']]);
});

test('a file may have as many bytes as the limit, and no more', async () => {
  await using emulator = await useEmulator({ redirects: { fileBytes: CSV.length } });
  expect((await sendImport(emulator, CSV)).status).toBe(201);
  expect((await sendImport(emulator, `${CSV}\n`)).status).toBe(413);
  expect((await sendImport(emulator, 'x'.repeat(2_000_000))).status).toBe(413);
});

test('a file with a header alone is an import of nothing', async () => {
  await using emulator = await useEmulator();
  const job = await finishJob(emulator, await idOf(sendImport(emulator, `${HEADER}\r\n`)));
  expect(job).toMatchObject({ status: 'complete', total: 0, completed: 0, failed: 0 });
});

test('an export gives what there was when it began', async () => {
  await using emulator = await useEmulator({ redirects: { holdJobsAt: 'working' } });
  emulator.redirects.add(
    { fromPath: '/a,b', to: '/new' },
    { fromPath: '/c', to: { type: 'post', entity_id: 4 }, siteId: 1001 },
  );
  const jobId = await idOf(sendExport(emulator, { include_dynamic_target_urls: true }));
  await emulator.redirects.waitForJob(({ status, completed }) => status === 'working' && completed === 1);
  const download = () => callRedirects(emulator, `/imex/export/${jobId}/download`);
  expect((await download()).status).toBe(404);
  emulator.redirects.remove(1);
  emulator.redirects.releaseJobs();
  const events = await readJobEvents(openJobEvents(emulator, 'export', jobId));
  expect(events.at(-1)).toEqual({ job_id: jobId, status: 'complete', completed_items: 2, total_items: 2 });
  const response = await download();
  expect(response.headers.get('content-type')).toBe('text/csv');
  expect(await response.text()).toBe(
    [
      `${HEADER},Dynamic Target URL`,
      'store.example.com,"/a,b",/new,,,',
      'outlet.example.com,/c,,Post,4,https://outlet.example.com/posts/4',
      '',
    ].join('\n'),
  );
});

test('an export is of a site, or of some redirects', async () => {
  await using emulator = await useEmulator();
  emulator.redirects.add({ fromPath: '/a', to: '/b' }, { fromPath: '/c', to: '/d', siteId: 1001 });
  const rowsOf = async (body: object) =>
    (await finishJob(emulator, await idOf(sendExport(emulator, body)))).csv?.split('\n').slice(1, -1);
  expect(await rowsOf({ site_id: 1001 })).toEqual(['outlet.example.com,/c,/d,,']);
  expect(await rowsOf({ site_id: null, redirect_ids: [1, 99] })).toEqual(['store.example.com,/a,/b,,']);
  expect((await sendExport(emulator, { site_id: 1001, redirect_ids: [1] })).status).toBe(409);
  expect((await sendExport(emulator, { site_id: 'x', redirect_ids: 1 })).status).toBe(422);
});

test('one job of a store runs at a time', async () => {
  await using emulator = await useEmulator();
  emulator.redirects.add({ fromPath: '/a', to: '/b' });
  emulator.redirects.holdJobs();
  const { jobId } = emulator.redirects.startImport(CSV);
  const busy = await sendImport(emulator, CSV);
  expect([busy.status, busy.headers.get('x-rate-limit-time-reset-ms')]).toEqual([429, null]);
  expect((await sendExport(emulator)).status).toBe(429);
  emulator.redirects.forgetJob(jobId);
  expect((await openJobEvents(emulator, 'import', jobId)).status).toBe(404);
  emulator.redirects.holdJobs(undefined);
  await finishJob(emulator, await idOf(sendExport(emulator)));
  expect((await sendImport(emulator, CSV)).status).toBe(201);
});

test('jobs are listed, the newest first', async () => {
  await using emulator = await useEmulator();
  emulator.redirects.add({ fromPath: '/x', to: '/y' });
  const first = await idOf(sendImport(emulator, createCsv(...ROWS)));
  const { createdAtMs, endedAtMs = 0 } = await finishJob(emulator, first);
  emulator.redirects.holdJobs('new');
  const second = await idOf(sendExport(emulator));
  const list = async (query: string) => await readJson(callRedirects(emulator, `/imex/jobs${query}`));
  const { data, meta } = await list('');
  expect(meta.pagination).toMatchObject({ total: 2, per_page: 10 });
  expect(data).toMatchObject([
    { id: second, type: 'export', status: 'new', completed_items: 0, total_items: 4 },
    {
      id: first,
      type: 'import',
      status: 'complete',
      completed_items: 3,
      failed_items: 1,
      total_items: 4,
      errors: [{ row: 3 }],
      created_at: new Date(createdAtMs).toISOString(),
      completed_at: new Date(endedAtMs).toISOString(),
    },
  ]);
  expect(data[0].completed_at).toBeUndefined();
  const idsOf = async (query: string) => (await list(query)).data.map(({ id }: { id: string }) => id);
  expect(await idsOf('?type=import')).toEqual([first]);
  expect(await idsOf('?status=new')).toEqual([second]);
  expect(await idsOf('?limit=1&page=2')).toEqual([first]);
  expect(await idsOf(`?id=${first.toUpperCase()}`)).toEqual([first]);
  expect(Object.keys((await list('?id=7&type=x&status=done')).errors)).toEqual(['id', 'type', 'status']);
});

test('what is of another kind, or unknown, is not there', async () => {
  await using emulator = await useEmulator();
  const jobId = await idOf(sendImport(emulator, CSV));
  expect((await openJobEvents(emulator, 'export', jobId)).status).toBe(404);
  expect((await callRedirects(emulator, `/imex/export/${jobId}/download`)).status).toBe(404);
  expect((await openJobEvents(emulator, 'import', 'x')).status).toBe(404);
});

test('a test sets the state of a job by hand', async () => {
  await using emulator = await useEmulator({ redirects: { holdJobsAt: 'working' } });
  const jobId = await idOf(sendImport(emulator, CSV));
  await emulator.redirects.waitForJob(({ status }) => status === 'working');
  const stream = await openJobEvents(emulator, 'import', jobId);
  emulator.redirects.setJob(jobId, { status: 'aborted', failed: 1 });
  expect((await readJobEvents(stream)).at(-1)).toMatchObject({ status: 'aborted', failed_items: 1 });
});

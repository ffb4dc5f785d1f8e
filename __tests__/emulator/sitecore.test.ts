import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { createZip, readJson, useEmulator } from './helpers.ts';
import {
  allocate,
  callBatches,
  createRecord,
  finish,
  inspect,
  md5Of,
  pack,
  putFile,
  readLog,
  send,
  sendAllocate,
} from './sitecore-helpers.ts';

test('a batch goes from its allocation to success', async () => {
  await using emulator = await useEmulator({ sitecore: { holdBatchesAt: 'file_uploaded' } });
  const records = [createRecord(), createRecord({ schema: 'order', value: {} })];
  const file = pack(...records);
  const allocated = await allocate(emulator, file);
  const { ref, location } = allocated;
  expect(allocated).toEqual({
    href: `${emulator.origin}/v2/batches/${ref}`,
    ref,
    checksum: md5Of(file),
    size: file.length,
    location: { href: expect.stringContaining(`/${ref}/`), expiry: expect.stringMatching(/^\d{4}-.*Z$/) },
    status: { code: 'uploading' },
    createdAt: expect.any(String),
    modifiedAt: expect.any(String),
  });
  expect(Date.parse(location.expiry) - Date.now()).toBeGreaterThan(3_590_000);
  expect(await inspect(emulator, ref)).toEqual(allocated);
  const stored = await putFile(location.href, file);
  expect([stored.status, await stored.text(), stored.headers.get('etag')]).toEqual([200, '', `"${md5Of(file)}"`]);
  await emulator.sitecore.waitForBatch(({ status }) => status === 'file_uploaded');
  expect((await inspect(emulator, ref)).status).toEqual({ code: 'file_uploaded' });
  expect((await readJson(callBatches(emulator, `/${ref}`))).status).toEqual({ code: 'uploading' });
  emulator.sitecore.holdBatches('processing');
  emulator.sitecore.releaseBatches(ref);
  expect(await finish(emulator, ref)).toMatchObject({ status: 'success', recordCount: 2, rejectedCount: 0, records });
  expect(await readJson(callBatches(emulator, `/${ref.toUpperCase()}`))).toMatchObject({
    status: { code: 'success' },
    statistics: { totalRead: 2, totalProcessed: 2, totalFailed: 0 },
  });
  expect(emulator.sitecore.list[0]?.file).toMatchObject({ md5: md5Of(file), contentType: 'application/gzip' });
  expect(emulator.violations).toEqual([]);
});

test.each([
  ['{"ref":', null, 'The line is not valid JSON.'],
  ['', null, 'The line is not valid JSON.'],
  ['[]', null, 'The record is not an object.'],
  [{ ...createRecord(), ref: '7' }, '7', 'The field ref must be a UUID.'],
  [{ ...createRecord(), ref: 7 }, null, 'The field ref must be a UUID.'],
  [createRecord({ ref: 'R', schema: '' }), 'R', 'The field ref must be a UUID.'],
  [createRecord({ schema: '' }), undefined, 'The field schema must be a text.'],
  [createRecord({ mode: 'replace' }), undefined, 'The field mode is not supported.'],
  [createRecord({ mode: 'guest' }), undefined, 'The field mode is not supported.'],
  [{ ...createRecord(), value: [] }, undefined, 'The field value must be an object.'],
  [`${JSON.stringify(createRecord())} `, undefined, 'The record is not minified.'],
  [JSON.stringify(createRecord()).replace('{', '{\t'), undefined, 'The record is not minified.'],
  [JSON.stringify(createRecord()).replace(',', ', '), undefined, 'The record is not minified.'],
])('a line like %j is rejected', async (line, ref, message) => {
  await using emulator = await useEmulator();
  const fine = createRecord({ value: { text: 'a "quoted\\" \t\\" b' } });
  const sent = await send(emulator, pack(line, fine));
  expect(await finish(emulator, sent)).toMatchObject({ status: 'error', recordCount: 2, rejectedCount: 1 });
  expect(emulator.sitecore.list[0]?.records).toEqual([fine]);
  expect(await readLog(emulator, sent)).toEqual([
    { ref: ref === undefined ? expect.stringMatching(/^[\w-]{36}$/) : ref, code: 400, message },
  ]);
  expect((await inspect(emulator, sent)).statistics).toMatchObject({ totalRead: 2, totalProcessed: 1, totalFailed: 1 });
});

test('the modes that the service supports, and guest migration, are accepted', async () => {
  await using emulator = await useEmulator();
  const modes = ['insert', 'create', 'upsert', 'merge', 'delete', 'gdpr_delete'];
  const records = [
    ...modes.map((mode) => createRecord({ mode })),
    createRecord({ schema: 'migration', mode: 'guest' }),
  ];
  const sent = await send(emulator, pack(...records));
  expect(await finish(emulator, sent)).toMatchObject({ status: 'success', recordCount: 7 });
});

test('lines are ended by LF, CRLF or CR, wherever the file is cut', async () => {
  await using emulator = await useEmulator();
  // Gunzip gives 16 KiB at a time: ends of lines are on both sides of that.
  const records = Array.from({ length: 900 }, () => createRecord());
  const ends = ['\n', '\r\n', '\r'];
  const text = records.map((record, index) => `${JSON.stringify(record)}${ends[(index >> 3) % 3]}`).join('');
  const sent = await send(emulator, new Uint8Array(gzipSync(text)));
  expect(await finish(emulator, sent)).toMatchObject({ status: 'success', recordCount: 900 });
});

const LINES = Buffer.from(`${JSON.stringify(createRecord())}\n`);

test.each([
  ['bare lines', LINES, 'the file is not a gzip'],
  ['a zip', createZip(), 'the file is a zip'],
  ['a gzip that breaks off', gzipSync(LINES).subarray(0, -4), 'the gzip is broken'],
  ['a gzip with something behind it', Buffer.concat([gzipSync(LINES), Buffer.from('more')]), 'the gzip is broken'],
])('%s: an error without a log', async (_, file, reason) => {
  await using emulator = await useEmulator();
  const ref = await send(emulator, new Uint8Array(file));
  expect((await finish(emulator, ref)).failureReason).toContain(reason);
  expect((await inspect(emulator, ref)).status).toEqual({ code: 'error' });
});

test('a file of another size than was allocated is corrupted', async () => {
  await using emulator = await useEmulator();
  const file = pack(createRecord());
  const ref = randomUUID();
  const { location } = await readJson(sendAllocate(emulator, ref, { checksum: md5Of(file), size: file.length + 1 }));
  await putFile(location.href, file);
  await finish(emulator, ref);
  expect((await inspect(emulator, ref)).status).toEqual({ code: 'corrupted' });
});

test.each([
  ['no ref', 'R', {}, 400],
  ['inspect as its ref', 'inspect', {}, 400],
  ['an MD5 in capitals', undefined, { checksum: 'A'.repeat(32) }, 400],
  ['an MD5 in Base64', undefined, { checksum: 'AAAAAAAAAAAAAAAAAAAAAA==' }, 400],
  ['no size', undefined, { size: undefined }, 400],
  ['a size as a text', undefined, { size: '7' }, 400],
  ['no bytes', undefined, { size: 0 }, 400],
  ['more than 50 MB', undefined, { size: 50_000_001 }, 400],
  ['50 MB', undefined, { size: 50_000_000 }, 200],
])('an allocation with %s', async (_, ref = randomUUID(), more, status) => {
  await using emulator = await useEmulator();
  const body = { checksum: '0'.repeat(32), size: 7, ...more };
  expect((await sendAllocate(emulator, ref, body)).status).toBe(status);
  expect(emulator.sitecore.list).toHaveLength(status === 200 ? 1 : 0);
});

test.each([false, true])('a ref is allocated once; reallocates: %p', async (reallocates) => {
  await using emulator = await useEmulator({ sitecore: { reallocates } });
  const file = pack(createRecord());
  const { ref, location } = await allocate(emulator, file);
  const again = async (more = {}) =>
    (await sendAllocate(emulator, ref, { checksum: md5Of(file), size: file.length, ...more })).status;
  expect([await again(), await again({ size: 1 })]).toEqual([reallocates ? 200 : 409, 409]);
  await putFile(location.href, file);
  await finish(emulator, ref);
  expect(await again()).toBe(409);
  expect(emulator.sitecore.list).toHaveLength(1);
});

test.each([
  ['none', {}],
  ['another token', { authorization: `Basic ${btoa('emulator-client-key-7d20:x')}` }],
  ['a bearer', { authorization: 'Bearer emulator-api-token-b4e81f63' }],
])('without the right credentials (%s) there is a 401 for each call', async (_, headers) => {
  await using emulator = await useEmulator();
  const { ref } = await allocate(emulator, pack(createRecord()));
  for (const [method, path] of [
    ['PUT', `/${ref}`],
    ['GET', `/${ref}`],
    ['GET', `/inspect/${ref}`],
    ['GET', '/inspect'],
  ]) {
    const response = await fetch(`${emulator.origin}/v2/batches${path}`, { method: `${method}`, headers });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain(emulator.sitecore.apiToken);
  }
});

test('batches are listed by status, the newest first', async () => {
  await using emulator = await useEmulator();
  const file = pack(createRecord());
  const done = await send(emulator, file);
  await finish(emulator, done);
  const { ref } = await allocate(emulator, file);
  const refsOf = async (query: string) =>
    (await readJson(callBatches(emulator, `/inspect${query}`))).items.map((item: { ref: string }) => item.ref);
  expect(await refsOf('')).toEqual([ref, done]);
  expect(await refsOf('?status=uploading,processing')).toEqual([ref]);
  expect(await refsOf('?status=uploading&status=success&limit=1&offset=1')).toEqual([done]);
  expect((await callBatches(emulator, '/inspect?status=done')).status).toBe(400);
  expect((await callBatches(emulator, `/inspect/${randomUUID()}`)).status).toBe(404);
});

test('a batch whose file is there is held before it is file_uploaded', async () => {
  await using emulator = await useEmulator({ sitecore: { holdBatchesAt: 'uploading' } });
  const ref = await send(emulator, pack(createRecord()));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await inspect(emulator, ref)).status).toEqual({ code: 'uploading' });
  emulator.sitecore.releaseBatches();
  expect((await finish(emulator, ref)).status).toBe('success');
});

test('the last line needs no end, and a file may be of several gzips', async () => {
  await using emulator = await useEmulator();
  const members = [`${JSON.stringify(createRecord())}\n`, JSON.stringify(createRecord())].map((text) => gzipSync(text));
  const ref = await send(emulator, new Uint8Array(Buffer.concat(members)));
  expect(await finish(emulator, ref)).toMatchObject({ status: 'success', recordCount: 2 });
});

test('names of the counts, and whether GETs show the location, can be chosen', async () => {
  await using emulator = await useEmulator({
    sitecore: { showsLocation: false, renderCounts: ({ failed }) => ({ failedRecords: failed }) },
  });
  emulator.sitecore.rejectRecords(({ schema }, position) => ({ code: 'no', message: `${schema} ${position}` }));
  const ref = await send(emulator, pack(createRecord()));
  await finish(emulator, ref);
  const answer = await inspect(emulator, ref);
  expect(answer).toMatchObject({ failedRecords: 1, status: { code: 'error' } });
  expect(Object.keys(answer)).not.toEqual(expect.arrayContaining(['location', 'statistics']));
  expect(await readLog(emulator, ref)).toMatchObject([{ code: 'no', message: 'guest 1' }]);
});

test('a test takes a batch over, and makes the service forget one', async () => {
  await using emulator = await useEmulator();
  const { ref } = await allocate(emulator, pack(createRecord()));
  emulator.sitecore.setBatch(ref, { status: 'success', recordCount: 7 });
  expect(await inspect(emulator, ref)).toMatchObject({ status: { code: 'success' }, statistics: { totalRead: 7 } });
  emulator.sitecore.forgetBatch(ref);
  expect((await callBatches(emulator, `/${ref}`)).status).toBe(404);
});

test('another process holds batches over HTTP, and releases them', async () => {
  await using emulator = await useEmulator();
  const control = (method: string, path: string, body?: object) =>
    fetch(`${emulator.origin}/_emulator/${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
  expect((await control('POST', 'hold-batches', { at: 'nowhere' })).status).toBe(400);
  expect((await control('POST', 'hold-batches', {})).status).toBe(204);
  const ref = await send(emulator, pack(createRecord()));
  await emulator.sitecore.waitForBatch(({ status }) => status === 'processing');
  expect((await readJson(control('GET', 'state'))).batches).toMatchObject([{ ref, status: 'processing' }]);
  expect((await control('POST', 'release-batches', { ref })).status).toBe(204);
  expect((await finish(emulator, ref)).status).toBe('success');
});

test('only the first records are stored, and each is reported', async () => {
  let reported = 0;
  await using emulator = await useEmulator({ sitecore: { maxRecords: 2, onRecord: () => (reported += 1) } });
  const ref = await send(emulator, pack(...Array.from({ length: 2500 }, () => createRecord())));
  expect(await finish(emulator, ref)).toMatchObject({ status: 'success', recordCount: 2500 });
  expect([reported, emulator.sitecore.list[0]?.records.length]).toEqual([2500, 2]);
});

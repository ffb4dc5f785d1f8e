import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/emulator.ts';
import {
  callApi,
  createDeployment,
  createZip,
  deploy,
  openEvents,
  put,
  readEvents,
  readJson,
  sign,
  upload,
  useEmulator,
} from './helpers.ts';

test('faults of one call wait in a queue, after those that are skipped', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'listProjects', effect: 'status', status: 503, skip: 1, times: 2 });
  emulator.addFault({
    call: 'listProjects',
    effect: 'status',
    status: 429,
    skip: 1,
    headers: { 'X-Rate-Limit-Time-Reset-Ms': '70', 'X-Retry-After': '2', 'Retry-After': '3' },
  });
  const statuses: number[] = [];
  for (let index = 0; index < 5; index += 1) {
    const response = await callApi(emulator, '/projects');
    statuses.push(response.status);
    if (response.status === 429) expect(response.headers.get('retry-after')).toBe('3');
  }
  expect(statuses).toEqual([200, 503, 503, 429, 200]);
  expect(emulator.requests.map(({ faults }) => faults.length)).toEqual([0, 1, 1, 1, 0]);
});

test('storage faults answer in XML', async () => {
  await using emulator = await useEmulator();
  const { uploadUrl } = await sign(emulator);
  emulator.addFault({ call: 'upload', effect: 'status', status: 503, xml: { code: 'SlowDown', message: 'a < b' } });
  const response = await put(uploadUrl, createZip());
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('<Code>SlowDown</Code><Message>a &lt; b</Message>');
  expect((await put(uploadUrl, createZip())).status).toBe(200);
});

test('a redirect is answered without doing the work', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'createProject', effect: 'redirect', location: 'http://127.0.0.1:1/elsewhere' });
  const response = await callApi(emulator, '/projects', { method: 'POST', body: '{"name":"new"}', redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([302, 'http://127.0.0.1:1/elsewhere']);
  expect(emulator.projects).toHaveLength(1);
  expect(emulator.requests[0]?.body).toEqual({ name: 'new' });
});

test.each<[Fault, boolean]>([
  [{ call: 'createDeployment', effect: 'reset-before' }, false],
  [{ call: 'createDeployment', effect: 'reset-mid-request' }, false],
  [{ call: 'createDeployment', effect: 'lost-answer' }, true],
  [{ call: 'createDeployment', effect: 'reset-in-body' }, true],
])('%j breaks the connection; is the work done: %p', async (fault, isDone) => {
  await using emulator = await useEmulator();
  const uploadUuid = await upload(emulator, createZip());
  emulator.addFault(fault);
  await expect(readJson(createDeployment(emulator, uploadUuid))).rejects.toThrow();
  expect(await emulator.waitForRequestEnd('createDeployment')).toMatchObject({ aborted: true });
  expect(emulator.deployments).toHaveLength(isDone ? 1 : 0);
});

test.each<Fault>([
  { call: 'upload', effect: 'stall-upload' },
  { call: 'upload', effect: 'stall-upload', afterBytes: 10 },
  { call: 'upload', effect: 'hang' },
])('%j gives no answer until the client goes', async (fault) => {
  await using emulator = await useEmulator();
  const { uploadUrl } = await sign(emulator);
  emulator.addFault(fault);
  const client = new AbortController();
  const sending = fetch(uploadUrl, {
    method: 'PUT',
    body: new Uint8Array(30_000_000),
    headers: { 'Content-Type': 'application/zip' },
    signal: client.signal,
  });
  const record = await emulator.waitForRequest('upload');
  client.abort();
  await expect(sending).rejects.toThrow();
  // A server that does not read cannot see that the client has gone.
  if (fault.effect === 'hang') await emulator.waitForRequestEnd('upload');
  expect(record).toMatchObject({ status: undefined, finished: fault.effect === 'hang' });
  expect(emulator.uploads[0]?.state).toBe('signed');
});

test('a slow body arrives in pieces, and whole', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'listProjects', effect: 'slow-body', delayMs: 1, chunkBytes: 50 });
  const response = await callApi(emulator, '/projects');
  let chunks = 0;
  for await (const _ of response.body ?? []) chunks += 1;
  expect(chunks).toBeGreaterThan(2);
});

test('conflicts are counted, or last for a while', async () => {
  await using emulator = await useEmulator();
  const uploadUuid = await upload(emulator, createZip());
  emulator.addFault({ call: 'createDeployment', effect: 'conflict', durationMs: 400 });
  let tries = 0;
  while ((await createDeployment(emulator, uploadUuid)).status === 409) tries += 1;
  expect(tries).toBeGreaterThan(1);
  expect(Date.now() - (emulator.requests[2]?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(399);
});

test('a deployment fails with the code and at the step that were asked for, the next one does not', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 50, atStep: 'downloading' });
  const events = (await readEvents(await openEvents(emulator, await deploy(emulator)))).map((data) => JSON.parse(data));
  expect(events.at(-1)).toMatchObject({ deployment_status: 'failed', error: { code: 50 } });
  expect(events.map((event) => event.event?.step)).not.toContain('unzipping');
  await deploy(emulator);
  expect(await emulator.waitForDeployment(({ status }) => status === 'completed')).toMatchObject({
    errorCode: undefined,
  });
});

test.each<[string, Fault, object]>([
  [
    'an unknown call',
    { call: 'x', effect: 'hang' } as unknown as Fault,
    { message: expect.stringMatching(/^call must be/) },
  ],
  [
    'an unknown effect',
    { call: 'sign', effect: 'x' } as unknown as Fault,
    { message: expect.stringMatching(/^effect must be/) },
  ],
  [
    'a missing field',
    { call: 'sign', effect: 'status' } as unknown as Fault,
    { message: expect.stringMatching(/^status must be/) },
  ],
  [
    'a field of another effect',
    { call: 'sign', effect: 'hang', status: 1 } as Fault,
    { message: expect.stringMatching(/^status is no field/) },
  ],
])('%s is refused', async (_, fault, error) => {
  await using emulator = await useEmulator();
  expect(() => emulator.addFault(fault)).toThrow(expect.objectContaining(error));
});

test('waiting ends when the emulator closes', async () => {
  const emulator = await useEmulator();
  const waiting = [emulator.waitForRequest('sign'), emulator.waitForDeployment(() => true)];
  const settled = Promise.allSettled(waiting);
  await emulator.close();
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test.each([
  ['html', /^<!DOCTYPE html>/, 'text/html; charset=utf-8'],
  ['truncated', /^\{"data":\[[^\]]*$/, 'application/json'],
  ['wrong-types', /^\{"data":\[\{"uuid":36,/, 'application/json'],
  ['null', /^null$/, 'application/json'],
  ['array', /^\[\]$/, 'application/json'],
  ['empty', /^$/, 'application/json'],
  ['huge', /^\{"data":"a{2000}"\}$/, 'application/json'],
] as const)('the body of an answer is damaged: %s', async (how, expected, contentType) => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'listProjects', effect: 'damaged', how, ...(how === 'huge' && { bytes: 2000 }) });
  const response = await callApi(emulator, '/projects');
  expect([response.status, response.headers.get('content-type')]).toEqual([200, contentType]);
  expect(await response.text()).toMatch(expected);
});

test.each([
  ['gzip', null],
  ['gzip-encoded', 'gzip'],
] as const)('the body of an answer is compressed: %s', async (how, encoding) => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'listProjects', effect: 'damaged', how });
  const response = await callApi(emulator, '/projects');
  expect(response.headers.get('content-encoding')).toBe(encoding);
  const start = Buffer.from(await response.arrayBuffer())
    .subarray(0, 2)
    .toString('latin1');
  // What is labelled as compressed, fetch decompresses.
  expect(start).toBe(encoding === null ? '\u001f\u008b' : '{"');
});

test('an answer without content, and a stream, are damaged to ones with a body', async () => {
  await using emulator = await useEmulator();
  const { uuid } = emulator.addProject('preview');
  emulator.addFault({ call: 'deleteProject', effect: 'damaged', how: 'html' });
  const response = await callApi(emulator, `/projects/${uuid}`, { method: 'DELETE' });
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('Sign in')]);
  expect(emulator.projects.map(({ name }) => name)).not.toContain('preview');
  emulator.addFault({ call: 'logs', effect: 'damaged', how: 'truncated' });
  const tail = await callApi(emulator, `/logs/${emulator.projects[0]?.uuid}/tail`);
  expect(await tail.text()).toBe('data: {"star');
});

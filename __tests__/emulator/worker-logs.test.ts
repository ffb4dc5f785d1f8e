import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommandLine } from '../../emulator/cli-options.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import { expectLinear } from '../growth.ts';
import { callApi, readEvents, readJson, useEmulator } from './helpers.ts';

const START = '2026-01-01T00:00:00.000Z';
const END = '2026-01-07T00:00:00.000Z';
const WINDOW = { start: START, end: END };

/** So many seconds after the start of the window. */
const at = (seconds: number) => new Date(Date.parse(START) + seconds * 1000).toISOString();

const uuidOf = (emulator: Emulator) => emulator.projects[0]?.uuid ?? '';

function query(emulator: Emulator, parameters: Record<string, string> = {}, headers: Record<string, string> = {}) {
  const search = new URLSearchParams({ ...WINDOW, ...parameters });
  return callApi(emulator, `/logs/${uuidOf(emulator)}?${search}`, { headers });
}

/** What the entries of an answer say, in its order. */
async function messagesOf(emulator: Emulator, parameters: Record<string, string> = {}): Promise<unknown[]> {
  const { data } = await readJson(query(emulator, parameters));
  return data.map(({ messages }: { messages: unknown[] }) => messages[0]);
}

function addSamples(emulator: Emulator): void {
  const uuid = uuidOf(emulator);
  emulator.addWorkerLog(uuid, {
    request: { method: 'POST', url: '/Cart', status_code: 500 },
    logs: [
      { timestamp: at(1), level: 'debug', messages: ['first', { items: [1, null] }] },
      { timestamp: at(2), level: 'warn', messages: ['second'] },
    ],
    exceptions: [{ timestamp: at(3), name: 'TypeError', message: 'thrown' }],
    timestamp: at(0),
  });
  const request = { method: 'GET', url: '/', status_code: 200 };
  emulator.addWorkerLog(uuid, { request, logs: [], timestamp: at(10) });
  const logs = [{ timestamp: at(20), level: 'error' as const, messages: ['alone'] }];
  emulator.addWorkerLog(uuid, { request: null, logs, timestamp: at(20) });
}

test('an event gives an entry for its request, each log and each exception, under one request id; the newest comes first', async () => {
  await using emulator = await useEmulator();
  addSamples(emulator);
  const { data, meta } = await readJson(query(emulator, { 'url:like': 'Cart' }));
  const request = { method: 'POST', url: '/Cart', status_code: 500 };
  const common = { id: expect.any(String), request, request_id: data[0].request_id };
  expect(data).toEqual([
    {
      ...common,
      timestamp: at(3),
      entry_type: 'log',
      level: 'error',
      messages: ['thrown'],
      is_exception: true,
      exception_name: 'TypeError',
    },
    { ...common, timestamp: at(2), entry_type: 'log', level: 'warn', messages: ['second'], is_exception: false },
    {
      ...common,
      timestamp: at(1),
      entry_type: 'log',
      level: 'debug',
      messages: ['first', { items: [1, null] }],
      is_exception: false,
    },
    {
      ...common,
      timestamp: at(0),
      entry_type: 'request',
      level: 'info',
      messages: ['POST /Cart'],
      is_exception: false,
    },
  ]);
  expect(meta.cursor_pagination).toEqual({
    start_cursor: expect.any(String),
    end_cursor: expect.any(String),
    links: {},
    has_next_page: false,
    has_prev_page: false,
  });
});

test.each<[Record<string, string>, unknown[]]>([
  [{}, ['alone', 'GET /', 'thrown', 'second', 'first', 'POST /Cart']],
  [{ entry_type: 'request' }, ['GET /', 'POST /Cart']],
  [{ entry_type: 'log' }, ['alone', 'thrown', 'second', 'first']],
  [{ method: 'get' }, ['GET /']],
  [{ status_code: '500' }, ['thrown', 'second', 'first', 'POST /Cart']],
  [{ status_code: '0' }, ['alone']],
  [{ status_code: '404' }, []],
  [{ 'url:like': '/Ca' }, ['thrown', 'second', 'first', 'POST /Cart']],
  [{ 'url:like': '/ca' }, []],
  [{ 'level:min': 'debug' }, ['alone', 'GET /', 'thrown', 'second', 'first', 'POST /Cart']],
  [{ 'level:min': 'info' }, ['alone', 'GET /', 'thrown', 'second', 'POST /Cart']],
  [{ 'level:min': 'warn' }, ['alone', 'thrown', 'second']],
  [{ 'level:min': 'error', method: 'POST' }, ['thrown']],
  [{ start: at(2), end: at(10) }, ['GET /', 'thrown', 'second']],
  [{ start: `${Date.parse(at(3)) / 1000}`, end: `${Date.parse(at(9)) / 1000}` }, ['thrown']],
  [{ start: '2026-01-01T00:00:03Z', end: '2026-01-01T01:00:09+01:00' }, ['thrown']],
  [{ limit: '1' }, ['alone']],
])('the query %j gives %j', async (parameters, expected) => {
  await using emulator = await useEmulator();
  addSamples(emulator);
  expect(await messagesOf(emulator, parameters)).toEqual(expected);
});

test.each<[Record<string, string>, string[]]>([
  [{ start: 'yesterday', end: '' }, ['start', 'end']],
  [{ start: '1 Jan 2026', end: '2026-13-01' }, ['start', 'end']],
  [{ start: END, end: START }, ['start']],
  [{ end: '2026-01-08T00:00:00.001Z' }, ['end']],
  [
    { entry_type: 'x', method: 'GET', status_code: '99', 'level:min': 'fatal' },
    ['entry_type', 'status_code', 'level:min'],
  ],
  [{ limit: '0' }, ['limit']],
  [{ limit: '501' }, ['limit']],
  [{ limit: 'x', after: 'y' }, ['limit', 'after']],
])('the query %j is refused for %j', async (parameters, fields) => {
  await using emulator = await useEmulator();
  const response = await query(emulator, parameters);
  expect(response.status).toBe(422);
  expect(Object.keys((await readJson(response)).errors).toSorted()).toEqual(fields.toSorted());
});

test('a window is required, and may have exactly 7 days', async () => {
  await using emulator = await useEmulator();
  const response = await callApi(emulator, `/logs/${uuidOf(emulator)}`);
  expect([response.status, (await readJson(response)).errors]).toEqual([
    422,
    { start: 'is required', end: 'is required' },
  ]);
  expect((await query(emulator, { end: '2026-01-08T00:00:00.000Z' })).status).toBe(200);
});

test('a cursor is good for its window and filters only, and not together with another one', async () => {
  await using emulator = await useEmulator();
  addSamples(emulator);
  const { meta } = await readJson(query(emulator, { limit: '2' }));
  const { end_cursor: after, links } = meta.cursor_pagination;
  expect(links).toEqual({ next: `?after=${after}` });
  expect((await query(emulator, { limit: '5', after })).status).toBe(200);
  for (const more of [{ method: 'GET' }, { end: at(30) }, { before: after }]) {
    expect((await query(emulator, { after, ...more })).status).toBe(422);
  }
});

test('an unknown project is 404, a malformed uuid 400 with its field, a token without the scope 403', async () => {
  const tokens = {
    deployer: ['store_infrastructure_deployments_manage'],
    reader: ['store_infrastructure_logs_read_only'],
  } as const;
  await using emulator = await useEmulator({ tokens });
  const search = new URLSearchParams(WINDOW);
  expect((await callApi(emulator, `/logs/019500e2-933d-7057-8e81-090dd7240795?${search}`)).status).toBe(404);
  const malformed = await callApi(emulator, `/logs/x?${search}`);
  expect([malformed.status, (await readJson(malformed)).errors]).toEqual([400, { project_uuid: expect.any(String) }]);
  expect(await readJson(callApi(emulator, '/logs/x/tail'))).toMatchObject({
    status: 400,
    title: ':projectUuid should be valid UUID.',
    errors: {},
  });
  expect((await query(emulator, {}, { 'X-Auth-Token': 'deployer' })).status).toBe(403);
  expect((await query(emulator, {}, { 'X-Auth-Token': 'reader' })).status).toBe(200);
  expect((await query(emulator, {}, { 'X-Auth-Token': 'nobody' })).status).toBe(401);
});

test('a page says in one way only whether there are more, where it is told so', async () => {
  await using emulator = await useEmulator();
  addSamples(emulator);
  const paging = async () => (await readJson(query(emulator, { limit: '2' }))).meta.cursor_pagination;
  emulator.addFault({ call: 'queryLogs', effect: 'paging-form', form: 'links' });
  emulator.addFault({ call: 'queryLogs', effect: 'paging-form', form: 'flags' });
  expect(Object.keys(await paging())).toEqual(['start_cursor', 'end_cursor', 'links']);
  expect(Object.keys(await paging())).toEqual(['start_cursor', 'end_cursor', 'has_next_page', 'has_prev_page']);
  emulator.addFault({ call: 'queryLogs', effect: 'paging-form', form: 'cursors' });
  expect(Object.keys(await paging())).toEqual(['start_cursor', 'end_cursor']);
});

test('faults hit the query, and not the tail', async () => {
  await using emulator = await useEmulator({ logCutMs: 20 });
  emulator.addFault({ call: 'queryLogs', effect: 'status', status: 429, headers: { 'Retry-After': '1' } });
  expect((await callApi(emulator, `/logs/${uuidOf(emulator)}/tail`)).status).toBe(200);
  expect((await query(emulator)).status).toBe(429);
  expect((await query(emulator)).status).toBe(200);
});

test('the oldest entries are dropped beyond the limit, and a project has its own', async () => {
  await using emulator = await useEmulator({ maxLogEntries: 3, projects: ['one', 'two'] });
  addSamples(emulator);
  emulator.addWorkerLog(emulator.projects[1]?.uuid ?? '', { timestamp: at(1) });
  expect(await messagesOf(emulator)).toEqual(['alone', 'GET /', 'thrown']);
});

test('the control adds an event', async () => {
  await using emulator = await useEmulator();
  const post = (body: object) =>
    fetch(`${emulator.origin}/_emulator/worker-logs`, { method: 'POST', body: JSON.stringify(body) });
  const logs = [{ timestamp: at(5), level: 'warn', messages: ['by hand', 7] }];
  expect((await post({ project_uuid: uuidOf(emulator), request: null, logs })).status).toBe(204);
  expect(await messagesOf(emulator)).toEqual(['by hand']);
  expect((await post({ project_uuid: uuidOf(emulator), logs: [{ ...logs[0], level: 'loud' }] })).status).toBe(400);
});

/** The events of one connection of the tail, once it was ended. */
const readTail = async (emulator: Emulator) =>
  (await readEvents(await callApi(emulator, `/logs/${uuidOf(emulator)}/tail`))).map((data) => JSON.parse(data));

test('the command line cuts tails sooner', async () => {
  const options = parseCommandLine(['--log-cut-ms', '20'], () => {});
  if (options === 'help') throw new Error('that was no question');
  await using emulator = await useEmulator({ ...options, port: 0 });
  expect(await readTail(emulator)).toEqual([]);
  expect(() => parseCommandLine(['--log-cut-ms', 'soon'], () => {})).toThrow('--log-cut-ms');
});

test('a tail begins with the last events where it is told so', async () => {
  await using emulator = await useEmulator({ logCutMs: 50 });
  for (const second of [1, 2, 3]) emulator.addWorkerLog(uuidOf(emulator), { timestamp: at(second) });
  emulator.addFault({ call: 'logs', effect: 'replay', events: 2 });
  expect((await readTail(emulator)).map(({ timestamp }) => timestamp)).toEqual([at(2), at(3)]);
  expect(await readTail(emulator)).toEqual([]);
});

test('the control floods a tail with an event, each time under another id', async () => {
  await using emulator = await useEmulator({ maxLogEntries: 300 });
  const events = 2500;
  emulator.addFault({ call: 'logs', effect: 'cut-after', events });
  const response = await callApi(emulator, `/logs/${uuidOf(emulator)}/tail`);
  const logs = [{ timestamp: at(5), level: 'warn', messages: ['again'] }];
  const body = { project_uuid: uuidOf(emulator), request: null, logs, timestamp: at(5), times: events };
  const post = await fetch(`${emulator.origin}/_emulator/worker-logs`, { method: 'POST', body: JSON.stringify(body) });
  expect(post.status).toBe(204);
  const received = (await readEvents(response)).map((data) => JSON.parse(data));
  expect(new Set(received.map(({ uuid }) => uuid)).size).toBe(events);
  expect(received.every((event) => event.logs[0].messages[0] === 'again')).toBe(true);
  expect(await messagesOf(emulator, { limit: '500' })).toEqual(Array(300).fill('again'));
});

test('many entries are added and read in time that grows with their number', async () => {
  await using emulator = await useEmulator({ maxLogEntries: 1_000_000 });
  await expectLinear(5000, async (size) => {
    const { uuid } = emulator.addProject('flooded');
    await emulator.floodWorkerLogs(uuid, size, { timestamp: at(1), logs: [] });
    for (let page = 0; page < 5; page += 1) {
      const search = new URLSearchParams({ ...WINDOW, limit: '500' });
      expect((await readJson(callApi(emulator, `/logs/${uuid}?${search}`))).data).toHaveLength(500);
    }
  });
});

test('pages lead through all entries forward and back, each one once', async () => {
  await using emulator = await useEmulator({ projects: ['none'] });
  const seconds = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(seconds, fc.integer({ min: 1, max: 5 }), fc.boolean(), async (times, limit, logsOnly) => {
      const { uuid } = emulator.addProject('paged');
      for (const time of times) {
        const logs = [{ timestamp: at(time), level: 'info' as const, messages: [] }];
        emulator.addWorkerLog(uuid, { logs, timestamp: at(time) });
      }
      const parameters = { ...WINDOW, ...(logsOnly && { entry_type: 'log' }) };
      const read = (more: object) =>
        readJson(callApi(emulator, `/logs/${uuid}?${new URLSearchParams({ ...parameters, ...more })}`));
      const ids = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);
      const all = ids(await read({ limit: '500' }));
      expect(all).toHaveLength(times.length * (logsOnly ? 1 : 2));

      let page = await read({ limit });
      const forward = ids(page);
      while (page.meta.cursor_pagination.has_next_page) {
        page = await read({ limit, after: page.meta.cursor_pagination.end_cursor });
        forward.push(...ids(page));
        // Otherwise a cursor that does not lead on would keep the test running.
        expect(forward.length).toBeLessThanOrEqual(all.length);
      }
      expect(forward).toEqual(all);
      const back = ids(page);
      while (page.meta.cursor_pagination.links.previous !== undefined) {
        page = await read({ limit, before: page.meta.cursor_pagination.start_cursor });
        back.unshift(...ids(page));
        expect(back.length).toBeLessThanOrEqual(all.length);
      }
      expect(back).toEqual(all);
    }),
    { numRuns: 30 },
  );
});

test('what has no time is of no window, and does not upset the order of the others', async () => {
  await using emulator = await useEmulator();
  const times = [at(5), 'no time', at(9), at(1)];
  for (const timestamp of times) {
    const logs = [{ timestamp, level: 'info' as const, messages: [timestamp] }];
    emulator.addWorkerLog(uuidOf(emulator), { request: null, logs, timestamp });
  }
  expect(await messagesOf(emulator)).toEqual([at(9), at(5), at(1)]);
});

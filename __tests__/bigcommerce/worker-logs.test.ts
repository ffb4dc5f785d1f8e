/** The client of worker logs, against a server of a few lines: what the embedded platform does not do. */
import type { ServerResponse } from 'node:http';
import { expect, test } from '@jest/globals';
import type { TailOptions } from '../../src/bigcommerce/logs.ts';
import { createLogsClient } from '../../src/bigcommerce/worker-logs.ts';
import type { WorkerLogEvent } from '../../src/domain/worker-logs/log-event.ts';
import { HttpError } from '../../src/net/errors.ts';
import { expectLinear } from '../growth.ts';
import { type Answer, loseAnswer, type Seen, serveRecorded } from './small-server.ts';

const PROJECT = '019500e2-933d-7057-8e81-090dd7240795';
const AT = '2026-01-01T00:00:01.000Z';

async function clientOf(answer: (seen: Seen, before: number) => Answer) {
  const { requests, ...server } = await serveRecorded(answer);
  const retries: string[] = [];
  const onRetry = (what: string) => retries.push(what);
  return { client: createLogsClient({ ...server, signal: new AbortController().signal, onRetry }), requests, retries };
}

/** A connection of the tail: what is given to `write` is sent at once, then it is left open, or ended. */
function stream(write: (response: ServerResponse) => void): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    write(response);
  };
}

const eventOf = (uuid: string | undefined, more: object = {}) =>
  `data: ${JSON.stringify({ uuid, project_uuid: PROJECT, request: null, logs: [], exceptions: [], timestamp: AT, ...more })}\n\n`;

/** Follows a tail up to an event with that id. */
async function follow(client: ReturnType<typeof createLogsClient>, lastId: string, more: Partial<TailOptions> = {}) {
  const stop = new AbortController();
  const events: WorkerLogEvent[] = [];
  const seen = { opened: 0, reconnects: [] as string[], skipped: [] as string[] };
  const options = {
    signal: stop.signal,
    onOpen: () => {
      seen.opened += 1;
    },
    onReconnect: ({ isFault, reason }: { isFault: boolean; reason: string }) =>
      seen.reconnects.push(`${isFault ? 'fault: ' : ''}${reason}`),
    onSkipped: (description: string) => seen.skipped.push(description),
    ...more,
  };
  for await (const event of client.tail(PROJECT, options)) {
    events.push(event);
    if (event.id === lastId) break;
  }
  return { ids: events.map(({ id }) => id), events, ...seen };
}

test('a tail goes on through connections that are ended or cut, without doubles', async () => {
  const { client, requests } = await clientOf((_, before) =>
    stream((response) => {
      if (before === 0) response.end(`: alive\n\nid: 2\n${eventOf('a')}${eventOf('b')}`);
      else if (before === 1) response.write(`${eventOf('b')}${eventOf('c')}`, () => response.destroy());
      else response.write(`${eventOf('c')}${eventOf('a')}${eventOf('d')}`);
    }),
  );
  const { ids, opened, reconnects, skipped } = await follow(client, 'd');
  expect(ids).toEqual(['a', 'b', 'c', 'd']);
  expect([opened, skipped]).toEqual([3, []]);
  expect(reconnects).toEqual([
    expect.stringMatching(/^event stream 1: the server ended the stream, as it does every minute; connecting again/),
    expect.stringMatching(/^fault: event stream 2: /),
  ]);
  expect(requests.map(({ url }) => url.pathname)).toEqual(
    Array(3).fill(`/stores/abc/v3/infrastructure/logs/${PROJECT}/tail`),
  );
  expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2', '2']);
  expect(requests[0]?.headers).toMatchObject({ accept: 'text/event-stream', 'x-auth-token': 'token' });
});

test('events without an id, or with one that is too long, are all given', async () => {
  const long = 'x'.repeat(300);
  const { client } = await clientOf(() =>
    stream((response) => response.write([undefined, undefined, long, long, 'end'].map((id) => eventOf(id)).join(''))),
  );
  expect((await follow(client, 'end')).ids).toEqual([undefined, undefined, undefined, undefined, 'end']);
});

test('what cannot be read, and events of other projects, are skipped and told, without their content', async () => {
  const { client } = await clientOf(() =>
    stream((response) =>
      response.write(
        [
          'data: secret\n\n',
          'data: {"secret":1}\n\n',
          eventOf('other', { project_uuid: 'secret' }),
          `data: {"uuid":"huge","logs":[{"messages":["${'x'.repeat(9 * 1024 * 1024)}"]}]}\n\n`,
          eventOf('mine', { project_uuid: PROJECT.toUpperCase() }),
          eventOf('none', { project_uuid: undefined }),
        ].join(''),
      ),
    ),
  );
  const { ids, skipped } = await follow(client, 'none');
  expect(ids).toEqual(['mine', 'none']);
  expect(skipped).toEqual([
    'an event that is not what the API describes (not JSON, 6 characters)',
    'an event that is not what the API describes (no log event)',
    'an event of another project',
    'an event of more than 8388608 characters',
  ]);
  expect(skipped.join()).not.toContain('secret');
});

test.each([401, 403, 404, 400])('a tail that is refused with %d ends, and is not tried again', async (status) => {
  const { client, requests } = await clientOf(() => ({ status, json: { title: 'no' } }));
  const refused = await follow(client, 'x').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(HttpError);
  expect(refused).toMatchObject({ status });
  if (status === 403 || status === 404) {
    expect(String((refused as HttpError).fix)).toContain('store_infrastructure_logs_read_only');
  }
  expect(requests).toHaveLength(1);
});

test('a tail that is refused later ends, too; a platform under load is asked again', async () => {
  const { client } = await clientOf((_, before) => {
    if (before === 0) return stream((response) => response.end(eventOf('a')));
    return before < 3 ? { status: before === 1 ? 503 : 429, json: {} } : { status: 403, json: {} };
  });
  const reconnects: string[] = [];
  const following = follow(client, 'x', { onReconnect: ({ reason }) => reconnects.push(reason) });
  await expect(following).rejects.toMatchObject({ status: 403 });
  expect(reconnects).toHaveLength(3);
});

test('a signal ends a tail with its reason, while nothing comes', async () => {
  const { client } = await clientOf(() => stream(() => {}));
  const stop = new AbortController();
  const reason = new Error('that was all');
  const following = follow(client, 'x', { signal: stop.signal, onOpen: () => stop.abort(reason) });
  await expect(following).rejects.toBe(reason);
});

test('a flood takes time in proportion to the events, with ids that are new or repeated', async () => {
  const sizes: number[] = [];
  const { client } = await clientOf((_, before) =>
    stream((response) => {
      for (let index = 0; index < (sizes[before] ?? 0); index += 1)
        response.write(eventOf(`${index % 20_000}-${index % 3}`));
      response.write(eventOf('end'));
    }),
  );
  await expectLinear(5000, async (size) => {
    sizes.push(size);
    const { ids } = await follow(client, 'end');
    expect(ids.length).toBeGreaterThan(size / 2);
  });
});

test('one event of megabytes in small pieces takes time in proportion to its size', async () => {
  const sizes: number[] = [];
  const { client } = await clientOf((_, before) =>
    stream((response) => {
      response.write('data: {"uuid":"end","logs":[{"messages":["');
      for (let sent = 0; sent < (sizes[before] ?? 0); sent += 1000) response.write('x'.repeat(1000));
      response.write('"]}]}\n\n');
    }),
  );
  await expectLinear(800_000, async (size) => {
    sizes.push(size);
    expect((await follow(client, 'end')).events[0]?.json.length).toBeGreaterThan(size);
  });
});

const START_MS = Date.parse('2026-01-01T00:00:00Z');
const WINDOW = { startMs: START_MS, endMs: START_MS + 3_600_000 };

/** All pages of a query, by the ids in them. */
async function query(client: ReturnType<typeof createLogsClient>, filter: object = {}) {
  const pages: (string | undefined)[][] = [];
  const skipped: string[] = [];
  const onSkipped = (description: string) => skipped.push(description);
  for await (const page of client.query(PROJECT, { ...WINDOW, ...filter }, { onSkipped })) {
    pages.push(page.map(({ id }) => id));
  }
  return { pages, skipped };
}

const pageOf = (ids: string[], cursor_pagination?: object) => ({
  json: { data: ids.map((id) => ({ id })), meta: { cursor_pagination } },
});

test('a query names its window and filters on each page', async () => {
  const { client, requests } = await clientOf((_, before) =>
    before === 0 ? pageOf(['b'], { end_cursor: 'a+/=', links: { next: '?after=x' } }) : pageOf(['a'], { links: {} }),
  );
  const filter = { entryType: 'log', method: 'GET', statusCode: 0, url: '/a b?c=%', level: 'warn' };
  expect((await query(client, filter)).pages).toEqual([['b'], ['a']]);
  const asked = {
    start: '2026-01-01T00:00:00.000Z',
    end: '2026-01-01T01:00:00.000Z',
    entry_type: 'log',
    method: 'GET',
    status_code: '0',
    'url:like': '/a b?c=%',
    'level:min': 'warn',
    limit: '500',
  };
  expect(requests.map(({ url }) => Object.fromEntries(url.searchParams))).toEqual([asked, { ...asked, after: 'a+/=' }]);
  expect(requests[0]?.url.pathname).toBe(`/stores/abc/v3/infrastructure/logs/${PROJECT}`);
});

test.each<[string, (page: number) => object]>([
  ['links', (page) => ({ links: page < 3 ? { next: `?after=${page}` } : {} })],
  ['flags', (page) => ({ end_cursor: `${page}`, has_next_page: page < 3 })],
  ['cursors alone', (page) => (page < 4 ? { end_cursor: `${page}` } : { end_cursor: null })],
])('pages by %s are read to the last one', async (_, paging) => {
  const { client, requests } = await clientOf((_seen, before) =>
    pageOf(before < 3 ? [`${before}-a`, `${before}-b`] : [], paging(before + 1)),
  );
  const { pages } = await query(client);
  expect(pages.flat()).toEqual(['0-a', '0-b', '1-a', '1-b', '2-a', '2-b']);
  expect(requests.slice(0, 3).map(({ url }) => url.searchParams.get('after'))).toEqual([null, '1', '2']);
});

test('a cursor that repeats ends the query, and its entries are given once', async () => {
  const { client, requests } = await clientOf(() => pageOf(['a', 'b'], { end_cursor: 'same', has_next_page: true }));
  expect((await query(client)).pages.flat()).toEqual(['a', 'b']);
  expect(requests).toHaveLength(2);
});

test('cursors that go in a circle end the query', async () => {
  const { client, requests } = await clientOf((_, before) =>
    pageOf([`${before % 3}`], { end_cursor: `${before % 3}`, has_next_page: true }),
  );
  expect((await query(client)).pages.flat()).toEqual(['0', '1', '2']);
  expect(requests).toHaveLength(4);
});

test('a query without an end is an error, and says what to do', async () => {
  const { client, requests } = await clientOf((_, before) =>
    pageOf([`${before}`], { end_cursor: `${before}`, has_next_page: true }),
  );
  await expect(query(client)).rejects.toMatchObject({
    title: 'The worker’s log does not end',
    message: expect.stringContaining('after 2000 pages'),
    fix: expect.stringContaining('shorter time'),
  });
  expect(requests).toHaveLength(2000);
});

test('half a million entries, and the page after them, are read', async () => {
  const { client } = await clientOf((_, before) =>
    pageOf([`${before}`], { end_cursor: `${before}`, has_next_page: before < 1000 }),
  );
  expect((await query(client)).pages).toHaveLength(1001);
});

test('entries that cannot be read are told, and an entry is a request or one line', async () => {
  const data = [
    {
      id: 'a',
      entry_type: 'request',
      messages: ['GET /'],
      request: { method: 'GET', url: '/', status_code: 200 },
      timestamp: AT,
    },
    { id: 'b', entry_type: 'log', level: 'error', messages: ['m'], timestamp: AT },
    null,
    'secret',
  ];
  const { client } = await clientOf(() => ({ json: { data } }));
  expect(await query(client)).toEqual({
    pages: [['a', 'b']],
    skipped: ['2 entries that are not what the API describes'],
  });
  for await (const [asked, log] of client.query(PROJECT, WINDOW)) {
    expect(asked).toMatchObject({
      atMs: Date.parse(AT),
      lines: [],
      request: { url: '/' },
      json: JSON.stringify(data[0]),
    });
    expect(log).toMatchObject({
      request: undefined,
      lines: [{ level: 'error', messages: ['m'], atMs: Date.parse(AT) }],
    });
  }
});

test('an answer that is lost is asked for again, and a refusal names its fields', async () => {
  const { client, retries } = await clientOf((_, before) =>
    before === 0 ? loseAnswer : { status: 422, json: { title: 'Bad', errors: { start: 'is too old' } } },
  );
  await expect(query(client)).rejects.toMatchObject({ status: 422, message: expect.stringContaining('is too old') });
  expect(retries).toEqual(['Reading the worker’s log']);
});

test('a page of many megabytes is read', async () => {
  const data = Array.from({ length: 500 }, (_, index) => ({ id: `${index}`, messages: ['x'.repeat(30_000)] }));
  const { client } = await clientOf(() => ({ json: { data } }));
  expect((await query(client)).pages.flat()).toHaveLength(500);
});

test('a page in the place of the stream opens no tail', async () => {
  const page: Answer = (_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html><title>No entry</title></html>');
  const { client } = await clientOf((_, before) =>
    before === 0 ? page : stream((response) => void response.write(eventOf('1'))),
  );
  const { opened, reconnects } = await follow(client, '1');
  expect(opened).toBe(1);
  expect(reconnects).toEqual([
    expect.stringMatching(/^fault: event stream 1: .* answered with an HTML page \("No entry"\) where events belong/),
  ]);
});

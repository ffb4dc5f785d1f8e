import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLogPage, parseTailEvent } from '../../src/bigcommerce/log-schemas.ts';
import { LOG_FORMATS, renderEvent } from '../../src/domain/worker-logs/formats.ts';
import { LOG_LEVELS, type WorkerLogEvent } from '../../src/domain/worker-logs/log-event.ts';
import { expectLinear } from '../growth.ts';

const AT = '2026-01-01T00:00:01.000Z';
const AT_MS = Date.parse(AT);
const REQUEST = { method: 'GET', url: 'https://shop.example/', status_code: 200 };

/** An event of the tail as it was understood. */
function tailOf(value: unknown): WorkerLogEvent {
  const event = parseTailEvent(JSON.stringify(value));
  if ('unreadable' in event) throw new Error(event.unreadable);
  return event;
}

const linesOf = (value: object) => tailOf({ uuid: 'a', request: REQUEST, timestamp: AT, ...value }).lines;

/** An entry of the query as it was understood. */
const entryOf = (value: unknown) => parseLogPage({ data: [value] }).entries[0];

test('an event of the tail has its request, and its logs before its exceptions', () => {
  const json = {
    uuid: 'a',
    project_uuid: 'p',
    request: REQUEST,
    logs: [{ timestamp: AT, level: 'warn', messages: ['slow', { ms: 12 }, null, 7] }],
    exceptions: [{ timestamp: AT, name: 'TypeError', message: 'thrown' }],
    timestamp: AT,
  };
  expect(tailOf(json)).toEqual({
    id: 'a',
    projectUuid: 'p',
    atMs: AT_MS,
    request: { method: 'GET', url: 'https://shop.example/', statusCode: 200 },
    lines: [
      { atMs: AT_MS, level: 'warn', messages: ['slow', '{"ms":12}', 'null', '7'], exception: undefined },
      { atMs: AT_MS, level: 'error', messages: ['thrown'], exception: 'TypeError' },
    ],
    json: JSON.stringify(json),
  });
});

test.each<[string, string]>([
  ['not json secret', 'not JSON, 15 characters'],
  ['', 'not JSON, 0 characters'],
  ['null', 'no log event'],
  ['"secret"', 'no log event'],
  ['[{"request":null}]', 'no log event'],
  ['{}', 'no log event'],
  ['{"uuid":"a","error":"secret"}', 'no log event'],
  ['{"uuid":"a","logs":"secret","request":7}', 'no log event'],
])('%j of the tail is unreadable, and the reason does not quote it', (data, unreadable) => {
  expect(parseTailEvent(data)).toEqual({ unreadable });
});

test.each<[string, unknown, number | undefined]>([
  ['ISO 8601', AT, AT_MS],
  ['nanoseconds', '2026-01-01T00:00:01.000999999Z', AT_MS],
  ['another zone', '2026-01-01T05:30:01+05:30', AT_MS],
  ['a zone without a colon', '2026-01-01T01:00:01+0100', AT_MS],
  ['no zone: UTC, whatever the zone of the runner', '2026-01-01T00:00:01', AT_MS],
  ['as databases write it', '2026-01-01 00:00:01.000', AT_MS],
  ['ms since 1970', AT_MS, AT_MS],
  ['words with a number, which Date.parse takes for a date', 'attempt 5', undefined],
  ['a date that does not exist', '2026-13-41T00:00:00Z', undefined],
  ['beyond what a Date can be', 8.64e15 + 1, undefined],
  ['huge', 1e308, undefined],
  ['nothing', null, undefined],
  ['an object', { seconds: 5 }, undefined],
])('a time: %s', (_, timestamp, atMs) => {
  expect(tailOf({ request: REQUEST, timestamp }).atMs).toBe(atMs);
  expect(linesOf({ logs: [{ timestamp }], exceptions: [{ timestamp }] }).map((line) => line.atMs)).toEqual([
    atMs,
    atMs,
  ]);
  expect(entryOf({ timestamp })?.line.atMs).toBe(atMs);
});

test('a time beyond what JSON numbers hold costs no event', () => {
  expect(parseTailEvent('{"request":null,"logs":[],"timestamp":1e999}')).toMatchObject({ atMs: undefined, lines: [] });
});

test.each<[unknown, string]>([
  ['error', 'error'],
  ['ERROR', 'error'],
  ['Warn', 'warn'],
  ['loud', 'info'],
  [3, 'info'],
  [null, 'info'],
  [undefined, 'info'],
  ['__proto__', 'info'],
])('the level %j is %s', (level, expected) => {
  expect(linesOf({ logs: [{ level, messages: [] }] })[0]?.level).toBe(expected);
  expect(entryOf({ level })?.line.level).toBe(expected);
});

test.each<[string, unknown, readonly string[]]>([
  ['none', undefined, []],
  ['null', null, []],
  ['a text by itself', 'alone', ['alone']],
  ['an object by itself', { a: 1 }, ['{"a":1}']],
  [
    'any JSON',
    ['', 0, false, null, [], {}, [['x']], { __proto__: 1 }],
    ['', '0', 'false', 'null', '[]', '{}', '[["x"]]', '{}'],
  ],
  ['colours', ['\u001b[31mred\u001b[39;49m \u001b[1;2Hgone'], ['red gone']],
  ['too long', ['x'.repeat(10_001)], [`${'x'.repeat(10_000)}…`]],
  ['half of a character at the cut', [`${'x'.repeat(9999)}😀`], [`${'x'.repeat(9999)}\ufffd…`]],
  ['too many', Array.from({ length: 101 }, () => 'x'), [...Array.from({ length: 100 }, () => 'x'), '…']],
])('messages: %s', (_, messages, expected) => {
  expect(linesOf({ logs: [{ messages }] })[0]?.messages).toEqual(expected);
  expect(entryOf({ messages })?.line.messages).toEqual(expected);
});

test.each<[string, unknown, object]>([
  ['without a name', { message: 'm' }, { exception: 'Error', messages: ['m'] }],
  ['with an empty name', { name: '', message: 'm' }, { exception: 'Error', messages: ['m'] }],
  ['with a message that is no text', { name: 'E', message: { code: 7 } }, { exception: 'E', messages: ['{"code":7}'] }],
  ['without a message', { name: 'E' }, { exception: 'E', messages: [''] }],
  ['that is a text', 'thrown', { exception: 'Error', messages: ['thrown'] }],
  ['that is null', null, { exception: 'Error', messages: ['null'] }],
  ['with a long name', { name: 'E'.repeat(201) }, { exception: `${'E'.repeat(200)}…` }],
])('an exception of the tail %s is one', (_, exception, expected) => {
  const [log, ...lines] = linesOf({ logs: ['before', {}], exceptions: [exception, { name: 'Other', message: 'o' }] });
  expect(log).toMatchObject({ level: 'info', messages: ['before'], exception: undefined });
  expect(lines.slice(1)).toMatchObject([
    { level: 'error', ...expected },
    { exception: 'Other', messages: ['o'] },
  ]);
});

test('all lines of an event are known: none beyond a limit could be the error', () => {
  const logs = Array.from({ length: 5000 }, () => ({ level: 'info', messages: ['x'] }));
  const lines = linesOf({ logs: [...logs, { level: 'error', messages: ['the last'] }] });
  expect([lines.length, lines.at(-1)?.level]).toEqual([5001, 'error']);
});

test.each<[string, unknown, WorkerLogEvent['request']]>([
  ['null', null, undefined],
  ['a text', 'GET /', undefined],
  ['empty', {}, { method: '', url: '', statusCode: undefined }],
  ['odd', { method: 7, url: null, status_code: '200' }, { method: '', url: '', statusCode: undefined }],
  [
    'status 0, which is unknown',
    { ...REQUEST, status_code: 0 },
    { method: 'GET', url: REQUEST.url, statusCode: undefined },
  ],
  ['status -1', { status_code: -1 }, { method: '', url: '', statusCode: undefined }],
  ['status 1e300', { status_code: 1e300 }, { method: '', url: '', statusCode: undefined }],
  ['a long URL', { url: 'u'.repeat(4001) }, { method: '', url: `${'u'.repeat(4000)}…`, statusCode: undefined }],
])('a request: %s', (_, request, expected) => {
  expect(tailOf({ logs: [], request }).request).toEqual(expected);
  expect(entryOf({ request })?.request).toEqual(expected);
});

test('an entry of the query is a log, an exception or a request', () => {
  const base = { id: 'i', timestamp: AT, level: 'warn', messages: ['m'], request: REQUEST, request_id: 'r' };
  const line = { atMs: AT_MS, level: 'warn', messages: ['m'], exception: undefined };
  expect(entryOf({ ...base, entry_type: 'log' })).toMatchObject({ id: 'i', isRequest: false, line });
  expect(entryOf({ ...base, entry_type: 'request' })).toMatchObject({ isRequest: true });
  const thrown = { ...base, is_exception: true };
  expect(entryOf({ ...thrown, exception_name: 'TypeError' })?.line).toEqual({
    ...line,
    level: 'error',
    exception: 'TypeError',
  });
  for (const name of [undefined, null, '', 7]) {
    expect(entryOf({ ...thrown, level: undefined, exception_name: name })?.line).toEqual({
      ...line,
      level: 'error',
      exception: 'Error',
    });
  }
});

test.each<[string, object, boolean]>([
  ['its message is the request', { messages: ['GET https://shop.example/'] }, true],
  ['its type says otherwise', { entry_type: 'log', messages: ['GET https://shop.example/'] }, false],
  ['its message is another one', { messages: ['GET https://shop.example/x'] }, false],
  ['it has two messages', { messages: ['GET https://shop.example/', 'x'] }, false],
  ['it is an exception', { is_exception: true, messages: ['GET https://shop.example/'] }, false],
  ['there is no request', { request: null, messages: [' '] }, false],
])('without a type, an entry may be a request: %s', (_, fields, isRequest) => {
  expect(entryOf({ request: REQUEST, ...fields })?.isRequest).toBe(isRequest);
});

test('what is no entry is counted, and costs no other one', () => {
  const page = parseLogPage({ data: [null, 7, 'x', [], { messages: ['m'] }, {}] });
  expect([page.entries.length, page.unreadable]).toEqual([2, 4]);
  expect(parseLogPage({ data: null })).toEqual({ entries: [], unreadable: 0, after: undefined });
  for (const odd of [undefined, null, [], {}, { data: {} }]) expect(() => parseLogPage(odd)).toThrow();
});

test.each<[string, unknown, string | undefined]>([
  ['the cursor, with a link', { end_cursor: 'a+b/c==', links: { next: '?after=x' } }, 'a+b/c=='],
  ['the cursor, with a flag', { end_cursor: 'x', has_next_page: true }, 'x'],
  ['the cursor alone', { end_cursor: 'x' }, 'x'],
  ['the cursor, where nothing else is known', { end_cursor: 'x', links: null, has_next_page: null }, 'x'],
  ['the cursor in the link', { links: { next: '?limit=50&after=x%2By' } }, 'x+y'],
  ['the cursor in a whole link', { links: { next: 'https://api.example/logs?a=b&after=x#after=y' } }, 'x'],
  ['the cursor in the link, with a flag', { end_cursor: null, has_next_page: true, links: { next: '?after=x' } }, 'x'],
  ['nothing: no link', { end_cursor: 'x', links: {} }, undefined],
  ['nothing: an empty link', { end_cursor: 'x', links: { next: '' } }, undefined],
  ['nothing: the flag', { end_cursor: 'x', has_next_page: false }, undefined],
  ['nothing: the flag, and no link', { end_cursor: 'x', has_next_page: false, links: {} }, undefined],
  ['nothing: there is no cursor', { has_next_page: true }, undefined],
  ['nothing: a link without one', { links: { next: '?page=2' } }, undefined],
  ['nothing: odd', { end_cursor: 7, links: 'x', has_next_page: 'yes' }, undefined],
  ['nothing: null', null, undefined],
])('a page goes on by %s', (_, cursor_pagination, after) => {
  expect(parseLogPage({ data: [{}], meta: { cursor_pagination } }).after).toBe(after);
});

test('an empty page is the last one, unless it says that there are more', () => {
  const afterEmpty = (cursor_pagination: object) => parseLogPage({ data: [], meta: { cursor_pagination } }).after;
  expect(afterEmpty({ end_cursor: 'x' })).toBeUndefined();
  expect(afterEmpty({ end_cursor: 'x', has_next_page: true })).toBe('x');
  expect(afterEmpty({ links: { next: '?after=x' } })).toBe('x');
});

test('any depth of nesting can be read and shown', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const event = parseTailEvent(
    `{"uuid":"a","logs":[{"level":"error","messages":["x",${deep}]}],"exceptions":[${deep}]}`,
  );
  expect(event).toMatchObject({
    id: 'a',
    lines: [{ level: 'error', messages: ['x', expect.stringMatching(/too deep/)] }, {}],
  });
  const page = parseLogPage(JSON.parse(`{"data":[{"id":"b","level":"error","messages":[${deep}]}]}`));
  expect(page.entries).toMatchObject([{ id: 'b', line: { level: 'error' }, json: expect.stringMatching(/too deep/) }]);
});

test('JSON is kept as it was given, on one line', () => {
  const data = '{\n "uuid": "a",\r\n "logs": [{"messages": [12345678901234567890, 1.0, "a\\nb"]}]}';
  const event = parseTailEvent(data);
  expect(event).toMatchObject({
    json: '{  "uuid": "a",  "logs": [{"messages": [12345678901234567890, 1.0, "a\\nb"]}]}',
  });
});

test.each(['', 'x'.repeat(201), 7, null])('%j is no id', (uuid) => {
  expect(tailOf({ uuid, request: REQUEST }).id).toBeUndefined();
  expect(entryOf({ id: uuid })?.id).toBeUndefined();
});

const odd = fc.anything({ withNullPrototype: false, maxDepth: 3 });
const maybe = (usual: fc.Arbitrary<unknown>) => fc.oneof({ weight: 3, arbitrary: usual }, odd);
const anyRequest = maybe(
  fc.record(
    { method: maybe(fc.string()), url: maybe(fc.webUrl()), status_code: maybe(fc.nat()) },
    { requiredKeys: [] },
  ),
);
const anyLogs = maybe(
  fc.array(
    maybe(fc.record({ timestamp: odd, level: maybe(fc.constantFrom(...LOG_LEVELS)), messages: maybe(fc.array(odd)) })),
  ),
);
const anyEvent = fc.record(
  { uuid: odd, project_uuid: odd, request: anyRequest, logs: anyLogs, exceptions: anyLogs, timestamp: odd },
  { requiredKeys: [] },
);

/** Whether an event is what every user of it may rely on. */
function expectSound(event: Pick<WorkerLogEvent, 'atMs' | 'request' | 'lines' | 'json'>): void {
  for (const { atMs } of [event, ...event.lines]) if (atMs !== undefined) new Date(atMs).toISOString();
  for (const { level, messages } of event.lines) {
    expect(LOG_LEVELS).toContain(level);
    for (const message of messages) expect(typeof message).toBe('string');
  }
  expect(event.json).not.toMatch(/[\r\n]/);
  for (const format of LOG_FORMATS) renderEvent({ id: undefined, ...event }, format);
}

test('an event or an entry of any JSON is read, and can be shown', () => {
  fc.assert(
    fc.property(anyEvent, (value) => {
      const data = JSON.stringify(value);
      const event = parseTailEvent(data);
      if ('unreadable' in event) return;
      expectSound(event);
      expect(JSON.parse(event.json)).toEqual(JSON.parse(data));
      const logs = JSON.parse(data).logs;
      const exceptions = JSON.parse(data).exceptions;
      const lengthOf = (list: unknown) => (Array.isArray(list) ? list.length : 0);
      expect(event.lines).toHaveLength(lengthOf(logs) + lengthOf(exceptions));
    }),
  );
  const anyEntry = fc.record(
    {
      id: odd,
      timestamp: odd,
      entry_type: odd,
      level: odd,
      messages: maybe(fc.array(odd)),
      is_exception: maybe(fc.boolean()),
      exception_name: odd,
      request: anyRequest,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(anyEntry, odd)), odd, (values, meta) => {
      const { data, ...rest } = JSON.parse(JSON.stringify({ data: values, meta }));
      const page = parseLogPage({ data, ...rest });
      expect(page.entries.length + page.unreadable).toBe(data.length);
      for (const { request, line, json } of page.entries)
        expectSound({ atMs: line.atMs, request, lines: [line], json });
    }),
  );
});

test('large events and pages take time in proportion to their size', async () => {
  for (const piece of ['\u001b[', '\u001b[1;', '{"a":', 'x']) {
    await expectLinear(50_000, (size) => linesOf({ logs: [{ messages: [piece.repeat(size)] }] }));
  }
  await expectLinear(2000, (size) => linesOf({ logs: Array.from({ length: size }, () => ({ messages: ['x', {}] })) }));
  await expectLinear(1000, (size) => parseLogPage({ data: Array.from({ length: size }, () => ({ messages: ['x'] })) }));
});

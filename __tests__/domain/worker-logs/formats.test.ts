import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LOG_FORMATS, renderEvent } from '../../../src/domain/worker-logs/formats.ts';
import type { LogLine, WorkerLogEvent } from '../../../src/domain/worker-logs/log-event.ts';
import { expectLinear } from '../../growth.ts';

const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
const at = (seconds: number) => START_MS + seconds * 1000;

function line(fields: Partial<LogLine> = {}): LogLine {
  return { atMs: at(1), level: 'info', messages: ['hello'], exception: undefined, ...fields };
}

function event(fields: Partial<WorkerLogEvent> = {}): WorkerLogEvent {
  const request = { method: 'POST', url: 'https://shop.example/cart', statusCode: 500 };
  return { id: 'a', atMs: at(0), request, lines: [line()], json: '{"uuid":"a"}', ...fields };
}

const TIME = '[2026-01-01T00:00:01.000Z]';

test('each format shows a log, and an exception with its name', () => {
  const lines = [
    line({ level: 'warn', messages: ['slow', '{"ms":12}'] }),
    line({ level: 'error', messages: ['thrown'], exception: 'TypeError' }),
  ];
  const of = (format: (typeof LOG_FORMATS)[number]) => renderEvent(event({ lines }), format);
  expect(of('default')).toEqual([`${TIME} [WARN] slow {"ms":12}`, `${TIME} [ERROR] [TypeError] thrown`]);
  expect(of('short')).toEqual(['slow {"ms":12}', 'thrown']);
  const request = `${TIME} POST https://shop.example/cart (500)`;
  expect(of('request')).toEqual([`${request} [WARN] slow {"ms":12}`, `${request} [ERROR] [TypeError] thrown`]);
  expect(of('json')).toEqual(['{"uuid":"a"}']);
});

test('a request that has logged nothing is a line of the format `request` alone', () => {
  const silent = event({ lines: [] });
  expect(LOG_FORMATS.map((format) => renderEvent(silent, format))).toEqual([
    [],
    [],
    ['[2026-01-01T00:00:00.000Z] POST https://shop.example/cart (500)'],
    ['{"uuid":"a"}'],
  ]);
  expect(renderEvent({ ...silent, request: undefined }, 'request')).toEqual([]);
});

test.each<[string, Partial<LogLine>, Partial<WorkerLogEvent>, string]>([
  ['a log without a time has that of its event', { atMs: undefined }, {}, '[2026-01-01T00:00:00.000Z] [INFO] hello'],
  ['no time at all', { atMs: undefined }, { atMs: undefined }, '[unknown] [INFO] hello'],
  ['a time that no calendar has', { atMs: 1e300 }, {}, '[unknown] [INFO] hello'],
  ['a log without a message', { messages: [] }, {}, `${TIME} [INFO]`],
  ['a name that is in the message', { exception: 'Oh', messages: ['Oh: no'] }, {}, `${TIME} [INFO] Oh: no`],
  ['a pattern that fits', { exception: 'E: <*> is <*>', messages: ['E: x is y'] }, {}, `${TIME} [INFO] E: x is y`],
  ['a pattern that does not', { exception: 'E: <*> is', messages: ['E: x'] }, {}, `${TIME} [INFO] [E: <*> is] E: x`],
  ['a pattern of nothing', { exception: '<*>', messages: ['x'] }, {}, `${TIME} [INFO] [<*>] x`],
  ['a name alone', { exception: 'TypeError', messages: [''] }, {}, `${TIME} [INFO] [TypeError]`],
])('default: %s', (_, fields, more, expected) => {
  expect(renderEvent(event({ lines: [line(fields)], ...more }), 'default')).toEqual([expected]);
});

test.each<[string, Partial<LogLine>, WorkerLogEvent['request'], string]>([
  ['without a request', {}, undefined, `${TIME} [INFO] hello`],
  ['a status that is not known', {}, { method: 'GET', url: '/', statusCode: undefined }, `${TIME} GET / [INFO] hello`],
  ['a URL alone', {}, { method: '', url: '/', statusCode: 200 }, `${TIME} / (200) [INFO] hello`],
  ['nothing of the request', {}, { method: '', url: '', statusCode: 200 }, `${TIME} [INFO] hello`],
  ['no message', { messages: [] }, { method: 'GET', url: '/', statusCode: 200 }, `${TIME} GET / (200)`],
])('request: %s', (_, fields, request, expected) => {
  expect(renderEvent(event({ lines: [line(fields)], request }), 'request')).toEqual([expected]);
});

test('short: an exception without a message is its name, a log without one an empty line', () => {
  const lines = [line({ exception: 'TypeError', messages: [''] }), line({ messages: [] })];
  expect(renderEvent(event({ lines }), 'short')).toEqual(['TypeError', '']);
});

test.each([
  ['::error::mine', ': :error::mine'],
  ['  ::add-mask::mine', ': :add-mask::mine'],
  ['\u0085::set-output name=a::b', ': :set-output name=a::b'],
  ['\u0000:\u0000:error::x', ': :error::x'],
  ['a\n::error::mine', 'a ::error::mine'],
  ['a\r\n::error::mine', 'a ::error::mine'],
  ['a\u2028::error::mine', 'a ::error::mine'],
  ['a ##[error]mine', 'a ## [error]mine'],
  ['#\u0007#[group]mine', '## [group]mine'],
  ['\u202eevil', 'evil'],
])('short: %j is shown as %j', (message, expected) => {
  expect(renderEvent(event({ lines: [line({ messages: [message] })] }), 'short')).toEqual([expected]);
});

test('json: it stays the same value, without what could act in a log', () => {
  const value = {
    messages: ['##[error]x', '###[y', '\u001b[31m', '\u009b', '\u202e', '\u2028', '\n::error::z', '\ud800'],
  };
  for (const json of [JSON.stringify(value), JSON.stringify(value, null, 2), JSON.stringify(value, null, '\r\n')]) {
    const [rendered = '', ...others] = renderEvent(event({ json }), 'json');
    expect(others).toEqual([]);
    expect(JSON.parse(rendered)).toEqual(value);
    expect(rendered).not.toMatch(ACTING);
  }
});

/** A command, a second line, or a control character. */
const ACTING = /^\s*::|##\[|[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('::error::', '##[', '#', ':', ' ', '\n', '\r', '\t', '\u0085', '\u001b', '<*>', 'E'))
    .map((all) => all.join('')),
);
const anyTime = fc.option(fc.oneof(fc.integer(), fc.double()), { nil: undefined });
const anyLine = fc.record({
  atMs: anyTime,
  level: fc.constantFrom('debug', 'info', 'warn', 'error'),
  messages: fc.array(anyText),
  exception: fc.option(anyText, { nil: undefined }),
});
const anyEvent: fc.Arbitrary<WorkerLogEvent> = fc.record({
  id: fc.constant(undefined),
  atMs: anyTime,
  request: fc.option(
    fc.record({ method: anyText, url: anyText, statusCode: fc.option(fc.integer(), { nil: undefined }) }),
    { nil: undefined },
  ),
  lines: fc.array(anyLine as fc.Arbitrary<LogLine>),
  json: fc.anything({ maxDepth: 2 }).map((value) => JSON.stringify(value) ?? 'null'),
});

test('whatever was logged takes one line each, and does nothing in a log', () => {
  fc.assert(
    fc.property(anyEvent, fc.constantFrom(...LOG_FORMATS), (one, format) => {
      const rendered = renderEvent(one, format);
      for (const text of rendered) expect(text).not.toMatch(ACTING);
      const lines = one.lines.length;
      const bare = format === 'request' && one.request !== undefined ? 1 : 0;
      expect(rendered).toHaveLength(format === 'json' ? 1 : Math.max(lines, bare));
      if (format === 'json') expect(JSON.parse(rendered[0] ?? '')).toEqual(JSON.parse(one.json));
    }),
  );
});

test('long messages and names take time in proportion to their length', async () => {
  for (const piece of [' ', '::', '##[', '\u001b[', 'a<*>']) {
    await expectLinear(20_000, (size) => {
      const text = piece.repeat(size);
      const one = event({ lines: [line({ messages: [text] })], json: JSON.stringify(text) });
      for (const format of LOG_FORMATS) renderEvent(one, format);
    });
  }
});

import { expect, test } from '@jest/globals';
import { type EntryFilter, filterEvent } from '../../../src/domain/worker-logs/filter.ts';
import type { LogLevel, LogLine, WorkerLogEvent } from '../../../src/domain/worker-logs/log-event.ts';

const line = (level: LogLevel, exception?: string): LogLine => ({ atMs: 0, level, messages: [level], exception });

const EVENT: WorkerLogEvent = {
  id: 'a',
  atMs: 0,
  request: { method: 'post', url: 'https://shop.example/Cart?a=1', statusCode: 500 },
  lines: [line('debug'), line('info'), line('warn'), line('error', 'TypeError')],
  json: '{}',
};
const BARE = { ...EVENT, lines: [] };
const WITHOUT_REQUEST = { ...EVENT, request: undefined };

const linesOf = (event: WorkerLogEvent, filter: EntryFilter) =>
  filterEvent(event, filter)?.lines.map(({ level }) => level);

test.each<[EntryFilter, LogLevel[] | undefined]>([
  [{}, ['debug', 'info', 'warn', 'error']],
  [{ level: 'debug' }, ['debug', 'info', 'warn', 'error']],
  [{ level: 'warn' }, ['warn', 'error']],
  [{ entryType: 'request' }, []],
  [{ entryType: 'request', level: 'info' }, []],
  [{ entryType: 'request', level: 'warn' }, undefined],
  [{ method: 'POST' }, ['debug', 'info', 'warn', 'error']],
  [{ method: 'GET' }, undefined],
  [{ statusCode: 500, url: '/Cart' }, ['debug', 'info', 'warn', 'error']],
  [{ statusCode: 200 }, undefined],
  [{ url: '/cart' }, undefined],
])('%p', (filter, expected) => {
  expect(linesOf(EVENT, filter)).toEqual(expected);
});

test('a request that logged nothing is an entry of level info', () => {
  expect(linesOf(BARE, {})).toEqual([]);
  expect(linesOf(BARE, { level: 'info' })).toEqual([]);
  expect(linesOf(BARE, { level: 'error' })).toBeUndefined();
  expect(linesOf(BARE, { entryType: 'log' })).toBeUndefined();
});

test('what belongs to no request passes no filter of requests', () => {
  expect(linesOf(WITHOUT_REQUEST, { level: 'error' })).toEqual(['error']);
  for (const filter of [{ method: 'POST' }, { statusCode: 500 }, { url: '' }, { entryType: 'request' as const }]) {
    expect(linesOf(WITHOUT_REQUEST, filter)).toBeUndefined();
  }
});

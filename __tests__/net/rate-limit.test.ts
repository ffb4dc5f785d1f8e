import { expect, test } from '@jest/globals';
import { toFailure } from '../../src/github/failure.ts';
import { namedWaitMs } from '../../src/net/rate-limit.ts';

test.each([
  [429, {}, undefined],
  [429, { 'x-rate-limit-time-reset-ms': '1500' }, 1500],
  [429, { 'x-retry-after': '2' }, 2000],
  [429, { 'retry-after': '3' }, 3000],
  [429, { 'x-rate-limit-time-reset-ms': '1500', 'x-retry-after': '1', 'retry-after': '4' }, 4000],
  [429, { 'x-rate-limit-time-reset-ms': '9000', 'retry-after': '4' }, 9000],
  [429, { 'retry-after': 'soon', 'x-retry-after': '-1' }, undefined],
  // Outside of a 429 the limit's header only reports the quota.
  [503, { 'x-rate-limit-time-reset-ms': '9000' }, undefined],
  [503, { 'x-rate-limit-time-reset-ms': '9000', 'retry-after': '1' }, 1000],
])('%i with %j asks to wait %s ms', (status, headers, expected) => {
  expect(namedWaitMs(status, headers as Record<string, string>)).toBe(expected);
});

test('Retry-After may be a date, also one in the past', () => {
  const nowMs = Date.UTC(2026, 0, 1, 12, 0, 0);
  expect(namedWaitMs(503, { 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT' }, nowMs)).toBe(30_000);
  expect(namedWaitMs(503, { 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' }, nowMs)).toBe(0);
});

const NOON = 'Thu, 01 Jan 2026 12:00:00 GMT';
const NOON_MS = Date.UTC(2026, 0, 1, 12, 0, 0);
const MINUTES_MS = 60_000;

test.each([
  ['slow', -10],
  ['right', 0],
  ['fast', 10],
])("moments are those of the server's own clock: a runner that is %s (%i minutes)", (_, minutes) => {
  const localMs = NOON_MS + minutes * MINUTES_MS;
  const date = { 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT', date: NOON };
  expect(namedWaitMs(503, date, localMs)).toBe(30_000);
  const reset = {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(NOON_MS / 1000 + 60),
    date: NOON,
  };
  expect(namedWaitMs(403, reset, localMs)).toBe(61_000);
});

test.each(['', 'yesterday', '2026'])('an answer dated %j is judged by this clock', (date) => {
  expect(namedWaitMs(503, { 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT', date }, NOON_MS)).toBe(30_000);
});

test.each(['Thu, 01 Jan 2026 12:00:30 GMT', 'Thursday, 01-Jan-26 12:00:30 GMT', 'Thu Jan  1 12:00:30 2026'])(
  'the date %j is a valid HTTP date',
  (text) => {
    expect(namedWaitMs(503, { 'retry-after': text }, NOON_MS)).toBe(30_000);
  },
);

test.each(['-1', 'in 10', 'try 2050', 'Thu, 99 Foo 2026 12:00:30 GMT'])('%j names no time', (text) => {
  expect(namedWaitMs(503, { 'retry-after': text }, NOON_MS)).toBeUndefined();
});

test("GitHub's moments are compared with GitHub's clock, regardless of this runner's", () => {
  const headers = { Date: NOON, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOON_MS / 1000 + 60) };
  const request = { method: 'GET', url: 'https://api.github.example/' };
  const refused = Object.assign(new Error('no'), { status: 403, request, response: { headers, data: {} } });
  expect(toFailure({ what: 'Asking', permission: undefined }, refused)).toMatchObject({ namedWaitMs: 61_000 });
});

import { expect, test } from '@jest/globals';
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

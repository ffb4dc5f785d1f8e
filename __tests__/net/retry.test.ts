import { expect, test } from '@jest/globals';
import { HttpError, isUncertain, NetworkError } from '../../src/net/errors.ts';
import {
  type RetryNotice,
  type RetryOptions,
  repeatAlways,
  repeatWhenNotCarriedOut,
  retry,
} from '../../src/net/retry.ts';

const url = new URL('https://api.example/path?signature=secret');
const http = (status: number, headers: Record<string, string> = {}) =>
  new HttpError('Calling', { method: 'POST', url, status, headers });
const network = (delivery: 'not-sent' | 'lost-answer', transient = true) =>
  new NetworkError('Calling', { method: 'POST', url, outcome: 'got no answer: it broke', delivery, transient });

async function run(failures: Error[], options: Partial<RetryOptions> = {}) {
  const notices: RetryNotice[] = [];
  let calls = 0;
  const call = async () => {
    const failure = failures[calls];
    calls += 1;
    if (failure !== undefined) throw failure;
    return 'done';
  };
  const settled = await retry(call, {
    signal: new AbortController().signal,
    mayRepeat: repeatAlways,
    onRetry: (notice) => notices.push(notice),
    ...options,
  }).catch((error: unknown) => error);
  return { settled, calls, notices };
}

test('transient failures are repeated with growing pauses, others are thrown at once', async () => {
  const { settled, calls, notices } = await run([http(503), network('lost-answer')]);
  expect({ settled, calls }).toEqual({ settled: 'done', calls: 3 });
  expect(notices.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(notices[0]?.delayMs).toBeLessThanOrEqual(800);
  const refused = http(401);
  expect(await run([refused])).toMatchObject({ settled: refused, calls: 1 });
});

test('a call that must not be made twice is repeated only when it was certainly not carried out', async () => {
  const options = { mayRepeat: repeatWhenNotCarriedOut };
  expect(await run([http(429), network('not-sent')], options)).toMatchObject({ settled: 'done', calls: 3 });
  for (const failure of [http(500), http(503), network('lost-answer'), network('not-sent', false)]) {
    expect(await run([failure], options)).toMatchObject({ settled: failure, calls: 1 });
  }
});

test('it waits as long as the server says, even beyond the budget', async () => {
  const { settled, notices } = await run([http(429, { 'retry-after': '1' })], { budgetMs: 10 });
  expect(settled).toBe('done');
  expect(notices[0]?.delayMs).toBe(1000);
});

test('nothing is repeated when the budget is spent, or when the server asks for hours', async () => {
  const late = http(503);
  expect(await run([late], { budgetMs: 1 })).toMatchObject({ settled: late, calls: 1 });
  const hours = http(429, { 'retry-after': '7200' });
  expect(await run([hours])).toMatchObject({ settled: hours, calls: 1 });
});

test.each([
  ['an hour', { 'retry-after': '3600' }, /asks to wait 60 min /],
  ['a date in 2099', { 'retry-after': 'Thu, 01 Jan 2099 00:00:00 GMT' }, /asks to wait \d[\d,]+ days/],
  ['longer than is left', { 'retry-after': '8' }, /asks to wait 8 s/],
  ['and by the other headers', { 'x-retry-after': '8' }, /asks to wait 8 s/],
  ['and by the limit', { 'x-rate-limit-time-reset-ms': '8000' }, /asks to wait 8 s/],
])(
  'a requested wait beyond the time of the step ends at once, and the error names the wait: %s',
  async (_, headers, words) => {
    const asked = http(429, headers as unknown as Record<string, string>);
    const { settled, calls, notices } = await run([asked], { timeLeftMs: () => 7000 });
    expect({ isSame: settled === asked, calls, notices }).toEqual({ isSame: true, calls: 1, notices: [] });
    expect((settled as Error).message).toMatch(words);
  },
);

test('the retry waits if the step has time for it', async () => {
  const { settled } = await run([http(429, { 'retry-after': '1' })], { timeLeftMs: () => 7000 });
  expect(settled).toBe('done');
});

test('several waits together get no more time than the step has', async () => {
  const asked = () => http(429, { 'retry-after': '1' });
  const { settled, calls, notices } = await run([asked(), asked(), asked()], { timeLeftMs: () => 1500 });
  expect({ calls, waits: notices.map(({ delayMs }) => delayMs) }).toEqual({ calls: 2, waits: [1000] });
  expect((settled as Error).message).toMatch(
    /asks to wait 1 s before the next try, which is more than is left of `timeout-minutes`/,
  );
});

test('an immediate retry is not a wait, even with no time left', async () => {
  const { settled } = await run([http(503, { 'retry-after': '0' })], { timeLeftMs: () => -1 });
  expect(settled).toBe('done');
});

test('several waits are limited even without a time limit of the step', async () => {
  const asked = () => http(429, { 'retry-after': '1' });
  const { settled, calls } = await run([asked(), asked(), asked(), asked()], { longestNamedWaitMs: 1200 });
  expect(calls).toBe(3);
  expect((settled as Error).message).toMatch(
    /asks to wait 1 s before the next try, which is longer than this step waits/,
  );
});

test('cancelling ends the wait with its own reason', async () => {
  const cancel = new AbortController();
  const reason = new Error('cancelled');
  const result = await run([http(429, { 'retry-after': '60' })], {
    signal: cancel.signal,
    onRetry: () => cancel.abort(reason),
  });
  expect(result).toMatchObject({ settled: reason, calls: 1 });
});

test('a fault of this program does not count as a network fault', async () => {
  const bug = new TypeError('undefined is not a function');
  expect(await run([bug])).toMatchObject({ settled: bug, calls: 1 });
});

test('no failure shows the query of its URL', () => {
  for (const error of [http(503), network('lost-answer')]) expect(error.message).not.toContain('signature');
});

test.each([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524])('%i is worth another try', (status) => {
  expect(http(status).transient).toBe(true);
});

test.each([400, 401, 403, 404, 407, 410, 413, 418, 422, 423, 501, 505, 507, 511])('%i is not', (status) => {
  expect(http(status).transient).toBe(false);
});

test.each([
  [207, true],
  [400, false],
  [408, false],
  [500, true],
  [501, false],
  [502, true],
  [505, false],
  [507, false],
  [511, false],
  [524, true],
])('whether a call answered with %i may have been carried out: %s', (status, expected) => {
  expect(isUncertain(http(status))).toBe(expected);
});

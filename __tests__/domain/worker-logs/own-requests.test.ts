/** Which of the worker's logs are of this run's own requests. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OwnRequests, pathOf } from '../../../src/domain/worker-logs/own-requests.ts';
import { errorLine, eventOf } from './log-events.ts';

const START_MS = Date.UTC(2026, 0, 2);
const MINUTE_MS = 60_000;

/** A run that asked `/cart?a=1` for 200 ms. */
function asked(path = '/cart?a=1', startMs = START_MS, endMs = startMs + 200): OwnRequests {
  const requests = new OwnRequests();
  requests.begin(new URL(`https://shop.example${path}`), startMs).endMs = endMs;
  return requests;
}

describe('a log is of an own request', () => {
  test.each([
    ['the same path and time', '/cart?a=1', START_MS, true],
    ['a URL of another host, as the platform may have it', 'https://internal.example/cart?a=1', START_MS, true],
    ['another query', '/cart?a=2', START_MS, false],
    ['no query', '/cart', START_MS, false],
    ['another path', '/', START_MS, false],
    ['no URL', 'cart', START_MS, false],
    ['shortly before', '/cart?a=1', START_MS - 1900, true],
    ['shortly after', '/cart?a=1', START_MS + 2100, true],
    ['before', '/cart?a=1', START_MS - 2100, false],
    ['after', '/cart?a=1', START_MS + 2300, false],
    ['a minute before', '/cart?a=1', START_MS - MINUTE_MS, false],
  ])('%s', (_, url, atMs, expected) => {
    expect(asked().owns(eventOf(url, atMs))).toBe(expected);
  });

  test('only if it is a GET, as far as that is known', () => {
    const of = (method: string) => {
      const event = eventOf('/cart?a=1', START_MS);
      return { ...event, request: { method, url: '/cart?a=1', statusCode: undefined } };
    };
    expect(['GET', 'get', '', 'POST', 'HEAD'].map((method) => asked().owns(of(method)))).toEqual([
      ...[true, true, true],
      ...[false, false],
    ]);
    expect(asked().owns({ ...of('GET'), request: undefined })).toBe(false);
  });

  test('by the time of its first line, by when it was received, or by its path alone', () => {
    const line = errorLine('x', { atMs: START_MS - MINUTE_MS });
    expect(asked().owns(eventOf('/cart?a=1', undefined, [line]), START_MS)).toBe(false);
    expect(asked().owns(eventOf('/cart?a=1', undefined), START_MS + 3000)).toBe(true);
    expect(asked().owns(eventOf('/cart?a=1', undefined), START_MS + 6000)).toBe(false);
    expect(asked().owns(eventOf('/cart?a=1', undefined), START_MS - 1)).toBe(false);
    expect(asked().owns(eventOf('/cart?a=1', undefined))).toBe(true);
  });

  test('while it is not over', () => {
    const requests = new OwnRequests();
    requests.begin(new URL('https://shop.example/'), START_MS);
    expect(requests.owns(eventOf('/', START_MS + 5 * MINUTE_MS))).toBe(true);
    expect(requests.window(START_MS + 9000)).toEqual({ startMs: START_MS - 2000, endMs: START_MS + 11_000 });
  });

  test('whose path begins with two slashes', () => {
    expect(pathOf('//other.example/a?b')).toBe('//other.example/a?b');
    expect(pathOf('https://shop.example//other.example/a?b#c')).toBe('//other.example/a?b');
    expect(asked('//other.example/a?b').owns(eventOf('//other.example/a?b', START_MS))).toBe(true);
  });
});

describe('clocks that differ', () => {
  test.each([
    ['behind', -9 * MINUTE_MS],
    ['ahead', 9 * MINUTE_MS],
    ['a little behind', -4000],
    ['a little ahead', 4000],
  ])('the platform’s is %s: its own times tell', (_, platformMs) => {
    const requests = asked();
    const own = eventOf('/cart?a=1', START_MS + platformMs);
    requests.noteReceived(own, START_MS + 300);
    expect(requests.owns(own)).toBe(true);
    expect(requests.owns(eventOf('/cart?a=1', START_MS + platformMs - 8000))).toBe(false);
    const window = requests.window(START_MS);
    expect(window?.startMs).toBeLessThanOrEqual(START_MS + platformMs);
    expect(window?.endMs).toBeGreaterThanOrEqual(START_MS + platformMs + 200);
  });

  test('an old log does not tell, nor does one that came before the request', () => {
    const requests = asked();
    const old = eventOf('/cart?a=1', START_MS - 11 * MINUTE_MS);
    requests.noteReceived(old, START_MS + 100);
    const repeated = eventOf('/cart?a=1', START_MS - 5 * MINUTE_MS);
    requests.noteReceived(repeated, START_MS - 1);
    const foreign = eventOf('/', START_MS - 5 * MINUTE_MS);
    requests.noteReceived(foreign, START_MS + 100);
    expect([old, repeated].map((event) => requests.owns(event))).toEqual([false, false]);
    expect(requests.owns(eventOf('/cart?a=1', START_MS))).toBe(true);
  });

  test('the storefront’s own answers tell where there is no log, with the age that they may have', () => {
    const requests = asked();
    requests.noteDate(START_MS - 8 * MINUTE_MS, 0, START_MS + 200);
    requests.noteDate(START_MS - 9 * MINUTE_MS, 4 * 60, START_MS + 200);
    expect(requests.owns(eventOf('/cart?a=1', START_MS - 5 * MINUTE_MS))).toBe(true);
    expect(requests.owns(eventOf('/cart?a=1', START_MS))).toBe(false);
    requests.noteReceived(eventOf('/cart?a=1', START_MS), START_MS + 250);
    expect(requests.owns(eventOf('/cart?a=1', START_MS))).toBe(true);
  });

  test('where the answers say that the clocks agree, a log of seconds later is of another request', () => {
    const requests = asked();
    requests.noteReceived(eventOf('/cart?a=1', START_MS), START_MS + 300);
    expect(requests.owns(eventOf('/cart?a=1', START_MS + 4000))).toBe(true);
    requests.noteDate(START_MS - 900, 0, START_MS + 100);
    expect(requests.owns(eventOf('/cart?a=1', START_MS + 4000))).toBe(false);
    expect(requests.owns(eventOf('/cart?a=1', START_MS + 1900))).toBe(true);
  });

  test.each([
    [-1001, true],
    [-1000, false],
    [2000, false],
    [2001, true],
  ])('a `Date` that is off by %i ms: a log of 4 s later may be own: %s', (offsetMs, isOwn) => {
    const requests = asked();
    requests.noteReceived(eventOf('/cart?a=1', START_MS), START_MS + 300);
    requests.noteDate(START_MS, 0, START_MS + offsetMs);
    expect(requests.owns(eventOf('/cart?a=1', START_MS + 4000))).toBe(isOwn);
  });

  test('whatever the skew and the delay, an own log is known, and its time is within the window', () => {
    const skew = fc.integer({ min: -590_000, max: 590_000 });
    const delay = fc.integer({ min: 0, max: 5000 });
    fc.assert(
      fc.property(skew, delay, fc.integer({ min: 0, max: 15_000 }), (skewMs, delayMs, durationMs) => {
        const requests = asked('/', START_MS, START_MS + durationMs);
        const own = eventOf('/', START_MS + skewMs);
        requests.noteReceived(own, START_MS + delayMs);
        expect(requests.owns(own)).toBe(true);
        const window = requests.window(START_MS + durationMs);
        expect((window?.startMs ?? 0) <= START_MS + skewMs).toBe(true);
        expect((window?.endMs ?? 0) >= START_MS + skewMs).toBe(true);
      }),
      { numRuns: 2000, examples: [[2001, 2001, 0]] },
    );
  });
});

test('requests whose logs did not come are counted, but for what is served without the worker', () => {
  const requests = new OwnRequests();
  for (const path of ['/', '/', '/cart', '/BUILD_ID']) requests.begin(new URL(path, 'https://shop.example'), 0);
  const without = new Set(['/BUILD_ID']);
  expect(requests.countMissing(new Map(), without)).toBe(3);
  expect(requests.countMissing(new Map([['/', 2]]), without)).toBe(1);
  expect(
    requests.countMissing(
      new Map([
        ['/', 2],
        ['/cart', 1],
      ]),
      without,
    ),
  ).toBe(0);
});

test('where others ask for the same page, one may be missing whatever came; of what a cache answered, none is', () => {
  const requests = new OwnRequests();
  for (const path of ['/', '/', '/cart']) requests.begin(new URL(path, 'https://shop.example'), 0);
  requests.begin(new URL('https://shop.example/cached'), 0).isCached = true;
  const seen = (home: number) => new Map([...Object.entries({ '/': home, '/cart': 1 })]);
  expect([1, 2, 3, 50].map((home) => requests.countMissing(seen(home), new Set()))).toEqual([1, 0, 1, 1]);
});

test('without a request there is no window, and nothing is own', () => {
  expect(new OwnRequests().window(0)).toBeUndefined();
  expect(new OwnRequests().owns(eventOf('/', 0))).toBe(false);
});

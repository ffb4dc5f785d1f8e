/** Whether an error is certainly of an own request, where others ask for the same page at the same time. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isCertainlyOwn, joinSightings, type Sighting } from '../../../src/domain/worker-logs/certainty.ts';
import type { OwnRequest } from '../../../src/domain/worker-logs/own-requests.ts';

const request = (path = '/', statusCode: number | undefined = 200): OwnRequest => ({
  ...{ path, startMs: 0, endMs: 1, isCached: false },
  statusCode,
});
const OWN = [request(), request()];
const FOREIGN = request();

const sighting = (hasProblem: boolean, more: Partial<Sighting> = {}): Sighting => ({
  ...{ requests: OWN, statusCode: 200, hasProblem, requestId: undefined },
  ...more,
});
const [good, bad] = [sighting(false), sighting(true)];
const times = (count: number, one: Sighting) => Array.from({ length: count }, () => one);

describe('an error on a page that was asked for twice', () => {
  test.each([
    ['both times', [bad, bad], true],
    ['once', [good, bad], true],
    ['never', [good, good], false],
    ['by one of two others, maybe', [good, good, bad], false],
    ['by one of many', [...times(500, good), ...times(99, bad)], false],
    ['by all but one', [good, ...times(300, bad)], true],
    ['by all', times(300, bad), true],
    ['by one, while nothing is known of the other', [bad], false],
    ['by one of another status', [good, good, sighting(true, { statusCode: 500 })], false],
    ['whose status is not known', [good, sighting(true, { statusCode: undefined })], true],
    ['of requests that do not count', [good, good, ...times(2, sighting(true, { requests: [FOREIGN] }))], false],
    ['beside healthy ones that do not count', [bad, bad, ...times(9, sighting(false, { requests: [FOREIGN] }))], true],
  ])('%s', (_, sightings, expected) => {
    expect(isCertainlyOwn(OWN, sightings)).toBe(expected);
  });

  test('is not certain where another way of reading the log has enough that are healthy', () => {
    expect(isCertainlyOwn(OWN, [bad, bad], [good])).toBe(true);
    expect(isCertainlyOwn(OWN, [bad, bad], [good, good])).toBe(false);
  });
});

test('each page is judged by itself, and a redirect within a path apart from what it leads to', () => {
  const [moved, there, cart] = [request('/', 308), request('/', 200), request('/cart')];
  const own = [moved, there, cart];
  const requests = [moved, there];
  expect(isCertainlyOwn(own, [sighting(true, { requests }), sighting(false, { requests: [cart] })])).toBe(true);
  expect(isCertainlyOwn(own, [sighting(false, { requests }), sighting(true, { requests: [cart] })])).toBe(true);
  expect(isCertainlyOwn(own, [sighting(false, { requests }), sighting(false, { requests: [cart] })])).toBe(false);
});

test('others’ errors are never held against it, however many of its own are healthy among them', () => {
  const some = fc.integer({ min: 0, max: 30 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), some, some, (count, healthy, failing) => {
      const own = Array.from({ length: count }, () => request());
      const seen = [...times(count + healthy, good), ...times(failing, bad)].map((one) => ({ ...one, requests: own }));
      expect(isCertainlyOwn(own, seen)).toBe(false);
    }),
  );
});

describe('what the query tells', () => {
  test('is one request for all that has its id', () => {
    const requests = ['a', 'b', 'c'].map((requestId) => sighting(false, { requestId }));
    const errors = ['a', 'a', 'x'].map((requestId) => sighting(true, { requestId }));
    expect(joinSightings(requests, errors).map(({ requestId, hasProblem }) => `${requestId} ${hasProblem}`)).toEqual([
      'a true',
      'b false',
      'c false',
      'x true',
    ]);
  });

  test('without ids may all be of one request', () => {
    expect(joinSightings([good, good], [bad, bad]).map(({ hasProblem }) => hasProblem)).toEqual([true, false]);
    const elsewhere = sighting(false, { requests: [FOREIGN] });
    expect(joinSightings([elsewhere], [bad, bad])).toEqual([elsewhere, bad]);
  });
});

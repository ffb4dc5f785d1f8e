import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkStorefront } from '../../../src/actions/verification/check-storefront.ts';
import { lookAtPages } from '../../../src/actions/verification/look-at-pages.ts';
import type { PageResult } from '../../../src/domain/verification/checks.ts';
import type { PageAnswer } from '../../../src/domain/verification/page.ts';
import { answered, hop, noAnswer, page, SHOP } from '../../domain/verification/answers.ts';
import { check, ID, OLD, pagesBy, type Reply, requestOf, type Storefront, setUp } from './check-helpers.ts';

describe('a healthy storefront', () => {
  test('is asked for its build, then twice for its pages, then for its build again, in far less than 3 s', async () => {
    const { record, asked, requests, run } = await check(() => undefined, { paths: ['/', '/search?term=x'] });
    expect(record).toMatchObject({ state: 'healthy', build: 'matched', url: SHOP });
    expect(record.reason).toBeUndefined();
    expect(record.durationMs).toBeLessThan(500);
    expect(asked.map(({ path }) => path)).toEqual([ID, '/', '/search?term=x', '/', '/search?term=x', ID]);
    expect(record.pages).toEqual(
      ['/', '/search?term=x'].map((path) => ({
        ...{ path, state: 'healthy', status: 200, bytes: 0, attempts: 2, firstByteMs: 20, warmFirstByteMs: 20 },
      })),
    );
    for (const { headers, hosts, timeoutMs } of requests) {
      expect(headers).toEqual({ 'x-key': 'k' });
      expect(hosts).toEqual(new Set(['shop.example.com']));
      expect(timeoutMs).toBeLessThanOrEqual(15_000);
    }
    expect(run.lines).toEqual([]);
  });

  test('that is cold at first is so at its first byte', async () => {
    const { first } = await check(
      pagesBy(({ count }) => ({ ...answered([hop(200)]), firstByteMs: count === 1 ? 2500 : 150 }) as PageAnswer),
    );
    expect(first).toMatchObject({ firstByteMs: 2500, warmFirstByteMs: 150 });
  });

  test('of many paths is asked for at most four at a time', async () => {
    const paths = Array.from({ length: 11 }, (_, index) => `/${index}`);
    const { record, mostAtOnce, timesOf } = await check(
      pagesBy(() => ({ after: 100, reply: 200 })),
      { paths },
    );
    expect(record.state).toBe('healthy');
    expect(mostAtOnce()).toBe(4);
    expect(timesOf('/3')).toEqual([10, expect.any(Number)]);
  });

  test('under several hosts is asked at the first, and redirects may lead to all of them', async () => {
    const { requests } = await check(() => undefined, {
      urls: [SHOP, 'https://www.example.com'],
      paths: ['//x.test/'],
    });
    expect(new Set(requests.map(({ url }) => url.host))).toEqual(new Set(['shop.example.com']));
    expect(requests[0]?.hosts).toEqual(new Set(['shop.example.com', 'www.example.com']));
  });
});

describe('a storefront that is not healthy', () => {
  test('is not asked more often because another page is healthy', async () => {
    const { timesOf } = await check(
      pagesBy(({ path }) => (path === '/a' ? 200 : 500)),
      { paths: ['/a', '/b'], timeoutMs: 2_000 },
    );
    const [first = 0, second = 0] = timesOf('/a');
    expect(second - first).toBeLessThan(200);
    expect(timesOf('/b')[1]).toBeGreaterThan(second + 200);
  });

  test('is asked until it is, with pauses that grow up to 5 s', async () => {
    const { record, timesOf, run } = await check(pagesBy(({ atMs }) => (atMs < 40_000 ? 500 : 200)));
    expect(record).toMatchObject({ state: 'healthy', pages: [{ state: 'healthy' }] });
    const times = timesOf('/');
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    const growing = pauses.slice(0, -1);
    expect(growing).toEqual([...growing].sort((a, b) => a - b));
    expect(pauses[0]).toBeLessThan(400);
    expect(Math.max(...pauses)).toBe(5010);
    expect(pauses.at(-1)).toBeLessThan(200);
    expect(run.statuses).toContain('0 of 1 page healthy; / answers 500');
  });

  test('is unhealthy when the time is over, and no later', async () => {
    const { record, first, asked } = await check(
      pagesBy(() => 500),
      { timeoutMs: 20_000 },
    );
    expect(record).toMatchObject({ state: 'unhealthy', build: 'matched' });
    expect(record.durationMs).toBeLessThanOrEqual(20_000);
    expect(asked.at(-1)?.atMs).toBeGreaterThan(18_000);
    expect(first).toMatchObject({ state: 'unhealthy', problem: 'answers 500', status: 500 });
    expect(first?.hasFailedBefore).toBeUndefined();
  });

  test('is unhealthy though its other pages are healthy or inconclusive, which are not asked any longer', async () => {
    const statuses: Record<string, number> = { '/a': 200, '/b': 401, '/c': 500 };
    const { record, pages } = await check(
      pagesBy(({ path }) => statuses[path] ?? 0),
      { paths: ['/a', '/b', '/c'] },
    );
    expect(record.state).toBe('unhealthy');
    expect(pages.map(({ state, attempts }) => [state, attempts > 2])).toEqual([
      ['healthy', false],
      ['inconclusive', false],
      ['unhealthy', true],
    ]);
  });

  test('that does not answer is asked 15 s at a time, within the whole time', async () => {
    const { record, asked, first } = await check(
      pagesBy(() => ({ after: 600_000, reply: 200 })),
      { timeoutMs: 40_000 },
    );
    expect(record).toMatchObject({ state: 'unhealthy' });
    expect(record.durationMs).toBeLessThanOrEqual(40_000);
    expect(first).toMatchObject({ problem: 'does not answer in time', attempts: 3 });
    expect(asked.slice(1, 3).map(({ timeoutMs }) => timeoutMs)).toEqual([15_000, 15_000]);
  });

  test('an attempt that the whole time cuts short says nothing new', async () => {
    const slow = pagesBy(({ count }) => (count < 3 ? { after: 14_000, reply: 404 } : { after: 14_000, reply: 200 }));
    const { first } = await check(slow, { timeoutMs: 30_000 });
    expect(first).toMatchObject({ state: 'unhealthy', problem: 'answers 404', attempts: 3 });
  });

  test('that comes and goes is unhealthy; one that was healthy once when the time was over is not known', async () => {
    const flapping = await check(
      pagesBy(({ count }) => (count % 2 === 1 ? 200 : 500)),
      { timeoutMs: 2_000 },
    );
    const last = flapping.timesOf('/').length;
    expect(flapping.first).toMatchObject({ state: 'unhealthy' });
    expect(flapping.first?.problem).toBe(last % 2 === 1 ? 'answers 500, but not every time' : 'answers 500');
    const late = await check(
      pagesBy(({ count }) => (count < 4 ? 500 : { after: 8_000, reply: 200 })),
      { timeoutMs: 10_000 },
    );
    expect(late.record.state).toBe('inconclusive');
    expect(late.first).toMatchObject({ state: 'inconclusive', advice: expect.stringContaining('timeout-seconds') });
  });

  test('a new build that comes at the very end is not blamed for a slow first answer', async () => {
    const { record, first, timesOf } = await check(({ path, atMs }) =>
      path === ID ? (atMs < 56_000 ? OLD : undefined) : { after: 6_000, reply: 200 },
    );
    expect(timesOf('/').length).toBeGreaterThan(0);
    expect(record.state).toBe('inconclusive');
    expect(first).toMatchObject({ state: 'inconclusive', advice: expect.stringContaining('timeout-seconds') });
    expect(first?.problem).toBe('did not answer in the little time that was left');
  });

  test('the last of many slow pages are not blamed for what was left of the time', async () => {
    const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
    const { record, pages } = await check(
      pagesBy(() => ({ after: 6_500, reply: 200 })),
      { paths },
    );
    expect(record.state).toBe('inconclusive');
    expect(pages.filter(({ state }) => state === 'unhealthy')).toEqual([]);
  });

  test('one fault at the very end is not enough', async () => {
    const { record, first } = await check(({ path, atMs }) => (path === ID ? (atMs < 59_000 ? OLD : undefined) : 500));
    expect(record.state).toBe('inconclusive');
    expect(first?.problem).toBe('answers 500, and time ran out before it could be asked again');
    const relapse = await check(
      pagesBy(({ count }) => (count === 1 ? 200 : { after: 1_150, reply: 500 })),
      { timeoutMs: 1_500 },
    );
    expect(relapse.record.state).toBe('inconclusive');
  });

  test('that hangs is unhealthy even where the time is short', async () => {
    const { first } = await check(
      pagesBy(() => ({ after: 600_000, reply: 200 })),
      { timeoutMs: 5_000 },
    );
    expect(first).toMatchObject({ state: 'unhealthy', problem: 'does not answer in time' });
  });

  test('a page for which the time did not suffice is inconclusive', async () => {
    const paths = ['/1', '/2', '/3', '/4', '/5'];
    const { pages } = await check(
      pagesBy(() => ({ after: 15_000, reply: 500 })),
      { paths, timeoutMs: 15_000 },
    );
    expect(pages.at(-1)).toMatchObject({
      state: 'inconclusive',
      attempts: 0,
      problem: expect.stringContaining('not asked'),
    });
  });

  test('failed before already where it was unhealthy before', async () => {
    const was = (path: string, state: PageResult['state']) => ({ path, state, attempts: 2 });
    const before = [was('/a', 'unhealthy'), was('/b', 'healthy'), was('/c', 'unhealthy'), was('/d', 'inconclusive')];
    const { pages } = await check(
      pagesBy(({ path }) => (path === '/c' ? 200 : 500)),
      {
        ...{ before, paths: ['/a', '/b', '/c', '/d'], timeoutMs: 1_000 },
      },
    );
    expect(pages.map(({ hasFailedBefore }) => hasFailedBefore)).toEqual([true, undefined, undefined, undefined]);
  });
});

describe('a storefront of which nothing is known', () => {
  test('since something in front of it answers twice in a row: it is inconclusive at once', async () => {
    const { record, first } = await check(() => 401);
    expect(record).toMatchObject({ state: 'inconclusive', build: 'unknown' });
    expect(record.durationMs).toBeLessThan(1_000);
    expect(first).toMatchObject({ state: 'inconclusive', status: 401, attempts: 2, advice: expect.any(String) });
  });

  test('a challenge that comes once is none', async () => {
    const { record } = await check(pagesBy(({ count }) => (count === 1 ? 403 : 200)));
    expect(record.state).toBe('healthy');
  });

  test.each(['dns', 'tls', 'connection', 'proxy'] as const)(
    'since it is not reached (%s): asked for 15 s',
    async (fault) => {
      const { record, asked } = await check(() => noAnswer(fault));
      expect(record.state).toBe('inconclusive');
      expect(record.durationMs).toBeGreaterThan(14_000);
      expect(record.durationMs).toBeLessThan(15_200);
      expect(asked.length).toBeGreaterThan(8);
    },
  );

  test('since it is not reached, within the whole time; when it is reached in the meantime it is judged', async () => {
    const { record } = await check(() => noAnswer('dns'), { timeoutMs: 4_000 });
    expect(record).toMatchObject({ state: 'inconclusive' });
    expect(record.durationMs).toBeLessThanOrEqual(4_000);
    const later = await check(({ atMs }) => (atMs < 10_000 ? noAnswer('tls') : undefined));
    expect(later.record).toMatchObject({ state: 'healthy', build: 'matched' });
  });

  test('since it is in a private network: it is asked once', async () => {
    const { record, first } = await check(() => noAnswer('address'));
    expect(record).toMatchObject({ state: 'inconclusive' });
    expect(first).toMatchObject({ attempts: 1 });
  });
});

describe('the build', () => {
  test('that is still the former one is waited for, and no page is asked meanwhile', async () => {
    const { record, timesOf, run, first } = await check(({ path, atMs }) => {
      if (path !== ID) return atMs < 20_000 ? 500 : 200;
      return atMs < 20_000 ? OLD : undefined;
    });
    expect(record).toMatchObject({ state: 'healthy', build: 'matched' });
    expect(first).toMatchObject({ attempts: 2 });
    expect(timesOf('/')).toHaveLength(2);
    expect(run.lines).toEqual(['The former build is still served: waiting for the new one.']);
    expect(run.statuses).toContain('the former build is still served');
  });

  test('that is the former one to the end leaves all unknown', async () => {
    const { record, timesOf } = await check(({ path }) => (path === ID ? OLD : 500), { timeoutMs: 10_000 });
    expect(record).toMatchObject({ state: 'inconclusive', build: 'other', pages: [] });
    expect(record.reason).toMatch(/^The former build is still served: .*`verify-timeout-seconds`\.$/);
    expect(record.durationMs).toBeLessThanOrEqual(10_000);
    expect(timesOf('/')).toEqual([]);
  });

  test('has no such route: it goes on, and that is said once', async () => {
    const { record, run } = await check(({ path }) => (path === ID ? 404 : 200));
    expect(record).toMatchObject({ state: 'healthy', build: 'unknown' });
    expect(record.durationMs).toBeLessThan(500);
    expect(run.lines).toEqual(['Which build answers is not known: /BUILD_ID answers 404.']);
    const html = await check(({ path }) => (path === ID ? page(200, '<h1>') : 200));
    expect(html.run.lines).toEqual(['Which build answers is not known: /BUILD_ID is not a build id.']);
  });

  test('is not in the bundle: it is not asked', async () => {
    const { record, asked } = await check(() => undefined, { buildId: undefined });
    expect(record).toMatchObject({ state: 'healthy', build: 'unknown' });
    expect(asked.map(({ path }) => path)).toEqual(['/', '/']);
  });

  test('becomes known later: what was seen before does not count', async () => {
    const { record, timesOf, first } = await check(({ path, count }) => (path === ID && count < 3 ? 404 : undefined));
    expect(record).toMatchObject({ state: 'healthy', build: 'unknown' });
    expect(first).toMatchObject({ attempts: 2 });
    const slow = await check(({ path, count }) => {
      if (path === ID) return count < 3 ? 503 : undefined;
      return count < 2 ? 500 : 200;
    });
    expect(slow.record).toMatchObject({ state: 'healthy', build: 'matched' });
    // The first 200 came along with the build's first known answer.
    expect(slow.timesOf('/').length).toBe(5);
    expect(timesOf('/')).toHaveLength(2);
  });

  test('turns out to be the former one when it becomes known: it is waited for', async () => {
    const { record, run } = await check(({ path, count }) => {
      if (path === ID) return [404, OLD, OLD][count - 1];
      return count < 3 ? 500 : 200;
    });
    expect(record).toMatchObject({ state: 'healthy', build: 'matched' });
    expect(run.lines).toHaveLength(1);
  });

  test('that goes back to the former one at the end is waited for again', async () => {
    const { record, timesOf } = await check(({ path, count }) => (path === ID && count === 2 ? OLD : undefined));
    expect(record).toMatchObject({ state: 'healthy', build: 'matched' });
    expect(timesOf('/')).toHaveLength(4);
    expect(timesOf(ID)).toHaveLength(4);
  });

  test('that is not answered at the end was known before', async () => {
    const { record, run } = await check(({ path, count }) => (path === ID && count === 2 ? 500 : undefined));
    expect(record).toMatchObject({ state: 'healthy', build: 'matched' });
    expect(run.lines).toEqual([]);
  });

  test('whose route hangs holds up nothing for long', async () => {
    const { record } = await check(({ path }) => (path === ID ? { after: 600_000, reply: 200 } : undefined));
    expect(record).toMatchObject({ state: 'healthy', build: 'unknown' });
    expect(record.durationMs).toBeLessThan(12_000);
  });
});

describe('a cancelled run', () => {
  test.each([0, 5, 60, 700, 3_000])('ends with its reason, whatever is going on after %d ms', async (ms) => {
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const shop = setUp(
      pagesBy(() => 500),
      cancel.signal,
    );
    const checking = checkStorefront(requestOf({}), shop.dependencies);
    if (ms > 0) await shop.clock.pause(ms);
    cancel.abort(reason);
    await expect(checking).rejects.toBe(reason);
    expect(shop.clock.nowMs()).toBeLessThanOrEqual(ms);
    await expect(lookAtPages(requestOf({}), shop.dependencies)).rejects.toBe(reason);
  });
});

describe('a look before a deployment', () => {
  async function look(storefront: Storefront, paths = ['/']) {
    const shop = setUp(storefront);
    const pages = await lookAtPages(requestOf({ paths }), shop.dependencies);
    return { ...shop, pages };
  }

  test('asks each page once, one that is broken twice, and no build', async () => {
    const statuses: Record<string, number> = { '/a': 200, '/b': 500, '/c': 401 };
    const { pages, asked } = await look(({ path }) => statuses[path] ?? 0, ['/a', '/b', '/c']);
    expect(asked.map(({ path }) => path)).toEqual(['/a', '/b', '/c', '/b']);
    expect(pages).toMatchObject([
      { path: '/a', state: 'healthy', attempts: 1, firstByteMs: 20 },
      { path: '/b', state: 'unhealthy', attempts: 2, problem: 'answers 500' },
      { path: '/c', state: 'inconclusive', attempts: 1 },
    ]);
  });

  test('of a page that is broken once finds it healthy', async () => {
    const { pages } = await look(({ count }) => (count === 1 ? 500 : 200));
    expect(pages).toMatchObject([{ state: 'healthy' }]);
  });

  test('keeps nobody waiting', async () => {
    const paths = ['/1', '/2', '/3', '/4', '/5'];
    const { pages, clock } = await look(() => ({ after: 600_000, reply: 200 }), paths);
    expect(clock.nowMs()).toBeLessThan(9_000);
    expect(pages.map(({ path }) => path)).toEqual(paths);
  });
});

test('whatever a storefront does, the verdict comes in time, and fits what it did last', async () => {
  const replies = fc.constantFrom<Reply>(
    ...[200, 200, 500, 404, 401, noAnswer('dns'), noAnswer('broken'), OLD, { after: 16_000, reply: 200 }],
    ...[page(200, '<template data-dgst="12">'), { after: 3_000, reply: 200 }],
  );
  const stories = fc.array(replies, { minLength: 1, maxLength: 12 });
  const ids = fc.array(
    fc.constantFrom<Reply | undefined>(undefined, undefined, OLD, 404, { after: 9_000, reply: 200 }),
  );
  const times = fc.integer({ min: 1_000, max: 60_000 });
  await fc.assert(
    fc.asyncProperty(stories, stories, ids, times, async (one, other, id, timeoutMs) => {
      const { record, pages, asked } = await check(
        ({ path, count }) => (path === ID ? id[count - 1] : (path === '/one' ? one : other)[count - 1]),
        { paths: ['/one', '/other'], timeoutMs },
      );
      expect(record.durationMs).toBeLessThanOrEqual(timeoutMs + 20);
      const states = pages.map(({ state }) => state);
      expect(record.build === 'other').toBe(pages.length === 0);
      if (record.state === 'healthy') expect(states).toEqual(['healthy', 'healthy']);
      expect(record.state === 'unhealthy').toBe(states.includes('unhealthy'));
      expect(asked.every((call) => call.timeoutMs > 0 && call.timeoutMs <= 15_000)).toBe(true);
      expect(asked.length).toBeLessThan(200);
    }),
    { numRuns: 200 },
  );
});

/** The worker's log, followed while pages are asked: by a tail and a query that are written by hand. */
import { describe, expect, test } from '@jest/globals';
import { type LogWaits, LogWatch, reportWorkerLogs } from '../../../src/actions/verification/worker-logs.ts';
import type { PageAnswer, PageHop } from '../../../src/domain/verification/page.ts';
import type { WorkerLogsRecord } from '../../../src/domain/worker-logs/worker-logs-record.ts';
import { CancelledError } from '../../../src/errors.ts';
import { errorLine, eventOf } from '../../domain/worker-logs/log-events.ts';
import { createFakeRun } from '../../fake-run.ts';
import { httpError } from '../../http-error.ts';
import { FakeLogs } from './fake-logs.ts';

const SHOP = 'https://shop.example';

function hop(path: string, location?: string): PageHop {
  return {
    status: location === undefined ? 200 : 308,
    url: new URL(path, SHOP),
    location: location === undefined ? undefined : new URL(location, SHOP),
    headers: {},
  };
}

const answered = (...hops: PageHop[]): PageAnswer => ({
  ...({ kind: 'answered', hops, body: '', bytes: 0, isCut: false, firstByteMs: 1 } as const),
});

/** For what never comes. */
const SHORT = { openMs: 100, graceMs: 70, longGraceMs: 200 };

function watched({
  answer = answered(hop('/')),
  signal = new AbortController().signal,
  isOpen = true,
  waits = {} as Partial<LogWaits>,
  nowMs = Date.now,
} = {}) {
  const logs = new FakeLogs();
  const run = createFakeRun();
  const pages = { get: async () => answer, close: async () => {} };
  const watch = new LogWatch('p-1', { pages, logs: () => logs, run, signal, waits, nowMs });
  if (isOpen) logs.options?.onOpen?.();
  const ask = async (path = '/') => {
    const request = { headers: {}, hosts: new Set<string>(), timeoutMs: 1000, signal };
    return await watch.pages.get({ ...request, url: new URL(path, SHOP) });
  };
  return { logs, run, watch, ask };
}

const failing = (path = '/', message = 'Failed') => eventOf(path, Date.now(), [errorLine(message)]);
const record = (more: Partial<WorkerLogsRecord> = {}): WorkerLogsRecord => ({
  ...{ state: 'read', problems: [], moreProblems: 0, othersCount: 0 },
  ...more,
});
const messagesOf = ({ problems }: WorkerLogsRecord) => problems.map(({ message, count }) => `${message} ${count}`);

describe('the tail', () => {
  test('is waited for before the first page, and ends the watch as soon as all is there', async () => {
    const { logs, watch, ask } = watched({ isOpen: false });
    let isOpen = false;
    const opening = watch.untilOpen().then(() => {
      isOpen = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOpen).toBe(false);
    logs.options?.onOpen?.();
    await opening;
    await Promise.all([ask(), ask('/cart?a=1'), ask('/BUILD_ID')]);
    logs.send(failing('/'), failing('/cart?a=1'), failing('/cart?a=2', 'Of others'), eventOf('/', Date.now() - 60_000));
    const { workerLogs, own } = await watch.finish(true);
    expect(workerLogs).toEqual(
      record({
        problems: [{ level: 'error', name: undefined, message: 'Failed', count: 2, paths: ['/', '/cart?a=1'] }],
        othersCount: 1,
      }),
    );
    expect(own).toHaveLength(2);
    expect(logs.queries).toEqual([]);
  });

  test('whose first connection fails is not waited for', async () => {
    const { logs, watch } = watched({ isOpen: false });
    logs.options?.onReconnect({ isFault: true, reason: 'it was refused' });
    const startMs = performance.now();
    await watch.untilOpen();
    expect(performance.now() - startMs).toBeLessThan(500);
  });

  test('that has nothing of a redirect’s target is asked again for it', async () => {
    const { logs, watch, ask } = watched({ answer: answered(hop('/cart', '/cart/'), hop('/cart/')), waits: SHORT });
    await ask('/cart');
    logs.send(failing('/cart'));
    expect(messagesOf((await watch.finish(false)).workerLogs)).toEqual(['Failed 1']);
    expect(logs.queries).toHaveLength(1);
  });

  test('that has the redirect’s target, answered or not, is complete', async () => {
    const lost = { kind: 'none', fault: 'timeout', reason: 'late', hops: [hop('/cart', '/cart/')] } as const;
    for (const answer of [answered(hop('/cart', '/cart/'), hop('/cart/')), lost]) {
      const { logs, watch, ask } = watched({ answer });
      await ask('/cart');
      logs.send(eventOf('/cart', Date.now()), failing('/cart/'));
      expect(messagesOf((await watch.finish(false)).workerLogs)).toEqual(['Failed 1']);
      expect(logs.queries).toEqual([]);
    }
  });

  test.each([403, 404])('that is refused with %i asks nothing more', async (status) => {
    const { logs, watch, ask } = watched({ isOpen: false });
    logs.send({ error: httpError(status, 'It was refused.', { fix: 'Add the scope.' }) });
    await watch.untilOpen();
    await ask();
    const { workerLogs, own } = await watch.finish(true);
    expect(workerLogs).toMatchObject({
      state: 'refused',
      problems: [],
      reason: expect.stringContaining('Add the scope.'),
    });
    expect(own).toEqual([]);
    expect(logs.queries).toEqual([]);
  });

  test('that breaks is no loss: what came twice counts once', async () => {
    const { logs, run, watch, ask } = watched();
    await ask();
    logs.send(failing());
    logs.options?.onReconnect({ isFault: true, reason: 'the stream broke' });
    logs.pages = [[failing(), failing('/', 'Another'), failing('/', 'Another'), failing('/other', 'Of others')]];
    const { workerLogs } = await watch.finish(false);
    expect(messagesOf(workerLogs)).toEqual(['Another 2', 'Failed 1']);
    expect(workerLogs).toMatchObject({ state: 'read', othersCount: 1 });
    expect(run.debugLines).toContain('Worker log: the stream broke');
    expect(logs.queries).toMatchObject([{ level: 'error' }]);
    const [{ startMs = 0, endMs = 0 } = {}] = logs.queries;
    expect(Date.now() - startMs).toBeLessThan(30_000);
    expect(endMs).toBeGreaterThan(startMs);
  });
});

describe('where others ask for the same page', () => {
  test('the watch goes on, since its own requests may be missing', async () => {
    const { logs, watch, ask } = watched();
    await ask();
    logs.send(eventOf('/', Date.now()), eventOf('/', Date.now()));
    const finishing = watch.finish(false);
    setTimeout(() => logs.send(failing('/', 'Late')), 100);
    expect(messagesOf((await finishing).workerLogs)).toEqual(['Late 1']);
    expect(logs.queries).toHaveLength(1);
  });

  test('an error is certain only if it cannot be theirs', async () => {
    for (const [healthy, expected] of [
      [1, true],
      [2, false],
    ] as const) {
      const { logs, watch, ask } = watched({ waits: SHORT });
      await Promise.all([ask(), ask()]);
      logs.send(...Array.from({ length: healthy }, () => eventOf('/', Date.now())), failing());
      await watch.finish(true);
      expect(await watch.isCertain()).toBe(expected);
    }
  });
});

describe('an error before a page worked', () => {
  test('is shown, and is not certainly one of the answers that count', async () => {
    const { logs, watch, ask } = watched();
    for (const _ of [1, 2, 3]) await ask();
    logs.send(failing(), eventOf('/', Date.now()), eventOf('/', Date.now()));
    expect(messagesOf((await watch.finish(true)).workerLogs)).toEqual(['Failed 1']);
    expect(await watch.isCertain()).toBe(false);
  });

  test('is none of a build that was asked for its id only', async () => {
    const { logs, watch, ask } = watched();
    await Promise.all([ask('/BUILD_ID'), ask()]);
    logs.send(failing('/BUILD_ID'), eventOf('/', Date.now()));
    await watch.finish(true);
    expect(await watch.isCertain()).toBe(false);
  });
});

describe('a page out of a cache', () => {
  test.each([{ age: '7' }, { 'cf-cache-status': 'HIT' }])(
    '%j is not waited for, and decides nothing',
    async (headers) => {
      const { logs, watch, ask } = watched({ answer: answered({ ...hop('/'), headers }) });
      await ask();
      expect((await watch.finish(true)).workerLogs).toEqual(record());
      expect(logs.queries).toEqual([]);
    },
  );
});

test('a page that a cache answers the second time is judged by the first', async () => {
  const answer = answered(hop('/'));
  const { logs, watch, ask } = watched({ answer });
  await ask();
  Object.assign(answer, answered({ ...hop('/'), headers: { age: '1' } }));
  await ask();
  logs.send(failing());
  await watch.finish(true);
  expect(await watch.isCertain()).toBe(true);
});

describe('without the tail', () => {
  const error = (requestId: string) => ({ ...failing(), requestId });

  test.each([
    ['its own requests, and one has an error', 'ab', 'b', true],
    ['others’ too, which may have it', 'abc', 'c', false],
    ['others’, too, which all have one', 'abc', 'abc', true],
    ['nothing but the error of one', '', 'a', false],
  ])('the query tells: %s', async (_, ids, errors, expected) => {
    const { logs, watch, ask } = watched({ isOpen: false, waits: SHORT });
    await Promise.all([ask(), ask()]);
    const requests = [...ids].map((requestId) => eventOf('/', Date.now(), [], { requestId }));
    const failed = [...errors].map(error);
    logs.answer = ({ entryType }) => (entryType === 'request' ? requests : failed);
    await watch.finish(true);
    expect(await watch.isCertain()).toBe(expected);
    expect(logs.queries[0]).toMatchObject({ level: 'error' });
  });

  test.each([
    ['that has the requests', '/', true, false],
    ['that has those of others', '/other', true, true],
    ['that fails', '/', false, false],
  ])('a query %s: whether there is anything', async (_, path, isAnswered, expected) => {
    const { logs, watch, ask } = watched({ isOpen: false, waits: SHORT });
    await ask();
    const requests = [eventOf(path, Date.now())];
    await watch.finish(false);
    logs.answer = () => requests;
    if (!isAnswered) logs.queryError = httpError(500, 'It was refused.', { fix: 'Try again.' });
    expect(await watch.hasNothing()).toBe(expected);
  });

  test('a query that breaks off makes nothing certain', async () => {
    const { logs, watch, ask } = watched({ isOpen: false, waits: SHORT });
    await Promise.all([ask(), ask()]);
    const failed = [error('a'), error('b')];
    logs.answer = ({ entryType }) => {
      if (entryType === 'request') throw httpError(500, 'It was refused.', { fix: 'Try again.' });
      return failed;
    };
    await watch.finish(true);
    expect(await watch.isCertain()).toBe(false);
  });
});

describe('what was logged before', () => {
  const looked = { startMs: Date.now() - 90_000, endMs: Date.now() - 80_000 };

  const at = (message: string, atMs = looked.startMs) => eventOf('/', atMs, [errorLine(message)]);

  test.each([
    ['the same', [at('Failed 2')], true],
    ['something else', [at('Else')], false],
    ['nothing', [], false],
  ])('%s', async (_, earlier, expected) => {
    const { logs, watch, ask } = watched();
    await ask();
    logs.send(failing('/', 'Failed 1'));
    await watch.finish(true);
    logs.pages = [earlier];
    expect(await watch.wasLoggedBefore(looked)).toBe(expected);
    const [{ startMs = 0, endMs = 0 } = {}] = logs.queries;
    expect(Math.abs(startMs - looked.startMs)).toBeLessThan(10_000);
    expect(Math.abs(endMs - looked.endMs)).toBeLessThan(10_000);
  });

  test('is nothing that may be logged now', async () => {
    const { logs, watch, ask } = watched();
    await ask();
    logs.send(failing());
    await watch.finish(true);
    logs.pages = [[failing()]];
    expect(await watch.wasLoggedBefore(looked)).toBe(false);
  });
});

describe('the query', () => {
  test.each([403, 404])('that is refused with %i says so, and leaves what the tail has', async (status) => {
    const { logs, watch, ask } = watched();
    await ask();
    logs.send(failing());
    logs.options?.onSkipped('an event');
    logs.queryError = httpError(status, 'It was refused.', { fix: 'Add the scope.' });
    const { workerLogs, own } = await watch.finish(false);
    expect(workerLogs).toMatchObject({ state: 'refused', reason: expect.stringContaining('Add the scope.') });
    expect(messagesOf(workerLogs)).toEqual(['Failed 1']);
    expect(own).toHaveLength(1);
  });

  test('that fails leaves what the tail has, and says so', async () => {
    const { logs, watch, ask } = watched();
    await ask();
    logs.send(failing());
    logs.options?.onSkipped('an event');
    logs.queryError = httpError(500, 'It was refused.', { fix: 'Try again.' });
    const { workerLogs } = await watch.finish(false);
    expect(messagesOf(workerLogs)).toEqual(['Failed 1']);
    expect(workerLogs.state).toBe('partly');
    expect(workerLogs.reason).toMatch(/^As a part of it could not be read, it was asked again\. .*Try again\.$/);
  });

  test('that fails, too, after a tail that never opened: nothing is known', async () => {
    const { logs, watch, ask } = watched({ isOpen: false, waits: SHORT });
    logs.send({ error: httpError(400, 'It was refused.', { fix: 'No.' }) });
    await watch.untilOpen();
    await ask();
    logs.queryError = httpError(400, 'It was refused.', { fix: 'No.' });
    expect((await watch.finish(false)).workerLogs.state).toBe('failed');
  });

  test('is read to a few thousand entries', async () => {
    const { logs, watch, ask } = watched();
    await ask();
    logs.pages = Array.from({ length: 50 }, () => Array.from({ length: 500 }, () => failing()));
    const { workerLogs } = await watch.finish(false);
    expect(workerLogs).toMatchObject({
      state: 'partly',
      reason: expect.stringContaining('more entries than are read'),
    });
    expect(messagesOf(workerLogs)).toEqual(['Failed 5000']);
  });

  test('is not asked where no page was', async () => {
    const { logs, watch } = watched();
    logs.options?.onReconnect({ isFault: true, reason: 'it broke' });
    expect((await watch.finish(false)).workerLogs).toEqual(record());
    expect(logs.queries).toEqual([]);
  });
});

test('a flood is counted, in bounded memory', async () => {
  // However long it takes on a busy machine, all of it comes while the page is asked.
  const nowMs = Date.now();
  const { logs, watch, ask } = watched({ nowMs: () => nowMs });
  await ask();
  const long = 'x'.repeat(2000);
  for (let index = 0; index < 30_000; index += 1) {
    const event = eventOf(index % 2 === 0 ? '/' : '/other', nowMs, [errorLine(`${long} ${index}`)]);
    logs.send({ ...event, json: long });
    if (index % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const { workerLogs, own } = await watch.finish(false);
  expect(workerLogs).toMatchObject({ othersCount: 15_000, problems: [{ count: 15_000 }] });
  expect(own.length).toBeLessThanOrEqual(300);
});

test('a run that is cancelled during the query ends at once', async () => {
  const job = new AbortController();
  const cancelled = new CancelledError('The job was cancelled.');
  const { logs, watch, ask } = watched({ signal: job.signal, waits: SHORT });
  await ask();
  logs.answer = () => {
    job.abort(cancelled);
    throw cancelled;
  };
  await expect(watch.finish(false)).rejects.toBe(cancelled);
});

test('a cancelled run ends the watch at once', async () => {
  const job = new AbortController();
  const cancelled = new CancelledError('The job was cancelled.');
  const { logs, watch, ask } = watched({ signal: job.signal });
  await ask();
  const finishing = watch.finish(true);
  job.abort(cancelled);
  await expect(finishing).rejects.toBe(cancelled);
  expect(logs.options?.signal.aborted).toBe(true);
  expect(logs.queries).toEqual([]);
});

test.each([
  [record(), "Worker log of this run's requests: no error."],
  [record({ othersCount: 2 }), "Worker log of this run's requests: no error; of others' requests: 2 errors."],
  [
    record({ state: 'partly', reason: 'Why.' }),
    "Worker log of this run's requests: no error. Some may be missing. Why.",
  ],
  [record({ state: 'failed', reason: 'Why.' }), "The worker's log could not be read. Why."],
])('%j is one line of the phase', (workerLogs, line) => {
  const lines: string[] = [];
  reportWorkerLogs(workerLogs, { info: (one) => void lines.push(one) });
  expect(lines).toEqual([line]);
});

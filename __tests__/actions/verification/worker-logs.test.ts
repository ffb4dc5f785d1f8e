/** The worker's log, followed while pages are asked: by a tail and a query that are written by hand. */
import { describe, expect, test } from '@jest/globals';
import { LogWatch, reportWorkerLogs } from '../../../src/actions/verification/worker-logs.ts';
import type { LogFilter, LogsClient, TailOptions } from '../../../src/bigcommerce/logs.ts';
import type { PageAnswer, PageHop } from '../../../src/domain/verification/page.ts';
import type { WorkerLogEvent } from '../../../src/domain/worker-logs/log-event.ts';
import type { WorkerLogsRecord } from '../../../src/domain/worker-logs/worker-logs-record.ts';
import { CancelledError } from '../../../src/errors.ts';
import { errorLine, eventOf } from '../../domain/worker-logs/log-events.ts';
import { createFakeRun } from '../../fake-run.ts';
import { httpError } from '../../http-error.ts';

const SHOP = 'https://shop.example';

/** A tail to which a test sends, and what was asked of the query. */
class FakeLogs implements LogsClient {
  readonly queries: LogFilter[] = [];
  options: TailOptions | undefined;
  /** What the query answers, by pages. */
  pages: (readonly WorkerLogEvent[])[] = [];
  queryError: unknown;
  readonly #queue: (WorkerLogEvent | { error: unknown })[] = [];
  #arrival = Promise.withResolvers<void>();

  send(...events: (WorkerLogEvent | { error: unknown })[]): void {
    this.#queue.push(...events);
    this.#arrival.resolve();
  }

  async *tail(_: string, options: TailOptions): AsyncGenerator<WorkerLogEvent> {
    this.options = options;
    const onAbort = () => this.#arrival.resolve();
    options.signal.addEventListener('abort', onAbort, { once: true });
    for (;;) {
      options.signal.throwIfAborted();
      for (const one of this.#queue.splice(0)) {
        if ('error' in one) throw one.error;
        yield one;
      }
      options.signal.throwIfAborted();
      await this.#arrival.promise;
      this.#arrival = Promise.withResolvers();
    }
  }

  async *query(_: string, filter: LogFilter): AsyncGenerator<readonly WorkerLogEvent[]> {
    this.queries.push(filter);
    if (this.queryError !== undefined) throw this.queryError;
    yield* this.pages;
  }
}

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

function watched({ answer = answered(hop('/')), signal = new AbortController().signal, isOpen = true } = {}) {
  const logs = new FakeLogs();
  const run = createFakeRun();
  const pages = { get: async () => answer, close: async () => {} };
  const watch = new LogWatch('p-1', { pages, logs: () => logs, run, signal });
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

  test('that has nothing of a redirect’s target is asked again for it', async () => {
    const { logs, watch, ask } = watched({ answer: answered(hop('/cart', '/cart/'), hop('/cart/')) });
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

describe('the query', () => {
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
    const { logs, watch, ask } = watched({ isOpen: false });
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
    expect(workerLogs).toMatchObject({ state: 'partly', reason: expect.stringContaining('more in it') });
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
  const { logs, watch, ask } = watched();
  await ask();
  const long = 'x'.repeat(2000);
  for (let index = 0; index < 30_000; index += 1) {
    logs.send({ ...failing(index % 2 === 0 ? '/' : '/other', `${long} ${index}`), json: long });
    if (index % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const { workerLogs, own } = await watch.finish(false);
  expect(workerLogs).toMatchObject({ othersCount: 15_000, problems: [{ count: 15_000 }] });
  expect(own.length).toBeLessThanOrEqual(300);
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

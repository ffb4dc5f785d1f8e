/** How a stream handles its connections, with simulated ones. */
import { expect, test } from '@jest/globals';
import { HttpError } from '../../src/net/errors.ts';
import { followEventStream } from '../../src/net/event-stream.ts';

const url = new URL('https://api.example/events');
const busy = (retryAfter: string) =>
  new HttpError('Following', { method: 'GET', url, status: 503, headers: { 'retry-after': retryAfter } });

async function follow(failure: HttpError, timeLeftMs: number) {
  const reconnects: number[] = [];
  let connections = 0;
  const cancel = new AbortController();
  const events = followEventStream({
    open: async () => {
      connections += 1;
      if (connections === 1) throw failure;
      cancel.abort(new Error('asked again'));
      throw cancel.signal.reason;
    },
    silenceMs: 1000,
    signal: cancel.signal,
    timeLeftMs: () => timeLeftMs,
    mayReconnect: () => true,
    onReconnect: ({ pauseMs }) => reconnects.push(pauseMs),
    onFault: () => {},
  });
  const error = await events.next().catch((reason: unknown) => reason);
  return { error, connections, reconnects };
}

test.each(['3600', 'Thu, 01 Jan 2099 00:00:00 GMT'])(
  'a requested wait (%s) beyond the time left ends it at once, and the error names the wait',
  async (retryAfter) => {
    const failure = busy(retryAfter);
    const { error, connections, reconnects } = await follow(failure, 60_000);
    expect([error === failure, connections, reconnects]).toEqual([true, 1, []]);
    expect(failure.message).toContain('asks to wait');
  },
);

test('it waits if there is time for it', async () => {
  expect(await follow(busy('1'), 60_000)).toMatchObject({
    connections: 2,
    reconnects: [1000],
    error: { message: 'asked again' },
  });
});

interface Reconnected {
  reason: string;
  connection: number;
}

/** @param opens one for each connection: its bytes, or what it throws; after the last one the caller ends it */
async function connections(
  opens: readonly ((signal: AbortSignal) => AsyncIterable<Uint8Array>)[],
  mayReconnect = true,
) {
  const reconnects: Reconnected[] = [];
  const cancel = new AbortController();
  const ended = new Error('ended');
  let opened = 0;
  const events = followEventStream({
    open: async (_, signal) => {
      const open = opens[opened];
      opened += 1;
      if (open !== undefined) return open(signal);
      cancel.abort(ended);
      throw ended;
    },
    silenceMs: 30,
    signal: cancel.signal,
    mayReconnect: () => mayReconnect,
    onReconnect: ({ reason, connection }) => reconnects.push({ reason, connection }),
    onFault: () => {},
  });
  const data: string[] = [];
  try {
    for await (const message of events) data.push(message.data);
  } catch (error) {
    return { data, reconnects, error, ended };
  }
  throw new Error('It never ends by itself.');
}

async function* bytes(text: string, end?: Error): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  if (end !== undefined) throw end;
}

/** Then nothing comes. As a body of undici's, it ends with its signal. */
async function* silent(text: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const aborted = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => aborted.reject(signal.reason), { once: true });
  yield Buffer.from(text);
  await aborted.promise;
}

test('an end, a break and silence are each followed by another connection', async () => {
  const { data, reconnects, error, ended } = await connections([
    () => bytes('data: 1\n\n'),
    () => bytes('data: 2\n\n', busy('0')),
    (signal) => silent('data: 3\n\n', signal),
  ]);
  expect(data).toEqual(['1', '2', '3']);
  expect(reconnects.map(({ reason }) => reason)).toEqual(['ended', 'broken', 'silent']);
  expect(error).toBe(ended);
});

test.each([
  ['a fault of this program', new TypeError('x is not a function'), true],
  ['what the caller does not want again', busy('0'), false],
])('%s ends it', async (_, failure, mayReconnect) => {
  const { error, reconnects } = await connections([() => bytes('', failure)], mayReconnect);
  expect([error, reconnects]).toEqual([failure, []]);
});

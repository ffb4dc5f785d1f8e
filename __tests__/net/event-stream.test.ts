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

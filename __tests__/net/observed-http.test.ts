import { expect, test } from '@jest/globals';
import type { HttpCall } from '../../src/net/call.ts';
import { HttpError, NetworkError } from '../../src/net/errors.ts';
import type { HttpClient } from '../../src/net/http.ts';
import { type ObservedRequest, observeRequests } from '../../src/net/observed-http.ts';

const SIGNAL = new AbortController().signal;
const call = (url: string, what = 'Asking'): HttpCall => ({
  ...{ what, method: 'GET', url: new URL(url), timeoutMs: 1000, signal: SIGNAL },
  ...{ headers: { 'x-auth-token': 'hush' }, body: 'hush' },
});

function observed(answers: Partial<HttpClient>): { http: HttpClient; requests: ObservedRequest[] } {
  const requests: ObservedRequest[] = [];
  const none = () => {
    throw new Error('not asked for');
  };
  const inner: HttpClient = { send: none, open: none, openAhead: () => {}, close: async () => {}, ...answers };
  return { http: observeRequests(inner, (request) => requests.push(request)), requests };
}

test('a request is noted before it is answered, and completed then; neither its headers nor its body are', async () => {
  const answer = Promise.withResolvers<{ status: number; headers: Record<string, string>; text: string }>();
  const { http, requests } = observed({ send: () => answer.promise });
  const sent = http.send(call('https://api.example/v3/projects?page=2'));
  const known = { what: 'Asking', method: 'GET', url: 'https://api.example/v3/projects?page=2', attempt: 1 };
  expect(requests).toEqual([{ ...known, startedAtMs: expect.any(Number) }]);
  answer.resolve({ status: 201, headers: {}, text: 'hush' });
  expect((await sent).text).toBe('hush');
  expect(requests).toEqual([
    { ...known, startedAtMs: expect.any(Number), status: 201, durationMs: expect.any(Number) },
  ]);
  expect(JSON.stringify(requests)).not.toContain('hush');
});

test('a refusal has its status and a broken connection its reason, and the next request with that purpose is the second attempt', async () => {
  const url = new URL('https://api.example/');
  const failures = [
    new HttpError('Asking', { method: 'GET', url, status: 503, headers: {} }),
    new NetworkError('Asking', { method: 'GET', url, outcome: 'broke', delivery: 'not-sent' }),
  ];
  const { http, requests } = observed({
    send: async () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return { status: 200, headers: {}, text: '' };
    },
  });
  await expect(http.send(call('https://api.example/'))).rejects.toThrow('503');
  await expect(http.send(call('https://api.example/'))).rejects.toThrow('broke');
  await http.send(call('https://api.example/'));
  await http.send(call('https://api.example/'));
  await http.send(call('https://api.example/', 'Something else'));
  expect(requests.map(({ attempt, status, error }) => [attempt, status, error !== undefined])).toEqual([
    [1, 503, true],
    [2, undefined, true],
    [3, 200, false],
    [1, 200, false],
    [1, 200, false],
  ]);
});

test('a stream lasts until it is left, and says why it broke', async () => {
  async function* body(breaks: boolean) {
    yield new Uint8Array(1);
    if (breaks) throw new Error('cut');
    yield new Uint8Array(2);
  }
  const bodies = [body(false), body(true)];
  const { http, requests } = observed({ open: async () => ({ headers: {}, body: bodies.shift() ?? body(false) }) });
  const first = await http.open(call('https://api.example/events'));
  expect(requests[0]).toMatchObject({ status: 200 });
  expect(requests[0]?.durationMs).toBeUndefined();
  for await (const _ of first.body) break;
  expect(requests[0]?.durationMs).toEqual(expect.any(Number));
  const second = await http.open(call('https://api.example/events'));
  await expect(Array.fromAsync(second.body)).rejects.toThrow('cut');
  expect(requests[1]).toMatchObject({ status: 200, error: 'cut', durationMs: expect.any(Number) });
});

test.each([
  'X-Goog-Signature=hush&X-Goog-Date=1',
  'X-Amz-Credential=hush',
  'AWSAccessKeyId=hush&Signature=hush',
  'access_token=hush',
  'sv=1&sig=hush',
])('of a URL with %s no part of the query is noted', async (query) => {
  const { http, requests } = observed({ send: async () => ({ status: 200, headers: {}, text: '' }) });
  await http.send(call(`https://user:hush@storage.example/bucket/bundle.zip?${query}#hush`));
  expect(requests.map(({ url }) => url)).toEqual(['https://storage.example/bucket/bundle.zip?***']);
});

/** How a job is followed once its stream is of no use: what the list of jobs says, and when that ends. No server, no time. */
import { beforeEach, expect, jest, test } from '@jest/globals';
import { HttpError, NetworkError } from '../../src/net/errors.ts';
import type { HttpClient } from '../../src/net/http.ts';
import { httpError } from '../http-error.ts';

const pausesMs: number[] = [];
const actual = await import('../../src/pause.ts');
jest.unstable_mockModule('../../src/pause.ts', () => ({
  ...actual,
  pause: async (durationMs: number) => {
    pausesMs.push(durationMs);
  },
}));
const { followJob } = await import('../../src/bigcommerce/job-events.ts');

beforeEach(() => {
  pausesMs.length = 0;
});

const job = (status: string) => ({ data: [{ id: 'J1', type: 'import', status }] });
const NONE = { data: [] };
const url = new URL('https://api.example/jobs');
const fault = () =>
  new NetworkError('Looking up the job', {
    method: 'GET',
    url,
    outcome: 'broke',
    delivery: 'lost-answer',
    transient: true,
  });

/**
 * Until `complete`, or an error.
 * @param answers of the list in turn; the last one stays
 */
async function follow(
  answers: readonly unknown[],
  {
    kind = 'import' as 'import' | 'export',
    opened = httpError(400, 'No stream.') as Error,
    ...limit
  }: { kind?: 'import' | 'export'; opened?: Error; timeLeftMs?: number | undefined } = {},
) {
  const left = [...answers];
  const { timeLeftMs } = { timeLeftMs: 60_000, ...limit };
  const timeLeft = timeLeftMs === undefined ? {} : { timeLeftMs: () => timeLeftMs };
  const notes: string[] = [];
  const states: string[] = [];
  const http = {
    open: async () => {
      throw opened;
    },
    send: async () => {
      const answer = left.length > 1 ? left.shift() : left[0];
      if (answer instanceof Error) throw answer;
      return { status: 200, headers: {}, text: JSON.stringify(answer) };
    },
  } as unknown as HttpClient;
  const { signal } = new AbortController();
  const store = { apiOrigin: 'https://api.example', storeHash: 'abc', accessToken: 'token' };
  const api = { ...store, http, signal, onRetry: () => {}, timeLeftMs: () => 1 };
  const options = {
    ...{ signal, onSkipped: () => {}, ...timeLeft },
    onReconnect: ({ isFault, reason }: { isFault: boolean; reason: string }) => notes.push(`${isFault} ${reason}`),
  };
  try {
    for await (const { jobId, status } of followJob(api, kind, 'j1', options)) {
      states.push(`${jobId} ${status}`);
      if (status === 'complete') break;
    }
    return { states, notes, error: undefined };
  } catch (error) {
    return { states, notes, error };
  }
}

test('the list is asked after growing pauses of up to 10 s, with jitter', async () => {
  const { states, notes } = await follow([...Array(6).fill(job('working')), job('complete')]);
  expect(states).toEqual([...Array(6).fill('j1 working'), 'j1 complete']);
  expect(notes).toEqual(['true No stream. Polling the list of jobs from here on.']);
  for (const [index, baseMs] of [1000, 2000, 4000, 8000, 10_000, 10_000].entries()) {
    expect(pausesMs[index]).toBeGreaterThanOrEqual(baseMs * 0.75);
    expect(pausesMs[index]).toBeLessThanOrEqual(baseMs * 1.25);
  }
});

test.each([
  [0, 750],
  [1, 1250],
])('a random number of %d makes a pause of a second %d ms long', async (random, pauseMs) => {
  const spy = jest.spyOn(Math, 'random').mockReturnValue(random);
  await follow([job('working'), job('complete')]);
  spy.mockRestore();
  expect(pausesMs).toEqual([pauseMs]);
});

test('a job may be missing from the list for a while, but not four times in a row', async () => {
  const found = await follow([NONE, NONE, NONE, job('working'), NONE, NONE, NONE, job('complete')]);
  expect(found.states).toEqual(['j1 working', 'j1 complete']);
  const { error } = await follow([NONE]);
  expect(pausesMs).toHaveLength(7 + 3);
  expect(error).toMatchObject({
    message:
      'The import j1 was started, but the platform no longer knows it: it is not in the list of jobs, either. No stream.',
    title: 'The import is no longer known',
    fix: 'It is unknown whether it was carried out: check the redirects in the control panel, and run the job again: importing the same rows twice does no harm.',
    outcome: 'unknown',
  });
  expect((await follow([NONE], { kind: 'export' })).error).toMatchObject({
    title: 'The export is no longer known',
    fix: 'It is unknown whether it was carried out: check the redirects in the control panel, and run the job again.',
  });
});

test('a fault of this program in the stream is not taken for one of the platform', async () => {
  const bug = new TypeError('x is not a function');
  expect(await follow([job('complete')], { opened: bug })).toMatchObject({ states: [], notes: [], error: bug });
});

test('without a time limit any wait that is named is one', async () => {
  const failure = { method: 'GET', url, status: 503, headers: { 'retry-after': '60' } };
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  const ended = follow([...Array(9).fill(new HttpError('Looking up the job', failure)), job('complete')], {
    timeLeftMs: undefined,
  });
  let isOver = false;
  void ended.finally(() => {
    isOver = true;
  });
  while (!isOver) await jest.advanceTimersByTimeAsync(60_000);
  jest.useRealTimers();
  expect((await ended).states).toEqual(['j1 complete']);
});

test('what the list refuses for good ends it', async () => {
  const refused = httpError(401, 'No.');
  expect(await follow([job('working'), refused])).toMatchObject({ states: ['j1 working'], error: refused });
  const odd = new Error('A bug.');
  expect((await follow([odd])).error).toBe(odd);
});

test('a fault that names a longer wait than there is time for ends it, and says so', async () => {
  const failure = { method: 'GET', url, status: 503, headers: { 'retry-after': '120' } };
  const { error } = await follow([new HttpError('Looking up the job', failure)]);
  expect(error).toMatchObject({ status: 503 });
  expect(String(error)).toContain(
    'It asks to wait 2 min before the next try, which is more than is left of `timeout-minutes`.',
  );
});

test('a transient fault of the list is noted, and asked again', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  const ended = follow([...Array(9).fill(fault()), job('complete')]);
  let isOver = false;
  void ended.finally(() => {
    isOver = true;
  });
  while (!isOver) await jest.advanceTimersByTimeAsync(60_000);
  jest.useRealTimers();
  const { states, notes } = await ended;
  expect(states).toEqual(['j1 complete']);
  expect(notes).toContain('true Looking up the job: GET https://api.example/jobs broke.');
});

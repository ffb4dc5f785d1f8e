import type { ServerResponse } from 'node:http';
import { expect, test } from '@jest/globals';
import { JobProgress, type JobState, jobVerdictOf } from '../../src/domain/redirects/job.ts';
import { type Answer, clientOf, type Seen } from './redirects-helpers.ts';

const EVENTS = '/stores/abc/v3/storefront/redirects/imex/import/j1/events';

/** Follows to the verdict, as a use case does. */
async function follow(answer: (seen: Seen, before: number) => Answer, signal = AbortSignal.timeout(4500)) {
  const { client, requests } = await clientOf(answer);
  const skipped: string[] = [];
  const reconnects: boolean[] = [];
  const states: JobState[] = [];
  const options = {
    signal,
    onReconnect: ({ isFault }: { isFault: boolean }) => reconnects.push(isFault),
    onSkipped: (words: string) => skipped.push(words),
  };
  let failure: unknown;
  try {
    for await (const state of client.followJob('import', 'j1', options)) {
      states.push(state);
      if (jobVerdictOf(state) !== undefined) break;
    }
  } catch (error) {
    failure = error;
  }
  const paths = requests.map(({ url }) => (url.pathname === EVENTS ? 'stream' : url.pathname.split('imex/')[1]));
  return { states, skipped, reconnects, failure, paths };
}

function event(status: string, more: object = {}): string {
  return `data: ${JSON.stringify({ job_id: 'J1', status, completed_items: 1, total_items: 2, ...more })}\n\n`;
}

function stream(...chunks: string[]): Answer {
  return (_, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunks) response.write(chunk);
    response.end();
  };
}

test('a job is followed through streams that end, break, and stop in the middle of an event', async () => {
  const answers: Answer[] = [
    stream(event('new')),
    { status: 503 },
    (_, response) => {
      response.writeHead(200);
      response.write(`${event('working')}data: {"status":"comp`, () => response.destroy());
    },
    stream(...event('complete', { failed_items: 1, errors: [{ row: 2, message: 'taken' }] })),
  ];
  const { states, paths, reconnects } = await follow((_, before) => answers[before] ?? { status: 500 });
  expect(states.map(({ status }) => status)).toEqual(['new', 'working', 'complete']);
  expect(states.at(-1)).toMatchObject({ completed: 1, failed: 1, total: 2, rejected: [{ row: 2, message: 'taken' }] });
  expect(paths).toEqual(['stream', 'stream', 'stream', 'stream']);
  expect(reconnects).toEqual([false, true, true]);
});

test('what is no event of this job is reported and skipped, and only the status of one decides', async () => {
  const odd = ['data: nonsense\n\n', 'data: {"status":5}\n\n', event('complete', { job_id: 'other' })];
  const last = event('failed', { job_id: 5, completed_items: {}, total_items: null, errors: 'x' });
  const { states, skipped } = await follow(() => stream(...odd, last));
  expect(states).toEqual([{ jobId: 'j1', status: 'failed', completed: 0, failed: 0, total: 0, rejected: [] }]);
  expect(skipped).toEqual([
    'an event that is not what the API describes (not JSON, 8 characters)',
    'an event that is not what the API describes (no usable status)',
    'an event of another job',
  ]);
});

test('an event with 100,000 rejected rows is read', async () => {
  const errors = Array.from({ length: 100_000 }, (_, row) => ({ row, message: `the old path /old/${row} is taken` }));
  const { states, skipped } = await follow(() => stream(event('complete', { failed_items: 100_000, errors })));
  expect(skipped).toEqual([]);
  expect(states[0]?.rejected).toHaveLength(100_000);
});

function listed(status: string): Answer {
  return { json: { data: [{ id: 'J1', type: 'import', status, completed_items: 2, total_items: 2 }] } };
}

test('where the stream is rejected, the list of jobs is asked, until it has the verdict', async () => {
  let asked = 0;
  const { states, paths } = await follow(({ url }) => {
    if (url.pathname === EVENTS) return { status: 400 };
    asked += 1;
    return listed(asked === 1 ? 'working' : 'complete');
  });
  expect(states.map(({ jobId, status }) => [jobId, status])).toEqual([
    ['j1', 'working'],
    ['j1', 'complete'],
  ]);
  expect(paths).toEqual(['stream', 'jobs', 'jobs']);
});

test.each([
  ['knows of no such job', { status: 404 }],
  ['brings no event', stream(': keep-alive\n\n')],
])('where the stream %s several times in a row, the list of jobs is asked', async (_, answer) => {
  const { states, paths } = await follow(({ url }) => (url.pathname === EVENTS ? answer : listed('complete')));
  expect(states.map(({ status }) => status)).toEqual(['complete']);
  expect(paths).toEqual(['stream', 'stream', 'stream', 'stream', 'jobs']);
});

test('a stream that brings an event now and then is not given up', async () => {
  const { states, paths } = await follow((_, before) => {
    if (before === 4) return stream(event('complete'));
    return before === 3 ? stream(event('working')) : stream(': nothing yet\n\n');
  });
  expect(states.map(({ status }) => status)).toEqual(['working', 'complete']);
  expect(paths).toEqual(['stream', 'stream', 'stream', 'stream', 'stream']);
});

test('a token that is rejected by the stream and by the list is an error, and not waited for', async () => {
  const { failure, paths } = await follow(() => ({ status: 401 }));
  expect(failure).toMatchObject({ status: 401, fix: expect.stringContaining('access-token') });
  expect(paths).toEqual(['stream', 'jobs']);
});

test('a signal ends the following, whether by stream or by list', async () => {
  for (const inList of [false, true]) {
    const stop = new AbortController();
    const reason = new Error('stop');
    const { failure } = await follow(({ url }) => {
      if (inList && url.pathname === EVENTS) return { status: 400 };
      return () => stop.abort(reason);
    }, stop.signal);
    expect(failure).toBe(reason);
  }
});

test('rejected rows of several events are put together once each, and no count goes down', () => {
  const state = (more: Partial<JobState>) => ({
    ...{ jobId: 'j1', status: 'working', completed: 0, failed: 0, total: 0, rejected: [] },
    ...more,
  });
  const one = { row: 1, message: 'taken' };
  const two = { row: 2, message: 'taken' };
  const also = { row: 2, message: 'too long' };
  const progress = new JobProgress(state({ status: 'new' }));
  progress.add(state({ completed: 5, failed: 1, total: 9, rejected: [one, one] }));
  expect(progress.state).toMatchObject({ completed: 5, failed: 1, total: 9, rejected: [one] });
  const second = progress.add(state({ completed: 4, rejected: [one, two, also] }));
  expect(second).toMatchObject({ completed: 5, failed: 2, total: 9, rejected: [one, two, also] });
  const third = progress.add(state({ status: 'complete', failed: 7, rejected: [] }));
  expect(third).toMatchObject({ status: 'complete', failed: 7, rejected: [one, two, also] });
  expect(progress.add(state({ status: 'working' })).status).toBe('complete');
});

test('rejections that name no row count each, and none hides a row', () => {
  const nameless = { row: -1, message: '' };
  const rejected = [nameless, { row: 0, message: '' }];
  const later = { jobId: 'j1', status: 'complete', completed: 0, failed: 2, total: 2, rejected };
  const before = { ...later, status: 'new', failed: 0, total: 0, rejected: [] };
  expect(new JobProgress(before).add(later)).toMatchObject({ failed: 2, rejected });
});

/** A pause that is begun but not waited for would send one request right after the other: each one in `src` has a case. */
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import type { HostingClient } from '../src/bigcommerce/hosting.ts';
import type { RedirectsClient } from '../src/bigcommerce/redirects.ts';
import type { Pages } from '../src/domain/verification/page.ts';
import type { HttpAnswer } from '../src/net/call.ts';
import type { HttpClient } from '../src/net/http.ts';
import type { DeployEvent } from '../src/report/deploy-record.ts';
import type { RedirectsEvent } from '../src/report/redirects-record.ts';
import type { Phase } from '../src/report/run-events.ts';
import { answered, hop, SHOP } from './domain/verification/answers.ts';
import { createFakeRun } from './fake-run.ts';

/** Pauses that were begun; each lasts until it is resolved. */
const pauses: PromiseWithResolvers<void>[] = [];
const actual = await import('../src/pause.ts');
jest.unstable_mockModule('../src/pause.ts', () => ({
  ...actual,
  pause: async (_: number, signal: AbortSignal) => {
    const waiting = Promise.withResolvers<void>();
    pauses.push(waiting);
    await waiting.promise;
    signal.throwIfAborted();
  },
}));

const stop = new AbortController();
const { signal } = stop;

afterEach(() => {
  jest.useRealTimers();
  pauses.length = 0;
});

/** Lets everything happen that waits for nothing but its turn; in one case, a timer of p-retry's too. */
async function turns(hasTimers: boolean): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1) await setImmediate();
  if (hasTimers) await jest.advanceTimersByTimeAsync(60_000);
}

const answerOf = (json: unknown): HttpAnswer => ({ status: 200, headers: {}, text: JSON.stringify(json) });

function apiOf(http: Partial<HttpClient>) {
  const store = { apiOrigin: 'https://api.example', storeHash: 'abc', accessToken: 'token' };
  return { ...store, http: http as HttpClient, signal, onRetry: () => {} };
}

const follow = { signal, onReconnect: () => {}, onSkipped: () => {} };

async function drain(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}

async function deployWith(hosting: Partial<HostingClient>): Promise<void> {
  const { deployBundle } = await import('../src/actions/deploy-bundle.ts');
  const inputs = {
    variables: [],
    timeoutMs: 60_000,
    maxAttempts: 3,
    onConflict: 'wait',
    conflictTimeoutMs: 60_000,
  };
  const bundle = { path: '/bundle.zip', sizeBytes: 1 };
  await deployBundle(bundle as never, 'project', inputs as never, {
    hosting: { upload: async () => 'upload', ...hosting } as HostingClient,
    run: createFakeRun<DeployEvent>(),
    signal,
  });
}

function phaseOf(run: ReturnType<typeof createFakeRun>): Phase {
  return { info: run.info, status: () => {}, result: () => {} };
}

async function startWith(answer: { kind: 'uncertain' | 'busy' }, tried: () => void): Promise<void> {
  const { startJob } = await import('../src/actions/redirects/start-job.ts');
  const { startDeadline } = await import('../src/actions/deadline.ts');
  const { httpError } = await import('./http-error.ts');
  const deadline = startDeadline(60_000, signal);
  const run = createFakeRun<RedirectsEvent>();
  const send = async () => {
    tried();
    return { ...answer, error: httpError(429, 'Not now.'), namedWaitMs: 0 };
  };
  const context = { client: {} as RedirectsClient, deadline, run, phase: phaseOf(run as never) };
  await startJob({ kind: 'import', send }, context).finally(deadline.stop);
}

const REQUEST = {
  ...{ urls: [SHOP] as const, checks: [{ path: '/' }], headers: {} },
  ...{ buildId: undefined, timeoutMs: 60_000, before: [] },
};

function pagesOf(status: number, tried: () => void): Pages {
  const get = async () => {
    tried();
    return answered([hop(status)]);
  };
  return { get, close: async () => {} };
}

async function checkWith(status: number, tried: () => void): Promise<void> {
  const { checkStorefront } = await import('../src/actions/verification/check-storefront.ts');
  const run = createFakeRun();
  const dependencies = { pages: pagesOf(status, tried), signal, phase: phaseOf(run) };
  await checkStorefront(REQUEST, dependencies);
}

const CASES: Readonly<Record<string, Record<string, (tried: () => void) => Promise<unknown>>>> = {
  'src/net/event-stream.ts': {
    'between two connections': async (tried) => {
      const { followEventStream } = await import('../src/net/event-stream.ts');
      const open = async () => {
        tried();
        return (async function* () {})();
      };
      const options = { signal, silenceMs: 60_000, mayReconnect: () => true, onReconnect: () => {}, onFault: () => {} };
      await drain(followEventStream({ ...options, open }));
    },
  },
  'src/net/retry.ts': {
    'that the server names': async (tried) => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] });
      const { repeatAlways, retry } = await import('../src/net/retry.ts');
      const { httpError } = await import('./http-error.ts');
      const call = async () => {
        tried();
        throw Object.assign(httpError(429, 'Too many.'), { namedWaitMs: 20_000 });
      };
      await retry(call, { signal, mayRepeat: repeatAlways, onRetry: () => {} });
    },
  },
  'src/bigcommerce/job-events.ts': {
    'between two looks at the list of jobs': async (tried) => {
      const { followJob } = await import('../src/bigcommerce/job-events.ts');
      const { httpError } = await import('./http-error.ts');
      const http = {
        open: async () => {
          throw httpError(400, 'No stream.');
        },
        send: async () => {
          tried();
          return answerOf({ data: [{ id: 'j1', type: 'import', status: 'working' }] });
        },
      };
      await drain(followJob(apiOf(http), 'import', 'j1', follow));
    },
  },
  'src/bigcommerce/redirect-list.ts': {
    'before a list that changed is read again': async (tried) => {
      const { listRedirects } = await import('../src/bigcommerce/redirect-list.ts');
      const send = async () => {
        tried();
        return answerOf({ data: [], meta: { pagination: { total: 1, current_page: 9, total_pages: 1 } } });
      };
      await listRedirects(apiOf({ send }), 7, () => {});
    },
  },
  'src/github/artifact-attempts.ts': {
    'before another upload of an artifact': async (tried) => {
      const { keepTrying } = await import('../src/github/artifact-attempts.ts');
      const { ArtifactError } = await import('../src/github/artifact-failure.ts');
      const send = async () => {
        tried();
        throw new ArtifactError('It ended.', { fix: '', cause: undefined, fault: { kind: 'ended', reason: '' } });
      };
      const attempts = { begun: new Set<string>(), send, find: async () => 'none' as const, isTimeLeft: () => true };
      await keepTrying('bundle.zip', attempts, signal);
    },
  },
  'src/actions/create-deployment.ts': {
    'after a lost answer': (tried) =>
      deployWith({
        createDeployment: async () => {
          tried();
          const { httpError } = await import('./http-error.ts');
          return { kind: 'uncertain', error: httpError(500, 'A fault.'), namedWaitMs: 0 };
        },
      }),
    'for the end of a conflict': (tried) =>
      deployWith({
        createDeployment: async () => {
          tried();
          return { kind: 'conflict', namedWaitMs: 0 };
        },
      }),
  },
  'src/actions/redirects/start-job.ts': {
    'after a start whose answer was lost': async (tried) => await startWith({ kind: 'uncertain' }, tried),
    'while another job of the store runs': async (tried) => await startWith({ kind: 'busy' }, tried),
  },
  'src/actions/batch/follow-batch.ts': {
    'between two looks at a batch': async (tried) => {
      const { followBatch } = await import('../src/actions/batch/follow-batch.ts');
      const { startDeadline } = await import('../src/actions/deadline.ts');
      const deadline = startDeadline(60_000, signal);
      const poll = async () => {
        tried();
        return { kind: 'state', batch: { ref: 'r', status: 'processing', counts: {} } };
      };
      const run = createFakeRun();
      const context = { client: { poll }, deadline, run, phase: phaseOf(run), pollIntervalMs: 1, signal };
      const track = { record: { ref: 'r' }, change: () => {}, part: {}, source: '' };
      // The first look has a pause before it, too.
      const following = followBatch(track as never, { isDoubtful: false }, context as never);
      for (let turn = 0; pauses.length === 0 && turn < 1000; turn += 1) await setImmediate();
      pauses.shift()?.resolve();
      await following.finally(deadline.stop);
    },
  },
  'src/actions/verification/look-at-pages.ts': {
    'before a broken page is looked at again': async (tried) => {
      const { lookAtPages } = await import('../src/actions/verification/look-at-pages.ts');
      await lookAtPages(REQUEST, { pages: pagesOf(500, tried), signal });
    },
  },
  'src/actions/verification/check-storefront.ts': {
    'before a healthy page is looked at again': async (tried) => await checkWith(200, tried),
    'before a broken page is looked at again': async (tried) => await checkWith(500, tried),
  },
  'src/actions/deploy-bundle.ts': {
    'after a deployment that failed': (tried) =>
      deployWith({
        createDeployment: async () => {
          tried();
          return { kind: 'created', deploymentUuid: 'deployment' };
        },
        followDeployment: async function* () {
          yield { status: 'failed', errorCode: '10', hosts: [] } as never;
        },
      }),
  },
};

/** Of the pause here only the number of looks depends, not what is found. */
const NO_REQUEST = ['src/actions/verification/worker-logs.ts'];

const cases = Object.entries(CASES).flatMap(([file, ways]) =>
  Object.entries(ways).map(([name, start]) => ({ file, name, start })),
);

test.each(cases)('the next try waits for the pause $name ($file)', async ({ file, start }) => {
  let tries = 0;
  const hasTimers = file === 'src/net/retry.ts';
  const ended = start(() => {
    tries += 1;
    // Tries without end would keep this test from failing.
    if (tries > 9) throw new Error('No pause was waited for.');
  }).catch((error: unknown) => error);
  for (let round = 0; pauses.length === 0 && round < 100; round += 1) await turns(false);
  await turns(hasTimers);
  expect({ tries, pauses: pauses.length }).toEqual({ tries: 1, pauses: 1 });
  pauses[0]?.resolve();
  for (let round = 0; tries < 2 && round < 100; round += 1) await turns(hasTimers);
  expect(tries).toBe(2);
  for (let round = 0; pauses.length < 2 && round < 100; round += 1) await turns(hasTimers);
  pauses[1]?.reject(new Error('The test is over.'));
  await ended;
});

test('each file of src that pauses has a case', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).map(
    (file) => `src/${file.replaceAll('\\', '/')}`,
  );
  const pausing = files
    .filter((file) => file.endsWith('.ts'))
    .filter(
      (file) =>
        // In the copies of `npm run mutants`, the `await` stands behind it.
        /(await |= \()(pause|deadline\.wait|clock\.pause)\(/.test(readFileSync(file, 'utf8')) &&
        file !== 'src/pause.ts',
    );
  expect(pausing.sort()).toEqual([...Object.keys(CASES), ...NO_REQUEST].sort());
});

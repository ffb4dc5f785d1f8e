/** How long the end of a run waits for its support bundle, and what it leaves to the `post` step. No server, no time. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ArtifactError } from '../../src/github/artifact-failure.ts';
import type { Artifact, ArtifactRequest } from '../../src/github/artifact-store.ts';
import type { WorkflowEvent } from '../../src/github/event.ts';
import type { RunContext } from '../../src/run-context.ts';
import { createFakeRun } from '../fake-run.ts';

const requests: ArtifactRequest[] = [];
let answer: (request: ArtifactRequest) => Promise<Artifact>;
const actual = await import('../../src/github/artifact-store.ts');
jest.unstable_mockModule('../../src/github/artifact-store.ts', () => ({
  ...actual,
  createArtifactStore: () => ({
    upload: async (request: ArtifactRequest) => {
      requests.push(request);
      return await answer(request);
    },
  }),
}));
const { storeSupportBundle } = await import('../../src/compose/support-bundle.ts');

const BUNDLE = { name: 'shop-diagnostics.zip', path: '/tmp/d.zip', retentionDays: 5 };
const LEFT = JSON.stringify(BUNDLE);
const EVENT = { serverUrl: 'https://github.com', repository: 'acme/shop', runId: '1' } as WorkflowEvent;

const artifact = ({ name }: ArtifactRequest): Artifact => ({
  ...{ id: 4, digest: 'd', url: 'https://github.com/a/b/artifacts/4', sizeBytes: 1 },
  name,
});
const refusal = (message: string) =>
  new ArtifactError(message, {
    fix: '',
    cause: undefined,
    fault: { kind: 'refused', message, code: undefined, status: undefined, answered: undefined },
  });
const isTaken = () =>
  refusal('Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists');

beforeEach(() => {
  requests.length = 0;
  answer = async (request) => artifact(request);
  process.env['ACTIONS_RUNTIME_TOKEN'] = 'token';
  process.env['ACTIONS_RESULTS_URL'] = 'https://results.example/';
});

afterEach(() => {
  delete process.env['ACTIONS_RUNTIME_TOKEN'];
  delete process.env['ACTIONS_RESULTS_URL'];
});

async function store({ event = EVENT as WorkflowEvent | 'none', isPost = false, isCancelled = false } = {}) {
  const saved: string[] = [];
  const run = createFakeRun();
  const context = {
    state: { read: () => '', save: (name: string, value: string) => saved.push(`${name}=${value}`) },
    signal: isCancelled ? AbortSignal.abort() : new AbortController().signal,
    reportSignal: new AbortController().signal,
    maskSecret: () => {},
  } as unknown as RunContext;
  const stored = await storeSupportBundle(BUNDLE, event === 'none' ? undefined : event, run as never, context, isPost);
  return { stored, saved, lines: run.lines };
}

test('is stored within 15 s, and nothing is left to the `post` step then', async () => {
  const { stored, saved } = await store();
  expect(stored).toEqual({
    state: 'stored',
    name: BUNDLE.name,
    path: BUNDLE.path,
    url: artifact(requests[0] as never).url,
  });
  expect(saved).toEqual([`support-bundle=${LEFT}`, 'support-bundle=']);
  expect(requests).toEqual([{ ...BUNDLE, isUnique: true, timeoutMs: expect.any(Number) }]);
  expect(requests[0]?.timeoutMs).toBeGreaterThan(0);
  expect(requests[0]?.timeoutMs).toBeLessThanOrEqual(15_000);
});

describe('a name that is taken', () => {
  test('gets a number, up to the fifth, and all names share the time', async () => {
    answer = async () => Promise.reject(isTaken());
    const { stored, lines } = await store();
    expect(stored).toEqual({ state: 'kept', name: BUNDLE.name, path: BUNDLE.path });
    expect(requests.map(({ name }) => name)).toEqual([
      'shop-diagnostics.zip',
      ...[2, 3, 4, 5].map((number) => `shop-diagnostics-${number}.zip`),
    ]);
    const timesMs = requests.map(({ timeoutMs = 0 }) => timeoutMs);
    expect(timesMs).toEqual(timesMs.toSorted((a, b) => b - a));
    expect(lines).toEqual([expect.stringContaining('The support bundle was not stored as an artifact. ')]);
  });

  test('is not tried once more when the time is over', async () => {
    const clock = jest.spyOn(performance, 'now');
    answer = async () => {
      clock.mockReturnValue(Number.MAX_SAFE_INTEGER);
      throw isTaken();
    };
    await store();
    clock.mockRestore();
    expect(requests).toHaveLength(1);
  });
});

test('what may succeed later is left to the `post` step, which keeps it where it is', async () => {
  answer = async () => Promise.reject(new Error('out of reach'));
  const left = await store();
  expect(left.stored).toEqual({ state: 'left', name: BUNDLE.name, path: BUNDLE.path });
  expect(left.saved).toEqual([`support-bundle=${LEFT}`]);
  const post = await store({ isPost: true });
  expect(post.stored).toEqual({ state: 'kept', name: BUNDLE.name, path: BUNDLE.path });
  expect(post.saved).toEqual(['support-bundle=']);
});

test('a cancelled job leaves it to the `post` step, which stores it', async () => {
  expect((await store({ isCancelled: true })).stored).toMatchObject({ state: 'left' });
  expect(requests).toEqual([]);
  expect((await store({ isCancelled: true, isPost: true })).stored).toMatchObject({ state: 'stored' });
});

test.each<[string, () => WorkflowEvent | 'none']>([
  ['there is no event', () => 'none'],
  [
    'GitHub is a server of its own, which has no such artifacts',
    () => ({ ...EVENT, serverUrl: 'https://github.acme.example' }),
  ],
  [
    'the step has no access to the service',
    () => {
      delete process.env['ACTIONS_RUNTIME_TOKEN'];
      return EVENT;
    },
  ],
])('is kept on the runner where %s', async (_, event) => {
  const { stored, saved } = await store({ event: event() });
  expect(stored).toEqual({ state: 'kept', name: BUNDLE.name, path: BUNDLE.path });
  expect({ saved, requests }).toEqual({ saved: [], requests: [] });
});

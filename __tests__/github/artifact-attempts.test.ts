/** When the upload of an artifact is tried again, under which name, and what counts as stored. Nothing is sent. */
import { beforeEach, expect, jest, test } from '@jest/globals';
import type { ArtifactAttempts } from '../../src/github/artifact-attempts.ts';
import { type ArtifactFault, createArtifactError } from '../../src/github/artifact-failure.ts';

const pauses: number[] = [];
const actual = await import('../../src/pause.ts');
jest.unstable_mockModule('../../src/pause.ts', () => ({
  ...actual,
  pause: async (ms: number) => void pauses.push(ms),
}));
const { keepTrying, numbered } = await import('../../src/github/artifact-attempts.ts');

beforeEach(() => void pauses.splice(0));

interface Stored {
  name: string;
}

const refused = (message: string, code?: string) =>
  createArtifactError('a.zip', { kind: 'refused', message, code, status: undefined, answered: undefined });
const TAKEN = refused('an artifact with this name already exists on the workflow run');
const BROKEN = refused('Failed to CreateArtifact: Unable to make request: ECONNRESET', 'ECONNRESET');
const LOST = refused('Failed to FinalizeArtifact: Unable to make request: ECONNRESET', 'ECONNRESET');
const BUSY = refused('Failed to CreateArtifact: (500) Internal Server Error');
const fault = (kind: ArtifactFault) => createArtifactError('a.zip', kind);
const TIMED_OUT = fault({ kind: 'timed-out', timeoutMs: 1000 });
const STORED: Stored = { name: 'stored' };

/** @param ends of one try after the other: what it throws, or the artifact; the last one goes on */
function uploads(ends: readonly [unknown, ...unknown[]], attempts: Partial<ArtifactAttempts<Stored>> = {}) {
  const names: string[] = [];
  const { signal } = new AbortController();
  const send = async (name: string): Promise<Stored> => {
    const end = ends[Math.min(names.length, ends.length - 1)];
    names.push(name);
    if (end === STORED) return STORED;
    throw end;
  };
  const all = {
    begun: new Set<string>(),
    send,
    find: async () => 'none' as const,
    isTimeLeft: () => true,
    ...attempts,
  };
  return { names, done: keepTrying('a.zip', all, signal) };
}

test('a broken connection is tried again after a pause, under the same name', async () => {
  const { names, done } = uploads([BROKEN, BROKEN, STORED]);
  expect(await done).toBe(STORED);
  expect(names).toEqual(['a.zip', 'a.zip', 'a.zip']);
  expect(pauses).toEqual([1000, 1000]);
});

test('a name that an unfinished try holds gets a number, without a pause', async () => {
  const { names, done } = uploads([TAKEN, TAKEN, STORED]);
  expect(await done).toBe(STORED);
  expect(names).toEqual(['a.zip', 'a-2.zip', 'a-3.zip']);
  expect(pauses).toEqual([]);
});

test.each([
  ['another name', 'catalyst-bundle-7.zip', 'catalyst-bundle-7-2.zip'],
  ['digits in the name', 'shop-9.zip', 'shop-9-2.zip'],
])('%s is numbered from 2', (_, wanted, second) => {
  expect(numbered(wanted, wanted)).toBe(second);
  expect(numbered(wanted, second)).toBe(second.replace('-2.zip', '-3.zip'));
  expect(numbered(wanted, second.replace('-2.zip', '-10.zip'))).toBe(second.replace('-2.zip', '-11.zip'));
});

test.each([
  ['another artifact', 'other' as const, {}],
  ['the same bytes of another step', STORED, {}],
])('a name that %s has is refused at once', async (_, found, more) => {
  const { names, done } = uploads([TAKEN], { find: async () => found, ...more });
  await expect(done).rejects.toBe(TAKEN);
  expect(names).toHaveLength(1);
});

test.each([
  ['was begun here', TAKEN, { begun: new Set(['a.zip']) }],
  ['no other step can have', TAKEN, { isUnique: true }],
  ['lost its answer', LOST, {}],
])('what is stored under a name that %s is this artifact', async (_, error, more) => {
  const { names, done } = uploads([error], { find: async () => STORED, ...more });
  expect(await done).toBe(STORED);
  expect(names).toHaveLength(1);
});

test('nothing is looked for where it cannot be there, and a search that fails finds nothing', async () => {
  let searches = 0;
  const find = async () => {
    searches += 1;
    throw BUSY;
  };
  await expect(uploads([BUSY], { find }).done).rejects.toBe(BUSY);
  expect(searches).toBe(0);
  const { names, done } = uploads([TAKEN, STORED], { find });
  expect(await done).toBe(STORED);
  expect([searches, names.at(-1)]).toEqual([1, 'a-2.zip']);
});

test('five tries are enough', async () => {
  const { names, done } = uploads([BROKEN]);
  await expect(done).rejects.toBe(BROKEN);
  expect(names).toHaveLength(5);
});

test('without time there is no other try, and no search', async () => {
  let searches = 0;
  const find = async () => {
    searches += 1;
    return STORED;
  };
  const { names, done } = uploads([LOST], { find, isTimeLeft: () => false });
  await expect(done).rejects.toBe(LOST);
  expect([names.length, searches]).toEqual([1, 0]);
});

test.each([
  ['the reason before it, of a try that only ran out of time', [BROKEN, TIMED_OUT], BROKEN],
  ['the last reason', [BROKEN, BUSY], BUSY],
  ['the reason before it, of a name that is taken for good', [BROKEN, TAKEN], BROKEN],
  ['that time ran out, where nothing else is known', [TIMED_OUT], TIMED_OUT],
] as const)('what is reported is %s', async (_, ends, expected) => {
  const find = async (name: string) => (name === 'a.zip' ? ('other' as const) : ('none' as const));
  await expect(uploads(ends as unknown as [unknown], { find }).done).rejects.toBe(expected);
});

test('a fault of this program, and a cancelled job, end it at once', async () => {
  const bug = new TypeError('x is not a function');
  const sending = uploads([bug]);
  await expect(sending.done).rejects.toBe(bug);
  expect(sending.names).toHaveLength(1);
  const find = async () => {
    throw bug;
  };
  await expect(uploads([TAKEN], { find }).done).rejects.toBe(bug);
  const stop = new AbortController();
  const cancelled = new Error('cancelled');
  const search = async () => {
    stop.abort(cancelled);
    throw BUSY;
  };
  const attempts = {
    begun: new Set<string>(),
    send: () => Promise.reject(TAKEN),
    find: search,
    isTimeLeft: () => true,
  };
  await expect(keepTrying('a.zip', attempts, stop.signal)).rejects.toBe(cancelled);
});

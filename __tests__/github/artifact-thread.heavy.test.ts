/** An upload that does not end by itself: hangs, breaks and aborts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runArtifactThread } from '../../src/github/artifact-thread.ts';
import { failureOf, NEVER, platform, useStore, writeZip } from './artifact-harness.ts';

function writeScript(code: string): string {
  const path = join(writeZip().path, '..', 'worker.mjs');
  writeFileSync(path, code);
  return path;
}

/** What keeps this process alive, which an ended thread does not. */
function threads(): string[] {
  return process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker');
}

test.each(['artifacts.create', 'artifacts.putBlock', 'artifacts.finalize'] as const)(
  'an abort while %s hangs ends it at once, with the reason',
  async (call) => {
    const emulator = await platform();
    const { store, leftovers } = useStore(emulator);
    const before = threads();
    emulator.addFault({ call, effect: 'hang' });
    const controller = new AbortController();
    const uploading = store.upload({ path: writeZip().path, name: 'a.zip' }, controller.signal);
    uploading.catch(() => {});
    const request = await emulator.waitForRequest(call);
    const reason = new Error('cancelled');
    const abortedAtMs = performance.now();
    controller.abort(reason);
    await expect(uploading).rejects.toBe(reason);
    expect(performance.now() - abortedAtMs).toBeLessThan(1000);
    // The connection is gone with the thread.
    await emulator.waitForRequestEnd((other) => other.index === request.index);
    expect(request.aborted).toBe(true);
    expect(leftovers()).toEqual([]);
    expect(threads()).toEqual(before);
  },
);

test('an upload that takes too long is given up', async () => {
  const emulator = await platform();
  const { store, leftovers } = useStore(emulator, { timeoutMs: 2500 });
  emulator.addFault({ call: 'artifacts.putBlock', effect: 'hang', times: 'always' });
  const startedAtMs = performance.now();
  const error = await failureOf(store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  const tookMs = performance.now() - startedAtMs;
  expect(error.message).toBe('The upload of the artifact a.zip did not finish within 3 s and was given up.');
  expect(tookMs).toBeGreaterThan(2400);
  expect(tookMs).toBeLessThan(4000);
  expect(leftovers()).toEqual([]);
});

test('an already aborted signal takes precedence over everything', async () => {
  const emulator = await platform();
  const { store } = useStore(emulator, { serverUrl: 'https://ghes.acme.test' });
  const reason = new Error('cancelled');
  const signal = AbortSignal.abort(reason);
  await expect(store.upload({ path: writeZip().path, name: 'a.zip' }, signal)).rejects.toBe(reason);
  const job = { kind: 'upload', path: '/x', directory: '/', retentionDays: undefined } as const;
  const options = { workerPath: '/nowhere.js', env: {}, job, timeoutMs: 1000, onLine: () => {} };
  await expect(runArtifactThread(options, signal)).rejects.toBe(reason);
});

test('a service that breaks connections is a network fault', async () => {
  const emulator = await platform();
  const { store } = useStore(emulator);
  emulator.addFault({ call: 'artifacts.create', effect: 'reset-before', times: 'always' });
  const error = await failureOf(store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error.message).toBe(
    "The artifact a.zip could not be sent: the connection to GitHub's artifact service failed (ECONNRESET).",
  );
  expect(error.fix).toContain('ACTIONS_RESULTS_URL');
});

test('a missing service is one, too', async () => {
  const emulator = await platform();
  const { store } = useStore(emulator);
  await emulator.close();
  const error = await failureOf(store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error.message).toContain('failed (ECONNREFUSED)');
});

test('an expired signature is reported in the store’s words, without any signature', async () => {
  const emulator = await platform();
  emulator.artifacts.setUrlLife(-60);
  const { store, printed } = useStore(emulator);
  const error = await failureOf(store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error.message).toMatch(/^The artifact a-3\.zip was not accepted: Server failed to authenticate the request\./);
  const signature = emulator.requests.find(({ call }) => call === 'artifacts.putBlock')?.query['sig'] ?? '?';
  for (const text of [error.message, ...printed]) expect(text).not.toContain(signature);
});

test('a call to a busy service is repeated', async () => {
  const emulator = await platform();
  const { store } = useStore(emulator);
  emulator.addFault({ call: 'artifacts.finalize', effect: 'status', status: 503 });
  await store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER);
  expect(emulator.artifacts.list[0]?.finalized).toBe(true);
});

test.each([
  ['throws', 'throw new Error("broken")', 'Error: broken'],
  ['ends', 'process.exit(3)', 'its thread ended with code 3'],
  ['is not there', undefined, 'Cannot find module'],
])('a thread that %s is reported', async (_, code, reason) => {
  const emulator = await platform();
  const workerPath = code === undefined ? '/nowhere/worker.js' : writeScript(code);
  const { store, leftovers } = useStore(emulator, { workerPath });
  const error = await failureOf(store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error.message).toContain(`The upload of the artifact a.zip broke off: `);
  expect(error.message).toContain(reason);
  expect(leftovers()).toEqual([]);
});

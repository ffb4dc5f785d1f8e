/** A file from the network to the disk: whole, or not at all. No server. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { HttpCall } from '../../src/net/call.ts';
import type { HttpClient } from '../../src/net/http.ts';
import { temporaryFolder } from '../clean-up.ts';
import { httpError } from '../http-error.ts';
import { PRIVATE_FILE_MODE } from '../systems.ts';
import '../retries-at-once.ts';

const { getFile, getFileRepeatedly } = await import('../../src/net/download.ts');

type Body = AsyncIterable<Uint8Array>;

async function* chunks(...texts: readonly (string | Error)[]): Body {
  for (const text of texts) {
    if (text instanceof Error) throw text;
    yield Buffer.from(text);
  }
}

/** @param bodies one for each attempt; the last one stays */
function downloading(bodies: readonly ((call: HttpCall) => Body)[], more: object = {}) {
  const path = join(temporaryFolder(), 'file');
  const progress: number[] = [];
  const calls: HttpCall[] = [];
  const open = async (call: HttpCall) => {
    const body = bodies[Math.min(calls.length, bodies.length - 1)];
    calls.push(call);
    return { headers: {}, body: body?.(call) ?? chunks() };
  };
  const download = {
    ...{ what: 'Downloading the file', url: new URL('https://store.example/file?sig=hush'), path, maxBytes: 10 },
    ...{ tooLarge: { message: 'is no file of ours', fix: 'Take another one.' }, stallMs: 60_000 },
    ...{ onProgress: (bytes: number) => progress.push(bytes), signal: new AbortController().signal },
    ...{ expects: 'a zip file' as const, explain: () => undefined },
    ...more,
  };
  return { http: { open } as unknown as HttpClient, download, path, progress, calls };
}

/** Goes silent. Ends with the call's signal, as a body of undici's does. */
const silent = (call: HttpCall): Body =>
  (async function* () {
    yield Buffer.from('abc');
    call.signal.throwIfAborted();
    const { promise, reject } = Promise.withResolvers<never>();
    call.signal.addEventListener('abort', () => reject(call.signal.reason), { once: true });
    await promise;
  })();

test('it is stored for its owner alone, and its size and SHA-256 are known', async () => {
  const { http, download, path, progress, calls } = downloading([() => chunks('ab', 'c')]);
  const sha256 = createHash('sha256').update('abc').digest('hex');
  expect(await getFile(http, download)).toEqual({ path, sizeBytes: 3, sha256 });
  expect(readFileSync(path, 'utf8')).toBe('abc');
  expect(statSync(path).mode & 0o777).toBe(PRIVATE_FILE_MODE);
  expect(progress).toEqual([2, 3]);
  // A signed address gets no token.
  expect(calls[0]).toMatchObject({ method: 'GET', headers: {}, timeoutMs: 60_000, expects: 'a zip file' });
});

test('headers are sent where there are any', async () => {
  const { http, download, calls } = downloading([() => chunks('a')], { headers: { 'x-auth-token': 't' } });
  await getFile(http, download);
  expect(calls[0]?.headers).toEqual({ 'x-auth-token': 't' });
});

test('exactly as many bytes as it may have are taken, and not one more', async () => {
  const most = downloading([() => chunks('0123456789')]);
  expect(await getFile(most.http, most.download)).toMatchObject({ sizeBytes: 10 });
  const { http, download, path } = downloading([() => chunks('0123456789', 'x')]);
  await expect(getFile(http, download)).rejects.toMatchObject({
    message: 'Downloading the file: it has more than 10 bytes, and is no file of ours.',
    title: 'File too large',
    fix: 'Take another one.',
  });
  expect(existsSync(path)).toBe(false);
});

test('of one that breaks off, nothing stays', async () => {
  const broken = httpError(500, 'It broke.');
  const { http, download, path } = downloading([() => chunks('ab', broken)]);
  await expect(getFile(http, download)).rejects.toBe(broken);
  expect(existsSync(path)).toBe(false);
});

test('silence ends it, with what came; nothing stays', async () => {
  const { http, download, path } = downloading([silent], { stallMs: 20 });
  await expect(getFile(http, download)).rejects.toMatchObject({
    message: 'Downloading the file: GET https://store.example/file stalled after 3 bytes.',
    delivery: 'lost-answer',
    transient: true,
  });
  expect(existsSync(path)).toBe(false);
});

test('a job that ends meanwhile has its own reason', async () => {
  const stop = new AbortController();
  const cancelled = new Error('cancelled');
  const onProgress = () => stop.abort(cancelled);
  const { http, download, path } = downloading([silent], { signal: stop.signal, onProgress });
  await expect(getFile(http, download)).rejects.toBe(cancelled);
  expect(existsSync(path)).toBe(false);
});

test('a file that cannot be written is named', async () => {
  const { http, download } = downloading([() => chunks('a')]);
  const path = join(download.path, 'in-no-folder');
  await expect(getFile(http, { ...download, path })).rejects.toMatchObject({
    message: expect.stringContaining(path),
    cause: { code: 'ENOENT' },
  });
});

test('each try begins from the start, and the last failure is the one that is reported', async () => {
  const fault = httpError(503, 'Busy.');
  const { http, download, progress, calls } = downloading([() => chunks('ab', fault), () => chunks('abc')]);
  const retries: string[] = [];
  const repeating = { mayRepeat: () => true, onRetry: (what: string) => retries.push(what) };
  expect(await getFileRepeatedly(http, download, repeating)).toMatchObject({ sizeBytes: 3 });
  expect([progress, retries]).toEqual([[0, 2, 0, 3], ['Downloading the file']]);
  expect(calls).toHaveLength(2);
  const never = downloading([() => chunks('ab', fault)]);
  await expect(getFileRepeatedly(never.http, never.download, repeating)).rejects.toBe(fault);
  expect(never.calls).toHaveLength(5);
});

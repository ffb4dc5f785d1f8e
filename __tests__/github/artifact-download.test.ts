/** When the download of an artifact is tried again, and what its address may be. No server; the bytes are in the heavy test. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { HttpCall } from '../../src/net/call.ts';
import type { HttpClient } from '../../src/net/http.ts';
import { temporaryFolder } from '../clean-up.ts';
import { httpError } from '../http-error.ts';
import '../retries-at-once.ts';

const { downloadArtifact } = await import('../../src/github/artifact-download.ts');

const SIGNED = 'https://store.example/a.zip?se=1&sig=hu%2Fsh';

interface Story {
  address?: string;
  /** What happens in turn: the bytes, or what is thrown; the last one stays. Without one, nothing ever comes. */
  answers?: readonly (string | Error)[];
  addressError?: Error;
  timeoutMs?: number;
  signal?: AbortSignal;
}

function download({ address = SIGNED, answers = [], addressError, ...options }: Story) {
  const calls: HttpCall[] = [];
  const masked: string[] = [];
  const retries: number[] = [];
  let asked = 0;
  const path = join(temporaryFolder(), 'a.zip');
  const open = async (call: HttpCall) => {
    const answer = answers[Math.min(calls.length, answers.length - 1)];
    calls.push(call);
    if (answer instanceof Error) throw answer;
    if (answer === undefined)
      await new Promise((_, fail) => call.signal.addEventListener('abort', () => fail(call.signal.reason)));
    return {
      headers: {},
      body: (async function* () {
        yield Buffer.from(answer ?? '');
      })(),
    };
  };
  const readDownloadUrl = async () => {
    asked += 1;
    if (addressError !== undefined) throw addressError;
    return address;
  };
  const done = downloadArtifact(
    { artifactId: 5, path, maxBytes: 10, onProgress: () => {} },
    {
      ...{ github: { readDownloadUrl }, http: { open } as unknown as HttpClient },
      maskSecret: (value) => masked.push(value),
      onRetry: ({ attempt }) => retries.push(attempt),
      signal: new AbortController().signal,
      ...options,
    },
  );
  return { done, calls, masked, retries, path, asked: () => asked };
}

test('each try asks for its own address, after an expired signature too', async () => {
  const { done, calls, masked, retries, asked } = download({
    answers: [httpError(403, 'Expired.'), httpError(503, 'Busy.'), 'zip'],
  });
  expect(await done).toMatchObject({ sizeBytes: 3 });
  expect([retries, asked()]).toEqual([[1, 2], 3]);
  expect(new Set(masked)).toEqual(new Set([SIGNED, 'se=1&sig=hu%2Fsh', 'hu/sh']));
  expect(calls[0]?.headers).toEqual({});
  expect(calls[0]?.explain?.(500, {})).toBe(
    'Run the job again; if this persists, look at https://www.githubstatus.com.',
  );
});

test.each([httpError(404, 'Gone.'), new TypeError('x is not a function')])('%s is final', async (error) => {
  const { done, calls } = download({ answers: [error] });
  await expect(done).rejects.toBe(error);
  expect(calls).toHaveLength(1);
});

test.each([httpError(403, 'No.'), httpError(503, 'Busy.')])(
  'an address that GitHub does not give is final: %s',
  async (addressError) => {
    const { done, calls, asked } = download({ addressError });
    await expect(done).rejects.toBe(addressError);
    expect([asked(), calls.length]).toEqual([1, 0]);
  },
);

test.each([
  ['http://store.example/a.zip?sig=hush', ['http://store.example/a.zip?sig=hush', 'sig=hush', 'hush']],
  ['ftp://store.example/a.zip', ['ftp://store.example/a.zip']],
  ['', []],
])('nothing is sent to "%s", and what may be secret of it is masked', async (address, secrets) => {
  const { done, calls, masked } = download({ address });
  await expect(done).rejects.toMatchObject({
    message: 'GitHub gave an address for the artifact that is not an https URL; no request was sent to it.',
    title: 'Download address not usable',
    fix: 'Check what answers at GITHUB_API_URL; there may be a proxy in between.',
  });
  expect([calls, masked]).toEqual([[], secrets]);
});

test('the time for all of it ends it, and nothing stays', async () => {
  const { done, path } = download({ timeoutMs: 30 });
  await expect(done).rejects.toMatchObject({
    message: 'Downloading artifact 5 did not finish within 0 s and was given up.',
    title: 'Bundle not downloaded',
    fix: 'Look at https://www.githubstatus.com. On a self-hosted runner, check its connection to GitHub.',
  });
  expect(existsSync(path)).toBe(false);
});

test('a job that ends has its own reason', async () => {
  const cancelled = new Error('cancelled');
  const stop = new AbortController();
  const { done, calls } = download({ signal: stop.signal });
  while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
  stop.abort(cancelled);
  await expect(done).rejects.toBe(cancelled);
});

/** An upload to storage: what each refusal of it says, and which are answered with a fresh signature. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { uploadBundle } from '../../src/bigcommerce/upload.ts';
import { HttpError } from '../../src/net/errors.ts';
import type { HttpClient } from '../../src/net/http.ts';

const FILE = { path: 'package.json', sizeBytes: 1 };
const SIGNED = 'https://storage.example/put?X-Goog-Signature=c2lnbmF0dXJl&X-Goog-Expires=59';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] });
});

afterEach(() => {
  jest.useRealTimers();
});

/** @param answers to each PUT in turn; then, it is taken */
async function upload(answers: { status: number; code?: string }[] = [], uploadUrl = SIGNED) {
  const calls: Parameters<HttpClient['send']>[0][] = [];
  const masked: string[] = [];
  const sent: number[] = [];
  const notices: string[] = [];
  let signed = 0;
  let isWaiting = false;
  /** The pauses before another try are over at once; timers within a try are not. */
  const skipPause = async (): Promise<void> => {
    for (isWaiting = true; isWaiting; await sleep(1)) jest.advanceTimersByTime(1000);
  };
  const send: HttpClient['send'] = async (call) => {
    calls.push(call);
    const answer = answers.shift();
    if (answer === undefined) return { status: 200, headers: {}, text: '' };
    const { status, code } = answer;
    const fix = call.explain?.(status, {});
    const failure = {
      method: call.method,
      url: call.url,
      service: call.service,
      status,
      headers: {},
      serverCode: code,
    };
    throw new HttpError(call.what, failure, fix === undefined ? {} : { fix });
  };
  const end = await uploadBundle(
    FILE,
    { sent: (bytes) => sent.push(bytes) },
    {
      http: { send } as HttpClient,
      sign: async () => {
        signed += 1;
        isWaiting = false;
        return { uploadUrl, uploadUuid: `upload-${signed}` };
      },
      maskSecret: (value) => masked.push(value),
      signal: new AbortController().signal,
      onRetry: (what) => {
        notices.push(what);
        void skipPause();
      },
    },
  ).catch((error: unknown) => error);
  return { end, calls, masked, sent, notices };
}

test('the file goes to the signed address, with the content type that is signed, and no credentials', async () => {
  const { end, calls, masked, sent } = await upload();
  expect(end).toBe('upload-1');
  expect(calls[0]?.url.href).toBe(SIGNED);
  expect(calls[0]?.headers).toEqual({ 'content-type': 'application/zip', 'content-length': '1' });
  expect(masked).toContain(SIGNED);
  expect(sent).toEqual([0]);
});

test.each([
  [413, 'Storage does not accept a zip of this size: make the build smaller.', 'does not accept so much at once'],
  [
    400,
    'Storage refused the upload. Run the job again; if this persists, give BigCommerce support the correlation id.',
    'rejected the request',
  ],
  [
    403,
    'Storage refused the upload. Run the job again; if this persists, give BigCommerce support the correlation id.',
    'denied access',
  ],
  [501, 'Storage had a fault. Run the job again.', 'had a fault'],
])('a %s ends it, and says what to do', async (status, fix, what) => {
  const { end, calls } = await upload([{ status }]);
  expect(end).toMatchObject({ status, fix, title: `The storage ${what} (${status})` });
  expect(calls).toHaveLength(1);
});

test('a limit of storage that stays is a fault of it, too', async () => {
  const many = Array.from({ length: 20 }, () => ({ status: 429 }));
  const { end } = await upload(many, SIGNED);
  expect(end).toMatchObject({ status: 429, fix: 'Storage had a fault. Run the job again.' });
});

test.each([{ status: 400, code: 'ExpiredToken' }, { status: 403, code: 'SignatureDoesNotMatch' }, { status: 503 }])(
  '%j is answered with a fresh signature, and the upload that succeeded counts',
  async (refusal) => {
    const { end, calls, notices, sent } = await upload([refusal]);
    expect(end).toBe('upload-2');
    expect(calls).toHaveLength(2);
    expect(notices).toEqual(['Uploading the bundle']);
    expect(sent).toEqual([0, 0]);
  },
);

test.each(['http://storage.example/put?sig=1', 'ftp://x', 'not a url', ''])(
  'an address like %s gets nothing',
  async (url) => {
    const { end, calls } = await upload([], url);
    expect(end).toMatchObject({
      title: 'Upload address not usable',
      message: 'The platform gave an upload address that is not an https URL; the bundle was not sent there.',
      fix: 'Check `api-host`: does it name the BigCommerce API?',
    });
    expect(calls).toEqual([]);
  },
);

test('a signature that is refused is not asked for again here: that call has its own retries', async () => {
  const error = new HttpError('Signing', {
    method: 'POST',
    url: new URL('https://a.example'),
    status: 503,
    headers: {},
  });
  let signed = 0;
  const options = {
    ...{ http: {} as HttpClient, maskSecret: () => {}, onRetry: () => {} },
    signal: new AbortController().signal,
    sign: async () => {
      signed += 1;
      throw error;
    },
  };
  await expect(uploadBundle(FILE, { sent: () => {} }, options)).rejects.toBe(error);
  expect(signed).toBe(1);
});

import { expect, test } from '@jest/globals';
import { basicCredentials } from '../../src/sitecore-cdp/endpoint.ts';
import { parseAllocation } from '../../src/sitecore-cdp/schemas.ts';
import { loseAnswer } from '../bigcommerce/small-server.ts';
import { clientOf, createClient, MD5, REF, SENT } from './helpers.ts';

const FOUR = { read: 4, processed: 3, failed: 1 };
const OTHER_REF = REF.replace('0f8f', '1f8f');
const SIGNED =
  'https://store.example/b/1?X-Amz-Credential=AKIDEXAMPLE%2F20260101&X-Amz-Security-Token=tok%2Ben&X-Amz-Signature=abcdef12';
const ALLOCATED = {
  href: `/v2/batches/${REF}`,
  ref: REF.toUpperCase(),
  checksum: MD5.toUpperCase(),
  size: 12,
  location: { href: SIGNED, expiry: '2030-01-01T00:00:00.000Z' },
  status: { code: 'uploading' },
};

test('a batch is announced with its MD5 and size, and its location comes back masked', async () => {
  const { client, requests, masked } = await clientOf((_, before) => (before === 0 ? loseAnswer : { json: ALLOCATED }));
  expect(await client.allocate(REF, SENT)).toEqual({
    kind: 'allocated',
    location: { url: new URL(SIGNED), expiresAtMs: expect.any(Number) },
  });
  expect(requests).toHaveLength(2);
  const [{ method, url, body, headers } = {}] = requests;
  expect([method, url?.pathname]).toEqual(['PUT', `/v2/batches/${REF}`]);
  expect(JSON.parse(String(body))).toEqual({ checksum: MD5, size: 12 });
  expect(headers?.authorization).toBe(`Basic ${basicCredentials('key', 'token')}`);
  expect(masked).toEqual(
    expect.arrayContaining([
      SIGNED,
      'abcdef12',
      'tok+en',
      'tok%2Ben',
      'AKIDEXAMPLE/20260101',
      'AKIDEXAMPLE%2F20260101',
    ]),
  );
  expect(new Set(masked).size).toBe(masked.length);
});

test.each([
  ['a 409', { status: 409, json: { message: 'no' } }],
  ['a 400 that says so', { status: 400, json: { message: 'Batch already exists' } }],
  ['a batch that was uploaded', { json: { ...ALLOCATED, location: undefined, status: 'processing' } }],
  ['a batch of another file', { json: { ...ALLOCATED, checksum: MD5.replace('0', 'f') } }],
  ['a batch of another size', { json: { ...ALLOCATED, size: 13 } }],
])('a ref that the service has already: %s', async (_, answer) => {
  const { client, requests } = await clientOf(() => answer);
  expect(await client.allocate(REF, SENT)).toMatchObject({ kind: 'exists' });
  expect(requests).toHaveLength(1);
});

test.each([
  [{ status: 400, json: { message: 'checksum is not hex' } }, 'says: checksum is not hex'],
  [{ status: 401, json: {} }, '`client-key` and `api-token`'],
  [{ status: 403, json: {} }, 'region'],
  [{ status: 404, json: {} }, '`base-url`'],
  [{ status: 302, headers: { location: 'https://elsewhere.example' } }, 'does not redirect'],
])('a refusal %j says what to do', async (answer, words) => {
  const { client, requests } = await clientOf(() => answer);
  const error = await client.allocate(REF, SENT).catch((thrown: unknown) => thrown);
  const { message, fix } = error as { message: string; fix: string };
  expect(`${message} ${fix}`).toContain(words);
  expect(`${message} ${fix}`).not.toMatch(/BigCommerce|Basic|token="/);
  expect(requests).toHaveLength(1);
});

test('a location without an expiry, as a text, and a batch without a status, are understood', async () => {
  const { client } = await clientOf(() => ({ json: { location: SIGNED } }));
  expect(await client.allocate(REF, SENT)).toEqual({
    kind: 'allocated',
    location: { url: new URL(SIGNED), expiresAtMs: undefined },
  });
});

test.each([
  ['2030-01-01 00:00:00', '2030-01-01T00:00:00.000Z'],
  ['2030-01-01T01:00:00.000+0100', '2030-01-01T00:00:00.000Z'],
  ['1893456000', '2030-01-01T00:00:00.000Z'],
  [1893456000, '2030-01-01T00:00:00.000Z'],
  [1893456000000, '2030-01-01T00:00:00.000Z'],
  // A duration, or nothing of the kind.
  [3600, undefined],
  ['3600', undefined],
  ['1h', undefined],
  [1e300, undefined],
  [{ __proto__: null }, undefined],
])('an expiry of %j is understood', (expiry, expected) => {
  const json = JSON.parse(JSON.stringify({ location: { href: SIGNED, expiry } }));
  expect(parseAllocation(json, REF).location?.expiresAt?.toISOString()).toBe(expected);
});

test.each([
  ['years behind the runner', 'Sat, 01 Jan 2005 10:00:00 GMT', '2005-01-01T11:00:00Z'],
  ['years ahead of it', 'Wed, 01 Jan 2053 10:00:00 GMT', '2053-01-01T11:00:00Z'],
])("a location that lives an hour by the service's clock, which is %s, lives an hour here", async (_, date, expiry) => {
  const json = { ...ALLOCATED, location: { href: SIGNED, expiry } };
  const { client } = await clientOf(() => ({ json, headers: { date } }));
  for (const found of [await client.find(REF), await client.allocate(REF, SENT)]) {
    const { location } = found as { location: { expiresAtMs: number } };
    expect((location.expiresAtMs - performance.now()) / 60_000).toBeCloseTo(60, 0);
  }
});

test('a service that does not say what time it is does not say when a location expires', async () => {
  const { client } = await clientOf(() => (_, response) => {
    response.sendDate = false;
    response.end(JSON.stringify(ALLOCATED));
  });
  expect(await client.find(REF)).toMatchObject({ location: { expiresAtMs: undefined } });
});

test('a state is read with its counts, wherever they are, and the URL of its log', async () => {
  const { client, requests, masked } = await clientOf(() => ({
    json: {
      ref: REF,
      status: { code: 'error', log: 'https://logs.example/l.gz?Signature=sig-sig' },
      records: { total: 10, processedRecords: 7, numberOfFailedRecords: 3, error: 40001 },
    },
  }));
  expect(await client.poll(REF)).toEqual({
    kind: 'state',
    batch: {
      ref: REF,
      status: 'error',
      counts: { read: 10, processed: 7, failed: 3 },
      location: undefined,
      logUrl: new URL('https://logs.example/l.gz?Signature=sig-sig'),
    },
  });
  expect(requests[0]?.url.pathname).toBe(`/v2/batches/inspect/${REF}`);
  await client.poll(REF);
  expect(masked).toEqual(['https://logs.example/l.gz?Signature=sig-sig', 'sig-sig']);
});

test.each([
  [{ status: 'SUCCESS' }, 'success', {}],
  [{ status: { code: 'queued_again', log: null } }, 'queued_again', {}],
  [{ status: 'success', read: -1, success: 2.5, failed: '3' }, 'success', {}],
  [{ status: { code: 'error', error: 40001 } }, 'error', {}],
  [{ status: 'error', counts: { success: 1, error: 2 } }, 'error', { processed: 1, failed: 2 }],
  [{ status: 'error', statistics: { total: 4, totalProcessed: 3, total_failed: 1 } }, 'error', FOUR],
  [{ status: 'success', counts: [{ failed: 9 }], checksum: 'x', size: 'large' }, 'success', {}],
])('the answer %j is read leniently', async (json, status, counts) => {
  const { client } = await clientOf(() => ({ json }));
  const batch = { ref: REF, status, counts, location: undefined, logUrl: undefined };
  expect(await client.poll(REF)).toEqual({ kind: 'state', batch });
});

test.each([
  ['about another batch', { json: { ref: OTHER_REF, status: 'success' } }],
  ['without a status', { json: { ref: REF } }],
  ['that is no JSON', { text: 'a secret@person.example' }],
  ['of a fault', { status: 503, headers: { 'retry-after': '7' } }],
  ['that says to come back', { status: 429, headers: { 'retry-after': '7' } }],
])('an answer %s is trouble, and a poll is one request', async (_, answer) => {
  const { client, requests } = await clientOf(() => answer);
  const polled = await client.poll(REF);
  expect(polled).toMatchObject({ kind: 'trouble', namedWaitMs: 'status' in answer ? 7000 : 0 });
  expect(JSON.stringify([polled, String((polled as { error: Error }).error.cause)])).not.toContain('person');
  expect(requests).toHaveLength(1);
});

test.each([
  [404, 'unknown-batch'],
  [401, 'rejected'],
  [403, 'rejected'],
  [400, 'rejected'],
])('a poll that is answered %d is %s', async (status, kind) => {
  const { client } = await clientOf(() => ({ status }));
  expect(await client.poll(REF)).toMatchObject({ kind });
});

test('a server that is not there is trouble', async () => {
  expect(await createClient('http://127.0.0.1:1').client.poll(REF)).toMatchObject({ kind: 'trouble' });
});

test('a batch that the service does not know is none', async () => {
  const { client } = await clientOf(() => ({ status: 404 }));
  expect(await client.find(REF)).toBeUndefined();
});

test('a batch that waits for its upload is asked for in both places until its location is known', async () => {
  const { client, requests } = await clientOf(({ url }) => ({
    json: url.pathname.includes('inspect') ? { status: 'uploading', checksum: MD5 } : ALLOCATED,
  }));
  expect(await client.find(REF)).toMatchObject({
    status: 'uploading',
    md5: MD5,
    sizeBytes: 12,
    location: { url: new URL(SIGNED) },
  });
  expect(requests.map(({ url }) => url.pathname)).toEqual([`/v2/batches/inspect/${REF}`, `/v2/batches/${REF}`]);
});

test.each([
  ['which file it has', { status: 'success' }, { md5: MD5, sizeBytes: 12 }],
  [
    'where its log is',
    { status: 'error', checksum: MD5, size: 12 },
    { status: 'error', logUrl: new URL('https://logs.example/l.gz') },
  ],
])('so is one of which the first place does not say %s', async (_, json, expected) => {
  const plain = { ...ALLOCATED, status: { code: json.status, log: 'https://logs.example/l.gz' } };
  const { client, requests } = await clientOf(({ url }) => ({ json: url.pathname.includes('inspect') ? json : plain }));
  expect(await client.find(REF)).toMatchObject(expected);
  expect(requests).toHaveLength(2);
});

test('what the first place says is enough where the second one refuses', async () => {
  const { client } = await clientOf(({ url }) =>
    url.pathname.includes('inspect') ? { json: { status: 'processing' } } : { status: 403 },
  );
  expect(await client.find(REF)).toMatchObject({ status: 'processing', location: undefined });
});

test('but not where the location is missing: the upload cannot go on', async () => {
  const { client } = await clientOf(({ url }) =>
    url.pathname.includes('inspect') ? { json: { status: 'uploading' } } : { status: 403 },
  );
  await expect(client.find(REF)).rejects.toMatchObject({ status: 403 });
});

test('a search that is refused is no batch that is unknown', async () => {
  const { client, requests } = await clientOf(() => ({ status: 403 }));
  await expect(client.find(REF)).rejects.toMatchObject({ status: 403 });
  expect(requests).toHaveLength(1);
});

test('the URL of a log may be relative, or none', async () => {
  const answers = ['/logs/l.gz?Signature=sig-sig', 'http://['];
  const { client, origin, masked } = await clientOf((_, before) => ({
    json: { status: { code: 'error', log: answers[before] } },
  }));
  expect(await client.poll(REF)).toMatchObject({ batch: { logUrl: new URL('/logs/l.gz?Signature=sig-sig', origin) } });
  expect(masked).toEqual([`${origin}/logs/l.gz?Signature=sig-sig`, 'sig-sig']);
  expect(await client.poll(REF)).toMatchObject({ batch: { status: 'error', logUrl: undefined } });
});

test('an answer that is larger than any may be is no trouble that passes', async () => {
  const { client } = await clientOf(() => ({ text: `"${'x'.repeat(9_000_000)}"` }));
  expect(await client.poll(REF)).toMatchObject({ kind: 'rejected' });
});

test('an abort ends a call with its reason', async () => {
  const stop = new AbortController();
  const reason = new Error('cancelled');
  const { client } = await clientOf(() => () => stop.abort(reason), stop.signal);
  await expect(client.poll(REF)).rejects.toBe(reason);
});

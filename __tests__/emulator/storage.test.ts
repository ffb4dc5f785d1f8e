import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { expect, test } from '@jest/globals';
import { createZip, put, readJson, sign, upload, useEmulator } from './helpers.ts';

test('an upload URL has the form of a V4 signed URL', async () => {
  await using emulator = await useEmulator();
  const { uploadUrl, uploadUuid } = await sign(emulator);
  const url = new URL(uploadUrl);
  expect(url.origin).toBe(emulator.origin);
  expect(url.pathname).toBe(`/storage/catalyst-emulator-bundles/${uploadUuid}/bundle.zip`);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    'X-Goog-Algorithm': 'GOOG4-RSA-SHA256',
    'X-Goog-Credential': expect.stringContaining('/auto/storage/goog4_request'),
    'X-Goog-Date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
    'X-Goog-Expires': '59',
    'X-Goog-SignedHeaders': 'content-type;host',
    'X-Goog-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('an upload is stored on disk as it was sent, with its size and hash', async () => {
  await using emulator = await useEmulator();
  const zip = createZip();
  const uploadUuid = await upload(emulator, zip);
  const record = emulator.uploads[0];
  expect(record).toMatchObject({
    uploadUuid,
    state: 'uploaded',
    attempts: 1,
    sizeBytes: zip.length,
    sha256: createHash('sha256').update(zip).digest('hex'),
    contentType: 'application/zip',
    contentLength: `${zip.length}`,
    transferEncoding: undefined,
  });
  expect(new Uint8Array(await readFile(record?.path ?? ''))).toEqual(zip);
});

test('an expired signature is refused with 400 ExpiredToken', async () => {
  await using emulator = await useEmulator({ signatureLifeSeconds: 0 });
  const { uploadUrl } = await sign(emulator);
  // A life of 0 is over in the next millisecond.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const response = await put(uploadUrl, createZip());
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toContain('application/xml');
  expect(await response.text()).toContain('<Code>ExpiredToken</Code>');
  expect(emulator.uploads[0]?.state).toBe('signed');
});

test.each([
  ['another content type', (url: string) => put(url, 'x', { 'Content-Type': 'application/octet-stream' })],
  ['another life', (url: string) => put(url.replace('Expires=59', 'Expires=9999'), 'x')],
  ['another signature', (url: string) => put(url.replace(/Signature=./, 'Signature=z'), 'x')],
  ['another object', (url: string) => put(url.replace('bundle.zip', 'other.zip'), 'x')],
  ['another parameter', (url: string) => put(`${url}&userProject=x`, 'x')],
  [
    'another method',
    (url: string) => fetch(url, { method: 'POST', body: 'x', headers: { 'Content-Type': 'application/zip' } }),
  ],
  ['another host', (url: string) => put(url.replace('127.0.0.1', 'localhost'), 'x')],
  ['no signature', (url: string) => put(url.split('?')[0] ?? '', 'x')],
])('%s than was signed is refused with 403 SignatureDoesNotMatch', async (_, send) => {
  await using emulator = await useEmulator();
  const { uploadUrl } = await sign(emulator);
  const response = await send(uploadUrl);
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
});

test('a request without Content-Length is refused with 411', async () => {
  await using emulator = await useEmulator();
  const { uploadUrl } = await sign(emulator);
  const status = await new Promise((resolve, reject) => {
    const sent = request(uploadUrl, { method: 'PUT', headers: { 'content-type': 'application/zip' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.write('x');
    sent.end();
  });
  expect(status).toBe(411);
  expect(emulator.requests.at(-1)?.headers['transfer-encoding']).toBe('chunked');
});

test('the token in a request to storage is a violation, and refused', async () => {
  await using emulator = await useEmulator();
  const { uploadUrl } = await sign(emulator);
  const response = await put(uploadUrl, createZip(), { 'X-Auth-Token': emulator.accessToken });
  expect(response.status).toBe(400);
  expect(emulator.violations).toEqual([{ requestIndex: 1, message: 'X-Auth-Token was sent to storage' }]);
  expect(await readJson(fetch(`${emulator.origin}/_emulator/violations`))).toHaveLength(1);
});

test('an upload that breaks off leaves nothing behind', async () => {
  await using emulator = await useEmulator();
  const { uploadUrl } = await sign(emulator);
  emulator.addFault({ call: 'upload', effect: 'reset-mid-request', afterBytes: 1000 });
  await expect(put(uploadUrl, new Uint8Array(3_000_000))).rejects.toThrow();
  expect(await emulator.waitForRequestEnd('upload')).toMatchObject({ status: undefined, aborted: true });
  expect(emulator.uploads[0]?.state).toBe('signed');
});

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { dirname } from 'node:path';
import { expect, test } from '@jest/globals';
import { createPresignedUrl } from '../../emulator/services/sitecore/v4-signature.ts';
import { useEmulator } from './helpers.ts';
import {
  allocate,
  basic,
  callBatches,
  codeOf,
  createRecord,
  finish,
  inspect,
  md5Of,
  pack,
  putFile,
  send,
  storeHeaders,
} from './sitecore-helpers.ts';

const FILE = pack(createRecord());

test('a location has the form of a presigned URL of S3', async () => {
  await using emulator = await useEmulator();
  const { ref, location } = await allocate(emulator, FILE);
  const url = new URL(location.href);
  expect(url.origin + url.pathname).toBe(`${emulator.origin}/sitecore-batches/emulated/${ref}/import.gz`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': expect.stringMatching(/^AKIA[0-9A-F]{16}\/\d{8}\/eu-west-1\/s3\/aws4_request$/),
    'X-Amz-Date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
    'X-Amz-Expires': '3600',
    'X-Amz-SignedHeaders': 'content-md5;host;x-amz-server-side-encryption',
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('a URL is signed as in the example of AWS ("Authenticating Requests: Using Query Parameters")', () => {
  const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const url = new URL('https://examplebucket.s3.amazonaws.com/test.txt');
  const signed = createPresignedUrl(
    key,
    { method: 'GET', url, headers: { host: url.host } },
    { signedAt: new Date('2013-05-24T00:00:00Z'), expiresSeconds: 86_400 },
    'us-east-1',
  );
  expect(signed.searchParams.get('X-Amz-Signature')).toBe(
    'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  );
});

test.each<[string, string, (href: string, authorization: string) => Promise<Response>]>([
  [
    'another signature',
    '403 SignatureDoesNotMatch',
    (href) => putFile(href.replace(/Signature=./, 'Signature=z'), FILE),
  ],
  ['another object', '403 SignatureDoesNotMatch', (href) => putFile(href.replace('import.gz', 'other.gz'), FILE)],
  ['another parameter', '403 SignatureDoesNotMatch', (href) => putFile(`${href}&x=1`, FILE)],
  ['another life', '403 SignatureDoesNotMatch', (href) => putFile(href.replace('=3600', '=3601'), FILE)],
  ['another host', '403 SignatureDoesNotMatch', (href) => putFile(href.replace('127.0.0.1', 'localhost'), FILE)],
  ['another method', '403 SignatureDoesNotMatch', (href) => fetch(href, { headers: storeHeaders(FILE) })],
  [
    'another MD5',
    '403 SignatureDoesNotMatch',
    (href) => putFile(href, FILE, { 'content-md5': md5Of(Buffer.from('x'), 'base64') }),
  ],
  [
    'another encryption',
    '403 SignatureDoesNotMatch',
    (href) => putFile(href, FILE, { 'x-amz-server-side-encryption': 'aws:kms' }),
  ],
  [
    'no encryption',
    '403 SignatureDoesNotMatch',
    (href) => fetch(href, { method: 'PUT', body: FILE, headers: { 'content-md5': md5Of(FILE, 'base64') } }),
  ],
  [
    'no MD5',
    '403 SignatureDoesNotMatch',
    (href) => fetch(href, { method: 'PUT', body: FILE, headers: { 'x-amz-server-side-encryption': 'AES256' } }),
  ],
  ['an MD5 in hex', '400 InvalidDigest', (href) => putFile(href, FILE, { 'content-md5': md5Of(FILE) })],
  ['a header that is not signed', '403 AccessDenied', (href) => putFile(href, FILE, { 'x-amz-acl': 'private' })],
  ['no signature', '403 AccessDenied', (href) => putFile(href.split('?')[0] ?? '', FILE)],
  [
    'half a query',
    '400 AuthorizationQueryParametersError',
    (href) => putFile(href.replace(/&X-Amz-Date=\w+/, ''), FILE),
  ],
  ['another key', '403 InvalidAccessKeyId', (href) => putFile(href.replace('=AKIA', '=BKIA'), FILE)],
  [
    'another region',
    '400 AuthorizationQueryParametersError',
    (href) => putFile(href.replace('eu-west', 'eu-east'), FILE),
  ],
  [
    'a life of two weeks',
    '400 AuthorizationQueryParametersError',
    (href) => putFile(href.replace('=3600', '=1209600'), FILE),
  ],
  ['an old date', '403 AccessDenied', (href) => putFile(href.replaceAll(/(?<=%2F|Date=)20\d\d/g, '2020'), FILE)],
  ['another file', '400 BadDigest', (href) => putFile(href, pack('{}'), storeHeaders(FILE))],
  ['credentials', '400 InvalidArgument', (href, authorization) => putFile(href, FILE, { authorization })],
])('%s: the store refuses with %s', async (_, code, sendWrong) => {
  await using emulator = await useEmulator();
  const { ref, location } = await allocate(emulator, FILE);
  expect(await codeOf(await sendWrong(location.href, basic(emulator)))).toBe(code);
  expect(emulator.sitecore.list[0]?.uploads).toBe(0);
  expect((await inspect(emulator, ref)).status).toEqual({ code: 'uploading' });
});

async function putRaw(href: string, headers: Record<string, string>, body: Uint8Array | undefined): Promise<string> {
  const sent = request(href, { method: 'PUT', headers: { ...storeHeaders(FILE), ...headers } });
  if (body !== undefined) sent.write(body);
  // Node adds one of them unless both were removed.
  else for (const name of ['content-length', 'transfer-encoding']) sent.removeHeader(name);
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return await codeOf(new Response(Buffer.concat(chunks), { status: answer.statusCode ?? 0 }));
}

test('a file without a length, or in chunks, is refused; what breaks off leaves nothing behind', async () => {
  await using emulator = await useEmulator();
  const { location } = await allocate(emulator, FILE);
  expect(await putRaw(location.href, {}, FILE)).toBe('501 NotImplemented');
  expect(await putRaw(location.href, {}, undefined)).toBe('411 MissingContentLength');
  const broken = request(location.href, {
    method: 'PUT',
    headers: { ...storeHeaders(FILE), 'content-length': '1000' },
  });
  broken.on('error', () => {});
  broken.write(FILE);
  await emulator.waitForRequest((one) => one.call === 'uploadBatch', { count: 3 });
  broken.destroy();
  await emulator.waitForRequestEnd('uploadBatch', { count: 3 });
  expect(emulator.sitecore.list[0]).toMatchObject({ uploads: 0, path: undefined });
  const ref = await send(emulator, FILE);
  const { path = '' } = await finish(emulator, ref);
  expect(new Uint8Array(await readFile(path))).toEqual(FILE);
  expect((await readdir(dirname(path))).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a location and the URL of a log end with their life', async () => {
  await using emulator = await useEmulator({ sitecore: { locationLifeSeconds: 0, logLifeSeconds: 0 } });
  const { location } = await allocate(emulator, FILE);
  // A life of 0 is over in the next millisecond.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const response = await putFile(location.href, FILE);
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('<Code>AccessDenied</Code><Message>Request has expired</Message>');
  const log = emulator.sitecore.createLogUrl(emulator.sitecore.list[0]?.ref ?? '');
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await codeOf(await fetch(log))).toBe('403 AccessDenied');
});

test('credentials are a violation at the store, and everywhere but at the API', async () => {
  await using emulator = await useEmulator();
  const { ref, location } = await allocate(emulator, FILE);
  await putFile(location.href, FILE, { authorization: basic(emulator) });
  await fetch(emulator.sitecore.createLogUrl(ref), { headers: { authorization: 'Bearer x' } });
  await fetch(`${location.href}&token=${emulator.sitecore.apiToken}`, { method: 'PUT' });
  await callBatches(emulator, '/inspect', { headers: { 'x-auth-token': emulator.accessToken } });
  await fetch(`${emulator.origin}/elsewhere`, { headers: { authorization: basic(emulator) } });
  expect(emulator.violations).toEqual([
    { requestIndex: 1, message: 'Authorization was sent to the store of Sitecore CDP' },
    { requestIndex: 1, message: 'The credentials of Sitecore CDP were sent to its store' },
    { requestIndex: 2, message: 'Authorization was sent to the store of Sitecore CDP' },
    { requestIndex: 3, message: 'The credentials of Sitecore CDP were sent to its store' },
    { requestIndex: 4, message: 'A foreign token was sent to Sitecore CDP' },
    { requestIndex: 5, message: 'The credentials of Sitecore CDP were sent to BigCommerce' },
  ]);
});

test('files may go to another store, which is read when a batch is asked for', async () => {
  const stored = new Map<string, Uint8Array>();
  const uploads: object[] = [];
  const url = 'https://store.example.com/x?signed';
  await using emulator = await useEmulator({
    sitecore: {
      store: {
        presign: async (upload) => {
          uploads.push(upload);
          return url;
        },
        read: async function* (ref) {
          const file = stored.get(ref);
          if (file === undefined) throw new Error('There is no such object.');
          yield Buffer.from(file);
        },
      },
    },
  });
  const ref = randomUUID();
  expect((await allocate(emulator, FILE, ref)).location.href).toBe(url);
  expect(uploads).toEqual([{ ref, md5Base64: md5Of(FILE, 'base64'), sizeBytes: FILE.length }]);
  expect((await inspect(emulator, ref)).status).toEqual({ code: 'uploading' });
  stored.set(ref, FILE);
  await inspect(emulator, ref);
  expect(await finish(emulator, ref)).toMatchObject({ status: 'success', recordCount: 1, uploads: 1 });
  const other = randomUUID();
  await allocate(emulator, FILE, other);
  stored.set(other, pack('{}'));
  await inspect(emulator, other);
  expect((await finish(emulator, other)).status).toBe('corrupted');
});

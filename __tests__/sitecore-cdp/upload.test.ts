import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Answer, loseAnswer } from '../bigcommerce/small-server.ts';
import { clientOf, createClient, fileOf, temporaryFolder } from './helpers.ts';

const BYTES = Buffer.from('not a gzip, but that is nothing to storage');
const storageError = (status: number, code: string): Answer => ({
  status,
  text: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} it is</Message></Error>`,
});
const locationAt = (origin: string) => ({
  url: new URL('/b/1?X-Amz-Signature=0123456789', origin),
  expiresAtMs: undefined,
});

/** Uploads once to a storage that answers like this, one try after another; the last answer stays. */
async function upload(...answers: Answer[]) {
  return await uploadFile({}, ...answers);
}

async function uploadFile(more: { isRepeatable?: boolean }, ...answers: Answer[]) {
  const { client, origin, requests } = await clientOf(
    (_, before) => answers[Math.min(before, answers.length - 1)] ?? {},
  );
  const file = { ...fileOf(BYTES), ...more };
  const sent: number[] = [];
  const answer = await client.upload(locationAt(origin), file, (bytes) => sent.push(bytes)).catch((e: unknown) => e);
  return { answer, requests, file, sent };
}

test('the file goes to storage with the headers that its URL is signed over, and without credentials', async () => {
  const { answer, requests, file, sent } = await upload({ headers: { etag: `"${'A1'.repeat(16)}"` } });
  expect(answer).toEqual({ kind: 'stored', etag: 'a1'.repeat(16) });
  expect(requests).toHaveLength(1);
  expect(requests[0]?.body).toEqual(BYTES);
  const { host, ...headers } = requests[0]?.headers ?? {};
  expect(headers).toEqual({
    connection: 'keep-alive',
    'content-length': String(BYTES.length),
    'content-md5': Buffer.from(file.md5, 'hex').toString('base64'),
    'content-type': 'application/gzip',
    'user-agent': 'test/1',
    'x-amz-server-side-encryption': 'AES256',
    'x-correlation-id': 'c',
  });
  expect(sent).toEqual([0, BYTES.length]);
});

test('a tag that is no MD5 is none', async () => {
  expect((await upload({ headers: { etag: '"abc-2"' } })).answer).toEqual({ kind: 'stored', etag: undefined });
});

test.each([
  [403, 'AccessDenied'],
  [403, 'SignatureDoesNotMatch'],
  [400, 'ExpiredToken'],
  [400, 'InvalidDigest'],
  [501, 'NotImplemented'],
])('%d %s is a rejection of the location, asked once', async (status, code) => {
  const { answer, requests } = await upload(storageError(status, code));
  expect(answer).toMatchObject({ kind: 'rejected', error: { status, serverCode: code } });
  const { message } = (answer as { error: Error }).error;
  expect(message).toMatch(/PUT http:\/\/127\.0\.0\.1:\d+\/b\/1 answered/);
  expect(message).not.toContain('0123456789');
  expect(requests).toHaveLength(1);
});

test('a passing fault of storage is answered with the same file at the same place', async () => {
  const { answer, requests } = await upload(storageError(400, 'RequestTimeout'), {});
  expect(answer).toMatchObject({ kind: 'stored' });
  expect(requests.map(({ body }) => body)).toEqual([BYTES, BYTES]);
});

test('what does harm when it is sent twice is sent again only where it has certainly not arrived', async () => {
  const once = { isRepeatable: false };
  for (const first of [loseAnswer, storageError(503, 'SlowDown')]) {
    const { answer, requests } = await uploadFile(once, first, {});
    expect(answer).toMatchObject({ kind: 'uncertain' });
    expect(requests).toHaveLength(1);
    expect((await upload(first, {})).answer).toMatchObject({ kind: 'stored' });
  }
  const cut = await uploadFile(once, storageError(400, 'RequestTimeout'), {});
  expect(cut.answer).toMatchObject({ kind: 'stored' });
});

test('a refusal after a lost answer leaves open whether the file is there', async () => {
  const { answer } = await upload(loseAnswer, storageError(403, 'AccessDenied'));
  expect(answer).toMatchObject({ kind: 'uncertain', error: { serverCode: 'AccessDenied' } });
});

test('bytes that changed on their way are sent once more, and then it is said', async () => {
  const twice = await upload(storageError(400, 'BadDigest'));
  expect(twice.requests).toHaveLength(2);
  expect(twice.answer).toMatchObject({ title: 'Batch changed in transit' });
  expect(String(twice.answer)).toContain(twice.file.md5);
});

test('a file that is too large for storage is no matter of the location', async () => {
  expect((await upload(storageError(413, 'EntityTooLarge'))).answer).toMatchObject({ status: 413 });
});

test('a file that became shorter is an error, and not a batch', async () => {
  const { client, origin } = await clientOf(() => ({}));
  const file = fileOf(BYTES);
  writeFileSync(file.path, BYTES.subarray(1));
  await expect(client.upload(locationAt(origin), file, () => {})).rejects.toThrow('became shorter');
});

test.each(['http://storage.example/put?sig=1', 'ftp://127.0.0.1/x'])('nothing is sent to %s', async (text) => {
  const { client } = createClient('https://api.example');
  const url = new URL(text);
  const uploading = client.upload({ url, expiresAtMs: undefined }, fileOf(BYTES), () => {});
  await expect(uploading).rejects.toThrow('nothing was sent there');
  await expect(client.downloadLog(url, join(temporaryFolder(), 'log'))).rejects.toThrow('nothing was sent there');
});

test('the error log comes to the disk as it is, without credentials', async () => {
  const { client, origin, requests } = await clientOf((_, before) =>
    before === 0 ? loseAnswer : { text: 'gzip', headers: { 'content-encoding': 'gzip' } },
  );
  const path = join(temporaryFolder(), 'log.gz');
  expect(await client.downloadLog(new URL('/l?Signature=1', origin), path)).toEqual({ kind: 'file', sizeBytes: 4 });
  expect(readFileSync(path, 'utf8')).toBe('gzip');
  expect(requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
});

test('a log whose URL is over is rejected, and leaves no file', async () => {
  const { client, origin, requests } = await clientOf(() => storageError(403, 'AccessDenied'));
  const path = join(temporaryFolder(), 'log.gz');
  expect(await client.downloadLog(new URL('/l?Signature=1', origin), path)).toMatchObject({ kind: 'rejected' });
  expect(existsSync(path)).toBe(false);
  expect(requests).toHaveLength(1);
});

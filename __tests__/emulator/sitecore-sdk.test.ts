/** The store as AWS's own client sees it. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, test } from '@jest/globals';
import { createPresignedUrl } from '../../emulator/services/sitecore/v4-signature.ts';
import { useEmulator } from './helpers.ts';
import { allocate, codeOf, createRecord, finish, md5Of, pack, putFile } from './sitecore-helpers.ts';

const FILE = pack(createRecord());
const KEY = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret/key+of=tests' };
const EXPIRES_SECONDS = 3600;

function signWithSdk(origin: string, key: string, signedAt: Date, secret = KEY): Promise<string> {
  const client = new S3Client({
    region: 'eu-west-1',
    endpoint: origin,
    forcePathStyle: true,
    credentials: secret,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const command = new PutObjectCommand({
    Bucket: 'sitecore-batches',
    Key: key,
    ContentMD5: md5Of(FILE, 'base64'),
    ServerSideEncryption: 'AES256',
  });
  return getSignedUrl(client, command, { expiresIn: EXPIRES_SECONDS, signingDate: signedAt });
}

test('a URL of the SDK is accepted, one with another key or of yesterday is not', async () => {
  await using emulator = await useEmulator({ sitecore: { storeKey: KEY } });
  const { ref } = await allocate(emulator, FILE);
  const path = `emulated/${ref}/import.gz`;
  const foreign = { ...KEY, secretAccessKey: 'x' };
  const refused = await signWithSdk(emulator.origin, path, new Date(), foreign);
  expect(await codeOf(await putFile(refused, FILE))).toBe('403 SignatureDoesNotMatch');
  const old = await signWithSdk(emulator.origin, path, new Date(Date.now() - 24 * 3_600_000));
  expect(await codeOf(await putFile(old, FILE))).toBe('403 AccessDenied');
  const early = await signWithSdk(emulator.origin, path, new Date(Date.now() + 3_600_000));
  expect(await codeOf(await putFile(early, FILE))).toBe('403 AccessDenied');
  expect((await putFile(await signWithSdk(emulator.origin, path, new Date()), FILE)).status).toBe(200);
  expect((await finish(emulator, ref)).status).toBe('success');
});

test.each(['emulated/a/import.gz', "a b+c/ä'(1)!*/~-_.gz"])(
  'a URL of the emulator is that of the SDK: %s',
  async (path) => {
    const signedAt = new Date('2026-02-03T04:05:06Z');
    const expected = new URL(await signWithSdk('http://127.0.0.1:8080', path, signedAt));
    expect(expected.searchParams.get('X-Amz-SignedHeaders')).toBe('content-md5;host;x-amz-server-side-encryption');
    const url = new URL(expected.pathname, expected);
    // The SDK says more than it must.
    for (const name of ['X-Amz-Content-Sha256', 'x-id'])
      url.searchParams.set(name, expected.searchParams.get(name) ?? '');
    const headers = {
      host: url.host,
      'content-md5': md5Of(FILE, 'base64'),
      'x-amz-server-side-encryption': 'AES256',
    };
    const signed = createPresignedUrl(
      KEY,
      { method: 'PUT', url, headers },
      { signedAt, expiresSeconds: EXPIRES_SECONDS },
    );
    expect(signed.pathname).toBe(expected.pathname);
    expect(Object.fromEntries(signed.searchParams)).toEqual(Object.fromEntries(expected.searchParams));
  },
);

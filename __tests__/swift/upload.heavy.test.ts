/** The batch client's upload against a real S3-compatible server. */
import { createHash, randomBytes } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { UploadLocation } from '../../src/sitecore-cdp/batches.ts';
import { type ChangeCall, createClient, fileOf } from '../sitecore-cdp/helpers.ts';
import { isSwiftInstalled, type Swift, startSwift, withSwift } from './swift.ts';

let swift: Swift | undefined;

beforeAll(async () => {
  if (isSwiftInstalled) swift = await startSwift();
});

afterAll(() => swift?.stop());

function server(): Swift {
  if (swift === undefined) throw new Error('Swift is not there');
  return swift;
}

const SIGNED_HEADERS = ['content-md5', 'host', 'x-amz-server-side-encryption'];
const HOUR_S = 3600;

type UploadFile = ReturnType<typeof fileOf>;

/** A URL as the Batch API gives it: good for an hour, and signed over these headers (API document, section 3). */
async function locationOf(key: string, md5: string, signingDate = new Date()) {
  const { client, bucket } = server();
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    ContentMD5: base64Of(md5),
    ServerSideEncryption: 'AES256',
  });
  const headers = new Set(SIGNED_HEADERS);
  const options = { expiresIn: HOUR_S, signingDate, signableHeaders: headers, unhoistableHeaders: headers };
  return { url: new URL(await getSignedUrl(client, command, options)), expiresAt: undefined };
}

function base64Of(md5: string): string {
  return Buffer.from(md5, 'hex').toString('base64');
}

/** What the client makes of it: an answer, or an error. @param change changes what is sent */
async function upload(
  location: UploadLocation,
  file: UploadFile,
  change: ChangeCall = (call) => call,
): Promise<unknown> {
  const { client } = createClient('https://api.example', { changeCall: change });
  return await client.upload(location, file, () => {}).catch((error: unknown) => error);
}

async function keysInBucket(): Promise<unknown[]> {
  const { client, bucket } = server();
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key }) => Key);
}

withSwift('what is uploaded is what can be read there, byte for byte', async () => {
  const { client, bucket } = server();
  const bytes = randomBytes(8_000_000);
  const file = fileOf(bytes);
  const location = await locationOf('whole.gz', file.md5);
  expect(location.url.searchParams.get('X-Amz-SignedHeaders')).toBe(SIGNED_HEADERS.join(';'));
  expect(await upload(location, file)).toEqual({ kind: 'stored', etag: file.md5 });
  const { Body, ContentType, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'whole.gz' }));
  const read = Buffer.from((await Body?.transformToByteArray()) ?? []);
  expect(createHash('md5').update(read).digest('hex')).toBe(file.md5);
  expect(read.equals(bytes)).toBe(true);
  expect([ContentType, ETag]).toEqual(['application/gzip', `"${file.md5}"`]);
  // The same bytes may come again, as they do after an answer that was lost.
  expect(await upload(location, file)).toMatchObject({ kind: 'stored' });
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'whole.gz' }));
});

/** More than the kernel holds between the two: a server that refuses early does so before all of it is sent. */
const LARGE_BYTES = 30_000_000;
const OTHER_MD5 = createHash('md5').update('other').digest('hex');

function withoutHeader(name: string): ChangeCall {
  return (call) => ({
    ...call,
    headers: Object.fromEntries(Object.entries(call.headers ?? {}).filter(([one]) => one !== name)),
  });
}

async function tampered(key: string, file: UploadFile): Promise<UploadLocation> {
  const location = await locationOf(key, file.md5);
  const signature = location.url.searchParams.get('X-Amz-Signature') ?? '';
  location.url.searchParams.set(
    'X-Amz-Signature',
    signature.replace(/^./, (first) => (first === '0' ? '1' : '0')),
  );
  return location;
}

const REFUSALS: [string, number, string, (file: UploadFile) => Promise<unknown>][] = [
  ['a tampered signature', 403, 'SignatureDoesNotMatch', async (file) => upload(await tampered('a', file), file)],
  [
    'an MD5 that was not signed',
    403,
    'SignatureDoesNotMatch',
    async (file) => upload(await locationOf('b', OTHER_MD5), file),
  ],
  [
    'no encryption header',
    403,
    'SignatureDoesNotMatch',
    async (file) => upload(await locationOf('c', file.md5), file, withoutHeader('x-amz-server-side-encryption')),
  ],
  [
    'a URL that has expired',
    403,
    'AccessDenied',
    async (file) => upload(await locationOf('d', file.md5, new Date(Date.now() - 2 * HOUR_S * 1000)), file),
  ],
  [
    'an MD5 that is none',
    400,
    'InvalidDigest',
    async (file) => upload(await locationOf('e', ''), { ...file, md5: '' }),
  ],
];

for (const [what, status, serverCode, sending] of REFUSALS) {
  withSwift(`${what} is refused, which a fresh location may mend; nothing is stored`, async () => {
    const answer = await sending(fileOf(randomBytes(LARGE_BYTES)));
    expect(answer).toMatchObject({ kind: 'refused', error: { status, serverCode } });
    expect(await keysInBucket()).toEqual([]);
  });
}

withSwift('bytes that are not those of the MD5 are refused twice, and said to have changed', async () => {
  const file = { ...fileOf(randomBytes(LARGE_BYTES)), md5: OTHER_MD5 };
  const answer = await upload(await locationOf('f', OTHER_MD5), file);
  expect(answer).toMatchObject({ title: 'Batch changed on its way', cause: { status: 400, serverCode: 'BadDigest' } });
  expect(await keysInBucket()).toEqual([]);
});

/** The batch client's upload against a real S3-compatible server. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { batchVerdictOf } from '../../src/domain/batch/batch.ts';
import type { UploadLocation } from '../../src/sitecore-cdp/batches.ts';
import { createRecord, pack } from '../emulator/batches-helpers.ts';
import { useEmulator } from '../emulator/helpers.ts';
import { type ChangeCall, createClient, fileOf } from '../sitecore-cdp/helpers.ts';
import { createSwiftStore, isSwiftInstalled, presignUpload, type Swift, startSwift, withSwift } from './swift.ts';

let swift: Swift | undefined;

beforeAll(async () => {
  if (isSwiftInstalled) swift = await startSwift();
});

afterAll(() => swift?.stop());

function server(): Swift {
  if (swift === undefined) throw new Error('Swift is not there');
  return swift;
}

async function locationOf(key: string, md5: string, signedAt?: Date): Promise<UploadLocation> {
  const md5Base64 = Buffer.from(md5, 'hex').toString('base64');
  return { url: new URL(await presignUpload(server(), { key, md5Base64, signedAt })), expiresAtMs: undefined };
}

const HOUR_MS = 3_600_000;

type UploadFile = ReturnType<typeof fileOf>;

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
  expect(location.url.searchParams.get('X-Amz-SignedHeaders')).toBe('content-md5;host;x-amz-server-side-encryption');
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
    async (file) => upload(await locationOf('d', file.md5, new Date(Date.now() - 2 * HOUR_MS)), file),
  ],
  [
    'an MD5 that is none',
    400,
    'InvalidDigest',
    async (file) => upload(await locationOf('e', ''), { ...file, md5: '' }),
  ],
];

for (const [what, status, serverCode, sending] of REFUSALS) {
  withSwift(`${what} is rejected, which a new location may mend; nothing is stored`, async () => {
    const answer = await sending(fileOf(randomBytes(LARGE_BYTES)));
    expect(answer).toMatchObject({ kind: 'rejected', error: { status, serverCode } });
    expect(await keysInBucket()).toEqual([]);
  });
}

withSwift('bytes that are not those of the MD5 are rejected twice, and said to have changed', async () => {
  const file = { ...fileOf(randomBytes(LARGE_BYTES)), md5: OTHER_MD5 };
  const answer = await upload(await locationOf('f', OTHER_MD5), file);
  expect(answer).toMatchObject({ title: 'Batch changed in transit', cause: { status: 400, serverCode: 'BadDigest' } });
  expect(await keysInBucket()).toEqual([]);
});

withSwift('the embedded platform takes batches in there, and reads them to their verdict', async () => {
  const emulator = await useEmulator({ sitecore: { store: createSwiftStore(server()) } });
  try {
    const { clientKey, apiToken } = emulator.batches;
    const { client } = createClient(emulator.origin, { clientKey, apiToken });
    const file = fileOf(pack(createRecord(), createRecord()));
    const ref = randomUUID();
    const allocation = await client.allocate(ref, file);
    if (allocation.kind !== 'allocated') throw allocation.error;
    expect(allocation.location.url.origin).toBe(server().endpoint);
    expect(await upload(allocation.location, file)).toEqual({ kind: 'stored', etag: file.md5 });
    for (;;) {
      const polled = await client.poll(ref);
      if (polled.kind !== 'state') throw polled.error;
      if (batchVerdictOf(polled.batch.status) === undefined) continue;
      expect(polled.batch).toMatchObject({ status: 'success', counts: { read: 2, processed: 2, failed: 0 } });
      break;
    }
  } finally {
    await emulator.close();
  }
});

/** The action itself, as a runner runs it, with a real S3-compatible server behind the embedded platform. */

import { gunzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';
import {
  batchCallsOf,
  batchPlatform,
  expectEnd,
  guest,
  guests,
  rejectedOf,
  runBatch,
} from '../action/batch-harness.ts';
import { md5Of } from '../emulator/batches-helpers.ts';
import { createSwiftStore, isSwiftInstalled, type Swift, startSwift, withSwift } from './swift.ts';

let swift: Swift | undefined;

beforeAll(async () => {
  if (isSwiftInstalled) swift = await startSwift();
});

afterAll(() => swift?.stop());

withSwift('the action uploads to a real server, and what can be read there is what it packed', async () => {
  if (swift === undefined) throw new Error('Swift is not there');
  const emulator = await batchPlatform({ sitecore: { store: createSwiftStore(swift) } });
  const files = { 'a.jsonl': guests(2000), 'b.jsonl': `${guest(1)}\n${guest(2)}` };
  emulator.batches.refuseRecords(({ value }, position) =>
    position === 2000 ? { code: 4001, message: `${value['email']} is taken` } : undefined,
  );
  const run = await runBatch({ emulator, files, inputs: { files: '*.jsonl' } });
  expectEnd(run, 'partial', { records: '2002', succeeded: '2001', failed: '1' });
  expect(rejectedOf(run)).toEqual([expect.stringMatching(/^a\.jsonl:2000: /)]);
  // Uploads went elsewhere.
  expect(batchCallsOf(emulator)).not.toContain('uploadBatch');
  const texts: string[] = [];
  for (const { ref, md5, sizeBytes } of emulator.batches.list) {
    const { Body, ContentType } = await swift.client.send(new GetObjectCommand({ Bucket: swift.bucket, Key: ref }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect([md5Of(bytes), bytes.length, ContentType]).toEqual([md5, sizeBytes, 'application/gzip']);
    texts.push(gunzipSync(bytes).toString());
  }
  expect(texts).toEqual([guests(2000), guests(2)]);
});

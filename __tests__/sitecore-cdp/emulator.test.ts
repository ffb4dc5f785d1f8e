/** The batch client against the embedded platform. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { Fault } from '../../emulator/fault-types.ts';
import type { BatchAnswer, BatchClient, UploadedFile, UploadLocation } from '../../src/sitecore-cdp/batches.ts';
import { createRecord, finish, pack } from '../emulator/batches-helpers.ts';
import { useEmulator } from '../emulator/helpers.ts';
import { createClient, fileOf, temporaryFolder } from './helpers.ts';

const closes: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closes.splice(0)) await close();
});

async function start(...faults: Fault[]) {
  const emulator = await useEmulator({ stepMs: 1 });
  closes.push(() => emulator.close());
  for (const fault of faults) emulator.addFault(fault);
  const { clientKey, apiToken } = emulator.batches;
  return { emulator, ...createClient(emulator.origin, { clientKey, apiToken }) };
}

async function allocate(client: BatchClient, file: UploadedFile, ref: string = randomUUID()): Promise<UploadLocation> {
  const allocation = await client.allocate(ref, file);
  if (allocation.kind !== 'allocated') throw allocation.error;
  return allocation.location;
}

async function send(client: BatchClient, emulator: Emulator, file: UploadedFile): Promise<BatchAnswer> {
  const ref = randomUUID();
  const location = await allocate(client, file, ref);
  expect(await client.upload(location, file, () => {})).toEqual({ kind: 'stored', etag: file.md5 });
  await finish(emulator, ref);
  const polled = await client.poll(ref);
  if (polled.kind !== 'state') throw polled.error;
  return polled.batch;
}

test('a batch comes in, and its verdict, its counts and its file are reported', async () => {
  const { emulator, client } = await start();
  const file = fileOf(pack(createRecord(), createRecord()));
  const batch = await send(client, emulator, file);
  expect(batch).toMatchObject({
    status: 'success',
    md5: file.md5,
    sizeBytes: file.sizeBytes,
    counts: { read: 2, processed: 2, failed: 0 },
  });
  const { url } = batch.location as UploadLocation;
  expect(await client.find(batch.ref)).toEqual({ ...batch, location: { url, expiresAtMs: expect.any(Number) } });
  expect(await client.find(randomUUID())).toBeUndefined();
  expect(await client.allocate(batch.ref, file)).toMatchObject({ kind: 'exists' });
});

test('the log of a batch with rejected records comes to the disk', async () => {
  const { emulator, client, masked } = await start({
    call: 'allocateBatch',
    effect: 'refuse-records',
    positions: [2],
  });
  const rejected = createRecord();
  const { status, counts, logUrl } = await send(client, emulator, fileOf(pack(createRecord(), rejected)));
  expect([status, counts]).toEqual(['error', { read: 2, processed: 1, failed: 1 }]);
  expect(masked).toContain(logUrl?.href);
  const path = join(temporaryFolder(), 'log.gz');
  expect(await client.downloadLog(logUrl as URL, path)).toMatchObject({ kind: 'file' });
  expect(JSON.parse(gunzipSync(readFileSync(path)).toString())).toMatchObject({ ref: rejected.ref });
});

test.each(['expired', 'refused', 'past'] as const)('a location that is %s is rejected', async (kind) => {
  const { client } = await start({ call: 'allocateBatch', effect: 'batch-location', kind });
  const file = fileOf(pack(createRecord()));
  const location = await allocate(client, file);
  expect(await client.upload(location, file, () => {})).toMatchObject({ kind: 'rejected', error: { status: 403 } });
  expect((location.expiresAtMs ?? 0) < performance.now()).toBe(kind === 'past');
});

/** What holds for the requests of every run of `batch-upload`, however it ends (API document, section 3). */
import { expect } from '@jest/globals';
import type { BatchRecord } from '../../emulator/batches/records.ts';
import { isOver } from '../../emulator/batches/records.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import type { RecordedRequest } from '../../emulator/types.ts';

/** Headers that say nothing of the request: the connection's own, and who asks. */
const OTHER_HEADERS = ['host', 'connection', 'user-agent', 'x-correlation-id'];

export function expectBatchTraffic(emulator: Emulator): void {
  const basic = `Basic ${Buffer.from(`${emulator.batches.clientKey}:${emulator.batches.apiToken}`).toString('base64')}`;
  for (const request of emulator.requests) {
    const { call, method, headers } = request;
    if (call === 'uploadBatch') expect(ownHeaders(request)).toEqual(uploadHeaders(request, emulator));
    else if (call === 'batchLog')
      expect({ method, headers: ownHeaders(request) }).toEqual({ method: 'GET', headers: {} });
    else if (headers['authorization'] !== undefined) expect(headers['authorization']).toBe(basic);
    if (call === 'allocateBatch' && request.body !== undefined) {
      const checksum = expect.stringMatching(/^[\da-f]{32}$/);
      expect(request.body).toEqual({ checksum, size: expect.any(Number) });
    }
  }
  for (const requests of Map.groupBy(emulator.requests, runOf).values()) expectNothingAfterVerdict(requests, emulator);
}

function runOf({ headers }: RecordedRequest): string {
  return headers['x-correlation-id'] ?? '';
}

/** In lower case, in any order. */
function ownHeaders({ headers }: RecordedRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OTHER_HEADERS.includes(name)));
}

/** All that the URL is signed over, what says how much comes, and nothing that is somebody's credentials. */
function uploadHeaders({ path }: RecordedRequest, { requests }: Emulator): Record<string, string> {
  const announced = requests.filter(({ call, path: other }) => {
    return call === 'allocateBatch' && path.includes(other.split('/').at(-1) ?? '');
  });
  const { checksum, size } = (announced.at(-1)?.body ?? { checksum: '', size: 0 }) as {
    checksum: string;
    size: number;
  };
  return {
    'content-type': 'application/gzip',
    'content-md5': Buffer.from(checksum, 'hex').toString('base64'),
    'content-length': `${size}`,
    'x-amz-server-side-encryption': 'AES256',
  };
}

function batchOf({ path }: RecordedRequest, { batches }: Emulator): BatchRecord | undefined {
  return batches.list.find(({ ref }) => path.toLowerCase().includes(ref));
}

/** But for the error log, and for a fresh URL of it. */
function expectNothingAfterVerdict(requests: readonly RecordedRequest[], emulator: Emulator): void {
  const verdicts = new Map<string, BatchRecord>();
  for (const request of requests) {
    const batch = batchOf(request, emulator);
    const isCorrupted = [...verdicts.values()].some(({ status }) => status === 'corrupted');
    const status = batch && verdicts.get(batch.ref)?.status;
    const isOfLog = status === 'error' && ['batchLog', 'inspectBatch', 'batch'].includes(request.call);
    if (isCorrupted || (status !== undefined && !isOfLog)) {
      throw new Error(`${request.call} of ${batch?.ref} came after the verdict ${status ?? 'corrupted'}`);
    }
    if (batch !== undefined && isVerdict(request, batch)) verdicts.set(batch.ref, batch);
  }
}

/** Whether its answer was the verdict of the batch; of what came at the same moment, nobody knows. */
function isVerdict({ call, status, startedAtMs, aborted, faults }: RecordedRequest, batch: BatchRecord): boolean {
  if (call !== 'inspectBatch' || status !== 200 || aborted || faults.length > 0) return false;
  return isOver(batch) && startedAtMs > (batch.endedAtMs ?? Number.POSITIVE_INFINITY);
}

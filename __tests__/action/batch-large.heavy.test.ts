/** 1 GB of records goes through the whole action in bounded memory, plain and gzipped, with many rejected records to look up. */
import { spawnSync } from 'node:child_process';
import { createHash, hash } from 'node:crypto';
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BatchRecord } from '../../emulator/batches/records.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { platform, startRun } from './harness.ts';
import { expectEnd, expectNot } from './run-reading.ts';

const SOURCE_BYTES = 1_000_000_000;
const MAX_MEMORY_BYTES = 200_000_000;
const REJECTED = 10_000;
const CHUNK_RECORDS = 5000;

let folder = '';
let source: Source;

interface Source {
  path: string;
  records: number;
  md5: string;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workspace-'));
  source = writeGuests(join(folder, 'guests.jsonl'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FIRST = ['Ermentrud', 'Zoë', 'Ngọc', 'Þorbjörg', 'Anne-Marie', 'José', 'Li', 'Oluwaseun'];
const LAST = ['Quuxhausen', 'O’Sullivan', 'van den Berg', 'Müller', 'Nguyễn', 'Smith', 'García', 'Łukasiewicz'];

/** Of the nth record: the places are mixed, so that refs are in no order. */
function digest(n: number): string {
  return hash('md5', String(n));
}

/** As an export of a shop has them. */
function guest(n: number): string {
  const hex = digest(n);
  const ref = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  const [first, last] = [FIRST[n % 8], LAST[(n >> 3) % 8]];
  const number = Number.parseInt(hex.slice(0, 7), 16);
  return `{"ref":"${ref}","schema":"guest","mode":"upsert","value":{"guestType":"customer","title":"Dr","firstName":"${first}","lastName":"${last}","gender":"female","dateOfBirth":"19${10 + (n % 90)}-0${1 + (n % 9)}-1${n % 10}T00:00","emails":["${hex.slice(0, 10)}.${n}@quuxmail.example"],"phoneNumbers":["+49 30 ${number}"],"nationality":"German","passportNumber":"C${hex.slice(4, 12).toUpperCase()}","street":["Straße des ${1 + (n % 28)}. Juni ${n % 400}"],"city":"Berlin","country":"DE","postCode":"1${1000 + (n % 9000)}","state":"BE","identifiers":[{"provider":"crm-of-quux","id":"${hex.slice(12)}","expiryDate":"2029-01-01T00:00"}],"extensions":[{"name":"ext","key":"default","loyaltyTier":${n % 5},"loyaltyNumber":"${hex.slice(8, 24)}","lastSpend":${number / 100},"subscribed":${n % 2 === 0}}]}}\n`;
}

function writeGuests(path: string): Source {
  const file = openSync(path, 'w');
  const md5 = createHash('md5');
  let records = 0;
  for (let bytes = 0; bytes < SOURCE_BYTES; records += CHUNK_RECORDS) {
    let text = '';
    for (let index = 0; index < CHUNK_RECORDS; index += 1) text += guest(records + index);
    md5.update(text);
    bytes += writeSync(file, text);
  }
  closeSync(file);
  return { path, records, md5: md5.digest('hex') };
}

/** Of the first batch of the plain file: those of the gzip are the same. */
let plainMd5: string | undefined;

/** One of a hundred and some is rejected, with all that is known of it. */
async function uploadAll(
  path: string,
  count = REJECTED,
): Promise<{ emulator: Emulator; run: FinishedRun; rejected: string[] }> {
  const emulator = await platform();
  const every = Math.floor(source.records / REJECTED);
  const limit = every * count;
  const rejected: string[] = [];
  let seen = 0;
  emulator.batches.refuseRecords(({ value }) => {
    seen += 1;
    if (seen % every !== 0 || seen > limit) return undefined;
    rejected.push(String((value['emails'] as string[])[0]));
    return { code: 4001, message: `The guest ${JSON.stringify(value)} is not valid` };
  });
  const { batches, origin } = emulator;
  const inputs = {
    'base-url': origin,
    'client-key': batches.clientKey,
    'api-token': batches.apiToken,
    files: basename(path),
    'poll-interval-seconds': '0.1',
  };
  const run = await startRun({ action: 'batch-upload', workspace: dirname(path), inputs }).finished;
  console.info(
    `${basename(path)}: ${(run.peakMemoryBytes / 1e6).toFixed(0)} MB, ${(run.durationMs / 1000).toFixed(0)} s, ${batches.list.length} batches`,
  );
  expect(emulator.violations).toEqual([]);
  return { emulator, run, rejected };
}

function expectAllThere(run: FinishedRun, rejected: readonly string[]): void {
  const { records } = source;
  expectEnd(run, 'partial', { records: `${records}`, failed: `${REJECTED}`, succeeded: `${records - REJECTED}` });
  expect(rejected).toHaveLength(REJECTED);
  for (const email of [rejected[0], rejected[5000], rejected.at(-1)]) expectNot(run.everything, String(email));
  expect(run.peakMemoryBytes).toBeLessThan(MAX_MEMORY_BYTES);
}

async function md5OfContent(batches: readonly BatchRecord[]): Promise<string> {
  const md5 = createHash('md5');
  for (const { path } of batches) {
    for await (const chunk of createReadStream(String(path)).pipe(createGunzip())) md5.update(chunk);
  }
  return md5.digest('hex');
}

test('1 GB of records, 10,000 of them rejected, takes less than 200 MB of memory; what arrives is what was there', async () => {
  const { emulator, run, rejected } = await uploadAll(source.path);
  expectAllThere(run, rejected);
  expect(await md5OfContent(emulator.batches.list)).toBe(source.md5);
  plainMd5 = emulator.batches.list[0]?.md5;
});

test('so does 1 GB in a gzip', async () => {
  const path = join(folder, 'guests.jsonl.gz');
  expect(spawnSync('gzip', ['-1', source.path]).status).toBe(0);
  const { emulator, run } = await uploadAll(path, 0);
  const { records, md5 } = source;
  expectEnd(run, 'success', { records: `${records}`, succeeded: `${records}` });
  expect(run.peakMemoryBytes).toBeLessThan(MAX_MEMORY_BYTES);
  expect(emulator.batches.list[0]?.md5).toBe(plainMd5);
  expect(await md5OfContent(emulator.batches.list)).toBe(md5);
});

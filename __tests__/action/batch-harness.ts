/** What the tests of `batch-upload` share: a platform, a workspace with people that nobody is, and runs between the two. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { isCallOf } from '../../emulator/service.ts';
import { SITECORE_ENDPOINTS } from '../../emulator/services/sitecore/endpoints.ts';
import { sitecore } from '../../emulator/services/sitecore/index.ts';
import type { FinishedRun, RunOptions, StartedRun } from '../../scripts/action-runner.ts';
import { expectBatchTraffic } from './batch-traffic.ts';
import { onCleanUp, platform, startRun, workspaceWith } from './harness.ts';
import { annotationsOf, expectNot } from './run-reading.ts';

export { workspaceWith } from './harness.ts';
export { annotationsOf, cancelAt, expectEnd, expectNoSecret, verdictOf } from './run-reading.ts';

export const FILE = 'guests.jsonl';

/** A platform whose store has seen no credentials, and nothing else that breaks a rule, when the test is over. */
export async function batchPlatform(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await platform(options);
  onCleanUp(() => {
    expect(emulator.violations).toEqual([]);
    expectBatchTraffic(emulator);
    const basic = Buffer.from(`${emulator.sitecore.clientKey}:${emulator.sitecore.apiToken}`).toString('base64');
    const toStore = emulator.requests.filter(({ call }) =>
      SITECORE_ENDPOINTS.some((one) => one.isStore && one.call === call),
    );
    expectNot(JSON.stringify(toStore.map(({ headers, query }) => [headers, query])), basic);
  });
  return emulator;
}

/** The UUID of the nth record, from 1. */
export function refOf(number: number): string {
  return `${String(number).padStart(8, '0')}-aaaa-4bbb-8ccc-${'d'.repeat(12)}`;
}

/** The nth guest, whom nobody knows: each value is one that a search finds. */
export function guest(number: number, more: object = {}): string {
  const value = {
    guestType: 'visitor-of-the-shop',
    firstName: `Ermentrud${number}`,
    email: `ermentrud.${number}@quuxmail.example`,
    phoneNumbers: [`+49 30 90${number}1817`],
    identifiers: [{ provider: 'crm-of-quux', id: `crm-${number}-7731` }],
    loyaltyPoints: 770_000 + number,
  };
  return JSON.stringify({ ref: refOf(number), schema: 'guest', mode: 'upsert', value, ...more });
}

/** So many good records, a line each. */
export function guests(count: number): string {
  return Array.from({ length: count }, (_, index) => `${guest(index + 1)}\n`).join('');
}

export type BatchRun = Partial<RunOptions> & {
  /** Undefined: no credentials are given. */
  emulator?: Emulator;
  /** Of the workspace, where none is given: by their names. */
  files?: Readonly<Record<string, string | Uint8Array>>;
};

export interface StartedBatch extends StartedRun {
  workspace: string;
}

/** Uploads `guests.jsonl`, unless inputs say otherwise. It asks often, so that nobody waits. */
export function startBatch({ emulator, files = { [FILE]: guests(3) }, inputs, ...rest }: BatchRun): StartedBatch {
  const workspace = rest.workspace ?? workspaceWith(files);
  const reaching = emulator === undefined ? {} : reachBatches(emulator);
  const started = startRun({
    action: 'batch-upload',
    inputs: { ...reaching, files: FILE, 'poll-interval-seconds': '0.1', ...inputs },
    ...rest,
    workspace,
  });
  return { ...started, workspace, finished: started.finished.then((run) => keepsToItself(run, workspace)) };
}

export async function runBatch(run: BatchRun): Promise<FinishedRun> {
  return await startBatch(run).finished;
}

function reachBatches({ origin, sitecore: api }: Emulator): Record<string, string> {
  return { 'base-url': origin, 'client-key': api.clientKey, 'api-token': api.apiToken };
}

/** Of every run: nobody's data is in anything that it leaves behind, and no copy of a file. */
function keepsToItself(run: FinishedRun, workspace: string): FinishedRun {
  expectNoPersonalData(run, workspace);
  expect(
    readdirSync(run.runnerTemp).filter((name) => join(run.runnerTemp, name) !== run.outputs['errors-file']),
  ).toEqual([]);
  return run;
}

/** No value of a record of the workspace's files is in what was printed, in outputs, the summary or the errors file. */
export function expectNoPersonalData(run: FinishedRun, workspace: string): void {
  // The names of the fields in the output `result` are the action's own: a record may have the word `reject`, too.
  const everything = run.everything.replace(/"[a-z_]+":/g, '');
  const output = `${everything}\n${run.stderr}\n${errorsFileOf(run)}`;
  const values = new Set(filesIn(workspace).flatMap((path) => valuesIn(readFileSync(path))));
  const found = [...values].filter((value) => isIn(output, value));
  if (found.length > 0) throw new Error(`somebody's data (${found.slice(0, 5).join(', ')}) is in:\n${output}`);
}

/** A number only as a whole one: by chance, its digits occur in a random UUID or a checksum. */
function isIn(output: string, value: string): boolean {
  return /^\d+$/.test(value) ? new RegExp(`\\b${value}\\b`).test(output) : output.includes(value);
}

/** Also in folders, and what links lead to. */
function filesIn(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** Content of the errors file; '' where there is none. */
export function errorsFileOf({ outputs }: FinishedRun): string {
  const path = outputs['errors-file'] ?? '';
  return path === '' ? '' : readFileSync(path, 'utf8');
}

/** Shorter ones occur in any text. */
const MIN_VALUE_CHARS = 4;

function valuesIn(bytes: Buffer): string[] {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (isGzip ? unzipped(bytes) : bytes).toString('utf8');
  return text
    .split(/\r\n|\r|\n/)
    .flatMap((line) => valuesOfLine(line))
    .filter((value) => value.length >= MIN_VALUE_CHARS);
}

function unzipped(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes;
  }
}

/** Of a line that is not JSON: what is in quotation marks, except names of fields and what is not secret. */
function valuesOfLine(line: string): string[] {
  try {
    return leavesOf((JSON.parse(line) as { value?: unknown } | null)?.value);
  } catch {
    const quoted = [...line.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?/g)].flatMap(([, value = '', colon]) =>
      colon ? [] : value,
    );
    return quoted.filter((value) => !/^(?:upsert|guest|order|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i.test(value));
  }
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

/** Calls of the Batch API and its store, in their order; how often a status was asked for depends on the machine. */
export function batchCallsOf(emulator: Emulator): string[] {
  const calls = emulator.requests.map(({ call }) => call).filter((call) => isCallOf(sitecore, call));
  return calls.filter((call, index) => call !== calls[index - 1]);
}

/** Where rejected records are reported: `line: message`. */
export function rejectedOf(run: FinishedRun): string[] {
  return annotationsOf(run, 'error')
    .filter(({ line }) => line !== undefined)
    .map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

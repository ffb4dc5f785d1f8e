/** What the use case of `batch-upload` works with, without a disk, a network or real time. */
import type { BatchDependencies } from '../../src/actions/batch/dependencies.ts';
import { type UploadInputs, uploadBatches } from '../../src/actions/batch/upload-batches.ts';
import { ActionError } from '../../src/errors.ts';
import type { ErrorLog, PackedFile } from '../../src/files/batch/batch-file.ts';
import type { BatchRecord, BatchReporter, BatchUploadRecord } from '../../src/report/batch-record.ts';
import type { BatchAnswer, BatchClient, PollAnswer, UploadAnswer } from '../../src/sitecore-cdp/batches.ts';
import { endOf } from './end-of.ts';
import { createFakeDeadline } from './fake-deadline.ts';
import { createFakeReporter } from './fake-reporter.ts';

export const FILE = '/work/guests.jsonl';
export const OTHER = '/work/orders.jsonl';
export const GIVEN = '11111111-1111-4111-8111-111111111111';
export const URL_A = new URL('https://store.example/a');
export const URL_B = new URL('https://store.example/b');
export const HOUR_MS = 3_600_000;

/** A sound file whose parts have so many records each. */
export function packedFile(path: string = FILE, ...records: number[]): PackedFile {
  const counts = records.length === 0 ? [100] : records;
  let line = 1;
  const parts = counts.map((count, index) => {
    const firstLine = line;
    line += count;
    const md5 = `md5-of-${path}-${index + 1}`;
    return { path: `/temp/${index}`, sizeBytes: count * 10, md5, records: count, firstLine, lastLine: line - 1 };
  });
  return {
    path,
    sizeBytes: 1,
    isGzipped: false,
    records: counts.reduce((sum, count) => sum + count, 0),
    modes: ['upsert'],
    parts,
    fault: undefined,
    problems: [],
    problemCount: 0,
    duplicates: [],
    duplicateCount: 0,
  };
}

/** A state as `poll` and `find` give it, of the first part of the first file. */
export function state(status: string, more: Partial<BatchAnswer> = {}): BatchAnswer {
  return { ref: 'x', status, counts: {}, location: undefined, logUrl: undefined, ...more };
}

export function polled(status: string, more: Partial<BatchAnswer> = {}): PollAnswer {
  return { kind: 'state', batch: state(status, more) };
}

export function fault(message: string, options: ConstructorParameters<typeof ActionError>[1] = {}): ActionError {
  return new ActionError(message, { title: 'Fault', fix: 'Mend it.', ...options });
}

/** What the only part of FILE is sent with. */
export const OURS = { md5: `md5-of-${FILE}-1`, sizeBytes: 1000 };

export const refused: UploadAnswer = { kind: 'refused', error: fault('Expired.') };
export const uncertain: UploadAnswer = { kind: 'uncertain', error: fault('Broken off.') };
export const stored: UploadAnswer = { kind: 'stored', etag: undefined };

/** What the service answers, one after another; the last one goes on for ever. */
export interface Answers {
  allocate?: Awaited<ReturnType<BatchClient['allocate']>>[];
  find?: (BatchAnswer | undefined)[];
  poll?: (PollAnswer | ActionError)[];
  upload?: (Awaited<ReturnType<BatchClient['upload']>> | ActionError)[];
  downloadLog?: Awaited<ReturnType<BatchClient['downloadLog']>>[];
  log?: (Partial<ErrorLog> | ActionError)[];
}

export interface World {
  answers?: Answers;
  files?: readonly (PackedFile | ActionError)[];
  /** Asked before each call of the client; may abort. */
  onCall?: (call: string) => void;
  signal?: AbortSignal;
  timeoutMs?: number;
}

export type CreatedWorld = ReturnType<typeof createWorld>;

export function createWorld({
  answers = {},
  files = [packedFile()],
  onCall,
  signal = new AbortController().signal,
}: World = {}) {
  const told = {
    calls: [] as string[],
    lines: [] as string[],
    warnings: [] as string[],
    results: [] as string[],
    packed: [] as PackedFile[],
    refused: [] as ErrorLog[],
    errorsFiles: [] as string[],
    waits: [] as number[],
    batches: new Map<number, BatchRecord>(),
    removed: 0,
  };
  let refs = 0;
  const dependencies: BatchDependencies = {
    connect: (ends) =>
      createFakeClient(answers, ends, (call) => {
        told.calls.push(call);
        onCall?.(call.split(' ')[0] ?? '');
      }),
    startDeadline: (timeoutMs) => createFakeDeadline(timeoutMs, signal, told.waits),
    disk: {
      pack: async (path) => {
        signal.throwIfAborted();
        const file = files.find((one) => one instanceof ActionError || one.path === path);
        if (file === undefined || file instanceof ActionError) throw file ?? new Error(`not packed: ${path}`);
        return file;
      },
      logPathOf: (ref) => `/temp/${ref}.log`,
      readErrorLog: async () => {
        const log = next(answers.log, { records: 1 });
        if (log instanceof ActionError) throw log;
        return { records: 0, strangers: 0, unreadable: 0, first: [], ...log };
      },
      errorsFile: () => (told.calls.some((call) => call.startsWith('downloadLog')) ? '/temp/errors.jsonl' : undefined),
      removeTemporary: async () => {
        told.removed += 1;
      },
    },
    reporter: createFakeBatchReporter(told),
    shownPathOf: (path) => path.replace('/work/', ''),
    createRef: (after?: string) => {
      if (after !== undefined) return `after-${after}`;
      refs += 1;
      return `ref-${refs}`;
    },
    signal,
  };
  return { dependencies, told };
}

function next<T>(list: T[] | undefined, otherwise: T): T {
  if (list === undefined || list.length === 0) return otherwise;
  return (list.length === 1 ? list[0] : list.shift()) as T;
}

function createFakeClient(answers: Answers, signal: AbortSignal, onCall: (call: string) => void): BatchClient {
  const orThrow = <T>(answer: T | ActionError): T => {
    signal.throwIfAborted();
    if (answer instanceof ActionError) throw answer;
    return answer;
  };
  const call = (text: string) => {
    onCall(text);
    signal.throwIfAborted();
  };
  return {
    allocate: async (ref) => {
      call(`allocate ${ref}`);
      const location = { url: URL_A, expiresAtMs: undefined };
      return next(answers.allocate, { kind: 'allocated', location });
    },
    find: async (ref) => {
      call(`find ${ref}`);
      return next(answers.find, undefined);
    },
    poll: async (ref) => {
      call(`poll ${ref}`);
      return orThrow(next(answers.poll, polled('success')));
    },
    upload: async (location, { isRepeatable }) => {
      call(`upload ${location.url.pathname}${isRepeatable ? '' : ' once'}`);
      return orThrow(next(answers.upload, { kind: 'stored', etag: undefined }));
    },
    downloadLog: async (url) => {
      call(`downloadLog ${url.pathname}`);
      return next(answers.downloadLog, { kind: 'file', sizeBytes: 1 });
    },
  };
}

function createFakeBatchReporter(told: CreatedWorld['told']): BatchReporter {
  return {
    ...createFakeReporter(told),
    packed: (file) => void told.packed.push(file),
    batch: (batch) => void told.batches.set(batch.number, batch),
    refused: (log) => void told.refused.push(log),
    errorsWritten: (path) => void told.errorsFiles.push(path),
    snapshot: () => ({ batches: [...told.batches.values()] }) as BatchUploadRecord,
  };
}

/** Runs the use case. @returns its error, undefined where it ended well */
export async function runUpload(
  { dependencies }: CreatedWorld,
  inputs: Partial<UploadInputs> = {},
): Promise<ActionError | undefined> {
  const all: UploadInputs = {
    files: [FILE],
    batchRef: undefined,
    timeoutMs: 600_000,
    pollIntervalMs: 1000,
    allowFailedRecords: 0,
    split: true,
    dryRun: false,
    ...inputs,
  };
  return await endOf(uploadBatches(all, dependencies));
}

/** What the use case of `batch-upload` works with, without a disk, a network or real time. */
import type { BatchDependencies } from '../../src/actions/batch/dependencies.ts';
import { type UploadInputs, uploadBatches } from '../../src/actions/batch/upload-batches.ts';
import { ActionError } from '../../src/errors.ts';
import type { ErrorLog, PackedFile } from '../../src/files/batch/batch-file.ts';
import type { BatchEvent } from '../../src/report/batch-record.ts';
import type { BatchAnswer, BatchClient, PollAnswer } from '../../src/sitecore-cdp/batches.ts';
import { createFakeRun } from '../fake-run.ts';
import { endOf } from './end-of.ts';
import { createFakeDeadline } from './fake-deadline.ts';

export const FILE = '/work/guests.jsonl';
export const OTHER = '/work/orders.jsonl';
export const GIVEN = '11111111-1111-4111-8111-111111111111';
export const URL_A = new URL('https://store.example/a');

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
  const run = createFakeRun<BatchEvent>();
  const seen = {
    calls: [] as string[],
    waits: [] as number[],
    removed: 0,
    lines: run.lines,
    warnings: run.warnings,
    results: run.results,
    get packed() {
      return run.eventsOf('file-packed').map(({ file }) => file);
    },
    get rejected() {
      return run.eventsOf('records-rejected').map(({ log }) => log);
    },
    get errorsFiles() {
      return run.eventsOf('errors-file-written').map(({ path }) => path);
    },
    /** By their numbers, as they are known at the end. */
    get batches() {
      const planned = run.eventsOf('batches-planned').flatMap(({ batches }) => batches);
      const updated = run.eventsOf('batch-updated').map(({ batch }) => batch);
      return new Map([...planned, ...updated].map((batch) => [batch.number, batch]));
    },
  };
  let refs = 0;
  const dependencies: BatchDependencies = {
    connect: (ends) =>
      createFakeClient(answers, ends, (call) => {
        seen.calls.push(call);
        onCall?.(call.split(' ')[0] ?? '');
      }),
    startDeadline: (timeoutMs) => createFakeDeadline(timeoutMs, signal, seen.waits),
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
        return { records: 0, unmatched: 0, unreadable: 0, first: [], ...log };
      },
      errorsFile: () => (seen.calls.some((call) => call.startsWith('downloadLog')) ? '/temp/errors.jsonl' : undefined),
      removeTemporary: async () => {
        seen.removed += 1;
      },
    },
    run,
    shownPathOf: (path) => path.replace('/work/', ''),
    createRef: (after?: string) => {
      if (after !== undefined) return `after-${after}`;
      refs += 1;
      return `ref-${refs}`;
    },
    signal,
  };
  return { dependencies, seen };
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

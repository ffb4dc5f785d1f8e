import { expect, test } from '@jest/globals';
import { DeadlineError } from '../../src/actions/deadline.ts';
import { cancelledRedirects } from '../../src/actions/redirects/cancelled.ts';
import { exportRedirects } from '../../src/actions/redirects/export.ts';
import { importRedirects } from '../../src/actions/redirects/import.ts';
import type { RedirectsClient, StartAnswer } from '../../src/bigcommerce/redirects.ts';
import type { JobState } from '../../src/domain/redirects/job.ts';
import { ActionError, CancelledError } from '../../src/errors.ts';
import type { RedirectsRecord } from '../../src/report/redirects-record.ts';
import { endOf } from './end-of.ts';
import { createWorld, FILE, makeRow } from './redirects-helpers.ts';

const FAULT = new ActionError('Starting the import: answered 503.', { title: 'Fault' });
const BUSY: StartAnswer = { kind: 'busy', namedWaitMs: 0, error: FAULT };
const LOST: StartAnswer = { kind: 'uncertain', namedWaitMs: 0, error: FAULT };
const started = (jobId: string): StartAnswer => ({ kind: 'started', jobId });

function job(change: Partial<JobState> = {}): JobState {
  const known = { jobId: 'j', status: 'complete', completed: 2, failed: 0, total: 2, rejected: [] };
  return { ...known, ...change };
}

interface Script {
  starts: (StartAnswer | ActionError)[];
  /** By job: its states, and what ends them. */
  states?: Record<string, (JobState | Error)[]>;
}

function createClient({ starts, states = {} }: Script) {
  const sent: string[] = [];
  const client: Partial<RedirectsClient> = {
    startImport: async ({ path }) => {
      sent.push(path);
      const answer = starts.shift();
      if (answer === undefined) throw new Error('nothing more was expected');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    followJob: async function* (_kind, jobId, { signal }) {
      for (const state of states[jobId] ?? [job({ jobId })]) {
        if (state instanceof Error) throw state;
        yield state;
      }
      signal.throwIfAborted();
    },
  };
  return { client, sent };
}

const ROWS = [makeRow('/a', '/1', 2), makeRow('/b', '/2', 5), makeRow('/c', '/3', 6), makeRow('/d', '/4', 9)];

interface Options {
  rows?: typeof ROWS;
  allowFailedRows?: number;
  timeoutMs?: number;
  signal?: AbortSignal;
}

async function run(
  script: Script,
  { rows = ROWS.slice(0, 2), allowFailedRows = 0, timeoutMs = 600_000, signal }: Options = {},
) {
  const { client, sent } = createClient(script);
  const world = createWorld({ client, rows, partRows: 2, ...(signal === undefined ? {} : { signal }) });
  const { dependencies, report } = world;
  const task = { command: 'import', allowFailedRows } as const;
  const error = await endOf(importRedirects({ file: FILE, timeoutMs, task }, dependencies));
  return { error, report, sent };
}

test('parts are imported one after another, and what they left on the disk is gone', async () => {
  const { error, sent, report } = await run({ starts: [started('one'), started('two')] }, { rows: ROWS });
  expect(error).toBeUndefined();
  expect(sent).toEqual(['part-1', 'part-2']);
  expect(report.jobs().map(({ jobId, part, parts }) => `${jobId} ${part}/${parts}`)).toEqual([
    'one 1/2',
    'one 1/2',
    'two 2/2',
    'two 2/2',
  ]);
  expect(report.partsRemoved).toBe(1);
});

test('rejected rows of any part have their lines of the whole file; one that fits no row has none', async () => {
  const rejected = (row: number) => [{ row, message: `row ${row}` }];
  const states = {
    one: [job({ completed: 1, failed: 1, rejected: [...rejected(2), ...rejected(3)] })],
    two: [job({ completed: 1, failed: 1, rejected: rejected(1) })],
  };
  const { error, report } = await run({ starts: [started('one'), started('two')], states }, { rows: ROWS });
  expect(report.failedRows.map(({ line, row }) => [line, row?.fromPath])).toEqual([
    [5, '/b'],
    [undefined, undefined],
    [6, '/c'],
  ]);
  expect(error).toMatchObject({ outcome: 'partial', title: '3 rows rejected' });
  expect(error?.message).toBe('The platform rejected 3 of 4 rows; the others are in place.');
});

test('rejected rows that are allowed fail nothing', async () => {
  const states = { one: [job({ completed: 1, failed: 1 })] };
  const { error, report } = await run({ starts: [started('one')], states }, { allowFailedRows: 1 });
  expect(error).toBeUndefined();
  expect(report.eventsOf('rows-rejected')).toEqual([{ type: 'rows-rejected', rows: [], unnamed: 1 }]);
  const more = { one: [job({ completed: 0, failed: 2 })] };
  expect((await run({ starts: [started('one')], states: more }, { allowFailedRows: 1 })).error?.outcome).toBe(
    'partial',
  );
});

test('a busy store is waited for, longer each time and as long as it asks', async () => {
  const { error, report } = await run({ starts: [BUSY, BUSY, { ...BUSY, namedWaitMs: 45_000 }, started('one')] });
  expect(error).toBeUndefined();
  const [first = 0, second = 0, third = 0] = report.waits;
  expect(first).toBeGreaterThanOrEqual(5000);
  expect(second).toBeGreaterThanOrEqual(10_000);
  expect(third).toBe(45_000);
});

test('all waits are on one clock: a store that stays busy ends the run, and nothing was changed', async () => {
  const { error, report } = await run({ starts: Array(20).fill(BUSY) }, { timeoutMs: 60_000 });
  expect(error).toMatchObject({ title: 'Another job of the store is running', outcome: 'error' });
  expect(report.waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(60_000);
  // What keeps it busy may be this run's.
  const doubtful = await run({ starts: [LOST, ...Array(20).fill(BUSY)] }, { timeoutMs: 60_000 });
  expect(doubtful.error?.outcome).toBe('unknown');
});

test('a lost answer, and a wait that is longer than the run: unknown at once, with what was asked', async () => {
  const { error } = await run({ starts: [{ ...LOST, namedWaitMs: 7_200_000 }] });
  expect(error).toMatchObject({ outcome: 'unknown', message: expect.stringContaining('It asks to wait 120 min') });
});

test('a pause that is longer than the time of the run ends it at once, and is named', async () => {
  const { error, report } = await run({ starts: [{ ...BUSY, namedWaitMs: 7_200_000 }] });
  expect(report.waits).toEqual([]);
  expect(error).toMatchObject({ title: 'Another job of the store is running', outcome: 'error' });
  expect(error?.message).toContain('asks to wait 120 min before the next try, which is longer than the time left');
  expect(error?.message).not.toContain('each time');
});

test('after a lost answer the file is sent again, and the job that is followed is the one that was answered with', async () => {
  const { error, sent, report } = await run({ starts: [LOST, BUSY, started('own')] });
  expect(error).toBeUndefined();
  expect(sent).toHaveLength(3);
  expect(report.jobs().at(-1)?.jobId).toBe('own');
  expect(report.warnings.join('\n')).toContain('The request is sent again, which does no harm.');
});

test('a server that is down for a while is warned of once', async () => {
  const { error, sent, report } = await run({ starts: [LOST, LOST, LOST, started('own')] });
  expect(error).toBeUndefined();
  expect(sent).toHaveLength(4);
  expect(report.warnings).toEqual([expect.stringContaining('may have been started anyway')]);
});

test('a rejection after a lost answer leaves it open whether there is a job', async () => {
  const { error } = await run({ starts: [LOST, new ActionError('Rejected.')] });
  expect(error).toMatchObject({ outcome: 'unknown' });
  expect(error?.message).toContain('It is not known whether the import job was started. Rejected.');
});

test('a platform that never answers: it is unknown whether there is a job', async () => {
  const { error, sent } = await run({ starts: Array(10).fill(LOST) });
  expect(error).toMatchObject({ outcome: 'unknown', title: 'No verdict: no answer to the request' });
  expect(sent).toHaveLength(7);
});

test('a request that the clock of the run ended may be carried out', async () => {
  const { error } = await run({ starts: [new DeadlineError(1000)] });
  expect(error).toMatchObject({ outcome: 'unknown' });
  expect(error?.message).toContain('It is not known whether the import job was started. The time of this run is up');
});

test('aborted and failed fail; what was rejected by then is reported all the same', async () => {
  for (const status of ['aborted', 'failed']) {
    const states = { one: [job({ status, completed: 0, failed: 1, rejected: [{ row: 1, message: 'no' }] })] };
    const { error, report } = await run({ starts: [started('one')], states });
    expect(error).toMatchObject({ outcome: 'failed' });
    expect(report.failedRows).toMatchObject([{ line: 2, message: 'no' }]);
  }
});

test('an end of the stream is no verdict', async () => {
  const states = { one: [job({ status: 'working', completed: 1 })] };
  const { error } = await run({ starts: [started('one')], states });
  expect(error).toMatchObject({ outcome: 'unknown' });
  expect(error?.message).toContain('import job one: the event stream ended. Last seen: working, 1 of 2 rows.');
  expect(error?.fix).toContain('imex/jobs?id=one');
});

test('a fault after the first part is partial, and says how much is in place', async () => {
  const rejection = new ActionError('Starting the import: answered 413.');
  const { error, report } = await run({ starts: [started('one'), rejection] }, { rows: ROWS });
  expect(error).toMatchObject({ outcome: 'partial' });
  expect(error?.message).toContain(
    'Part 2 of 2: Starting the import: answered 413. 1 of 2 parts were imported before (2 rows carried out).',
  );
  expect(report.partsRemoved).toBe(1);
});

test('what a part was cut off after is not counted among the parts before it', async () => {
  const states = { two: [job({ status: 'aborted', completed: 1 })] };
  const { error } = await run({ starts: [started('one'), started('two')], states }, { rows: ROWS });
  expect(error?.outcome).toBe('failed');
  expect(error?.message).toContain('after 1 of 2 rows. What it had done by then stays in place.');
  expect(error?.message).toContain('1 of 2 parts were imported before (2 rows carried out).');
});

test('a file with a header alone sends nothing', async () => {
  const { error, sent, report } = await run({ starts: [] }, { rows: [] });
  expect({ error, sent }).toEqual({ error: undefined, sent: [] });
  expect(report.notes()).toEqual(['redirects.csv has no redirects: nothing was sent.']);
});

test('a loop, and whatever else is wrong with rows, is found before anything is sent', async () => {
  const rows = [makeRow('/a', '/b', 2), makeRow('/b', '/a', 3), makeRow('/c', '/c', 4)];
  const { error, sent } = await run({ starts: [] }, { rows });
  expect(error).toMatchObject({ name: 'FileError', outcome: 'error', problems: [{ line: 2 }, { line: 4 }] });
  expect(sent).toEqual([]);
});

function recordOf(change: Partial<RedirectsRecord>): RedirectsRecord {
  return { command: 'import', jobs: [], ...change } as RedirectsRecord;
}

test('a cancelled import says what is in place, what keeps running, and what may have been started', () => {
  const reason = new CancelledError('The job was cancelled.');
  const jobs = [
    { ...job({ jobId: 'one' }), kind: 'import' as const, part: 1, parts: 3 },
    { ...job({ jobId: 'two', status: 'working' }), kind: 'import' as const, part: 2, parts: 3 },
  ];
  const nothing = cancelledRedirects(recordOf({ mayBeStarted: false }), reason);
  expect(nothing.message).toBe('The job was cancelled. Nothing was imported.');
  const running = cancelledRedirects(recordOf({ jobs, mayBeStarted: false, part: 2, parts: 3 }), reason);
  expect(running.message).toContain(
    'Imported before: 2 rows, 1 of 3 parts. Import job two (part 2 of 3) continues remotely',
  );
  const starting = cancelledRedirects(recordOf({ mayBeStarted: true, part: 1, parts: 1 }), reason);
  expect(starting.message).toContain('The request to start an import was in flight: it may still be carried out.');
});

test('a run that is cut off while it starts a job knows that it may have been started', async () => {
  const stop = new AbortController();
  const reason = new CancelledError('The job was cancelled.');
  const script: Script = { starts: [] };
  const { client } = createClient(script);
  client.startImport = async () => {
    stop.abort(reason);
    throw reason;
  };
  const { dependencies, report } = createWorld({ client, rows: ROWS, signal: stop.signal });
  const task = { command: 'import', allowFailedRows: 0 } as const;
  expect(await endOf(importRedirects({ file: FILE, timeoutMs: 1000, task }, dependencies))).toBe(reason);
  expect(report.record().mayBeStarted).toBe(true);
  expect(report.partsRemoved).toBe(1);
});

async function runExport(client: Partial<RedirectsClient>, before = 'old') {
  const { dependencies, report } = createWorld({ client });
  report.files.set(FILE, before);
  const write = (path: string) => void report.files.set(path, 'new');
  const download = client.downloadExport;
  dependencies.connect = () =>
    ({
      followJob: createClient({ starts: [] }).client.followJob,
      startExport: async () => started('e'),
      ...client,
      downloadExport: async (...args: Parameters<RedirectsClient['downloadExport']>) => {
        write(args[1]);
        return download === undefined ? { path: args[1], sizeBytes: 3 } : await download(...args);
      },
    }) as RedirectsClient;
  const task = { command: 'export', siteId: 7, includeDynamicTargetUrls: false } as const;
  const error = await endOf(exportRedirects({ file: FILE, timeoutMs: 60_000, task }, dependencies));
  return { error, report, files: Object.fromEntries(report.files) };
}

test('an export takes the place of the old file once it is whole, and not before', async () => {
  expect((await runExport({})).files).toEqual({ [FILE]: 'new' });
  const broken = await runExport({ downloadExport: () => Promise.reject(new ActionError('The download broke.')) });
  expect(broken.error?.message).toBe(
    'The download broke. Export job e is complete, but its file could not be downloaded: nothing was written to redirects.csv.',
  );
  expect(broken.files).toEqual({ [FILE]: 'old' });
});

test('nothing to export leaves the header alone, and says so', async () => {
  const { files, report } = await runExport({ startExport: async () => ({ kind: 'nothing' }) });
  expect(files).toEqual({ [FILE]: 'header' });
  expect(report.notes()).toEqual(['Site 7 has no redirects: redirects.csv contains only the header.']);
});

test('an export that says that it left something out is partial', async () => {
  const followJob = async function* () {
    yield job({ completed: 1, failed: 1 });
  };
  const { error, files } = await runExport({ followJob });
  expect(error).toMatchObject({ outcome: 'partial', title: 'The export lacks redirects' });
  expect(files).toEqual({ [FILE]: 'new' });
});

/** `logs`, mode `tail`: what is logged from now on, through any number of connections. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun, StartedRun } from '../../scripts/action-runner.ts';
import { requestsTo } from './github-fault-helpers.ts';
import { type DeployRun, failureOf, platform, warningsOf } from './harness.ts';
import { add, expectEnd, fileLines, logged, startLogs, thrown } from './logs-harness.ts';
import { cancelAt } from './run-reading.ts';

interface Tail extends StartedRun {
  /** Once so many connections have been opened. */
  opened: (connections: number) => Promise<void>;
  /** Once the job log has this line. */
  shown: (line: string) => Promise<void>;
}

function startTail({ inputs, ...rest }: DeployRun): Tail {
  const lines: string[] = [];
  const waiting: { line: string; resolve: () => void }[] = [];
  const onLine = (line: string) => {
    lines.push(line);
    for (const one of waiting) if (line.includes(one.line)) one.resolve();
  };
  const shown = (line: string) =>
    new Promise<void>((resolve) => {
      if (lines.some((one) => one.includes(line))) resolve();
      else waiting.push({ line, resolve });
    });
  const started = startLogs({ ...rest, inputs: { mode: 'tail', format: 'short', ...inputs }, onLine });
  return { ...started, shown, opened: (connections) => shown(`log tail: connection ${connections} is open`) };
}

/** An entry on each of so many connections. */
async function logOnEach(emulator: Emulator, tail: Tail, connections: number): Promise<void> {
  for (let number = 1; number <= connections; number += 1) {
    await tail.opened(number);
    add(emulator, logged('info', `entry ${number}`));
    await tail.shown(`entry ${number}`);
  }
}

const entries = (count: number) => Array.from({ length: count }, (_, index) => `entry ${index + 1}`);

test('entries are shown as they come, written in that order, and counted', async () => {
  const emulator = await platform();
  add(emulator, logged('error', 'of before'));
  const tail = startTail({ emulator, inputs: { 'duration-seconds': '1.5' } });
  await tail.opened(1);
  add(emulator, logged('info', 'first'), logged('error', 'second'), thrown('RangeError', 'third'));
  await tail.shown('third');
  const run = await tail.finished;
  expectEnd(run, 'complete', { entries: 3, errors: 1, exceptions: 1 });
  expect(fileLines(run)).toEqual(['first', 'second', 'third']);
  expect(requestsTo(emulator, 'queryLogs')).toEqual([]);
});

test('the platform ends each connection after a while: it goes on, without doubles', async () => {
  const emulator = await platform({ logCutMs: 300 });
  emulator.addFault({ call: 'logs', effect: 'replay', events: 5, times: 20 });
  const tail = startTail({ emulator, inputs: { 'duration-seconds': '5' } });
  await logOnEach(emulator, tail, 3);
  const run = await tail.finished;
  expectEnd(run, 'complete', { entries: 3 });
  expect(fileLines(run)).toEqual(entries(3));
  expect(warningsOf(run)).toBe('');
  expect(run.summary).toMatch(/^- \*\*Connections:\*\* \d+$/m);
});

test('dropped connections are opened again, without doubles, and a warning says that something may be missing', async () => {
  const emulator = await platform();
  // The second one brings what the first one brought, and breaks after the next event.
  for (const events of [1, 2]) emulator.addFault({ call: 'logs', effect: 'reset-after', events });
  emulator.addFault({ call: 'logs', effect: 'replay', events: 5, times: 20 });
  const tail = startTail({ emulator, inputs: { 'duration-seconds': '4' } });
  await logOnEach(emulator, tail, 3);
  const run = await tail.finished;
  expectEnd(run, 'truncated', { entries: 3 });
  expect(fileLines(run)).toEqual(entries(3));
  expect(warningsOf(run)).toMatch(/log tail broke 2 times.*`mode: query` has it/);
  expect(run.summary).toContain('3, of which 2 broke');
});

test('nothing logged is green', async () => {
  const emulator = await platform({ logKeepAliveMs: 100 });
  const run = await startTail({ emulator, inputs: { 'duration-seconds': '1' } }).finished;
  expectEnd(run, 'complete', { entries: 0 });
  expect(fileLines(run)).toEqual([]);
});

test.each<[Record<string, string>, string[]]>([
  [{ level: 'warn' }, ['slow', 'broken', 'thrown']],
  [{ level: 'error' }, ['broken', 'thrown']],
  [{ method: 'post' }, ['posted']],
  [{ 'status-code': '500' }, ['thrown']],
  [{ url: '/cart' }, ['broken']],
  [{ url: '/Cart' }, []],
  [{ 'entry-type': 'request', format: 'json', 'status-code': '500' }, ['thrown']],
])('it filters as the query does: %p', async (inputs, expected) => {
  const emulator = await platform();
  const tail = startTail({ emulator, inputs: { 'duration-seconds': '1', ...inputs } });
  await tail.opened(1);
  const posted = logged('info', 'posted');
  add(
    emulator,
    logged('debug', 'detail'),
    logged('warn', 'slow'),
    logged('error', 'broken', '/cart'),
    thrown('Error', 'thrown'),
    { ...posted, request: { ...posted.request, method: 'POST' } },
    { ...logged('info', 'of no request'), request: null },
  );
  const run = await tail.finished;
  const shown = fileLines(run)?.map((line) => expected.find((word) => line.includes(word)) ?? line);
  expect(shown).toEqual(expected);
  expectEnd(run, 'complete', { entries: expected.length });
});

test('a tail that does not open at first is asked for again', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'logs', effect: 'status', status: 503, times: 1 });
  emulator.addFault({ call: 'logs', effect: 'reset-before', times: 1 });
  const tail = startTail({ emulator, inputs: { 'duration-seconds': '1' } });
  await tail.opened(1);
  add(emulator, logged('info', 'hello'));
  const run = await tail.finished;
  expectEnd(run, 'complete', { entries: 1 });
  expect(fileLines(run)).toEqual(['hello']);
  expect(warningsOf(run)).toBe('');
});

test('several attempts to open it again are one gap', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'logs', effect: 'reset-after', events: 1 });
  const tail = startTail({ emulator, inputs: { 'duration-seconds': '4' } });
  await tail.opened(1);
  emulator.addFault({ call: 'logs', effect: 'status', status: 502, times: 2 });
  await logOnEach(emulator, tail, 2);
  const run = await tail.finished;
  expectEnd(run, 'truncated', { entries: 2 });
  expect(warningsOf(run)).toMatch(/log tail broke once/);
});

test('refused while it is followed: it fails, and keeps what it has', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'logs', effect: 'cut-after', events: 1 });
  const tail = startTail({ emulator, inputs: { 'duration-seconds': '30' } });
  await tail.opened(1);
  emulator.addFault({ call: 'logs', effect: 'status', status: 403 });
  add(emulator, logged('info', 'entry 1'));
  const run = await tail.finished;
  expectEnd(run, 'error', { entries: 1 });
  expect(failureOf(run).message).toContain('store_infrastructure_logs_read_only');
  expect(fileLines(run)).toEqual(['entry 1']);
});

test('cancelled: the file has what was read until then', async () => {
  const emulator = await platform();
  const tail = startTail({ emulator, inputs: { 'duration-seconds': '600' } });
  await tail.opened(1);
  add(emulator, logged('error', 'entry 1'));
  const run = await cancelAt(tail, tail.shown('entry 1'));
  expectEnd(run, 'cancelled', { entries: 1, errors: 1 });
  expect(fileLines(run)).toEqual(['entry 1']);
  expect(failureOf(run).message).toMatch(/1 entry had been read: .*worker-log-.*\.log\./);
});

test('more than `max-entries` is counted, and not written', async () => {
  const emulator = await platform();
  const inputs = { 'duration-seconds': '1', 'max-entries': '2', 'fail-on': 'error' };
  const tail = startTail({ emulator, inputs });
  await tail.opened(1);
  add(emulator, logged('info', 'a'), logged('info', 'b'), logged('info', 'c'), logged('error', 'd'));
  const run: FinishedRun = await tail.finished;
  expectEnd(run, 'failed', { entries: 4, errors: 1 });
  expect(fileLines(run)).toEqual(['a', 'b']);
});

test.each<[string, 'truncated' | 'complete', number]>([
  ['short', 'truncated', 2],
  ['json', 'complete', 1],
])('one request with more than `max-entries` (%s)', async (format, outcome, lines) => {
  const emulator = await platform();
  const tail = startTail({ emulator, inputs: { 'duration-seconds': '1', 'max-entries': '2', format } });
  await tail.opened(1);
  const one = logged('info', 'a');
  add(emulator, { ...one, logs: ['a', 'b', 'c'].flatMap((text) => logged('info', text).logs) });
  const run = await tail.finished;
  expectEnd(run, outcome, { entries: 3 });
  expect(fileLines(run)).toHaveLength(lines);
});

test('a tail that cannot be opened again until its time is over', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'logs', effect: 'reset-after', events: 1 });
  const tail = startTail({ emulator, inputs: { 'duration-seconds': '2' } });
  await tail.opened(1);
  emulator.addFault({ call: 'logs', effect: 'status', status: 502, times: 100 });
  add(emulator, logged('info', 'entry 1'));
  const run = await tail.finished;
  expectEnd(run, 'truncated', { entries: 1 });
  expect(warningsOf(run)).toMatch(/log tail broke once, and could not be opened again: .* is missing; `mode: query`/);
});

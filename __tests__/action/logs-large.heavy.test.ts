/** `logs` with 100,000 entries, in bounded memory; and tails that fall silent, or cannot be opened. */
import { readFileSync, statSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { platform, warningsOf } from './harness.ts';
import { add, expectEnd, logged, readLogs, startLogs, uuidOf } from './logs-harness.ts';

const COUNT = 100_000;
const MB = 2 ** 20;
/** A run with a single entry takes less than 100 MB. */
const MAX_PEAK_BYTES = 200 * MB;
/** A page of 500 large entries is 25 MB of JSON. */
const MAX_LARGE_BYTES = 450 * MB;
const TEXT = 'some words that a worker logs on each request, again and again: '.repeat(3);

function linesIn(path = ''): number {
  let lines = 0;
  for (const byte of readFileSync(path)) if (byte === 10) lines += 1;
  return lines;
}

test('a query of 100,000 entries', async () => {
  const emulator = await platform({ maxLogEntries: 2 * COUNT });
  await emulator.floodWorkerLogs(uuidOf(emulator), COUNT, logged('error', TEXT));
  const run = await readLogs({ emulator });
  expectEnd(run, 'complete', { entries: COUNT, errors: COUNT });
  expect(linesIn(run.outputs['file'])).toBe(COUNT);
  expect(run.lines.length).toBeLessThan(1500);
  console.log(
    `query: ${(run.peakMemoryBytes / MB).toFixed(0)} MB at most, ${(run.durationMs / 1000).toFixed(1)} s, file of ${(statSync(run.outputs['file'] ?? '').size / MB).toFixed(0)} MB`,
  );
  expect(run.peakMemoryBytes).toBeLessThan(MAX_PEAK_BYTES);
});

test('a tail that is flooded with 100,000 events', async () => {
  const emulator = await platform({ maxLogEntries: 10 });
  const inputs = { mode: 'tail', 'duration-seconds': '40' };
  const started = startLogs({
    ...{ emulator, inputs },
    onLine: (line) => {
      if (!line.includes('connection 1 is open')) return;
      void emulator.floodWorkerLogs(uuidOf(emulator), COUNT, logged('error', TEXT));
    },
  });
  const run = await started.finished;
  expectEnd(run, 'complete', { entries: COUNT, errors: COUNT });
  expect(linesIn(run.outputs['file'])).toBe(COUNT);
  expect(run.lines.length).toBeLessThan(1500);
  expect(run.lines.join('\n')).toMatch(/More is logged than can be shown here: all of it is in .*worker-log-/);
  console.log(`tail: ${(run.peakMemoryBytes / MB).toFixed(0)} MB at most`);
  expect(run.peakMemoryBytes).toBeLessThan(MAX_PEAK_BYTES);
});

test('large entries, 100 MB in all', async () => {
  const emulator = await platform();
  const count = 2000;
  await emulator.floodWorkerLogs(uuidOf(emulator), count, logged('error', 'x'.repeat(50_000)));
  const run = await readLogs({ emulator, inputs: { format: 'json', 'entry-type': 'log' } });
  expectEnd(run, 'complete', { entries: count });
  console.log(`large entries: ${(run.peakMemoryBytes / MB).toFixed(0)} MB at most`);
  expect(run.peakMemoryBytes).toBeLessThan(MAX_LARGE_BYTES);
});

test('a connection that falls silent is opened again, and a warning says that something may be missing', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'logs', effect: 'silence', events: 0 });
  const started = startLogs({
    ...{ emulator, inputs: { mode: 'tail', 'duration-seconds': '45', format: 'short' } },
    onLine: (line) => line.includes('connection 2 is open') && add(emulator, logged('info', 'after the silence')),
  });
  const run = await started.finished;
  expectEnd(run, 'truncated', { entries: 1 });
  expect(run.lines.join('\n')).toContain('no byte for 35 s');
  expect(warningsOf(run)).toMatch(/log tail broke once/);
});

test('a tail that cannot be opened for a minute fails', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'logs', effect: 'status', status: 503, times: 1000 });
  const run = await readLogs({ emulator, inputs: { mode: 'tail', 'duration-seconds': '600' } });
  expectEnd(run, 'error', { entries: 0 });
  expect(run.annotations).toMatchObject([{ level: 'error', title: 'Log tail not opened' }]);
  expect(run.annotations[0]?.message).toMatch(/within 1 min: .*503.*`mode: query`/s);
  expect(run.annotations[0]?.message).not.toContain('connecting again');
});

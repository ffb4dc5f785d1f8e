/** `logs`, mode `query`: all pages, however a page says that there are more, and whatever an entry is. */
import { expect, test } from '@jest/globals';
import { requestsTo } from './github-fault-helpers.ts';
import { platform, warningsOf } from './harness.ts';
import { add, expectEnd, fileLines, logged, readLogs, uuidOf } from './logs-harness.ts';

const PAGE = 500;

test.each(['links', 'flags', 'cursors', undefined] as const)('pages of the form %s', async (form) => {
  const emulator = await platform();
  const count = 2 * PAGE + 100;
  await emulator.floodWorkerLogs(uuidOf(emulator), count, logged('info', 'many'));
  if (form !== undefined) emulator.addFault({ call: 'queryLogs', effect: 'paging-form', form, times: 10 });
  const run = await readLogs({ emulator, inputs: { format: 'json' } });
  // Of each event there are two entries: its request and what it logged.
  expectEnd(run, 'complete', { entries: 2 * count });
  const ids = (fileLines(run) ?? []).map((line) => JSON.parse(line).id as string);
  expect([ids.length, new Set(ids).size]).toEqual([2 * count, 2 * count]);
  const cursors = requestsTo(emulator, 'queryLogs').map(({ query }) => query['after']);
  expect(cursors.length).toBeGreaterThanOrEqual(5);
  expect(new Set(cursors).size).toBe(cursors.length);
});

test('the oldest entry is written first, over all pages; the job log shows the newest 1,000 lines', async () => {
  const emulator = await platform();
  const count = 2 * PAGE + 234;
  for (let number = 1; number <= count; number += 1) add(emulator, logged('info', `entry ${number}`));
  const run = await readLogs({ emulator, inputs: { format: 'short' } });
  expectEnd(run, 'complete', { entries: count });
  const expected = Array.from({ length: count }, (_, index) => `entry ${index + 1}`);
  expect(fileLines(run)).toEqual(expected);
  expect(run.lines.filter((line) => line.startsWith('entry '))).toEqual(expected.slice(-1000));
  expect(run.lines.join('\n')).toMatch(/The newest 1,000 lines of the log; .*worker-log-\w+\.log has all of it:/);
});

test('the job log says no more of the file than is in it', async () => {
  const emulator = await platform();
  await emulator.floodWorkerLogs(uuidOf(emulator), 3 * PAGE + 200, logged('info', 'many'));
  const cut = await readLogs({ emulator, inputs: { format: 'short', 'max-entries': '1100' } });
  expectEnd(cut, 'truncated', { entries: 1100 });
  expect(cut.lines.join('\n')).toMatch(/The newest 1,000 lines of the log; .*\.log has more of it:/);
  for (let page = 1; page <= 3; page += 1) emulator.addFault({ call: 'queryLogs', effect: 'delay', delayMs: 0 });
  emulator.addFault({ call: 'queryLogs', effect: 'status', status: 403 });
  const failed = await readLogs({ emulator, inputs: { format: 'short' } });
  expectEnd(failed, 'error', { entries: 3 * PAGE });
  expect(failed.lines).toContain('The newest 1,000 lines of what was read:');
});

test('a page that cannot be read at last fails, and the file keeps the newer ones', async () => {
  const emulator = await platform();
  for (let number = 1; number <= PAGE + 1; number += 1) add(emulator, logged('error', `entry ${number}`));
  emulator.addFault({ call: 'queryLogs', effect: 'delay', delayMs: 0 });
  emulator.addFault({ call: 'queryLogs', effect: 'status', status: 403 });
  const run = await readLogs({ emulator, inputs: { format: 'short' } });
  expectEnd(run, 'error', { entries: PAGE, errors: PAGE });
  const lines = fileLines(run) ?? [];
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([PAGE, 'entry 2', `entry ${PAGE + 1}`]);
});

const ODD: readonly unknown[] = [
  null,
  17,
  '',
  { deep: { list: [1, [2, [3]]], nothing: null } },
  ['a', { b: true }],
  { __proto__: null, constructor: 'x', toString: 1 },
  '::error::not a command',
  '##[error]nor this one',
  'line one\r\n::warning file=x::line two',
  '\u001b[31mred\u001b[0m \u0000\u0007\u202e reversed',
  '😀'.repeat(3000),
  'x'.repeat(200_000),
];

test.each(['default', 'short', 'request', 'json'])('an entry of any JSON is one harmless line (%s)', async (format) => {
  const emulator = await platform();
  for (const message of ODD) add(emulator, logged('error', message));
  const run = await readLogs({ emulator, inputs: { format, 'entry-type': 'log' } });
  expectEnd(run, 'complete', { entries: ODD.length, errors: ODD.length });
  const lines = fileLines(run) ?? [];
  expect(lines).toHaveLength(ODD.length);
  for (const line of lines) {
    expect(line).not.toMatch(/^\s*::|##\[/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what no line may have
    expect(line).not.toMatch(/[\u0000-\u001f\u007f\u202e]/);
  }
  if (format === 'json')
    expect(lines.map((line) => JSON.parse(line).messages[0])).toEqual(
      ODD.map((one) => JSON.parse(JSON.stringify(one))),
    );
  // None of them acted in the job log, either, which stays of a readable size.
  expect(run.annotations).toEqual([]);
  expect(Math.max(...run.lines.map((line) => line.length))).toBeLessThan(4200);
  expect(warningsOf(run)).toBe('');
  expect(run.summary.length).toBeLessThan(20_000);
});

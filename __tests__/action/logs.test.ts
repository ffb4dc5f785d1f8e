/** `logs`, mode `query`: what was logged in a window of time, shown, written and counted. */
import { expect, test } from '@jest/globals';
import { callsOf, failureOf, platform, workspaceWith } from './harness.ts';
import { add, expectEnd, fileLines, logged, readLogs, thrown, uuidOf } from './logs-harness.ts';

test('entries are shown and written with the oldest one first, counted, and grouped', async () => {
  const emulator = await platform();
  add(
    emulator,
    logged('info', 'cache warm'),
    logged('error', 'price of product 12 is missing', '/cart?id=12'),
    logged('error', 'price of product 345 is missing', '/cart?id=345'),
    thrown('TypeError', 'x is not a function', '/login'),
  );
  const run = await readLogs({ emulator });
  expectEnd(run, 'complete', { entries: 4, errors: 2, exceptions: 1 });
  const lines = fileLines(run) ?? [];
  expect(lines.map((line) => line.replace(/^\[[^\]]*\] /, ''))).toEqual([
    '[INFO] cache warm',
    '[ERROR] price of product 12 is missing',
    '[ERROR] price of product 345 is missing',
    '[ERROR] [TypeError] x is not a function',
  ]);
  const log = run.lines.join('\n');
  expect(log).toContain(lines.join('\n'));
  expect(run.summary).toMatch(/\| 2 \| 🔴 error \| price of product 12 is missing \| <code>\/cart<\/code> \|/);
  expect(run.summary).toMatch(/\| 1 \| 💥 exception \| TypeError.* x is not a function \| <code>\/login<\/code> \|/);
});

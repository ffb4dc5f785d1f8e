/** What a followed log warns of, by a tail that is written by hand. */
import { expect, test } from '@jest/globals';
import { tailLog } from '../../src/actions/logs/tail-log.ts';
import type { TailOptions } from '../../src/bigcommerce/logs.ts';
import type { LogsEvent } from '../../src/report/logs-record.ts';
import { createFakeRun } from '../fake-run.ts';
import { FakeLogs } from './verification/fake-logs.ts';

const BROKEN = { isFault: true, reason: 'it broke' };

/** Follows a tail for a moment, in which this happens. */
async function follow(happens: (tail: TailOptions) => void) {
  const logs = new FakeLogs();
  const run = createFakeRun<LogsEvent>();
  const request = { projectUuid: 'p-1', durationMs: 30, filter: {}, onEvent: () => {} } as never;
  const following = tailLog(request, { logs, run, signal: new AbortController().signal } as never);
  const tail = logs.options as TailOptions;
  tail.onOpen?.();
  happens(tail);
  await following;
  return run;
}

test('a tail that stays open warns of nothing', async () => {
  expect((await follow(() => {})).warnings).toEqual([]);
});

test('what could not be read is counted', async () => {
  const run = await follow(({ onSkipped }) => {
    onSkipped?.('no JSON');
    onSkipped?.('no event');
  });
  expect(run.warnings).toEqual(['2 pieces of the log tail could not be read: see the debug log.']);
  expect(run.debugLines).toEqual(['log tail: no JSON', 'log tail: no event']);
});

test('vain attempts in a row are one gap, and one that the platform means is none', async () => {
  const run = await follow(({ onOpen, onReconnect }) => {
    onReconnect({ isFault: false, reason: 'the hour is over' });
    onOpen?.();
    onReconnect(BROKEN);
    onReconnect(BROKEN);
    onOpen?.();
  });
  expect(run.warnings).toEqual([
    'The log tail broke once: what was logged until it was open again may be missing; `mode: query` has it.',
  ]);
  expect(run.eventsOf('tail-closed').map(({ isGap }) => isGap)).toEqual([false, true, false]);
});

test('one that does not open again has lost the rest', async () => {
  const run = await follow(({ onOpen, onReconnect }) => {
    onReconnect(BROKEN);
    onOpen?.();
    onReconnect(BROKEN);
  });
  expect(run.warnings).toEqual([
    'The log tail broke 2 times, and could not be opened again: what was logged from then on is missing; `mode: query` has it.',
  ]);
});

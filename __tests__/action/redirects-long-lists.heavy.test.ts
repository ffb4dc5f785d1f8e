/** Lists that take seconds to read: they hear signals, and one that takes too much memory ends with words. */
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import {
  cancelAt,
  expectEnd,
  redirectsPlatform,
  SITE_ID,
  startRedirects,
  verdictOf,
  workspaceWith,
} from './redirects-harness.ts';
import { runPlan } from './redirects-sync-harness.ts';

test.each<[string, NodeJS.Signals]>([
  ['commas', 'SIGINT'],
  ['commas', 'SIGTERM'],
])('a list of %s is left at once on %s', async (_, signal) => {
  const emulator = await redirectsPlatform();
  // As long as lists could be before, and ten seconds of work.
  const workspace = workspaceWith({ 'list.yaml': `[${','.repeat(1_900_000)}]` });
  const reading = Promise.withResolvers<void>();
  const onLine = (line: string) => line.includes('Check list.yaml') && reading.resolve();
  const inputs = { command: 'plan', 'site-id': String(SITE_ID), file: 'list.yaml' };
  // Nothing shows that the parser has started; it needs some seconds from then on.
  const inTheMiddle = reading.promise.then(() => setTimeout(700));
  const run = await cancelAt(startRedirects({ emulator, workspace, inputs, onLine }), inTheMiddle, signal);
  expectEnd(run, 'cancelled');
  expect(emulator.requests).toEqual([]);
});

test('a list that takes more memory than any of redirects ends with words', async () => {
  const emulator = await redirectsPlatform();
  const workspace = workspaceWith({ 'list.yaml': `[${','.repeat(9_900_000)}]` });
  const run = await runPlan({ emulator, workspace, inputs: { file: 'list.yaml' } });
  expectEnd(run, 'error');
  expect(verdictOf(run).message).toMatch(/takes more than 2048 MB of memory to read|has .* problems/);
  expect(run.stderr).toBe('');
});

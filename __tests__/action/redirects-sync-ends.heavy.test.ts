/** A `sync` or `plan` that is cancelled, or has no time left, reports the truth, and a rerun does the rest. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { ownComments, pullRequestEvent } from './github-harness.ts';
import { FAULT_SITE, faultPlatform, isUntouchedElsewhere, madeOn } from './redirects-fault-site.ts';
import { cancelAt, csvOf, expectEnd, redirectsPlatform, verdictOf } from './redirects-harness.ts';
import {
  addAll,
  commentWords,
  manyOf,
  readBackup,
  rowsOf,
  runPlan,
  siteOf,
  startSync,
  syncOnPullRequest,
  writesTo,
} from './redirects-sync-harness.ts';

const { csv, inputs, desired, before } = FAULT_SITE;

function startOnPullRequest(emulator: Emulator) {
  return startSync({ emulator, csv, inputs, event: pullRequestEvent(emulator) });
}

async function expectFinishedByRerun(emulator: Emulator): Promise<void> {
  emulator.clearFaults();
  expectEnd(await syncOnPullRequest({ emulator, csv, inputs }), 'complete', { failed: '0' });
  expect(siteOf(emulator)).toEqual(desired);
  expect(isUntouchedElsewhere(emulator)).toBe(true);
  expect(commentWords(emulator)).toMatch(/✅ Redirects of store\.example\.com: [+~−]\d/);
}

/** The same everywhere: verdict, log, summary and comment. */
function expectShown(emulator: Emulator, run: FinishedRun, sentences: string, inShort: string): void {
  expect(verdictOf(run).message).toContain(sentences);
  expect(run.lines.join('\n')).toContain(inShort);
  expect(run.summary).toContain('🚫 Redirects of store.example.com: Sync cancelled');
  expect(commentWords(emulator)).toContain('Sync cancelled');
  expect(commentWords(emulator)).toContain(sentences);
  expect(ownComments(emulator)).toHaveLength(1);
}

const NOTHING = ['The job was cancelled. Nothing was changed.', 'Outcome: cancelled (nothing was changed)'] as const;

test.each([
  ['reading', 'listRedirects', 1, {}, ...NOTHING],
  ['reading the second page', 'listRedirects', 2, {}, ...NOTHING],
  [
    'the first request to write',
    'upsertRedirects',
    1,
    { completed: '0', failed: '500' },
    '0 of 500 changes were made: 0 added, 0 changed, 0 deleted. It is not known whether 50 more were made. 450 were not made.',
    'Outcome: cancelled (0 of 500 changes made, 50 more may be)',
  ],
  [
    'the second request to write',
    'upsertRedirects',
    2,
    { completed: '50', failed: '450' },
    '50 of 500 changes were made: 50 added, 0 changed, 0 deleted. It is not known whether 50 more were made. 400 were not made.',
    'Outcome: cancelled (50 of 500 changes made, 50 more may be)',
  ],
  [
    'the first deletion',
    'deleteRedirects',
    1,
    { completed: '200', failed: '300' },
    '200 of 500 changes were made: 150 added, 50 changed, 0 deleted. It is not known whether 2',
    'Outcome: cancelled (200 of 500 changes made, 2',
  ],
] as const)('cancelled during %s', async (_, call, count, outputs, sentences, inShort) => {
  for (const effect of ['hang', 'delay'] as const) {
    const emulator = await faultPlatform();
    // Of the one, nothing is done; of the other, all, and the answer is late.
    const fault = effect === 'hang' ? { effect } : { effect, delayMs: 20_000 };
    emulator.addFault({ call, skip: count - 1, ...fault });
    const started = startOnPullRequest(emulator);
    const run = await cancelAt(started, emulator.waitForRequest(call, { count }));
    expectEnd(run, 'cancelled', outputs);
    expectShown(emulator, run, sentences, inShort);
    const { added, changed, removed } = madeOn(emulator);
    const claimed = Number(run.outputs['completed'] ?? 0);
    expect(added + changed + removed).toBeGreaterThanOrEqual(claimed);
    if (effect === 'hang') expect(added + changed + removed).toBe(claimed);
    if (call === 'listRedirects') expect(run.outputs).not.toHaveProperty('backup-file');
    else {
      expect(verdictOf(run).message).toContain(`What the site had before is in ${run.outputs['backup-file']}.`);
      expect(readBackup(run)).toBe(csvOf(...rowsOf(before)));
    }
    await expectFinishedByRerun(emulator);
  }
});

test('cancelled while a call waits for its next try', async () => {
  const emulator = await faultPlatform();
  emulator.addFault({
    call: 'upsertRedirects',
    skip: 1,
    effect: 'status',
    status: 429,
    headers: { 'x-rate-limit-time-reset-ms': '60000' },
  });
  const started = startOnPullRequest(emulator);
  const run = await cancelAt(started, emulator.waitForRequest('upsertRedirects', { count: 2 }));
  expectEnd(run, 'cancelled', { completed: '50' });
  await expectFinishedByRerun(emulator);
});

test('a cancelled plan has changed nothing, and says so on the pull request', async () => {
  const emulator = await faultPlatform();
  emulator.addFault({ call: 'listRedirects', effect: 'hang' });
  const started = startSync({
    emulator,
    csv,
    inputs: { ...inputs, command: 'plan' },
    event: pullRequestEvent(emulator),
  });
  const run = await cancelAt(started, emulator.waitForRequest('listRedirects'));
  expectEnd(run, 'cancelled');
  expect(commentWords(emulator)).toContain('Plan cancelled');
  expect(verdictOf(run).message).toContain('The job was cancelled. Nothing was changed.');
  emulator.clearFaults();
  expectEnd(await runPlan({ emulator, csv, inputs }), 'planned');
  expect(commentWords(emulator)).not.toContain('cancelled');
});

test('a cancelled sync ends in time when GitHub is silent, too', async () => {
  const emulator = await faultPlatform();
  emulator.addFault({ call: 'github.any', effect: 'hang', times: 'always' });
  emulator.addFault({ call: 'upsertRedirects', skip: 1, effect: 'hang' });
  const started = startOnPullRequest(emulator);
  const run = await cancelAt(started, emulator.waitForRequest('upsertRedirects', { count: 2 }));
  expectEnd(run, 'cancelled', { completed: '50' });
});

test.each([
  [
    'listing',
    'listRedirects',
    1,
    'error',
    'Not all redirects of site 1000 were read by then, and nothing was changed.',
  ],
  [
    'writing',
    'upsertRedirects',
    1,
    'partial',
    '50 of 500 changes were made: 50 added, 0 changed, 0 deleted. It is not known whether 50 more were made. 400 were not made.',
  ],
  [
    'deleting',
    'deleteRedirects',
    0,
    'partial',
    '200 of 500 changes were made: 150 added, 50 changed, 0 deleted. It is not known whether 2',
  ],
] as const)('the time is up while %s', async (_, call, skip, outcome, sentences) => {
  const emulator = await faultPlatform();
  emulator.addFault({ call, skip, effect: 'hang' });
  const run = await syncOnPullRequest({ emulator, csv, inputs: { ...inputs, 'timeout-minutes': '0.05' } });
  expectEnd(run, outcome);
  expect(verdictOf(run)).toMatchObject({ title: 'Time is up' });
  expect(verdictOf(run).message).toContain('The time of this run is up: 3.0 s (`timeout-minutes`).');
  expect(verdictOf(run).message).toContain(sentences);
  expect(commentWords(emulator)).toContain(sentences);
  if (outcome === 'error') expect(writesTo(emulator)).toEqual([]);
  expect(verdictOf(run).message).toContain('raise `timeout-minutes`');
  await expectFinishedByRerun(emulator);
});

test('cancelled between the last write and the end of the comment, the sync is done', async () => {
  const emulator = await redirectsPlatform();
  addAll(emulator, manyOf(3));
  emulator.addFault({ call: 'github.createComment', effect: 'hang' });
  const started = startSync({ emulator, csv: csvOf('/a,/b,,'), event: pullRequestEvent(emulator) });
  const run = await cancelAt(started, emulator.waitForRequest('github.createComment'));
  expectEnd(run, 'complete', { completed: '1' });
});

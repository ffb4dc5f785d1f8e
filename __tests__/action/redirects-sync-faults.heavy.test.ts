/** Faults in the middle of a `sync`: what is reported is what was done, and a rerun does the rest. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FaultEffect } from '../../emulator/services.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { warningsOf } from './harness.ts';
import { FAULT_SITE, faultPlatform, isUntouchedElsewhere, madeOn } from './redirects-fault-site.ts';
import { annotationsOf, csvOf, expectEnd, redirectsPlatform, SITE_ID, verdictOf } from './redirects-harness.ts';
import {
  addAll,
  commentWords,
  runPlan,
  runSync,
  siteOf,
  syncOnPullRequest,
  writesTo,
} from './redirects-sync-harness.ts';

const { csv, inputs, desired, before, toDo } = FAULT_SITE;

const MOMENTS = [
  ['listRedirects', 0],
  ['listRedirects', 1],
  ['upsertRedirects', 0],
  ['upsertRedirects', 1],
  ['deleteRedirects', 0],
  ['deleteRedirects', 1],
] as const;

const PASSING: readonly FaultEffect[] = [
  { effect: 'lost-answer' },
  { effect: 'status-after-work', status: 502 },
  { effect: 'status', status: 503 },
  { effect: 'status', status: 429, headers: { 'x-rate-limit-time-reset-ms': '100' } },
  { effect: 'reset-before' },
  { effect: 'reset-mid-request', afterBytes: 100 },
  { effect: 'reset-in-body' },
  { effect: 'slow-body', chunkBytes: 2000, delayMs: 1 },
];

test.each(MOMENTS)('%s, after %i of them: a fault that passes changes nothing about the end', async (call, skip) => {
  for (const fault of PASSING) {
    const emulator = await faultPlatform();
    emulator.addFault({ call, skip, ...fault });
    const run = await runSync({ emulator, csv, inputs });
    expectEnd(run, 'complete', { completed: String(toDo), failed: '0' });
    expect([fault.effect, madeOn(emulator)]).toEqual([fault.effect, { added: 150, changed: 50, removed: 300 }]);
    expect(siteOf(emulator)).toEqual(desired);
    expect(isUntouchedElsewhere(emulator)).toBe(true);
    // A 204 has no body in which to break off.
    const isNoticed = fault.effect !== 'slow-body' && !(fault.effect === 'reset-in-body' && call === 'deleteRedirects');
    if (isNoticed) expect(run.lines.join('\n')).toContain('Trying again in');
  }
});

/** Everything that the run shows says how far it came, and the platform agrees. */
function expectProgressShown(emulator: Emulator, run: FinishedRun, sentences: string | RegExp): void {
  const made = madeOn(emulator);
  expect(verdictOf(run).message).toMatch(sentences);
  const isUncertain = String(sentences).includes('is not known');
  const done = made.added + made.changed + made.removed;
  if (!isUncertain) {
    expect(run.outputs).toMatchObject({ completed: String(done), failed: String(toDo - done), total: String(toDo) });
    if (done > 0) {
      const counts = `${done} of ${toDo} changes were made: ${made.added} added, ${made.changed} changed, ${made.removed} deleted.`;
      expect(verdictOf(run).message).toContain(counts);
      expect(run.lines.join('\n')).toContain(`Outcome: partial (a part was done)`);
    } else {
      expect(run.lines.join('\n')).toContain('Outcome: error (nothing was changed)');
    }
  }
  expect(commentWords(emulator)).toMatch(sentences);
  expect(isUntouchedElsewhere(emulator)).toBe(true);
}

async function expectFinishedByRerun(emulator: Emulator): Promise<void> {
  emulator.clearFaults();
  expectEnd(await syncOnPullRequest({ emulator, csv, inputs }), 'complete', { failed: '0' });
  expect(siteOf(emulator)).toEqual(desired);
  expect(isUntouchedElsewhere(emulator)).toBe(true);
  expectEnd(await runSync({ emulator, csv, inputs }), 'unchanged');
}

const SO_FAR = {
  none: 'None of 500 changes was made.',
  oneBatch: '50 of 500 changes were made: 50 added, 0 changed, 0 deleted. 450 were not made.',
  upserts: '200 of 500 changes were made: 150 added, 50 changed, 0 deleted. 300 were not made.',
  // So many ids of four digits go into an address of 2,000 characters.
  oneDeletion: /4\d\d of 500 changes were made: 150 added, 50 changed, 2\d\d deleted\. \d\d were not made\./,
};

test.each([
  ['upsertRedirects', 0, 'error', SO_FAR.none],
  ['upsertRedirects', 1, 'partial', SO_FAR.oneBatch],
  ['deleteRedirects', 0, 'partial', SO_FAR.upserts],
] as const)('%s, after %i of them: 401 and 403 end it at once', async (call, skip, outcome, sentences) => {
  for (const status of [401, 403]) {
    const emulator = await faultPlatform();
    emulator.addFault({ call, skip, effect: 'status', status });
    const run = await syncOnPullRequest({ emulator, csv, inputs });
    expectEnd(run, outcome, { 'backup-file': expect.stringContaining('redirects-backup-site-1000-') });
    expectProgressShown(emulator, run, sentences);
    // It is about the token, and no row is to blame.
    expect(verdictOf(run).message).not.toContain('line ');
    expect(verdictOf(run).message).toMatch(/What to do: (?:The token|Make sure that the secret behind `access-token`)/);
    expect(verdictOf(run).message.includes('The next run reads the site again and does the rest.')).toBe(
      outcome === 'partial',
    );
    expect(emulator.requests.filter((request) => request.call === call)).toHaveLength(skip + 1);
    await expectFinishedByRerun(emulator);
  }
});

test('a token that may only read is enough for a plan, and a sync with it has done nothing', async () => {
  const emulator = await faultPlatform({
    tokens: { reader: ['store_v2_content_read_only'] },
  });
  const reading = { ...inputs, 'access-token': 'reader' };
  expectEnd(await runPlan({ emulator, csv, inputs: reading }), 'planned', { added: '150' });
  const run = await syncOnPullRequest({ emulator, csv, inputs: reading });
  expectEnd(run, 'error', { completed: '0' });
  expectProgressShown(emulator, run, SO_FAR.none);
  expect(verdictOf(run).message).toContain('The token lacks the scope "Content: modify (store_v2_content)".');
  expect(siteOf(emulator)).toEqual(before);
});

test('fewer redirects to a request than are sent: halved until they fit', async () => {
  const emulator = await faultPlatform({ redirects: { upsertItems: 30 } });
  const run = await syncOnPullRequest({ emulator, csv, inputs });
  expectEnd(run, 'complete', { completed: '500' });
  const puts = writesTo(emulator).filter(({ call }) => call === 'upsertRedirects');
  expect(puts.map(({ status }) => status)).toEqual([413, ...Array(8).fill(201)]);
  expect(run.lines).toContain('50 redirects are too many for one request (413): sending 25 at a time from now on.');
  expect(siteOf(emulator)).toEqual(desired);
});

test('one redirect that the platform rejects is named by its line; what comes before it is made', async () => {
  const emulator = await redirectsPlatform();
  addAll(emulator, { '/gone': '/away' });
  const rows = Array.from({ length: 20 }, (_, index) =>
    index === 12 ? '/bad,foo,,' : `/old-${index},/new-${index},,`,
  );
  const run = await syncOnPullRequest({ emulator, csv: csvOf(...rows), inputs });
  expectEnd(run, 'partial', { completed: '12', failed: '9', total: '21' });
  const { title, message } = verdictOf(run);
  expect(title).toBe('BigCommerce rejected the request (422)');
  expect(message).toContain('to.url: must be a path or a URL. It concerns line 14 (/bad). 12 of 21 changes were made:');
  expect(siteOf(emulator)).toMatchObject({ '/gone': '/away', '/old-11': '/new-11' });
  rows[12] = '/bad,/foo,,';
  expectEnd(await syncOnPullRequest({ emulator, csv: csvOf(...rows), inputs }), 'complete', { completed: '9' });
  expect(Object.keys(siteOf(emulator))).toHaveLength(20);
});

test('an address that is too long for some server on the way (414) is reported', async () => {
  const emulator = await faultPlatform({ redirects: { urlBytes: 500 } });
  const run = await syncOnPullRequest({ emulator, csv, inputs });
  expectEnd(run, 'partial');
  expectProgressShown(emulator, run, SO_FAR.upserts);
  expect(verdictOf(run).message).toContain('answered 414');
});

/** These take as long as a call is tried, so they run beside each other. */
test('a call that never succeeds, and one whose answers never come', async () => {
  const never = { effect: 'status', status: 503, times: 'always' } as const;
  const cases = [
    { call: 'listRedirects', skip: 1, fault: never, outcome: 'error', says: 'answered 503' },
    { call: 'upsertRedirects', skip: 1, fault: never, outcome: 'partial', says: SO_FAR.oneBatch },
    { call: 'deleteRedirects', skip: 0, fault: never, outcome: 'partial', says: SO_FAR.upserts },
    { call: 'deleteRedirects', skip: 1, fault: never, outcome: 'partial', says: SO_FAR.oneDeletion },
    {
      call: 'upsertRedirects',
      // The last one: each takes as long as a call is tried.
      skip: 3,
      fault: { effect: 'lost-answer', times: 'always' },
      outcome: 'complete',
      says: '',
    },
    {
      call: 'deleteRedirects',
      skip: 0,
      fault: { effect: 'status-after-work', status: 504, times: 'always' },
      outcome: 'complete',
      says: '',
    },
  ] as const;
  await Promise.all(
    cases.map(async ({ call, skip, fault, outcome, says }) => {
      const emulator = await faultPlatform();
      emulator.addFault({ call, skip, ...fault });
      const run = await syncOnPullRequest({ emulator, csv, inputs });
      expectEnd(run, outcome);
      if (outcome === 'complete') {
        expect(siteOf(emulator)).toEqual(desired);
        expect(warningsOf(run)).toContain("Reading the site's redirects again to see what was done.");
        return;
      }
      if (outcome === 'error') expect(verdictOf(run).message).toContain(says);
      else expectProgressShown(emulator, run, says);
      await expectFinishedByRerun(emulator);
    }),
  );
});

test('lost answers, and a list that cannot be read any more: what may have been done is said to be unknown', async () => {
  const emulator = await faultPlatform();
  emulator.addFault({ call: 'upsertRedirects', skip: 1, effect: 'lost-answer', times: 'always' });
  emulator.addFault({ call: 'listRedirects', skip: 2, effect: 'status', status: 403, times: 'always' });
  const run = await syncOnPullRequest({ emulator, csv, inputs });
  expectEnd(run, 'partial', { completed: '50', failed: '450' });
  const sentences =
    '50 of 500 changes were made: 50 added, 0 changed, 0 deleted. It is not known whether 50 more were made. 400 were not made.';
  expectProgressShown(emulator, run, sentences);
  expect(madeOn(emulator)).toEqual({ added: 100, changed: 0, removed: 0 });
  expect(annotationsOf(run, 'error')).toHaveLength(1);
  await expectFinishedByRerun(emulator);
  expect(run.outputs['backup-file']).toContain(`site-${SITE_ID}`);
});

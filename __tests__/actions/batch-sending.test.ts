import { describe, expect, test } from '@jest/globals';
import { DeadlineError } from '../../src/actions/deadline.ts';
import type { BatchAnswer } from '../../src/sitecore-cdp/batches.ts';
import {
  createWorld,
  FILE,
  fault,
  GIVEN,
  HOUR_MS,
  OTHER,
  OURS,
  packedFile,
  polled,
  rejected,
  runUpload,
  state,
  stored,
  URL_A,
  URL_B,
  uncertain,
} from './batch-helpers.ts';

const located = (fromNowMs: number) => ({
  location: { url: URL_B, expiresAtMs: performance.now() + fromNowMs },
});

describe('a given batch-ref', () => {
  const resume = async (found: BatchAnswer | undefined, answers = {}) => {
    const world = createWorld({ answers: { find: [found], ...answers } });
    const error = await runUpload(world, { batchRef: GIVEN });
    return { ...world.seen, error };
  };

  test('that the service does not know is made', async () => {
    const { calls, error } = await resume(undefined);
    expect(calls).toEqual([`find ${GIVEN}`, `allocate ${GIVEN}`, 'upload /a', `poll ${GIVEN}`]);
    expect(error).toBeUndefined();
  });

  test.each(['md5', 'sizeBytes'] as const)('of another file (%s) is rejected, and nothing is sent', async (field) => {
    const other = { ...OURS, [field]: field === 'md5' ? 'other' : 1 };
    const { calls, error } = await resume(state('uploading', { ...other, ...located(HOUR_MS) }));
    expect(calls).toEqual([`find ${GIVEN}`]);
    expect(error).toMatchObject({ outcome: 'error', title: 'The batch belongs to another file' });
  });

  test('that waits for its upload gets it, to the location that it has', async () => {
    const { calls } = await resume(state('uploading', { ...OURS, ...located(HOUR_MS) }));
    expect(calls).toEqual([`find ${GIVEN}`, 'upload /b', `poll ${GIVEN}`]);
  });

  test.each([
    ['is past', located(-HOUR_MS)],
    ['is not given', {}],
  ])('whose location %s is given up for a fresh one, with a warning', async (_, location) => {
    const { calls, warnings, batches, error } = await resume(state('uploading', { ...OURS, ...location }));
    expect(calls).toEqual([`find ${GIVEN}`, 'allocate ref-1', 'upload /a', 'poll ref-1']);
    expect(warnings).toEqual([
      expect.stringContaining(`Batch ${GIVEN} is abandoned, and its file is sent as batch ref-1.`),
    ]);
    expect(batches.get(1)).toMatchObject({ ref: 'ref-1', abandonedRefs: [GIVEN] });
    expect(error).toBeUndefined();
  });

  test.each(['file_uploaded', 'processing', 'held'])('that is %s is followed', async (status) => {
    const { calls } = await resume(state(status, OURS));
    expect(calls).toEqual([`find ${GIVEN}`, `poll ${GIVEN}`]);
  });

  test('that has a verdict has it still', async () => {
    const { calls, error } = await resume(state('success', OURS));
    expect({ calls, error }).toEqual({ calls: [`find ${GIVEN}`], error: undefined });
    const failed = await resume(state('error', { ...OURS, logUrl: URL_A }));
    expect(failed.calls).toEqual([`find ${GIVEN}`, 'downloadLog /a']);
    expect(failed.error?.outcome).toBe('partial');
  });

  test('whose file the service does not describe is assumed to be ours, with a warning', async () => {
    const { warnings, error } = await resume(state('processing'));
    expect(warnings).toEqual([expect.stringContaining('does not say which file')]);
    expect(error).toBeUndefined();
  });
});

describe('allocating', () => {
  const taken = { kind: 'exists' as const, error: fault('There is such a batch.') };

  test('a batch that an earlier try made is taken where it has our file', async () => {
    const find = [state('uploading', { ...OURS, ...located(HOUR_MS) })];
    const world = createWorld({ answers: { allocate: [taken], find } });
    expect(await runUpload(world)).toBeUndefined();
    expect(world.seen.calls).toEqual(['allocate ref-1', 'find ref-1', 'upload /b', 'poll ref-1']);
  });

  test("somebody else's is not", async () => {
    const world = createWorld({ answers: { allocate: [taken], find: [state('uploading', { md5: 'other' })] } });
    const error = await runUpload(world);
    expect(error?.title).toBe('The batch belongs to another file');
    expect(error?.fix).not.toContain('batch-ref');
  });

  test('one that is there, and is not given, is left to itself; a given one is not', async () => {
    const allocated = { kind: 'allocated' as const, location: { url: URL_A, expiresAtMs: undefined } };
    const late = createWorld({ answers: { allocate: [taken, allocated], find: [undefined] } });
    expect(await runUpload(late)).toBeUndefined();
    expect(late.seen.batches.get(1)).toMatchObject({ ref: 'ref-2', abandonedRefs: ['ref-1'] });
    const never = createWorld({ answers: { allocate: [taken], find: [undefined] } });
    expect(await runUpload(never)).toMatchObject({ outcome: 'error', message: expect.stringContaining('3 new') });
    const given = createWorld({ answers: { allocate: [taken], find: [undefined] } });
    expect(await runUpload(given, { batchRef: GIVEN })).toMatchObject({ message: 'There is such a batch.' });
  });
});

describe('uploading', () => {
  test('a rejected location is replaced under a fresh ref; the ref that counted is the last', async () => {
    const world = createWorld({ answers: { upload: [rejected, rejected, rejected, stored] } });
    expect(await runUpload(world)).toBeUndefined();
    expect(world.seen.batches.get(1)).toMatchObject({ ref: 'ref-4', abandonedRefs: ['ref-1', 'ref-2', 'ref-3'] });
    expect(world.seen.lines.join('\n')).toMatch(/a new ref and a new location\.\nBatch ref-2$/m);
    expect(world.seen.warnings).toEqual([]);
  });

  test('but not for ever', async () => {
    const world = createWorld({ answers: { upload: [rejected] } });
    expect(await runUpload(world)).toMatchObject({ outcome: 'error', message: expect.stringContaining('Expired.') });
    expect(world.seen.calls.filter((call) => call.startsWith('allocate'))).toHaveLength(4);
  });

  test('a clock that is wrong does not make a location old that was just given', async () => {
    const allocate = [{ kind: 'allocated' as const, ...located(-HOUR_MS) }];
    const world = createWorld({ answers: { allocate } });
    expect(await runUpload(world)).toBeUndefined();
    expect(world.seen.calls).toContain('upload /b');
  });

  test('an upload in doubt is followed, and repeated where the file is not there', async () => {
    const arrived = createWorld({ answers: { upload: [uncertain], poll: [polled('processing'), polled('success')] } });
    expect(await runUpload(arrived)).toBeUndefined();
    expect(arrived.seen.calls).toEqual(['allocate ref-1', 'upload /a', 'poll ref-1', 'poll ref-1']);
    const poll = [polled('uploading'), polled('uploading'), polled('uploading'), polled('success')];
    const lost = createWorld({ answers: { upload: [uncertain, stored], poll } });
    expect(await runUpload(lost)).toBeUndefined();
    expect(lost.seen.calls.filter((call) => call.startsWith('upload'))).toHaveLength(2);
  });

  test('one that stays in doubt has no verdict', async () => {
    const world = createWorld({ answers: { upload: [uncertain], poll: [polled('uploading')] } });
    const error = await runUpload(world);
    expect(error).toMatchObject({
      outcome: 'unknown',
      message:
        'No verdict on batch ref-1: Broken off. Last seen: uploading. It is not known whether the upload arrived.',
      fix: expect.stringContaining('`batch-ref: ref-1`'),
    });
    expect(world.seen.calls.filter((call) => call.startsWith('upload'))).toHaveLength(3);
  });

  test('the last one in doubt may have arrived, too: the status shows it', async () => {
    const poll = [...Array(6).fill(polled('uploading')), polled('processing'), polled('success')];
    const world = createWorld({ answers: { upload: [uncertain], poll } });
    expect(await runUpload(world)).toBeUndefined();
  });

  test('a fault of a later one leaves the doubt about the first: there is no verdict, and a ref to resume by', async () => {
    const world = createWorld({ answers: { upload: [uncertain, fault('No route.')], poll: [polled('uploading')] } });
    expect(await runUpload(world)).toMatchObject({
      outcome: 'unknown',
      message: expect.stringContaining('No route.'),
      fix: expect.stringMatching(/^Mend it\. .*`batch-ref: ref-1`/),
    });
  });
});

describe('following', () => {
  const trouble = { kind: 'trouble' as const, error: fault('Broken.'), namedWaitMs: 0 };

  test('pauses grow to a minute, and begin anew when something happens', async () => {
    const poll = [...Array(11).fill(polled('file_uploaded')), polled('processing'), polled('success')];
    const world = createWorld({ answers: { poll } });
    expect(await runUpload(world, { timeoutMs: HOUR_MS })).toBeUndefined();
    const { waits } = world.seen;
    expect(waits.slice(0, 4)).toEqual([1000, 1000, 1500, 2250]);
    expect(waits.slice(10)).toEqual([expect.closeTo(38_443, 0), 57_665.0390625, 1000]);
    const slow = createWorld({ answers: { poll: [polled('processing'), polled('processing'), polled('success')] } });
    await runUpload(slow, { timeoutMs: HOUR_MS, pollIntervalMs: 90_000 });
    expect(slow.seen.waits).toEqual([90_000, 90_000, 90_000]);
  });

  test('trouble is seen once for each row of it, and waited out', async () => {
    const poll = [
      trouble,
      trouble,
      polled('processing'),
      trouble,
      { ...trouble, namedWaitMs: 7000 },
      polled('success'),
    ];
    const world = createWorld({ answers: { poll } });
    expect(await runUpload(world)).toBeUndefined();
    expect(world.seen.lines.filter((line) => line.includes('Status request failed'))).toHaveLength(2);
    expect(world.seen.waits.at(-1)).toBe(7000);
    const once = [{ ...trouble, namedWaitMs: 7000 }, polled('processing'), polled('success')];
    const after = createWorld({ answers: { poll: once } });
    await runUpload(after);
    expect(after.seen.waits).toEqual([1000, 7000, 1000]);
  });

  test('no verdict in time is `unknown`, with the ref to resume by; the last look is shortly before the end', async () => {
    const world = createWorld({ answers: { poll: [polled('processing'), trouble] } });
    const error = await runUpload(world, { timeoutMs: 10_000, pollIntervalMs: 4000 });
    expect(error?.outcome).toBe('unknown');
    expect(error?.message).toBe(
      'No verdict on batch ref-1: The time of this run is up: 10.0 s (`timeout-minutes`). The last status request failed: Broken. Last seen: processing. It continues remotely.',
    );
    expect(error?.fix).toBe(
      'Raise `timeout-minutes` if batches take this long. Run the job again with `batch-ref: ref-1`: it then follows this batch to its verdict instead of creating another.',
    );
    expect(world.seen.waits).toEqual([4000, 4000, 6000]);
    expect(world.seen.removed).toBe(1);
  });

  test('time that is up, and not yet seen by its timer, is no wait that the service names', async () => {
    const world = createWorld({ answers: { poll: [polled('processing')] } });
    const { startDeadline } = world.dependencies;
    world.dependencies.startDeadline = (timeoutMs, cancelled) => {
      const deadline = startDeadline(timeoutMs, cancelled);
      return { ...deadline, leftMs: () => (deadline.leftMs() > 1500 ? deadline.leftMs() : 0) };
    };
    const error = await runUpload(world, { timeoutMs: 2000, pollIntervalMs: 1000 });
    expect(error?.message).toContain('The time of this run is up');
    expect(error?.message).not.toContain('asks to wait');
  });

  test('a wait that the service names beyond the end of the run ends it', async () => {
    const world = createWorld({ answers: { poll: [{ ...trouble, namedWaitMs: HOUR_MS }] } });
    expect(await runUpload(world)).toMatchObject({
      outcome: 'unknown',
      message: expect.stringContaining('asks to wait'),
    });
    expect(world.seen.waits).toEqual([1000]);
  });

  test('a batch that is not seen yet is looked for five times more', async () => {
    const unknown = { kind: 'unknown-batch' as const, error: fault('404.') };
    const seen = createWorld({ answers: { poll: [...Array(5).fill(unknown), polled('success')] } });
    expect(await runUpload(seen)).toBeUndefined();
    const rows = [...Array(4).fill(unknown), polled('processing'), ...Array(4).fill(unknown), polled('success')];
    expect(await runUpload(createWorld({ answers: { poll: rows } }))).toBeUndefined();
    const never = createWorld({ answers: { poll: [unknown] } });
    expect(await runUpload(never)).toMatchObject({ outcome: 'unknown', message: expect.stringContaining('404.') });
    expect(never.seen.calls.filter((call) => call.startsWith('poll'))).toHaveLength(6);
  });

  test('a refusal (401, 403) ends it: `unknown`, with what to do about both', async () => {
    const world = createWorld({ answers: { poll: [{ kind: 'rejected', error: fault('401.') }] } });
    const error = await runUpload(world);
    expect(error).toMatchObject({ outcome: 'unknown', fix: expect.stringMatching(/^Mend it\. .*`batch-ref: ref-1`/) });
  });

  test('of several files, the ones that are left are named', async () => {
    const files = [packedFile(FILE), packedFile(OTHER), packedFile('/work/c.jsonl')];
    const paths = files.map(({ path }) => path);
    const poll = [polled('success'), polled('processing')];
    const error = await runUpload(createWorld({ files, answers: { poll } }), { files: paths });
    expect(error?.fix).toMatch(
      /`batch-ref: ref-2` and `files: orders\.jsonl` alone: .* Then .* remaining files: c\.jsonl\.$/,
    );
    const split = createWorld({ files: [packedFile(FILE, 50, 50)], answers: { poll: [polled('processing')] } });
    expect((await runUpload(split))?.fix).toMatch(/`GET \/v2\/batches\/ref-1` shows its status\. Run the job again\./);
  });
});

test.each([
  ['allocate', 'error', 'The time of this run is up', /^Run the job again; if .* raise `timeout-minutes`\.$/],
  [
    'upload',
    'unknown',
    'It is not known whether the upload arrived.',
    /[Rr]aise `timeout-minutes`.*\. Run the .*`batch-ref/,
  ],
])('time that is over during %s gives `%s`', async (during, outcome, message, fix) => {
  const onCall = (call: string) => {
    if (call === during) throw new DeadlineError(1000);
  };
  const world = createWorld({ onCall });
  const error = await runUpload(world);
  expect(error).toMatchObject({ outcome, message: expect.stringContaining(message) });
  expect(world.seen.batches.get(1)?.isUploaded).toBe(outcome === 'unknown' ? 'perhaps' : undefined);
  expect(error?.fix).toMatch(fix);
});

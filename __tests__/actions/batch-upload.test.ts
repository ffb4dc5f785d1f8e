import { describe, expect, test } from '@jest/globals';
import { ActionError } from '../../src/errors.ts';
import {
  createWorld,
  FILE,
  fault,
  GIVEN,
  OTHER,
  packedFile,
  polled,
  runUpload,
  state,
  URL_A,
} from './batch-helpers.ts';

const TWO = { files: [FILE, OTHER] };
const twoFiles = () => [packedFile(FILE), packedFile(OTHER)];

describe('packing', () => {
  test('all files are read before anything is sent, and all faults of all files are seen at their places', async () => {
    const problems = [{ line: 3, message: 'Bad.' }];
    const world = createWorld({
      files: [
        { ...packedFile(FILE), problems, problemCount: 7 },
        { ...packedFile(OTHER), parts: [], fault: 'It is a zip.' },
        packedFile('/work/c.jsonl'),
      ],
    });
    const error = await runUpload(world, { files: [FILE, OTHER, '/work/c.jsonl'] });
    expect(error).toMatchObject({
      outcome: 'error',
      headline: '2 of 3 files have 8 problems in total.',
      detailCount: 8,
      path: FILE,
      problems: [
        { path: FILE, line: 3, message: 'Bad.' },
        { path: OTHER, line: undefined, message: 'It is a zip.' },
      ],
    });
    expect(world.seen.packed).toHaveLength(3);
    expect(world.seen.calls).toEqual([]);
    expect(world.seen.removed).toBe(1);
  });

  test('of very many files with very many problems, the first thousand are seen, and how many there are', async () => {
    const problems = Array.from({ length: 400 }, (_, index) => ({ line: index + 1, message: 'Bad.' }));
    const files = Array.from({ length: 4 }, () => ({ ...packedFile(FILE), problems, problemCount: 400 }));
    const error = await runUpload(createWorld({ files }), { files: files.map(({ path }) => path) });
    expect(error).toMatchObject({ headline: '4 of 4 files have 1,600 problems in total.', detailCount: 1600 });
    expect(error).toHaveProperty('problems.length', 1000);
  });

  test('a file that cannot be read ends the run, and what is wrong with those before is seen with it', async () => {
    const unreadable = fault('It cannot be read.');
    expect(await runUpload(createWorld({ files: [unreadable] }))).toBe(unreadable);
    const files = [{ ...packedFile(FILE), problems: [{ line: 1, message: 'Bad.' }], problemCount: 1 }, unreadable];
    const error = await runUpload(createWorld({ files }), TWO);
    expect(error).toMatchObject({ problems: [{ path: FILE }, { path: OTHER, message: 'It cannot be read.' }] });
  });

  test('a bug is no fault of a file, and neither is the end of the job', async () => {
    const files = [{ ...packedFile(FILE), problems: [{ line: 1, message: 'Bad.' }], problemCount: 1 }];
    await expect(runUpload(createWorld({ files }), TWO)).rejects.toThrow(`not packed: ${OTHER}`);
    const job = new AbortController();
    const cancelled = fault('The job was cancelled.');
    const world = createWorld({ files, signal: job.signal });
    const { pack } = world.dependencies.disk;
    world.dependencies.disk.pack = async (path, onRead) => {
      if (path === OTHER) job.abort(cancelled);
      return await pack(path, onRead);
    };
    expect(await runUpload(world, TWO)).toBe(cancelled);
  });

  test('a dry run sends nothing, and shows the batches that would be sent', async () => {
    const world = createWorld({ files: [packedFile(FILE, 60, 40)] });
    expect(await runUpload(world, { dryRun: true })).toBeUndefined();
    expect(world.seen.calls).toEqual([]);
    expect([...world.seen.batches.values()]).toMatchObject([
      { number: 1, shownPath: 'guests.jsonl', part: 1, parts: 2, firstLine: 1, lastLine: 60 },
      { number: 2, part: 2, parts: 2, firstLine: 61, lastLine: 100 },
    ]);
  });

  test('a file of more than one part goes neither with `split: false` nor with a batch-ref', async () => {
    const world = createWorld({ files: [packedFile(FILE, 60, 40)] });
    const unsplit = await runUpload(world, { split: false });
    expect(unsplit?.message).toMatch(
      /guests\.jsonl is 1000 B gzipped; a batch may be at most 47\.7 MB .*`split` is false/,
    );
    expect((await runUpload(world, { batchRef: GIVEN }))?.message).toContain('`batch-ref` is the UUID of a single one');
    expect(world.seen.calls).toEqual([]);
  });
});

describe('verdicts', () => {
  test('success: the records are in', async () => {
    const world = createWorld();
    expect(await runUpload(world)).toBeUndefined();
    expect(world.seen.calls).toEqual(['allocate ref-1', 'upload /a', 'poll ref-1']);
    expect(world.seen.batches.get(1)).toMatchObject({ ref: 'ref-1', verdict: 'success', succeeded: 100, failed: 0 });
    expect(world.seen.warnings).toEqual([]);
    expect(world.seen.removed).toBe(1);
  });

  test('a success whose counts say otherwise is warned of, and what they call failed is counted as failed', async () => {
    const world = createWorld({ answers: { poll: [polled('success', { counts: { read: 99, failed: 2 } })] } });
    expect(await runUpload(world)).toMatchObject({ outcome: 'partial', title: '2 records rejected' });
    expect(world.seen.warnings.join()).toContain('it counts 99 read, 2 failed');
    const read = createWorld({ answers: { poll: [polled('success', { counts: { read: 99 } })] } });
    expect(await runUpload(read)).toBeUndefined();
    expect(read.seen.warnings).toHaveLength(1);
  });

  test('error: what the log has as rejected is red, unless as many are allowed', async () => {
    const answers = () => ({ poll: [polled('error', { logUrl: URL_A })], log: [{ records: 3, unmatched: 1 }] });
    const world = createWorld({ answers: answers() });
    const error = await runUpload(world, { allowFailedRecords: 3 });
    expect(error).toMatchObject({ outcome: 'partial', title: '4 records rejected' });
    expect(error?.message).toBe(
      'Sitecore CDP rejected 4 of 100 records; the others were accepted. `allow-failed-records` allows 3.',
    );
    expect(world.seen.batches.get(1)).toMatchObject({ verdict: 'error', succeeded: 96, failed: 4 });
    expect(world.seen.errorsFiles).toEqual(['/temp/errors.jsonl']);
    expect(await runUpload(createWorld({ answers: answers() }), { allowFailedRecords: 4 })).toBeUndefined();
  });

  test.each([
    ['never more than the part has', { records: 90, unmatched: 90 }, {}, 100],
    ["never less than the service's own count", { records: 3 }, { failed: 5 }, 5],
    ['a line that cannot be read is about some record', { records: 3, unreadable: 2 }, {}, 5],
  ])('rejected records: %s', async (_, log, counts, failed) => {
    const world = createWorld({ answers: { poll: [polled('error', { logUrl: URL_A, counts })], log: [log] } });
    expect(await runUpload(world)).toMatchObject({ outcome: failed === 100 ? 'failed' : 'partial' });
    expect(world.seen.batches.get(1)).toMatchObject({ failed, succeeded: 100 - failed });
    expect(world.seen.warnings).toHaveLength(1);
  });

  test('a log whose URL is rejected is got by a fresh one', async () => {
    const fresh = new URL('https://store.example/fresh');
    const error = fault('Expired.');
    const world = createWorld({
      answers: {
        poll: [polled('error', { logUrl: URL_A })],
        find: [state('error', { logUrl: fresh })],
        downloadLog: [
          { kind: 'rejected', error },
          { kind: 'file', sizeBytes: 1 },
        ],
      },
    });
    expect(await runUpload(world, { allowFailedRecords: 1 })).toBeUndefined();
    expect(world.seen.calls.slice(-3)).toEqual(['downloadLog /a', 'find ref-1', 'downloadLog /fresh']);
  });

  test('a log that the poll does not name is asked for once more', async () => {
    const find = [state('error', { logUrl: URL_A })];
    const world = createWorld({ answers: { poll: [polled('error')], find } });
    expect(await runUpload(world, { allowFailedRecords: 1 })).toBeUndefined();
    expect(world.seen.calls.slice(-2)).toEqual(['find ref-1', 'downloadLog /a']);
  });

  test.each([
    ['is not given, nor counts: all count as rejected', {}, undefined, { failed: 100, succeeded: 0 }, 'failed'],
    ['is not given, but counts are', { counts: { failed: 2 } }, undefined, { failed: 2, succeeded: 98 }, 'partial'],
    ['is empty: how many is not known', { logUrl: URL_A }, { records: 0 }, { failed: undefined }, 'partial'],
    ['cannot be read: how many is not known', { logUrl: URL_A }, fault('No gzip.'), { failed: undefined }, 'partial'],
  ])('a log that %s: red whatever is allowed, and nothing more is sent', async (_, answer, log, batch, outcome) => {
    const answers = { poll: [polled('error', answer)], ...(log === undefined ? {} : { log: [log] }) };
    const world = createWorld({ files: twoFiles(), answers });
    const error = await runUpload(world, { ...TWO, allowFailedRecords: 1000 });
    expect(error?.outcome).toBe(outcome);
    expect(error?.message).toContain('Not sent: orders.jsonl.');
    expect(error?.fix).toContain('remaining files: orders.jsonl');
    if (log instanceof ActionError) expect(error?.fix).toContain('`files: guests.jsonl` and `batch-ref: ref-1`');
    const { failed, succeeded } = world.seen.batches.get(1) ?? {};
    expect({ failed, succeeded }).toEqual({ succeeded: undefined, ...batch });
  });

  test('corrupted: what was sent and what the service saw; nothing more is sent', async () => {
    const answers = {
      upload: [{ kind: 'stored' as const, etag: '"abc"' }],
      poll: [polled('corrupted', { md5: 'other', sizeBytes: 7 })],
    };
    const world = createWorld({ files: twoFiles(), answers });
    const error = await runUpload(world, TWO);
    expect(error?.outcome).toBe('corrupted');
    expect(error?.message).toContain(
      'Sent: MD5 md5-of-/work/guests.jsonl-1, 1000 bytes; the service reports MD5 other, 7 bytes, and storage has the ETag "abc".',
    );
    expect(error?.message).toContain('Not sent: orders.jsonl.');
    expect(error?.fix).toMatch(/^The batch is lost: [^.]*\. Run the job again\.$/);
    const second = { ...answers, poll: [polled('success'), polled('corrupted')] };
    const later = await runUpload(createWorld({ files: twoFiles(), answers: second }), TWO);
    expect(later?.fix).toMatch(
      /^The batch is lost: [^.]*\. Run the job again for the remaining files: orders\.jsonl\.$/,
    );
  });

  test('a word that is no verdict is seen once, and waited for', async () => {
    const world = createWorld({ answers: { poll: [polled('held'), polled('held'), polled('success')] } });
    expect(await runUpload(world)).toBeUndefined();
    expect(world.seen.warnings).toEqual([expect.stringContaining('"held"')]);
  });
});

describe('several batches', () => {
  test('the next one is sent when the last has a verdict, also after rejected records', async () => {
    const poll = [polled('processing'), polled('error', { logUrl: URL_A }), polled('success')];
    const world = createWorld({ files: twoFiles(), answers: { poll } });
    const error = await runUpload(world, TWO);
    expect(error).toMatchObject({ outcome: 'partial', message: expect.stringContaining('rejected 1 of 200 records') });
    expect(world.seen.calls).toEqual([
      ...['allocate ref-1', 'upload /a', 'poll ref-1', 'poll ref-1', 'downloadLog /a'],
      ...['allocate ref-2', 'upload /a', 'poll ref-2'],
    ]);
  });

  test('all of them rejected is `failed`, also where a fault comes after it', async () => {
    const poll = [polled('error', { logUrl: URL_A })];
    const all = createWorld({ files: twoFiles(), answers: { poll: [...poll], log: [{ records: 100 }] } });
    expect(await runUpload(all, TWO)).toMatchObject({ outcome: 'failed', title: '200 records rejected' });
    const upload = [{ kind: 'stored' as const, etag: undefined }, fault('No disk.')];
    const then = createWorld({ files: twoFiles(), answers: { poll: [...poll], log: [{ records: 100 }], upload } });
    expect(await runUpload(then, TWO)).toMatchObject({ outcome: 'failed' });
  });

  test('a fault after a batch that was taken is `partial`, and says what is left', async () => {
    const upload = [{ kind: 'stored' as const, etag: undefined }, fault('No disk.')];
    const files = [packedFile(FILE), packedFile(OTHER, 60, 40)];
    const error = await runUpload(createWorld({ files, answers: { upload } }), TWO);
    expect(error?.outcome).toBe('partial');
    expect(error?.message).toBe(
      'Batch 2 of 3 (orders.jsonl, part 1 of 2): No disk. 1 of 3 batches has a verdict: 100 records accepted. Not sent: orders.jsonl, part 2 of 2.',
    );
    expect(error?.fix).toBe('Mend it. Run the job again for the remaining files: orders.jsonl.');
  });

  test('a fault before anything was uploaded is `error`', async () => {
    const error = await runUpload(createWorld({ answers: { upload: [fault('No disk.')] } }));
    expect(error).toMatchObject({ outcome: 'error', message: 'No disk.', fix: 'Mend it.' });
  });
});

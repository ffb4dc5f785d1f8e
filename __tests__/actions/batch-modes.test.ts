/** Records of other modes than `upsert`: sent twice, they do not give the same as once. */
import { describe, expect, test } from '@jest/globals';
import type { UploadAnswer } from '../../src/sitecore-cdp/batches.ts';
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

const URL_B = new URL('https://store.example/b');
const OURS = { md5: `md5-of-${FILE}-1`, sizeBytes: 1000 };
const HOUR_MS = 3_600_000;
const rejected: UploadAnswer = { kind: 'rejected', error: fault('Expired.') };
const uncertain: UploadAnswer = { kind: 'uncertain', error: fault('Broken off.') };
const stored: UploadAnswer = { kind: 'stored', etag: undefined };
const onceFile = (path = FILE, ...records: number[]) => ({
  ...packedFile(path, ...records),
  modes: ['gdpr_delete', 'insert', 'upsert'],
});
const ONCE = 'sending records of mode gdpr_delete or insert twice does not have the same effect as sending them once.';

describe('within a run', () => {
  test('an upload that may have arrived is looked at before it goes to the same location again', async () => {
    const poll = [polled('uploading'), polled('uploading'), polled('uploading'), polled('success')];
    const lost = createWorld({ files: [onceFile()], answers: { upload: [uncertain, stored], poll } });
    expect(await runUpload(lost)).toBeUndefined();
    expect(lost.seen.calls).toEqual([
      'allocate ref-1',
      'upload /a once',
      ...Array(3).fill('poll ref-1'),
      'upload /a once',
      'poll ref-1',
    ]);
  });

  test('it is not sent under a fresh ref: the run ends without a verdict', async () => {
    const answers = { upload: [uncertain, rejected], poll: [polled('uploading')] };
    const world = createWorld({ files: [onceFile()], answers });
    const error = await runUpload(world);
    expect(error).toMatchObject({
      outcome: 'unknown',
      message: expect.stringMatching(/Expired\..* It is not known whether the upload arrived\.$/),
      fix: expect.stringMatching(
        /not sent under another ref, because its records could count twice\. .*`batch-ref: ref-1`/,
      ),
    });
    expect(world.seen.calls.filter((call) => call.startsWith('allocate'))).toEqual(['allocate ref-1']);
    const harmless = createWorld({
      answers: {
        ...answers,
        upload: [uncertain, rejected, stored],
        poll: [polled('uploading'), polled('uploading'), polled('uploading'), polled('success')],
      },
    });
    expect(await runUpload(harmless)).toBeUndefined();
    expect(harmless.seen.calls).toContain('allocate ref-2');
  });

  test('where nothing was sent, a fresh ref does no harm', async () => {
    const world = createWorld({ files: [onceFile()], answers: { upload: [rejected, stored] } });
    expect(await runUpload(world)).toBeUndefined();
    expect(world.seen.calls).toEqual([
      'allocate ref-1',
      'upload /a once',
      'allocate ref-2',
      'upload /a once',
      'poll ref-2',
    ]);
  });
});

describe('a batch of an earlier run', () => {
  const located = (fromNowMs: number) => ({ location: { url: URL_B, expiresAtMs: performance.now() + fromNowMs } });

  test.each([
    ['whose location has expired', located(-HOUR_MS)],
    ['without a location', {}],
  ])('%s is looked at again, and followed where it has arrived after all', async (_, location) => {
    const answers = {
      find: [state('uploading', { ...OURS, ...location }), undefined],
      poll: [polled('uploading'), polled('processing'), polled('success')],
    };
    const world = createWorld({ files: [onceFile()], answers });
    expect(await runUpload(world, { batchRef: GIVEN })).toBeUndefined();
    expect(world.seen.calls).toEqual([`find ${GIVEN}`, `find after-${GIVEN}`, ...Array(3).fill(`poll ${GIVEN}`)]);
  });

  test('is sent anew only where the service goes on waiting for it', async () => {
    const find = [state('uploading', { ...OURS, ...located(-HOUR_MS) }), undefined];
    const poll = [polled('uploading'), polled('uploading'), polled('uploading'), polled('success')];
    const world = createWorld({ files: [onceFile()], answers: { find, poll } });
    expect(await runUpload(world, { batchRef: GIVEN })).toBeUndefined();
    expect(world.seen.calls).toEqual([
      `find ${GIVEN}`,
      `find after-${GIVEN}`,
      ...Array(3).fill(`poll ${GIVEN}`),
      `find after-${GIVEN}`,
      `allocate after-${GIVEN}`,
      'upload /a once',
      `poll after-${GIVEN}`,
    ]);
  });

  test.each([
    ['has expired', located(-HOUR_MS)],
    ['is still good', located(HOUR_MS)],
  ])('that took the place of one whose location %s is found by the next run, and not sent twice', async (_, place) => {
    const find = [state('uploading', { ...OURS, ...place }), state('success', OURS)];
    const world = createWorld({ files: [onceFile()], answers: { find } });
    expect(await runUpload(world, { batchRef: GIVEN })).toBeUndefined();
    const next = `find after-${GIVEN}`;
    expect(world.seen.calls).toEqual([`find ${GIVEN}`, next, next]);
  });

  test('that another run makes at the same time is looked at before the file goes under another ref', async () => {
    const taken = { kind: 'exists' as const, error: fault('Taken.') };
    const find = [undefined, state('uploading', { ...OURS, ...located(HOUR_MS) })];
    const answers = { find, allocate: [taken], upload: [rejected], poll: [polled('success')] };
    const world = createWorld({ files: [onceFile()], answers });
    expect(await runUpload(world, { batchRef: GIVEN })).toBeUndefined();
    expect(world.seen.calls).toEqual([
      `find ${GIVEN}`,
      `allocate ${GIVEN}`,
      `find ${GIVEN}`,
      'upload /b once',
      `poll ${GIVEN}`,
    ]);
  });

  test('that refuses the upload is looked at again as well', async () => {
    const find = [state('uploading', { ...OURS, ...located(HOUR_MS) }), undefined];
    const world = createWorld({
      files: [onceFile()],
      answers: { find, upload: [rejected], poll: [polled('success')] },
    });
    expect(await runUpload(world, { batchRef: GIVEN })).toBeUndefined();
    expect(world.seen.calls).toEqual([`find ${GIVEN}`, `find after-${GIVEN}`, 'upload /b once', `poll ${GIVEN}`]);
  });
});

describe('advice', () => {
  const TWICE = 'sending a record twice has the same effect as sending it once';

  test('rejected records go alone where the others are in', async () => {
    const answers = { poll: [polled('error', { logUrl: URL_A })], log: [{ records: 2 }] };
    const error = await runUpload(createWorld({ files: [onceFile()], answers }));
    expect(error?.fix).toBe(
      `Correct them in guests.jsonl, and send only those records, in a file of their own: the others were accepted, and ${ONCE} The output \`errors-file\` has the details.`,
    );
    const all = await runUpload(createWorld({ files: [onceFile()], answers: { ...answers, log: [{ records: 100 }] } }));
    expect(all?.fix).toMatch(
      /^Correct them in guests\.jsonl and run the job again: none of the records was accepted\./,
    );
    const poll = [polled('error', { logUrl: URL_A }), polled('success')];
    const others = await runUpload(
      createWorld({ files: [onceFile(), packedFile(OTHER)], answers: { poll, log: [{ records: 100 }] } }),
      { files: [FILE, OTHER] },
    );
    expect(others?.fix).toMatch(/run the job again: sending accepted records again does no harm\./);
    const upsert = await runUpload(createWorld({ answers }));
    expect(upsert?.fix).toContain(TWICE);
  });

  test('a file that is in is left out of the next run', async () => {
    const files = [onceFile(FILE), packedFile(OTHER)];
    const poll = [polled('success'), polled('error', { logUrl: URL_A })];
    const error = await runUpload(createWorld({ files, answers: { poll } }), { files: [FILE, OTHER] });
    expect(error?.fix).toBe(
      `Correct it in orders.jsonl and run the job again for orders.jsonl alone: guests.jsonl was accepted, and ${ONCE} The output \`errors-file\` has the details.`,
    );
  });

  test('of a file in parts, the lines that are in are named', async () => {
    const files = [onceFile(FILE, 50, 60, 70), packedFile(OTHER)];
    const late = await runUpload(createWorld({ files, answers: { poll: [polled('success'), polled('processing')] } }), {
      files: [FILE, OTHER],
    });
    expect(late?.fix).toMatch(
      new RegExp(
        '`GET /v2/batches/ref-2` shows its status\\. Wait for its verdict: if it is `success`, remove lines 1 to 110 from guests\\.jsonl, ' +
          `and run the job again for guests\\.jsonl, orders\\.jsonl\\. Do not send it again before then: ${ONCE}$`,
      ),
    );
    const poll = [polled('success'), polled('success'), polled('processing')];
    const last = await runUpload(createWorld({ files: [files[0] as never], answers: { poll } }));
    expect(last?.fix).toMatch(/if it is `success`, nothing is left to send\. Do not send it again before then: /);
    const corrupted = await runUpload(
      createWorld({ files: [files[0] as never], answers: { poll: [polled('success'), polled('corrupted')] } }),
    );
    expect(corrupted?.fix).toMatch(
      new RegExp(`Run the job again\\. First remove lines 1 to 50 from guests\\.jsonl: they were sent, and ${ONCE}$`),
    );
    expect([late, last, corrupted].map((error) => error?.fix).join()).not.toContain(TWICE);
    const upsert = await runUpload(
      createWorld({ files: [packedFile(FILE, 50, 60)], answers: { poll: [polled('processing')] } }),
    );
    expect(upsert?.fix).toMatch(/Run the job again\. Sending a record twice has the same effect as sending it once\.$/);
  });
});

/** The waits between tries to create a deployment, without waiting. */
import { beforeEach, expect, jest, test } from '@jest/globals';
import type { CreateAnswer, HostingClient } from '../../src/bigcommerce/hosting.ts';
import { ActionError } from '../../src/errors.ts';
import type { DeployEvent } from '../../src/report/deploy-record.ts';
import { createFakeRun } from '../fake-run.ts';

const waitsMs: number[] = [];

jest.unstable_mockModule('../../src/pause.ts', () => ({
  pause: async (durationMs: number) => {
    waitsMs.push(durationMs);
  },
}));

const { createDeployment } = await import('../../src/actions/create-deployment.ts');

beforeEach(() => {
  waitsMs.length = 0;
  // The middle of the jitter.
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
});

const lost = (namedWaitMs = 0): CreateAnswer => ({
  ...({ kind: 'uncertain', error: new ActionError('The answer was lost.', { title: 'Lost' }), namedWaitMs } as const),
});
const conflict = (namedWaitMs = 0): CreateAnswer => ({ kind: 'conflict', namedWaitMs });
const gone: CreateAnswer = { kind: 'upload-gone', error: new ActionError('It is gone.', { title: 'Gone' }) };
const created: CreateAnswer = { kind: 'created', deploymentUuid: 'd-1' };

/** What comes of these answers, one after the other. */
async function create(answers: CreateAnswer[]) {
  const run = createFakeRun<DeployEvent>();
  const uploads: string[] = [];
  const sent: string[] = [];
  const hosting = {
    createDeployment: async ({ uploadUuid }: { uploadUuid: string }) => {
      sent.push(uploadUuid);
      return answers.shift() ?? created;
    },
  } as unknown as HostingClient;
  const uploadAgain = async () => {
    uploads.push('again');
    return `u-${uploads.length + 1}`;
  };
  const end = await run.phase('Create', (phase) =>
    createDeployment(
      { projectUuid: 'p-1', uploadUuid: 'u-1', environmentVariables: [], uploadAgain } as never,
      { onConflict: 'wait', conflictTimeoutMs: 600_000, timeoutMs: 60_000 },
      { hosting, signal: new AbortController().signal, phase, run },
    ).catch((error: ActionError) => error),
  );
  return { end, sent, run };
}

test('waits for a conflict grow up to half a minute, unless the platform names a longer one', async () => {
  const { end } = await create([...Array.from({ length: 5 }, () => conflict()), conflict(45_000), conflict(1000)]);
  expect(end).toBe('d-1');
  expect(waitsMs).toEqual([4000, 8000, 16_000, 24_000, 24_000, 45_000, 24_000]);
});

test.each([
  [0, 3000],
  [1, 5000],
])('with the jitter %i the first wait is %i ms', async (random, firstMs) => {
  jest.spyOn(Math, 'random').mockReturnValue(random);
  await create([conflict()]);
  expect(waitsMs).toEqual([firstMs]);
});

test('a lost answer is followed by one more request, after two seconds or what is asked for', async () => {
  expect((await create([lost()])).end).toBe('d-1');
  expect((await create([lost(7000)])).end).toBe('d-1');
  expect(waitsMs).toEqual([2000, 7000]);
  expect((await create([lost(), lost()])).end).toMatchObject({ outcome: 'unknown' });
  expect((await create([lost(60_001)])).end).toBeInstanceOf(ActionError);
  expect(waitsMs).toEqual([2000, 7000, 2000]);
});

test('after a conflict, a lost answer has its second chance again, within the same time for waits', async () => {
  expect((await create([lost(30_000), conflict(), lost(30_000)])).end).toBe('d-1');
  expect((await create([lost(30_000), conflict(), lost(30_001)])).end).toBeInstanceOf(ActionError);
});

test('an upload that is gone is made again, twice', async () => {
  const { end, sent, run } = await create([gone, gone]);
  expect(end).toBe('d-1');
  expect(sent).toEqual(['u-1', 'u-2', 'u-3']);
  expect(run.warnings).toEqual(Array(2).fill('It is gone. Uploading the bundle again.'));
  expect((await create([gone, gone, gone])).end).toBe(gone.kind === 'upload-gone' ? gone.error : undefined);
});

/** What the post step finds of a run, whenever the main step is killed. */
import { setImmediate as nextTick } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { GitHub } from '../../src/github/github.ts';
import type { DeployEvent } from '../../src/report/deploy-record.ts';
import { captureReport } from '../report/captured-report.ts';
import { BUNDLE, createShownStatus, UUID } from './shown-status.ts';

captureReport();

/** A run that is shown on a GitHub that cannot be reached, and what was stored for the post step. */
function shownRun() {
  const { run, status, stored } = createShownStatus(async () => {
    throw new Error('out of reach');
  });
  const open = async () => {
    run.emit({ type: 'project-found', uuid: UUID, name: 'shop' });
    await status.open(BUNDLE, UUID, new AbortController().signal);
  };
  return { run, open, stored };
}

test('each new stage of the remote side is stored once, with what is known of it', async () => {
  const { run, open, stored } = shownRun();
  await open();
  const before = stored.length;
  run.emit({ type: 'creating' });
  run.emit({ type: 'creating' });
  run.emit({ type: 'created', deploymentUuid: 'd-1' });
  run.emit({ type: 'deployed', urls: ['https://shop.example'], atMs: 7 });
  const shown = stored.slice(before).map(({ remote, urls, completedAtMs }) => ({ ...remote, urls, completedAtMs }));
  expect(shown).toEqual([
    { stage: 'creating', deploymentUuid: undefined, urls: [], completedAtMs: undefined },
    { stage: 'created', deploymentUuid: 'd-1', urls: [], completedAtMs: undefined },
    { stage: 'completed', deploymentUuid: 'd-1', urls: ['https://shop.example'], completedAtMs: 7 },
  ]);
  expect(stored.at(-1)).toMatchObject({ projectUuid: UUID, projectName: 'shop', isClosed: false });
});

test('before the deployment, GitHub may ask for shorter waits than at the end, when nothing waits for it', async () => {
  const waitsMs: number[] = [];
  const { run, status } = createShownStatus(async (_signal, longestWaitMs) => {
    waitsMs.push(longestWaitMs);
    return { openDeployment: async () => undefined } as unknown as GitHub;
  });
  run.emit({ type: 'project-found', uuid: UUID, name: 'shop' });
  await status.open(BUNDLE, UUID, new AbortController().signal);
  expect(new Set(waitsMs.splice(0))).toEqual(new Set([10_000]));
  run.emit({ type: 'deployed', urls: [], atMs: 7 });
  run.emit({ type: 'verifying', url: 'https://shop.example' });
  await nextTick();
  expect(waitsMs.splice(0)).toEqual([5000]);
  run.end(undefined);
  await run.finish();
  expect(new Set(waitsMs)).toEqual(new Set([60_000]));
});

test('nothing is stored of a run that never got as far as GitHub', async () => {
  const { run, stored } = shownRun();
  run.emit({ type: 'creating' });
  run.end(undefined);
  await run.finish();
  expect(stored).toEqual([]);
});

test('the end is stored before GitHub is updated, and the report when the summary is written', async () => {
  const { run, open, stored } = shownRun();
  await open();
  run.emit({ type: 'deployed', urls: [], atMs: 7 });
  run.end(undefined);
  expect(stored.at(-1)).toMatchObject({ end: { outcome: 'deployed' }, isReported: false });
  await run.finish();
  expect(stored.at(-1)).toMatchObject({ isReported: true, isClosed: true });
});

test.each<[string, DeployEvent]>([
  ['had nothing to do', { type: 'skipped', title: 'Nothing to do', reason: 'closed', message: 'It is closed.' }],
  ['was a dry run', { type: 'started', dryRun: true, variables: [], project: {} }],
])('a run that %s is not shown, and leaves nothing to the post step', async (_, event) => {
  let connections = 0;
  const connect = async () => {
    connections += 1;
    throw new Error('out of reach');
  };
  const { run, stored } = createShownStatus(connect, { comment: true, pullRequest: 7 });
  run.emit(event);
  run.end(undefined);
  await run.finish();
  expect({ stored, connections }).toEqual({ stored: [], connections: 0 });
});

test('a bundle that could not be stored is stored at the end, which waits for it', async () => {
  const isStored = Promise.withResolvers<void>();
  const asked: (number | undefined)[] = [];
  const { run, status, stored } = createShownStatus(
    async () => Promise.reject(new Error('out of reach')),
    { uploadArtifact: true },
    async ({ timeoutMs, name }) => {
      asked.push(timeoutMs);
      if (asked.length === 1) throw new Error('out of reach');
      await isStored.promise;
      return { id: 3, digest: 'b'.repeat(64), url: 'https://github.example/artifacts/3', name, sizeBytes: 12 };
    },
  );
  run.emit({ type: 'project-found', uuid: UUID, name: 'shop' });
  await status.open(BUNDLE, UUID, new AbortController().signal);
  run.emit({ type: 'deployed', urls: [], atMs: 7 });
  run.end(undefined);
  let hasEnded = false;
  const end = run.finish().then(() => {
    hasEnded = true;
  });
  // Everything else that the end does is over by then.
  for (let turn = 0; turn < 100; turn += 1) await nextTick();
  expect(hasEnded).toBe(false);
  isStored.resolve();
  await end;
  expect(asked).toEqual([undefined, 45_000]);
  expect(stored.at(-1)).toMatchObject({ artifactUrl: 'https://github.example/artifacts/3' });
});

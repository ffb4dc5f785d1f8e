/** A cancelled cleanup reports the truth: what is deleted, what may be, and what to do about the rest. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FaultCall } from '../../emulator/services.ts';
import { renderMarked, renderMarker } from '../../src/domain/comment-marker.ts';
import {
  addShown,
  cleanUp,
  closedPlatform,
  expectEnd,
  namesOf,
  ON_SCHEDULE,
  previewName,
  projectOf,
  startCleanup,
} from './cleanup-harness.ts';
import type { GitHubRun } from './github-harness.ts';
import { failureOf } from './harness.ts';

const NAME = previewName(7);
const MAX_CANCEL_MS = 7000;

async function shownPlatform(): Promise<Emulator> {
  const emulator = await closedPlatform();
  addShown(emulator, projectOf(emulator));
  const marker = renderMarker({ project: NAME, environment: 'preview' });
  const body = renderMarked(marker, { lastSuccess: undefined, shownAtMs: 1 }, '### ✅ Deployed');
  emulator.github.addComment({ login: emulator.github.login, body });
  return emulator;
}

/** Cancels while this call hangs. */
async function cancelAt(call: FaultCall, run: GitHubRun, { times = 1, skip = 0 } = {}) {
  const { emulator } = run;
  emulator.addFault({ call, effect: 'hang', times, skip });
  const started = startCleanup(run);
  await emulator.waitForRequest(call as never, { count: skip + 1 });
  const atMs = performance.now();
  started.kill('SIGINT');
  const finished = await started.finished;
  expect(performance.now() - atMs).toBeLessThan(MAX_CANCEL_MS);
  return finished;
}

test.each(['github.getPullRequest', 'listProjects'] as const)('during %s: nothing was deleted', async (call) => {
  const emulator = await shownPlatform();
  const run = await cancelAt(call, { emulator });
  expectEnd(run, 'cancelled', []);
  expect(failureOf(run)).toMatchObject({
    title: 'Cleanup cancelled',
    message: expect.stringContaining('The job was cancelled. Nothing was deleted.'),
  });
  expect(run.summary).toContain('## 🚫 Cleanup cancelled');
  expect(run.lines.join('\n')).toContain('Outcome: cancelled (nothing was deleted)');
  expect(namesOf(emulator)).toContain(NAME);
  expect(emulator.github.comments[0]?.body).toContain('✅ Deployed');
});

test('during the deletion, which is not carried out yet: it may be, and the next run finds out', async () => {
  const emulator = await shownPlatform();
  const run = await cancelAt('deleteProject', { emulator });
  expectEnd(run, 'cancelled', []);
  expect(failureOf(run).message).toContain(`The request to delete "${NAME}" was under way: it may have been deleted.`);
  expect(failureOf(run).message).toContain('Run this action again with `pull-request: 7`');
  expect(failureOf(run).message).not.toContain('Nothing was deleted');
  expect(run.summary).toContain('❓ May have been deleted: 1<');
  expect(emulator.github.comments[0]?.body).toContain('✅ Deployed');
  expect(namesOf(emulator)).toContain(NAME);
  emulator.clearFaults();
  expectEnd(await cleanUp({ emulator }), 'deleted', [NAME]);
  expect(emulator.github.comments[0]?.body).toContain('Preview deleted');
  expect(emulator.github.deployments[0]?.state).toBe('inactive');
});

/** The deletion is done, and its answer is late. */
async function cancelAtLateAnswer(emulator: Emulator) {
  emulator.addFault({ call: 'deleteProject', effect: 'delay', delayMs: 20_000 });
  return await cancelAt('deleteProject', { emulator });
}

test('during the deletion, which is carried out: the store says so, and GitHub is put right', async () => {
  const emulator = await shownPlatform();
  const run = await cancelAtLateAnswer(emulator);
  expectEnd(run, 'cancelled', [NAME]);
  expect(failureOf(run).message).toContain(`Deleted before: "${NAME}".`);
  expect(failureOf(run).message).not.toContain('may have been');
  expect(emulator.github.comments[0]?.body).toContain('Preview deleted');
  expect(emulator.github.deployments[0]?.state).toBe('inactive');
});

test('the same, and the store cannot be asked: it may have been deleted, and the next run finds out', async () => {
  const emulator = await shownPlatform();
  emulator.addFault({ call: 'listProjects', effect: 'hang', skip: 1, times: 'always' });
  const run = await cancelAtLateAnswer(emulator);
  expectEnd(run, 'cancelled', []);
  expect(failureOf(run).message).toContain(`The request to delete "${NAME}" was under way: it may have been deleted.`);
  expect(run.summary).toContain('❓ May have been deleted: 1<');
  emulator.clearFaults();
  expectEnd(await cleanUp({ emulator }), 'nothing', []);
  expect(emulator.github.comments[0]?.body).toContain('Preview deleted');
});

test.each([
  'github.listDeployments',
  'github.createDeploymentStatus',
  'github.listComments',
  'github.updateComment',
] as const)('during %s: deleted is said, and GitHub is put right in the time that is left', async (call) => {
  const emulator = await shownPlatform();
  const run = await cancelAt(call, { emulator });
  expectEnd(run, 'cancelled', [NAME]);
  expect(failureOf(run).message).toContain(`The job was cancelled. Deleted before: "${NAME}".`);
  expect(run.lines.join('\n')).toContain('Outcome: cancelled (1 preview deleted)');
  expect(emulator.github.comments[0]?.body).toContain('Preview deleted');
  expect(emulator.github.deployments[0]?.state).toBe('inactive');
  expect(run.annotations.filter(({ level }) => level === 'warning')).toEqual([]);
});

test('GitHub does not answer any more after that: a warning says how it is put right', async () => {
  const emulator = await shownPlatform();
  emulator.addFault({ call: 'github.listDeployments', effect: 'hang', times: 'always' });
  const run = await cancelAt('github.listComments', { emulator }, { times: 99 });
  expectEnd(run, 'cancelled', [NAME]);
  const warnings = run.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
  expect(warnings).toEqual([expect.stringContaining('Run this action again with `pull-request: 7`')]);
  emulator.clearFaults();
  expectEnd(await cleanUp({ emulator }), 'nothing', []);
  expect(emulator.github.comments[0]?.body).toContain('Preview deleted');
  expect(emulator.github.deployments[0]?.state).toBe('inactive');
});

test('a sweep names what it deleted, what it may have deleted, and what it did not process', async () => {
  const emulator = await shownPlatform();
  const names = [8, 9, 10].map((number) => {
    emulator.github.addPullRequest({ number, state: 'closed' });
    return emulator.addProject(previewName(number)).name;
  });
  const run = await cancelAt('deleteProject', { emulator, event: ON_SCHEDULE }, { skip: 2 });
  expectEnd(run, 'cancelled', [NAME, names[0] ?? '']);
  const { message } = failureOf(run);
  expect(message).toContain(`Deleted before: "${NAME}", "${names[0]}".`);
  expect(message).toContain(`The request to delete "${names[1]}" was under way`);
  expect(message).not.toContain(names[2]);
  expect(run.summary).toMatch(new RegExp(`⏸️ Not processed: 1<.*\\n\\n- .*${names[2]}`));
  expect(namesOf(emulator)).toEqual(['demo-storefront', names[1], names[2]]);
});

test('a run that is killed has said by then what it deleted', async () => {
  const emulator = await shownPlatform();
  emulator.github.addPullRequest({ number: 8, state: 'closed' });
  emulator.addProject(previewName(8));
  emulator.addFault({ call: 'deleteProject', effect: 'hang', skip: 1 });
  const started = startCleanup({ emulator, event: ON_SCHEDULE });
  await emulator.waitForRequest('deleteProject', { count: 2 });
  started.kill('SIGKILL');
  expect((await started.finished).outputs).toEqual({ deleted: JSON.stringify([NAME]), 'deleted-count': '1' });
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s before anything is sent', async (signal) => {
  const emulator = await shownPlatform();
  const started = startCleanup({ emulator, onLine: (line, run) => line.includes('::add-mask::') && run.kill(signal) });
  const run = await started.finished;
  expect(['cancelled', 'deleted']).toContain(run.outputs['outcome']);
  expect(run.exitCode).toBe(run.outputs['outcome'] === 'deleted' ? 0 : 1);
  expect(run.outputs['deleted']).toBe(JSON.stringify(namesOf(emulator).includes(NAME) ? [] : [NAME]));
});

/** A platform and a GitHub that do not answer for as long as a call is tried. */
import { expect, test } from '@jest/globals';
import { cleanUp, closedPlatform, expectEnd, namesOf, previewName, sweepAll, writesTo } from './cleanup-harness.ts';
import { requestsTo } from './github-fault-helpers.ts';
import { failureOf } from './harness.ts';

const NAME = previewName(7);

test.each([
  ['hangs', { effect: 'hang' }],
  ['breaks each connection', { effect: 'reset-before' }],
  ['answers 500', { effect: 'status', status: 500 }],
] as const)('a GitHub that %s: nothing is deleted', async (_, fault) => {
  const emulator = await closedPlatform();
  emulator.addFault({ call: 'github.any', times: 'always', ...fault });
  const run = await cleanUp({ emulator });
  expectEnd(run, 'error', []);
  expect(failureOf(run).message).toMatch(
    /^GitHub does not say whether pull request #7 is closed, so its preview stays\./m,
  );
  expect(writesTo(emulator)).toEqual([]);
});

test('a GitHub that cannot be reached: nothing is deleted', async () => {
  const emulator = await closedPlatform();
  const run = await cleanUp({ emulator, env: { GITHUB_API_URL: 'http://127.0.0.1:9' } });
  expectEnd(run, 'error', []);
  expect(writesTo(emulator)).toEqual([]);
});

test('a sweep gives up on a GitHub that fails three times in a row, and names what it did not look at', async () => {
  const emulator = await closedPlatform();
  for (const number of [1, 2, 3, 4, 5]) emulator.addProject(previewName(number));
  emulator.addFault({ call: 'github.any', effect: 'status', status: 500, times: 'always' });
  const run = await sweepAll({ emulator });
  expectEnd(run, 'error', []);
  expect(failureOf(run).message).toMatch(
    /^3 previews could not be processed, 0 deleted\. 3 more previews not checked/m,
  );
  expect(new Set(requestsTo(emulator, 'github.getPullRequest').map(({ path }) => path)).size).toBe(3);
  expect(run.summary).toContain('⏸️ Not processed: 3<');
});

test.each([
  ['500 each time: it is still there', { effect: 'status', status: 500 }, '❌ Not deleted: 1<'],
  ['lost answers: it is gone', { effect: 'lost-answer' }, '🧹 Deleted the preview of'],
] as const)('the platform answers a deletion with %s', async (_, fault, shown) => {
  const emulator = await closedPlatform();
  emulator.addFault({ call: 'deleteProject', times: 'always', ...fault });
  const run = await cleanUp({ emulator });
  const isGone = shown.startsWith('🧹');
  expectEnd(run, isGone ? 'deleted' : 'error', isGone ? [NAME] : []);
  expect(run.summary).toContain(shown);
  expect(namesOf(emulator).includes(NAME)).toBe(!isGone);
});

test('a GitHub that hangs after the deletion: the preview is deleted, and warnings say what to do', async () => {
  const emulator = await closedPlatform();
  for (const call of ['github.listComments', 'github.listDeployments'] as const) {
    emulator.addFault({ call, effect: 'hang', times: 'always' });
  }
  const run = await cleanUp({ emulator });
  expectEnd(run, 'deleted', [NAME]);
  expect(run.durationMs).toBeLessThan(130_000);
  const warnings = run.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
  expect(warnings.at(-1)).toContain('Run this action again with `pull-request: 7`');
});

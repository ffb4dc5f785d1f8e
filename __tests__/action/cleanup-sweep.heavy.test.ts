/** `preview-cleanup` without a pull request: the previews of all that have been closed, and of no other. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { closedPlatform, expectEnd, namesOf, previewName, sweepAll, writesTo } from './cleanup-harness.ts';
import { requestsTo, warningList } from './github-fault-helpers.ts';
import { failureOf } from './harness.ts';

function addPreview(emulator: Emulator, number: number, state: 'open' | 'closed'): string {
  emulator.github.addPullRequest({ number, state });
  return emulator.addProject(previewName(number)).name;
}

test('120 projects: exactly those of closed pull requests go', async () => {
  const emulator = await closedPlatform();
  const closed = [previewName(7)];
  for (let number = 100; number < 219; number += 1) {
    // Other projects of the store are in between, some with names that the search finds, too.
    if (number % 10 === 0) emulator.addProject(`old${previewName(number)}`);
    const name = addPreview(emulator, number, number % 3 === 0 ? 'closed' : 'open');
    if (number % 3 === 0) closed.push(name);
  }
  const before = namesOf(emulator);
  const dry = await sweepAll({ emulator, inputs: { 'dry-run': 'true' } });
  expectEnd(dry, 'dry-run', closed);
  expect(dry.summary).toContain(`## 🧪 Dry run: ${closed.length} previews would be deleted`);
  expect(writesTo(emulator)).toEqual([]);
  expect(namesOf(emulator)).toEqual(before);
  expect(requestsTo(emulator, 'listProjects').map(({ query }) => query['name:like'])).toEqual(
    Array.from({ length: 3 }, () => previewName(7).replace(/^storefront|7$/g, '')),
  );
  const run = await sweepAll({ emulator, event: { name: 'workflow_dispatch', payload: {} } });
  expectEnd(run, 'deleted', closed);
  expect(run.summary).toContain(`## 🧹 Deleted ${closed.length} previews`);
  expect(namesOf(emulator)).toEqual(before.filter((name) => !closed.includes(name)));
  expect(requestsTo(emulator, 'deleteProject')).toHaveLength(closed.length);
});

test('a pull request that GitHub does not know keeps its preview, with a warning', async () => {
  const emulator = await closedPlatform();
  emulator.addProject(previewName(999));
  emulator.addProject(previewName(9_999_999));
  const run = await sweepAll({ emulator });
  expectEnd(run, 'deleted', [previewName(7)]);
  expect(warningList(run)).toHaveLength(2);
  expect(warningList(run)[0]).toMatch(
    /stays: GitHub knows no pull request #999 .*it is not known whether it was closed/,
  );
  expect(run.summary).toContain('✋ Kept: 2<');
  expect(namesOf(emulator)).toEqual(['demo-storefront', previewName(999), previewName(9_999_999)]);
});

test('one that fails does not stop the others, and the run is red in the end', async () => {
  const emulator = await closedPlatform();
  const names = [8, 9, 10, 11].map((number) => addPreview(emulator, number, 'closed'));
  emulator.addProject(previewName(11));
  emulator.addFault({ call: 'deleteProject', effect: 'status', status: 409, skip: 1 });
  emulator.addFault({ call: 'github.getPullRequest', effect: 'status', status: 403, skip: 2 });
  const run = await sweepAll({ emulator });
  expectEnd(run, 'error', [previewName(7), previewName(10)]);
  const { title, message } = failureOf(run);
  expect(title).toBe('3 previews not processed');
  expect(message).toMatch(/^3 previews could not be processed, 2 deleted\./);
  expect(message).toContain(`- The project "${names[0]}" was not deleted.`);
  expect(message).toContain('- GitHub does not say whether pull request #9 is closed');
  expect(message).toContain(`- The store has 2 projects named "${names[3]}"`);
  expect(run.summary).toContain('## ❌ 3 previews not processed');
  expect(run.summary).toContain('🧹 Deleted: 2<');
  expect(namesOf(emulator)).toEqual(['demo-storefront', names[0], names[1], names[3], names[3]]);
});

test('what concerns one project alone never ends a sweep, however many there are in a row', async () => {
  const emulator = await closedPlatform();
  for (const number of [8, 9, 10, 11]) addPreview(emulator, number, 'closed');
  emulator.addFault({ call: 'deleteProject', effect: 'status', status: 409, times: 4 });
  const run = await sweepAll({ emulator });
  expectEnd(run, 'error', [previewName(11)]);
  expect(failureOf(run).message).toMatch(/^4 previews could not be processed, 1 deleted\.\n/);
});

test('a token that may not delete is found out after three, not after all', async () => {
  const token = 'reader-0123456789';
  const emulator = await closedPlatform({ tokens: { [token]: ['store_infrastructure_projects_read_only'] } });
  for (let number = 20; number < 30; number += 1) addPreview(emulator, number, 'closed');
  const run = await sweepAll({ emulator, inputs: { 'access-token': token } });
  expectEnd(run, 'error', []);
  expect(requestsTo(emulator, 'deleteProject')).toHaveLength(3);
  expect(failureOf(run).message).toContain('8 more previews not checked');
  expect(run.summary).toContain('⏸️ Not processed: 8<');
});

test('a store without previews, and one with open ones alone: nothing to do', async () => {
  const emulator = await closedPlatform();
  const none = await sweepAll({ emulator, inputs: { 'preview-base-name': 'other' } });
  expectEnd(none, 'nothing', []);
  expect(none.lines.join('\n')).toContain('The store has no previews of this repository.');
  emulator.github.addPullRequest({ number: 7, state: 'open' });
  const open = await sweepAll({ emulator });
  expectEnd(open, 'nothing', []);
  expect(open.annotations).toEqual([]);
  expect(open.summary).toContain('## 🧹 Nothing to delete');
  expect(namesOf(emulator)).toContain(previewName(7));
});

test('deployments of GitHub are read once for all', async () => {
  const emulator = await closedPlatform();
  for (const number of [3, 12, 13]) addPreview(emulator, number, 'closed');
  await sweepAll({ emulator });
  expect(requestsTo(emulator, 'github.listDeployments').length).toBeLessThanOrEqual(2);
});

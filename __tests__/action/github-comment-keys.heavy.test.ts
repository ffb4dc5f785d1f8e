/** Which deployments share a comment: those of one project in one environment, and no others. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { headingOf, pushCommit, wordsOf } from './github-comment-reading.ts';
import { githubPlatform, onPullRequest, ownComments } from './github-harness.ts';

const PROJECTS = ['demo-storefront', 'second-shop'];

async function idOf(emulator: Emulator, inputs: Record<string, string>): Promise<string> {
  const run = await onPullRequest({ emulator, inputs });
  expect(run.exitCode).toBe(0);
  return run.outputs['comment-id'] ?? '';
}

/** Two steps of one job, and those of the next push. */
async function expectOneEach(emulator: Emulator, first: Record<string, string>, second: Record<string, string>) {
  const ids = [await idOf(emulator, first), await idOf(emulator, second)];
  expect(new Set(ids).size).toBe(2);
  pushCommit(emulator, 'b');
  expect([await idOf(emulator, first), await idOf(emulator, second)]).toEqual(ids);
  const comments = ownComments(emulator);
  expect(comments.map(({ id }) => `${id}`)).toEqual(ids);
  for (const { body } of comments) expect(wordsOf(body)).toContain('bbbbbbb');
  return comments.map(({ body }) => body);
}

test('two projects by UUID: each has its own comment', async () => {
  const emulator = await githubPlatform({ projects: PROJECTS });
  const [first, second] = emulator.projects.map(({ uuid }) => ({ 'project-uuid': uuid }));
  const bodies = await expectOneEach(emulator, first ?? {}, second ?? {});
  emulator.projects.forEach(({ uuid }, index) => {
    expect(wordsOf(bodies[index] ?? '')).toContain(uuid);
  });
});

test('two projects, one by UUID and one by name: each has its own comment', async () => {
  const emulator = await githubPlatform({ projects: PROJECTS });
  const [, body = ''] = await expectOneEach(emulator, {}, { 'project-uuid': '', 'project-name': 'second-shop' });
  expect(wordsOf(body)).toContain('second-shop');
});

test.each([
  ['shop', 'shop-2'],
  ['shop', 'Shop'],
  ['shop', 'shop environment=preview'],
  ['a b', 'a%20b'],
])('projects named %j and %j: each has its own comment', async (first, second) => {
  const emulator = await githubPlatform({ projects: [first, second] });
  await expectOneEach(
    emulator,
    { 'project-uuid': '', 'project-name': first },
    { 'project-uuid': '', 'project-name': second },
  );
});

test('the same project in two environments: each has its own comment, and names its environment', async () => {
  const emulator = await githubPlatform();
  const bodies = await expectOneEach(emulator, { environment: 'preview' }, { environment: 'staging' });
  expect(bodies.map(headingOf)).toEqual([expect.stringContaining('preview'), expect.stringContaining('staging')]);
});

test.each([
  ['environment', { environment: 'Staging' }, { environment: 'sTAGING' }],
  ['default environment', {}, { environment: 'Preview' }],
])('an %s that differs in case only shares the comment', async (_, first, second) => {
  const emulator = await githubPlatform();
  const id = await idOf(emulator, first);
  expect(await idOf(emulator, second)).toBe(id);
  expect(ownComments(emulator)).toHaveLength(1);
});

test('a UUID in capitals is the same project', async () => {
  const emulator = await githubPlatform();
  const id = await idOf(emulator, {});
  expect(await idOf(emulator, { 'project-uuid': (emulator.projects[0]?.uuid ?? '').toUpperCase() })).toBe(id);
  expect(ownComments(emulator)).toHaveLength(1);
});

test('one that fails leaves the comment of the other project alone', async () => {
  const emulator = await githubPlatform({ projects: PROJECTS });
  const [first, second] = emulator.projects.map(({ uuid }) => ({ 'project-uuid': uuid }));
  await idOf(emulator, first ?? {});
  const before = ownComments(emulator)[0]?.body;
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
  await onPullRequest({ emulator, inputs: second ?? {} });
  const [kept, failed] = ownComments(emulator);
  expect(kept?.body).toBe(before);
  expect(headingOf(failed?.body ?? '')).toMatch(/❌/);
});

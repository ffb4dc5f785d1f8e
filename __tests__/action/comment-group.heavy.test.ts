/** Several projects of one pull request share a comment, with a row for each, whoever writes when. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { parseRows } from '../../src/github-status/group-rows.ts';
import { cleanUp, closedEvent, previewName } from './cleanup-harness.ts';
import { onCommand, onPush } from './gate-harness.ts';
import { expectTame, headingOf, hrefsOf, onlyComment, pushCommit, wordsOf } from './github-comment-reading.ts';
import { githubPlatform, onPullRequest, ownComments } from './github-harness.ts';
import { warningsOf } from './harness.ts';
import { take, twoPullRequests } from './shared-preview-harness.ts';

const GROUP = { 'comment-group': 'Stores' };
const SHOPS = ['shop-de', 'shop-fr', 'shop-uk'];

function named(name: string, more: Record<string, string> = {}) {
  return { 'project-uuid': '', 'project-name': name, ...GROUP, ...more };
}

function rowsOf(body: string) {
  return parseRows(body).map(({ key, shown }) => `${shown.mark} ${shown.name ?? key.project}`);
}

function commentOn(emulator: Emulator, number: number) {
  const [comment, ...others] = ownComments(emulator, number);
  if (comment === undefined || others.length > 0) throw new Error(`#${number}: not one comment`);
  return comment;
}

test('four jobs at the same moment: one comment, a row for each, and what to do where one failed', async () => {
  const emulator = await githubPlatform({ projects: SHOPS });
  const footer = 'Questions: [#storefronts](https://chat.example) <!-- hidden --> hunter2222';
  const more = { 'comment-footer': footer, secrets: 'AUTH_SECRET=hunter2222' };
  const all = async () =>
    await Promise.all(
      [...SHOPS, 'shop-us'].map(async (name) => await onPullRequest({ emulator, inputs: named(name, more) })),
    );
  const runs = await all();
  expect(runs.map(({ outputs }) => outputs['outcome'])).toEqual(['deployed', 'deployed', 'deployed', 'error']);
  expect(runs.map(warningsOf)).toEqual(['', '', '', '']);
  const comment = onlyComment(emulator);
  expect(comment.reactions).toEqual([]);
  expect(rowsOf(comment.body)).toEqual(['❌ shop-us', '✅ shop-de', '✅ shop-fr', '✅ shop-uk']);
  expect(headingOf(comment.body)).toBe('❌ Deploying to preview: 1 of 4 failed');
  for (const { outputs } of runs.slice(0, 3)) {
    expect(hrefsOf(comment.body)).toContain(`${outputs['url']}/`);
  }
  const [open = '', folded = ''] = comment.body.split('<details><summary>Details of the others</summary>');
  expect(wordsOf(open)).toMatch(/❌ shop-us .*What to do: /);
  expect(wordsOf(open)).not.toContain('Deployment:');
  expect(folded.trim().endsWith('Questions: [#storefronts](https://chat.example) &lt;!-- hidden --> ***')).toBe(true);
  expectTame(comment.body.replace(/Questions: .*/, ''), ['https://']);

  pushCommit(emulator, 'b');
  await all();
  expect(onlyComment(emulator).id).toBe(comment.id);
  expect(wordsOf(comment.body).match(/bbbbbbb/g)?.length).toBeGreaterThanOrEqual(4);
});

test('a project that fails names its own last success, and leaves the rows of the others alone', async () => {
  const emulator = await githubPlatform({ projects: SHOPS });
  for (const name of SHOPS.slice(0, 2)) await onPullRequest({ emulator, inputs: named(name) });
  const before = onlyComment(emulator).body;
  const sha = (emulator.github.pullRequests[0]?.head.sha ?? '').slice(0, 7);
  pushCommit(emulator, 'b');
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
  await onPullRequest({ emulator, inputs: named('shop-fr') });
  const { body } = onlyComment(emulator);
  expect(rowsOf(body)).toEqual(['❌ shop-fr', '✅ shop-de']);
  expect(wordsOf(body)).toContain(`The last deployment of this pull request that succeeded was ${sha}`);
  const rowOf = (text: string, name: string) => parseRows(text).find(({ shown }) => shown.name === name);
  expect(rowOf(body, 'shop-de')).toEqual(rowOf(before, 'shop-de'));
});

test('preview-cleanup turns the row of a deleted preview into one without an address, and leaves the others', async () => {
  const emulator = await githubPlatform();
  const bases = ['shop-de', 'shop-fr'];
  const isolated = (base: string) => ({
    ...GROUP,
    preview: 'isolated',
    'project-uuid': '',
    'preview-base-name': base,
  });
  for (const base of bases) await onPullRequest({ emulator, inputs: isolated(base) });
  const comment = onlyComment(emulator);
  const closing = async (base: string) => {
    const inputs = { ...GROUP, 'preview-base-name': base };
    return await cleanUp({ emulator, event: closedEvent(emulator), inputs });
  };
  emulator.github.addPullRequest({ number: 7, state: 'closed' });
  expect((await closing('shop-de')).outputs['outcome']).toBe('deleted');
  expect(rowsOf(onlyComment(emulator).body)).toEqual([
    `🧹 ${previewName(7, 'shop-de')}`,
    `✅ ${previewName(7, 'shop-fr')}`,
  ]);
  expect(hrefsOf(comment.body).filter((href) => href.includes(previewName(7, 'shop-de')))).toEqual([]);
  expect((await closing('shop-fr')).outputs['outcome']).toBe('deleted');
  expect(onlyComment(emulator).id).toBe(comment.id);
  expect(headingOf(comment.body)).toBe('🧹 Preview deleted · preview');
  expect(hrefsOf(comment.body).filter((href) => href.includes('storefront.example'))).toEqual([]);
});

test('a shared preview is taken over in the shared comment, which comes anew, with the rows of the others', async () => {
  const emulator = await twoPullRequests();
  emulator.addProject('shop-de');
  // One that would be a row, if it were taken for one.
  const footer = `Ask us <!-- catalyst-deploy-action row %7B%7D -->`;
  const more = { 'comment-footer': footer };
  const isFooterLast = () =>
    commentOn(emulator, 7).body.trim().endsWith('Ask us &lt;!-- catalyst-deploy-action row %7B%7D -->');
  await take(emulator, 7, { inputs: named('demo-storefront', more) });
  await onPullRequest({ emulator, inputs: named('shop-de', more) });
  const before = commentOn(emulator, 7);
  expect(rowsOf(before.body)).toEqual(['✅ demo-storefront', '✅ shop-de']);
  await take(emulator, 8, { inputs: named('demo-storefront', more) });
  expect(isFooterLast()).toBe(true);
  const after = commentOn(emulator, 7);
  expect(after.id).not.toBe(before.id);
  expect(rowsOf(after.body)).toEqual(['🔁 demo-storefront', '✅ shop-de']);
  expect(wordsOf(after.body)).toContain('The shared preview shows #8 now, and no longer this pull request.');
  expect(headingOf(after.body)).toBe('✅ Deployed to preview: 1 of 2 projects');

  // The gate reads and writes the same row.
  const held = await onPush({ emulator, number: 7, inputs: GROUP });
  expect(held.outputs['reason']).toBe('not-newest');
  expect(rowsOf(commentOn(emulator, 7).body)).toEqual(['⏭️ demo-storefront', '✅ shop-de']);
  // It has no such input.
  expect(isFooterLast()).toBe(true);
  await onCommand({ emulator, given: { number: 7 }, inputs: GROUP });
  expect(rowsOf(commentOn(emulator, 7).body)).toEqual(['📌 demo-storefront', '✅ shop-de']);
  expect((await onPush({ emulator, number: 7, inputs: GROUP })).outputs['deploy']).toBe('true');
  expect(commentOn(emulator, 7).id).toBe(after.id);
});

test('where GitHub refuses reactions, the row is written all the same, and nothing is warned of', async () => {
  const emulator = await githubPlatform({ projects: SHOPS });
  emulator.addFault({ call: 'github.createReaction', effect: 'status', status: 403, times: 'always' });
  const run = await onPullRequest({ emulator, inputs: named('shop-de') });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(warningsOf(run)).toBe('');
  expect(rowsOf(onlyComment(emulator).body)).toEqual(['✅ shop-de']);
});

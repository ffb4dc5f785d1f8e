/** `plan` on a pull request: what `sync` would do, shown the same everywhere, and nothing written to the store. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { onlyComment, wordsOf, writesOf } from './github-comment-reading.ts';
import { PULL_REQUEST, pullRequestEvent } from './github-harness.ts';
import {
  annotationsOf,
  csvOf,
  expectEnd,
  redirectsPlatform,
  runExport,
  SITE_ID,
  storeCallsOf,
  verdictOf,
  workspaceWith,
} from './redirects-harness.ts';
import { addAll, commentWords, rowsOf, runPlan, siteOf, writesTo } from './redirects-sync-harness.ts';

const BEFORE = { '/same': '/here', '/moved': '/first', '/gone': '/away' };
const PLANNED = { added: '2', changed: '1', removed: '1', unchanged: '1' };
const CSV = csvOf('/same,/here,,', '/new,/there,,', '/moved,/second,,', '/boot,,Product,12');

async function platformWithSite(): Promise<Emulator> {
  const emulator = await redirectsPlatform();
  addAll(emulator, BEFORE);
  addAll(emulator, { '/gone': '/elsewhere' }, 1001);
  return emulator;
}

test('says what would be added, changed and removed; nothing but the comment is written', async () => {
  const emulator = await platformWithSite();
  const run = await runPlan({ emulator, csv: CSV, inputs: { delete: 'true' } });
  expectEnd(run, 'planned', PLANNED);
  expect(run.outputs).not.toHaveProperty('backup-file');
  expect(storeCallsOf(emulator)).toEqual(['listRedirects']);
  expect(writesOf(emulator)).toHaveLength(1);
  expect(siteOf(emulator)).toEqual(BEFORE);
  const log = run.lines.join('\n');
  for (const line of ['+ /new → /there', '+ /boot → Product 12', '~ /moved → /second (was /first)', '- /gone → /away'])
    expect(log).toContain(line);
  expect(log).toContain('Outcome: planned (plan for store.example.com: 2 to add, 1 to change, 1 to remove)');
  for (const words of [wordsOf(run.summary), commentWords(emulator)]) {
    expect(words).toContain('📋 Redirects of store.example.com: +2 ~1 −1');
    expect(words).toContain('+ /new → /there + /boot → Product 12 ! /moved → /second (was /first) - /gone → /away');
  }
  expect(commentWords(emulator)).toContain(
    'Nothing is changed until this is merged. 1 redirect stays as it is. redirects.csv · Log',
  );
});

test('a plan that is empty by now edits the same comment', async () => {
  const emulator = await platformWithSite();
  await runPlan({ emulator, csv: CSV });
  expect(commentWords(emulator)).toContain('Redirects of store.example.com: +2 ~1 + /new');
  expect(commentWords(emulator)).toContain('1 redirect that the file does not have stays: delete is off.');
  const { id } = onlyComment(emulator);
  const run = await runPlan({ emulator, csv: csvOf(...rowsOf(BEFORE)) });
  expectEnd(run, 'unchanged', { added: '0', changed: '0', removed: '0', unchanged: '3' });
  expect(onlyComment(emulator).id).toBe(id);
  expect(commentWords(emulator)).toContain('✅ Redirects of store.example.com: nothing to change');
  expect(commentWords(emulator)).not.toContain('/moved');
});

test.each([
  [
    'json',
    JSON.stringify([
      { from_path: '/new', to: '/there' },
      { from_path: '/boot', to: { type: 'product', entity_id: 12 } },
    ]),
  ],
  ['yaml', '- from_path: /new\n  to: /there\n- from_path: /boot\n  to: { type: product, entity_id: 12 }\n'],
])('takes a list in %s', async (ending, content) => {
  const emulator = await platformWithSite();
  const file = `redirects.${ending}`;
  const run = await runPlan({ emulator, workspace: workspaceWith({ [file]: content }), inputs: { file } });
  expectEnd(run, 'planned', { added: '2', changed: '0', removed: '3', unchanged: '0' });
  expect(run.lines.join('\n')).toContain('+ /boot → Product 12');
});

test("a file of another domain than the site's is rejected", async () => {
  const emulator = await platformWithSite();
  const run = await runPlan({ emulator, csv: csvOf('/new,/there,,').replaceAll('store.example', 'shop.example') });
  expectEnd(run, 'error');
  expect(verdictOf(run)).toEqual({
    title: 'The file is for another site',
    message: expect.stringContaining('redirects.csv is for another site.'),
  });
  expect(annotationsOf(run, 'error')[0]).toMatchObject({
    file: 'redirects.csv',
    line: 2,
    message: `The domain is "shop.example.com", and that of site ${SITE_ID} is store.example.com. (line 2)`,
  });
  expect(run.outputs).not.toHaveProperty('added');
  expect(commentWords(emulator)).toContain('The file is for another site');
});

test("a fork's pull request has its file checked, without any request", async () => {
  const emulator = await platformWithSite();
  emulator.github.addPullRequest({ number: PULL_REQUEST, headRepository: 'mona/storefront' });
  const inputs = { 'access-token': '' };
  const good = await runPlan({ emulator, csv: CSV, inputs });
  expectEnd(good, 'skipped', { 'skipped-reason': 'fork' });
  const bad = await runPlan({ emulator, csv: csvOf('/a,/b,,', '/b,/a,,'), inputs });
  expectEnd(bad, 'error');
  expect(annotationsOf(bad, 'error')[0]).toMatchObject({ file: 'redirects.csv', line: 2 });
  expect(annotationsOf(bad, 'error')[0]?.message).toContain('A loop of 2 redirects');
  const exported = await runExport({ emulator, inputs, event: pullRequestEvent(emulator) });
  expectEnd(exported, 'skipped', { 'skipped-reason': 'fork' });
  expect(exported.summary).toContain('No file was written');
  expect(exported.summary).not.toContain('was checked');
  expect(emulator.requests).toEqual([]);
});

test('finds the site by the domain of the file; where that is not enough, it says which sites there are', async () => {
  const emulator = await platformWithSite();
  const inputs = { delete: 'true', 'site-id': '' };
  const bad = await runPlan({ emulator, csv: csvOf('no path,/there,,'), inputs });
  expectEnd(bad, 'error');
  const { id } = onlyComment(emulator);
  const found = await runPlan({ emulator, csv: CSV, inputs });
  expectEnd(found, 'planned', { ...PLANNED, 'site-id': `${SITE_ID}` });
  expect(found.lines.join('\n')).toContain(`store.example.com is site ${SITE_ID}, which has 3 redirects.`);
  // The same comment, although the first run did not get to know its site.
  expect(onlyComment(emulator).id).toBe(id);
  expect(commentWords(emulator)).toContain('📋 Redirects of store.example.com: +2 ~1 −1');
  const other = CSV.replaceAll('store.example', 'shop.example');
  const lost = await runPlan({ emulator, csv: other, inputs });
  expectEnd(lost, 'error');
  expect(lost.outputs).not.toHaveProperty('site-id');
  expect(verdictOf(lost).message).toContain(
    'redirects.csv is for shop.example.com, and no site is known to have that domain. Sites that have redirects: 1000 (store.example.com), 1001 (outlet.example.com).',
  );
  expect(verdictOf(lost).message).toContain(`${emulator.origin}/stores/${emulator.storeHash}/v3/sites`);
  expect(writesTo(emulator)).toEqual([]);
});

test('warns where `sync` would delete more than allowed', async () => {
  const emulator = await platformWithSite();
  const run = await runPlan({ emulator, csv: CSV, inputs: { delete: 'true', 'max-deletes': '0' } });
  expectEnd(run, 'planned', PLANNED);
  expect(annotationsOf(run, 'warning')[0]?.message).toBe(
    `\`sync\` would not start: 1 redirect of store.example.com would be deleted, but \`max-deletes\` allows 0.`,
  );
  expect(commentWords(emulator)).toContain('sync would not start');
  expect(writesTo(emulator)).toEqual([]);
});

/** `sync` makes a site what the file says: in an order that loses no path, after a backup, and not twice. */
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  annotationsOf,
  csvOf,
  expectEnd,
  redirectsPlatform,
  SITE_ID,
  verdictOf,
  workspaceWith,
} from './redirects-harness.ts';
import {
  addAll,
  commentWords,
  readBackup,
  rowsOf,
  runSync,
  sentIn,
  siteOf,
  startSync,
  syncOnPullRequest,
  writesTo,
} from './redirects-sync-harness.ts';

const BEFORE = { '/same': '/here', '/moved': '/first', '/gone': '/away', '/old': '/away' };
const DESIRED = { '/same': '/here', '/new': '/there', '/moved': '/second' };
const OTHER = { '/gone': '/elsewhere', '/new': '/else' };

async function platformWithSite() {
  const emulator = await redirectsPlatform();
  addAll(emulator, BEFORE);
  addAll(emulator, OTHER, SITE_ID + 1);
  return emulator;
}

test('backs up, adds and changes, and deletes last; a second one changes nothing', async () => {
  const emulator = await platformWithSite();
  const doomed = emulator.redirects.list.filter(
    ({ siteId, to }) => siteId === SITE_ID && 'url' in to && to.url === '/away',
  );
  emulator.addFault({ call: 'upsertRedirects', effect: 'delay', delayMs: 300 });
  const csv = csvOf(...rowsOf(DESIRED));
  const started = startSync({ emulator, csv, inputs: { delete: 'true' } });
  await emulator.waitForRequest('upsertRedirects');
  const backups = () => readdirSync(started.runnerTemp).filter((name) => name.startsWith('redirects-backup'));
  expect(backups()).toHaveLength(1);
  const run = await started.finished;
  const counts = { added: '1', changed: '1', removed: '2', unchanged: '1' };
  expectEnd(run, 'complete', { ...counts, completed: '4', failed: '0', total: '4' });
  expect(writesTo(emulator).map(({ call }) => call)).toEqual(['upsertRedirects', 'deleteRedirects']);
  expect(writesTo(emulator).map(sentIn)).toEqual([['/new', '/moved'], doomed.map(({ id }) => id)]);
  expect(siteOf(emulator)).toEqual(DESIRED);
  expect(siteOf(emulator, SITE_ID + 1)).toEqual(OTHER);
  expect(readBackup(run)).toBe(csvOf(...rowsOf(BEFORE)));
  expect(run.summary).toContain('✅ Redirects of store.example.com: +1&nbsp;~1&nbsp;−2');

  const again = await runSync({ emulator, csv, inputs: { delete: 'true' } });
  expectEnd(again, 'unchanged', { added: '0', changed: '0', removed: '0', unchanged: '3', completed: '0', total: '0' });
  expect(again.outputs).not.toHaveProperty('backup-file');
  expect(annotationsOf(again, 'notice')[0]?.message).toBe(
    'The redirects of store.example.com already match the file: nothing was changed.',
  );
  expect(writesTo(emulator)).toHaveLength(2);
});

test('without `delete`, what the file has not stays, and is counted', async () => {
  const emulator = await platformWithSite();
  const run = await syncOnPullRequest({ emulator, csv: csvOf(...rowsOf(DESIRED)) });
  expectEnd(run, 'complete', { added: '1', changed: '1', removed: '2', completed: '2', total: '2' });
  expect(siteOf(emulator)).toEqual({ ...BEFORE, ...DESIRED });
  const stay = '2 redirects that the file does not have stay: this step ran without';
  expect(run.lines.join('\n')).toContain(stay);
  expect(commentWords(emulator)).toContain(stay);
});

test('more deletions than allowed: nothing is written, not even a backup', async () => {
  const emulator = await platformWithSite();
  const run = await runSync({
    emulator,
    csv: csvOf(...rowsOf(DESIRED)),
    inputs: { delete: 'true', 'max-deletes': '1' },
  });
  expectEnd(run, 'error', { removed: '2' });
  expect(verdictOf(run)).toMatchObject({ title: 'More deletions than allowed' });
  expect(verdictOf(run).message).toContain(
    '2 redirects of store.example.com would be deleted, but `max-deletes` allows 1.',
  );
  expect(run.outputs).not.toHaveProperty('backup-file');
  expect(existsSync(run.runnerTemp) ? readdirSync(run.runnerTemp) : []).toEqual([]);
  expect(writesTo(emulator)).toEqual([]);
});

test('a list in YAML, with the site and dynamic targets, is carried out', async () => {
  const emulator = await platformWithSite();
  const items = [
    `{ from_path: /same, to: /here, site_id: ${SITE_ID}, domain: store.example.com }`,
    '{ from_path: /boot, to: { type: product, entity_id: 12 } }',
    '{ from_path: /press, to: { type: url, url: "https://press.example.com/?a=1" } }',
  ];
  const workspace = workspaceWith({ 'redirects.yml': items.map((item) => `- ${item}\n`).join('') });
  const run = await runSync({ emulator, workspace, inputs: { file: 'redirects.yml', delete: 'true' } });
  expectEnd(run, 'complete', { added: '2', removed: '3', completed: '5' });
  expect(siteOf(emulator)).toEqual({
    '/same': '/here',
    '/boot': 'product 12',
    '/press': 'https://press.example.com/?a=1',
  });
});

test('a fault in the middle says what was and was not done, and a rerun finishes it', async () => {
  const emulator = await platformWithSite();
  emulator.addFault({ call: 'deleteRedirects', effect: 'status', status: 403, body: { title: 'Forbidden' } });
  const run = { emulator, csv: csvOf(...rowsOf(DESIRED)), inputs: { delete: 'true' } };
  const first = await syncOnPullRequest(run);
  expectEnd(first, 'partial', { completed: '2', failed: '2', total: '4' });
  expect(verdictOf(first).message).toContain(
    '2 of 4 changes were made: 1 added, 1 changed, 0 deleted. 2 were not made.',
  );
  expect(commentWords(emulator)).toContain('2 of 4 changes were made');
  expect(siteOf(emulator)).toEqual({ ...BEFORE, ...DESIRED });
  expectEnd(await syncOnPullRequest(run), 'complete', { removed: '2', completed: '2', total: '2' });
  expect(siteOf(emulator)).toEqual(DESIRED);
  expect(commentWords(emulator)).toContain('✅ Redirects of store.example.com: −2');
});

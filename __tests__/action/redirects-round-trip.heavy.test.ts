/** What a store exports, and what `sync` backs up, is accepted by each command; oddities are shown everywhere. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { wordsOf } from './github-comment-reading.ts';
import { warningsOf } from './harness.ts';
import {
  annotationsOf,
  csvOf,
  expectEnd,
  FILE,
  HEADER,
  redirectsPlatform,
  runExport,
  runImport,
  SITE_ID,
  storeCallsOf,
  storedRedirects,
  verdictOf,
  workspaceWith,
} from './redirects-harness.ts';
import { commentWords, readBackup, runPlan, runSync, syncOnPullRequest, writesTo } from './redirects-sync-harness.ts';

const DEAD = { type: 'product', entity_id: 0 } as const;

/** A path twice under different ids, twins by the final slash, and a product that was deleted. */
async function realPlatform(): Promise<Emulator> {
  const emulator = await redirectsPlatform();
  emulator.redirects.add(
    { fromPath: '/twice', to: '/here' },
    { fromPath: '/range', to: '/new' },
    { fromPath: '/twice', to: '/here', copy: true },
    { fromPath: '/dead', to: DEAD },
    { fromPath: '/range/', to: '/new' },
  );
  return emulator;
}

test('what is exported plans empty, imports clean, and is synced already', async () => {
  const emulator = await realPlatform();
  const before = storedRedirects(emulator);
  const workspace = workspaceWith({});
  expectEnd(await runExport({ emulator, workspace }), 'complete', { completed: '5' });
  const inputs = { delete: 'true', 'max-deletes': '0' };
  const planned = await runPlan({ emulator, workspace, inputs });
  expectEnd(planned, 'unchanged', { added: '0', changed: '0', removed: '0', unchanged: '4' });
  const words = wordsOf(planned.summary);
  expect(words).toContain('1 × Repeated row Line 4: store.example.com/twice is already in line 2, with the');
  expect(words).toContain('1 × Target with the id 0 Line 5: /dead leads to Product 0.');
  expect(annotationsOf(planned, 'warning').map(({ line }) => line)).toEqual([6, 4, 5]);
  expect(commentWords(emulator)).toContain(
    'Line 6: store.example.com/range/ is /range of line 3 except for the final slash.',
  );

  const imported = await runImport({ emulator, workspace });
  // Once each, and without what the platform might reject.
  expectEnd(imported, 'complete', { completed: '3', failed: '0', total: '3' });
  expect(imported.outputs).not.toHaveProperty('failed-rows-file');
  expectEnd(await runSync({ emulator, workspace, inputs }), 'unchanged');
  expect(storedRedirects(emulator)).toEqual(before);
  expect(writesTo(emulator).map(({ call }) => call)).toEqual(['exportRedirects', 'importRedirects']);
});

test('a target with the id 0 that the store has not is rejected at its line, by an import too', async () => {
  const emulator = await realPlatform();
  for (const command of [runImport, runPlan]) {
    const run = await command({ emulator, csv: csvOf('/a,/b,,', '/dead,,Product,0', '/other,,Product,0') });
    expectEnd(run, 'error');
    expect(annotationsOf(run, 'error')[0]).toMatchObject({
      file: FILE,
      line: 4,
      message: expect.stringContaining('/other leads to Product 0, and the site has no such redirect'),
    });
  }
  // Another site has that path, and not this one.
  const outlet = `${HEADER}\noutlet.example.com,/dead,,Product,0\n`;
  emulator.redirects.add({ fromPath: '/x', to: '/y', siteId: SITE_ID + 1 });
  expectEnd(await runImport({ emulator, csv: outlet }), 'error');
  expect(storeCallsOf(emulator)).toEqual(['listRedirects', 'listRedirects', 'listRedirects']);
});

test('a backup is accepted by plan, sync and import, even where the domain of the site is unknown', async () => {
  const emulator = await redirectsPlatform();
  emulator.redirects.add(
    { fromPath: '/a', to: 'https://else.example/' },
    { fromPath: '/b', to: 'https://else.example/' },
  );
  const before = storedRedirects(emulator);
  const inputs = { delete: 'true' };
  const emptied = await runSync({ emulator, csv: `${HEADER}\n`, inputs });
  expectEnd(emptied, 'complete', { removed: '2' });
  const backup = readBackup(emptied);
  expect(backup).toBe(`${HEADER}\n,/a,https://else.example/,,\n,/b,https://else.example/,,\n`);
  expectEnd(await runPlan({ emulator, csv: backup, inputs }), 'planned', { added: '2' });
  expectEnd(await runSync({ emulator, csv: backup, inputs }), 'complete', { added: '2' });
  expect(storedRedirects(emulator)).toEqual(before);
  // An import knows the sites by their domains alone.
  const rejected = await runImport({ emulator, csv: backup });
  expectEnd(rejected, 'error');
  expect(annotationsOf(rejected, 'error').map(({ line }) => line)).toEqual([2, 3, undefined]);
  const filled = backup.replaceAll('\n,', '\nstore.example.com,');
  expectEnd(await runImport({ emulator, csv: filled }), 'complete', { completed: '2' });
});

test('a backup of a site with loops is accepted by each command: it lacks what closes them', async () => {
  const emulator = await redirectsPlatform();
  emulator.redirects.add(
    { fromPath: '/a', to: '/b' },
    { fromPath: '/self', to: '/self' },
    { fromPath: '/b', to: 'https://STORE.example.com/a' },
    { fromPath: '/c', to: '/a' },
    { fromPath: '/twice', to: '/here' },
    { fromPath: '/twice', to: '/here', copy: true },
  );
  const inputs = { delete: 'true' };
  const synced = await runSync({ emulator, csv: csvOf('/b,/home,,', '/c,/a,,'), inputs });
  expectEnd(synced, 'complete', { changed: '1', removed: '4' });
  const backup = readBackup(synced);
  expect(backup).toBe(csvOf('/a,/b,,', '/c,/a,,', '/twice,/here,,', '/twice,/here,,'));
  expect(warningsOf(synced)).toContain(
    'The backup lacks 2 redirects that no file can restore: /self → /self, /b → https://STORE.example.com/a.',
  );
  expectEnd(await runPlan({ emulator, csv: backup, inputs }), 'planned', { added: '2', removed: '1' });
  expectEnd(await runImport({ emulator, csv: backup }), 'complete', { completed: '3' });
  expectEnd(await runSync({ emulator, csv: backup, inputs }), 'complete', { removed: '1' });
  expect(storedRedirects(emulator)).toEqual(['/c → /a', '/a → /b', '/twice → /here']);
});

test('a backup of copies and dead targets brings back what a file can bring back, and says what it cannot', async () => {
  const emulator = await realPlatform();
  emulator.redirects.add({ fromPath: '/twice', to: '/elsewhere', copy: true });
  const inputs = { delete: 'true' };
  const synced = await runSync({ emulator, csv: csvOf('/twice,/there,,'), inputs });
  expectEnd(synced, 'complete', { changed: '1', removed: '5' });
  expect(storedRedirects(emulator)).toEqual(['/twice → /there']);
  expect(warningsOf(synced)).toContain(
    'The backup lacks 2 redirects that no file can restore: /dead → Product 0, /twice → /elsewhere.',
  );
  const restored = await runSync({ emulator, csv: readBackup(synced), inputs });
  expectEnd(restored, 'complete', { changed: '1', added: '2' });
  expect(storedRedirects(emulator)).toEqual(['/twice → /here', '/range → /new', '/range/ → /new']);
});

test('invisible characters are shown in the log, the annotation, the summary and the comment', async () => {
  const emulator = await redirectsPlatform();
  const run = await runPlan({ emulator, csv: csvOf('/a\u200bb,/c\u202ed,,', '//e.example/f,/g,,', '/h/*,/i,,') });
  expectEnd(run, 'planned', { added: '3' });
  expect(run.lines.join('\n')).toContain('+ /a\\u200bb → /c\\u202ed');
  expect(annotationsOf(run, 'warning')[0]).toMatchObject({
    line: 2,
    title: 'Invisible character',
    message: expect.stringContaining('The old path /a\\u200bb has an invisible character (U+200B).'),
  });
  expect(warningsOf(run)).toContain("BigCommerce's redirects do not support wildcards");
  for (const words of [wordsOf(run.summary), commentWords(emulator)]) {
    expect(words).toContain('+ /a\\u200bb → /c\\u202ed');
    expect(words).toContain('The old path /a\\u200bb has an invisible character');
  }
  expect(run.lines.join('\n') + run.summary).not.toMatch(/[\u200b\u202e]/);
});

test('a second byte-order mark is warned of, and is in nothing that is sent', async () => {
  const emulator = await redirectsPlatform();
  const run = await runImport({ emulator, csv: `\ufeff\ufeff${csvOf('/a,/b,,')}` });
  expectEnd(run, 'complete', { completed: '1', failed: '0', total: '1' });
  expect(annotationsOf(run, 'warning')[0]).toMatchObject({
    line: 1,
    title: 'Invisible character',
    message: expect.stringContaining('The header begins with a second byte-order mark (\\ufeff), which is ignored.'),
  });
  expect(storedRedirects(emulator)).toHaveLength(1);
  expect(run.lines.join('\n') + run.summary).not.toContain('\ufeff');
});

test('207 to a part of a batch: what was not written is named, and the job is red', async () => {
  const emulator = await redirectsPlatform();
  const workspace = workspaceWith({});
  writeFileSync(join(workspace, FILE), csvOf('/a,/1,,', '/b,/2,,', '/c,/3,,'));
  emulator.addFault({ call: 'upsertRedirects', effect: 'part-fails', items: [2] });
  expectEnd(await syncOnPullRequest({ emulator, workspace }), 'complete', { completed: '3' });
  expect(storedRedirects(emulator)).toEqual(['/a → /1', '/c → /3', '/b → /2']);
  emulator.redirects.remove(1, 2, 3);
  emulator.addFault({ call: 'upsertRedirects', effect: 'part-fails', items: [2] });
  emulator.addFault({ call: 'upsertRedirects', effect: 'part-fails', items: [1] });
  const failed = await syncOnPullRequest({ emulator, workspace });
  expectEnd(failed, 'partial', { completed: '2', failed: '1', total: '3' });
  expect(verdictOf(failed).message).toContain('answered 207. The server says: 1 of 1 items could not be processed.');
  expect(verdictOf(failed).message).toContain('Not written: line 3 (/b). 2 of 3 changes were made: 2 added');
  expect(commentWords(emulator)).toContain('Not written: line 3 (/b).');
  expect(readFileSync(join(workspace, FILE), 'utf8')).toContain('/b');
  for (const [status, title] of [
    [423, 'is locked at the moment (423)'],
    [507, "A limit of the store's plan is reached (507)"],
  ] as const) {
    emulator.addFault({ call: 'upsertRedirects', effect: 'status', status });
    const run = await syncOnPullRequest({ emulator, workspace });
    expectEnd(run, 'error', { completed: '0', failed: '1' });
    expect(verdictOf(run).message).toContain(title);
  }
});

/** Large sites, lists that change while they are read, platforms that fold paths, and backups that bring it all back. */
import { expect, test } from '@jest/globals';
import Papa from 'papaparse';
import type { RecordedRequest } from '../../emulator/recorder.ts';
import { warningsOf } from './harness.ts';
import {
  annotationsOf,
  csvOf,
  DOMAIN,
  expectEnd,
  FILE,
  HEADER,
  redirectsPlatform,
  runImport,
  SITE_ID,
  verdictOf,
} from './redirects-harness.ts';
import {
  addAll,
  manyOf,
  readBackup,
  rowsOf,
  runPlan,
  runSync,
  sentIn,
  siteOf,
  writesTo,
} from './redirects-sync-harness.ts';

const DELETES = { delete: 'true', 'max-deletes': '1000000' };

function pagesOf(requests: readonly RecordedRequest[]): string[] {
  return requests.filter(({ call }) => call === 'listRedirects').map(({ query }) => query['page'] ?? '');
}

test('reads all pages, of whatever size the platform makes them', async () => {
  const emulator = await redirectsPlatform({ redirects: { maxLimit: 40 } });
  const site = manyOf(401);
  addAll(emulator, manyOf(100, '/other'), SITE_ID + 1);
  addAll(emulator, site);
  const run = await runPlan({ emulator, csv: csvOf(...rowsOf(site)) });
  expectEnd(run, 'unchanged', { unchanged: '401', removed: '0' });
  expect(pagesOf(emulator.requests)).toEqual(Array.from({ length: 11 }, (_, index) => String(index + 1)));
});

test.each(['added', 'removed'] as const)(
  'a redirect that is %s between two pages: all is read again',
  async (change) => {
    const emulator = await redirectsPlatform({ redirects: { maxLimit: 100 } });
    const site = manyOf(250);
    addAll(emulator, site);
    emulator.addFault({ call: 'listRedirects', skip: 1, effect: 'delay', delayMs: 400 });
    const running = runSync({ emulator, csv: csvOf(...rowsOf(site)), inputs: DELETES });
    await emulator.waitForRequest('listRedirects', { count: 2 });
    // The second page counts otherwise than the first.
    if (change === 'added') addAll(emulator, { '/zz-late': '/late' });
    else emulator.redirects.remove(1);
    const run = await running;
    expect(pagesOf(emulator.requests).slice(0, 3)).toEqual(['1', '2', '1']);
    expectEnd(run, 'complete', change === 'added' ? { removed: '1', added: '0' } : { added: '1', removed: '0' });
    expect(Object.keys(siteOf(emulator)).sort()).toEqual(Object.keys(site).sort());
  },
);

test('a list that never rests is an error, and nothing is written', async () => {
  const emulator = await redirectsPlatform({ redirects: { maxLimit: 100 } });
  addAll(emulator, manyOf(250));
  emulator.addFault({ call: 'listRedirects', effect: 'delay', delayMs: 100, times: 'always' });
  const running = runSync({ emulator, csv: csvOf('/a,/b,,'), inputs: DELETES });
  for (let read = 1; read <= 3; read += 1) {
    await emulator.waitForRequest(({ call, query }) => call === 'listRedirects' && query['page'] === '2', {
      count: read,
    });
    addAll(emulator, { [`/late-${read}`]: '/late' });
  }
  const run = await running;
  expectEnd(run, 'error');
  expect(verdictOf(run)).toMatchObject({ title: 'Redirects change while they are read' });
  expect(verdictOf(run).message).toContain('3 times; the last time, it had 252 redirects at first, and 253 on page');
  expect(writesTo(emulator)).toEqual([]);
});

const fold = (path: string) => path.toLowerCase().replace(/(.)\/$/, '$1');

test.each([
  [
    'as it is sent',
    (path: string) => path,
    '2 redirects that the file does not have (/Shoes, /hats/) were not deleted:',
  ],
  [
    'in lower case',
    (path: string) => path.toLowerCase(),
    '1 redirect that the file does not have (/hats/) was not deleted:',
  ],
  ['without its end', (path: string) => path.replace(/(.)\/$/, '$1'), '(/Shoes, /hats) were not deleted:'],
] as const)('a platform that folds paths and keeps one %s: no desired path is deleted', async (_, keep, warning) => {
  const emulator = await redirectsPlatform({
    redirects: { pathKey: fold, storeAs: ({ fromPath, to }) => ({ to, fromPath: keep(fromPath) }) },
  });
  addAll(emulator, { '/Shoes': '/first', '/hats/': '/hats-1', '/gone': '/away' });
  const csv = csvOf('/shoes,/second,,', '/HATS,/hats-2,,', '/new/,/there,,');
  const run = await runSync({ emulator, csv, inputs: DELETES });
  const now = Object.fromEntries(Object.entries(siteOf(emulator)).map(([path, to]) => [fold(path), to]));
  expect(now).toEqual({ '/shoes': '/second', '/hats': '/hats-2', '/new': '/there' });
  expectEnd(run, 'complete', { completed: '4', failed: '0', total: '4' });
  expect(warningsOf(run)).toContain(warning);
  expect(run.summary).toMatch(/1 of [23] removed(?:&#58;|:) the warnings say what was not/);
  // Whatever it makes of the next ones, it loses none.
  for (let again = 0; again < 2; again += 1) {
    await runSync({ emulator, csv, inputs: DELETES });
    expect(Object.keys(siteOf(emulator)).map(fold).sort()).toEqual(['/hats', '/new', '/shoes']);
  }
});

test('the backup is a CSV that any reader takes, and an import of it brings the site back', async () => {
  const emulator = await redirectsPlatform();
  const before = { '/a,b': '/x,"y"', '/q?x=1&y=2': 'https://else.example/?a=1,2#f', "/it's": '/ä', '/日本': '/to' };
  addAll(emulator, before);
  emulator.redirects.add({ fromPath: '/boot', to: { type: 'product', entity_id: 12 } });
  const was = siteOf(emulator);
  const run = await runSync({ emulator, csv: csvOf('/boot,/boots,,', '/new,/there,,'), inputs: DELETES });
  expectEnd(run, 'complete', { added: '1', changed: '1', removed: '4' });
  const { data, errors } = Papa.parse<string[]>(readBackup(run), { skipEmptyLines: true });
  expect(errors).toEqual([]);
  expect(data.map((row) => row.join('|'))).toEqual([
    HEADER.replaceAll(',', '|'),
    ...Object.entries(before).map(([path, to]) => `${DOMAIN}|${path}|${to}||`),
    `${DOMAIN}|/boot||Product|12`,
  ]);
  const imported = await runImport({ emulator, csv: readBackup(run) });
  expectEnd(imported, 'complete', { completed: '5', failed: '0' });
  // An import deletes nothing: what the sync has added stays.
  expect(siteOf(emulator)).toEqual({ ...was, '/new': '/there' });
  const back = await runSync({ emulator, csv: readBackup(run), inputs: DELETES });
  expectEnd(back, 'complete', { removed: '1', unchanged: '5' });
  expect(siteOf(emulator)).toEqual(was);
});

test('the backup of a site whose domain is unknown says so', async () => {
  const emulator = await redirectsPlatform();
  addAll(emulator, { '/a': 'https://else.example/' });
  const run = await runSync({ emulator, csv: `${HEADER}\n`, inputs: DELETES });
  expectEnd(run, 'complete', { removed: '1' });
  expect(warningsOf(run)).toContain('The column `Domain` of the backup is empty');
  expect(readBackup(run)).toBe(`${HEADER}\n,/a,https://else.example/,,\n`);
});

test('a loop with a redirect that stays is rejected before anything is written; a chain of the file is warned of', async () => {
  const emulator = await redirectsPlatform();
  addAll(emulator, { '/x': '/y' });
  const csv = csvOf('/y,/x,,', '/a,/b,,', '/b,/c,,');
  for (const command of [runPlan, runSync]) {
    const run = await command({ emulator, csv });
    expectEnd(run, 'error');
    expect(verdictOf(run).title).toBe('The site would have loops');
    expect(annotationsOf(run, 'error')[0]).toMatchObject({
      file: FILE,
      line: 2,
      message: expect.stringContaining('/y → /x (on the site) → /y'),
    });
    expect(annotationsOf(run, 'warning')[0]).toMatchObject({
      file: FILE,
      line: 3,
      message: expect.stringContaining('A chain of 2 redirects: /a → /b (line 4) → /c.'),
    });
  }
  expect(writesTo(emulator)).toEqual([]);
  expectEnd(await runSync({ emulator, csv, inputs: DELETES }), 'complete', { removed: '1' });
});

test('thousands of deletions go by their ids alone, in addresses of 2,000 characters at most', async () => {
  const emulator = await redirectsPlatform({ redirects: { urlBytes: 2000 } });
  addAll(emulator, manyOf(3000, '/other'), SITE_ID + 1);
  addAll(emulator, { ...manyOf(4000), '/kept': '/here' });
  const ids = emulator.redirects.list
    .filter(({ siteId, fromPath }) => siteId === SITE_ID && fromPath !== '/kept')
    .map(({ id }) => id);
  const run = await runSync({ emulator, csv: csvOf('/kept,/here,,'), inputs: DELETES });
  expectEnd(run, 'complete', { removed: '4000', completed: '4000' });
  const deletions = writesTo(emulator);
  expect(deletions.map(({ call }) => call)).toEqual(Array(deletions.length).fill('deleteRedirects'));
  expect(deletions.flatMap(sentIn)).toEqual(ids);
  expect(deletions.length).toBeLessThan(25);
  expect(siteOf(emulator)).toEqual({ '/kept': '/here' });
  expect(Object.keys(siteOf(emulator, SITE_ID + 1))).toHaveLength(3000);
});

test('20,000 redirects are read, written and deleted in little memory', async () => {
  const emulator = await redirectsPlatform();
  addAll(emulator, { ...manyOf(10_000, '/gone'), ...manyOf(10_000, '/same') });
  const csv = csvOf(...rowsOf({ ...manyOf(10_000, '/same'), ...manyOf(10_000, '/add') }));
  const run = await runSync({ emulator, csv, inputs: DELETES });
  expectEnd(run, 'complete', { added: '10000', removed: '10000', unchanged: '10000', completed: '20000' });
  expect(Object.keys(siteOf(emulator))).toHaveLength(20_000);
  expect(run.peakMemoryBytes).toBeLessThan(350_000_000);
  process.stderr.write(
    `20,000 redirects: ${Math.round(run.peakMemoryBytes / 1e6)} MB, ${Math.round(run.durationMs)} ms\n`,
  );
});

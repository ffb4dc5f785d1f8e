/** What is wrong with a redirects file, all of it at once, and when that waits for what the site has. */
import { expect, test } from '@jest/globals';
import { readDesiredRows } from '../../src/actions/redirects/desired.ts';
import type { RedirectRow } from '../../src/domain/redirects/redirect.ts';
import type { RedirectsCommand } from '../../src/inputs/redirects.ts';
import { createFakeRun } from '../fake-run.ts';
import { endOf } from './end-of.ts';

/** `domain/path > target` */
const rowOf = (text: string, index: number): RedirectRow => {
  const [from = '', url = ''] = text.split(' > ');
  const place = from.indexOf('/');
  return {
    domain: from.slice(0, place),
    fromPath: from.slice(place),
    target: { kind: 'manual', url },
    line: index + 2,
  };
};

interface Given {
  lines?: readonly string[];
  /** In place of `lines`. */
  rows?: readonly RedirectRow[];
  /** Lines that could not be read. */
  unread?: readonly number[];
  command?: RedirectsCommand;
  asksSite?: boolean;
}

async function readWithEvents({
  lines = [],
  rows = lines.map(rowOf),
  unread = [],
  command = 'sync',
  asksSite = true,
}: Given) {
  const run = createFakeRun();
  const problems = unread.map((line) => ({ line, message: 'It is no row.' }));
  const found = {
    format: 'csv' as const,
    sizeBytes: 1,
    rows: [...rows],
    problems,
    problemCount: problems.length,
  };
  const dependencies = { run, disk: { readRedirects: async () => found }, shownPathOf: (path: string) => path };
  const inputs = { command, file: 'redirects.csv', siteId: 1, asksSite };
  return {
    error: await endOf(readDesiredRows(inputs, dependencies as never)),
    results: run.results,
    events: run.events,
  };
}

async function read(given: Given) {
  const { error, results } = await readWithEvents(given);
  return { error, results };
}

const LOOP = ['d.example/a > /b', 'd.example/b > /a'];

test.each<[string, Given, number]>([
  ['a row that cannot be read', { lines: [], unread: [2] }, 1],
  ['rows of two domains', { lines: ['d.example/a > /x', 'e.example/b > /x'] }, 1],
  ['as many of both', { lines: ['d.example/a > /x', 'e.example/b > /x'], unread: [9] }, 2],
  ['a loop, and a row that cannot be read', { lines: LOOP, unread: [9] }, 2],
  ['a loop, and rows of two domains', { lines: [...LOOP, 'e.example/c > /x'] }, 2],
  ['a path twice with two targets', { lines: ['d.example/a > /x', 'd.example/a > /y'] }, 1],
  ['a loop, where the site is not asked', { lines: LOOP, asksSite: false }, 1],
  ['rows without a domain in an import', { lines: ['/a > /x', '/b > /x'], command: 'import', asksSite: false }, 2],
])('%s: the file is refused', async (_, given, detailCount) => {
  const { error, results } = await read(given);
  const words = `${detailCount} problem${detailCount === 1 ? '' : 's'}`;
  expect(error).toMatchObject({
    title: 'redirects.csv is not usable',
    headline: `redirects.csv has ${words}.`,
    fix: 'Correct the file and run the job again.',
    detailCount,
  });
  expect(results).toEqual([words]);
});

test('a loop alone waits for what the site has, and what is right is counted', async () => {
  expect(await read({ lines: LOOP })).toEqual({ error: undefined, results: ['2 rows'] });
  expect(await read({ lines: ['d.example/a > /x', '/b > /x'] })).toEqual({ error: undefined, results: ['2 rows'] });
});

test('a list that names two sites is refused at the second', async () => {
  const rows = ['/a > /x', '/b > /x', '/c > /x', '/d > /x'].map(rowOf);
  const sites = [undefined, 1000, 1000, 1001];
  const named = rows.map((row, index) => ({ ...row, ...(sites[index] === undefined ? {} : { siteId: sites[index] }) }));
  const { error } = await read({ rows: named });
  expect(error?.details).toEqual(['line 5: site_id is 1001, and that of line 3 is 1000: `sync` is for one site.']);
});

test('the domain of a file is known as soon as it is read, unless it has several', async () => {
  const domainsOf = async (lines: readonly string[]) =>
    (await readWithEvents({ lines, unread: [9] })).events.flatMap((event) => ('domain' in event ? [event.domain] : []));
  expect(await domainsOf(['/a > /x', 'd.example/b > /x', 'd.example/c > /x'])).toEqual(['d.example']);
  expect(await domainsOf(['d.example/a > /x', 'e.example/b > /x'])).toEqual([]);
  expect(await domainsOf(['/a > /x'])).toEqual([]);
});

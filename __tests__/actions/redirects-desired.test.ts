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
  lines: readonly string[];
  /** Lines that could not be read. */
  unread?: readonly number[];
  command?: RedirectsCommand;
  asksSite?: boolean;
}

async function read({ lines, unread = [], command = 'sync', asksSite = true }: Given) {
  const run = createFakeRun();
  const problems = unread.map((line) => ({ line, message: 'It is no row.' }));
  const found = {
    format: 'csv' as const,
    sizeBytes: 1,
    rows: lines.map(rowOf),
    problems,
    problemCount: problems.length,
  };
  const dependencies = { run, disk: { readRedirects: async () => found }, shownPathOf: (path: string) => path };
  const inputs = { command, file: 'redirects.csv', siteId: 1, asksSite };
  return { error: await endOf(readDesiredRows(inputs, dependencies as never)), results: run.results };
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

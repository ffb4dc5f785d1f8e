/** Titles of failures that documents name: such as a run may have. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCE = join(ROOT, 'src');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
/** With less text of its own, a template is no title: it would fit everything. */
const MIN_OWN_CHARACTERS = 7;

const LITERAL = /'((?:[^'\\\n]|\\.)*)'|"([^"\\\n]*)"|`((?:[^`\\]|\\.)*)`/g;

/** Of the source: the texts in it, in parts, between which anything may be inserted. */
function readTexts(): string[][] {
  const paths = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const code = paths.map((path) => read(join('src', path)).replace(/^ *(?:\/\/|\/?\*).*$/gm, ''));
  const found = code.flatMap((text) => [...text.matchAll(LITERAL)]);
  const texts = new Set(found.map(([, single, double, template]) => single ?? double ?? template ?? ''));
  return [...texts].map((text) => text.replace(/\\(['"`\\])/g, '$1').split(/\$\{[^}]*\}/));
}

const TEXTS = readTexts().filter((parts) => parts.join('').trim().length >= MIN_OWN_CHARACTERS);
const TITLES = TEXTS.map((parts) => {
  const words = parts.map((part) => RegExp.escape(part)).join('.+');
  return new RegExp(`^${words}(?: \\(\\d…?\\d*\\))?$`);
});

/** `…` stands for anything, at the beginning or the end. */
function isKnown(title: string): boolean {
  if (TITLES.some((one) => one.test(title))) return true;
  const part = title.replaceAll('…', '').trim();
  return part !== title && TEXTS.some((parts) => parts.some((one) => one.includes(part)));
}

describe.each(['redirects/README.md', 'batch-upload/README.md'])('%s', (path) => {
  const [, table = ''] = read(path).split('| title or status | what to do |\n| --- | --- |\n');
  const cells = [...(table.split('\n\n')[0] ?? '').matchAll(/^\| (.*?) \| /gm)].map(([, cell = '']) => cell);
  const titles = cells.flatMap((cell) => [...cell.matchAll(/(`+)(.+?)\1/g)].map(([, , title = '']) => title));

  test('has a table of titles, each of which a run may have', () => {
    expect(titles.length).toBeGreaterThan(10);
    expect(titles.filter((title) => !isKnown(title))).toEqual([]);
  });
});

test('README.md names titles that a run may have', () => {
  const [, section = ''] = read('README.md').split('\n## When it is red\n');
  const [table = ''] = section.split('\n## ');
  const cells = [...table.matchAll(/^\| (.*?\)) \| /gm)].map(([, cell = '']) => cell);
  const [first = '', ...others] = cells.map((cell) => cell.replaceAll(/\]\([^)]*\)|[[*]/g, ''));
  // What a message says of an input.
  expect(first).toBe('access-token: It is missing');
  const titles = others
    .filter((one) => !one.startsWith('There is no worker.js'))
    .flatMap((one) => one.split(', ').map((title, at) => (at === 0 ? title : `BigCommerce ${title}`)));
  expect(titles).toHaveLength(5);
  expect(titles.filter((title) => !isKnown(title))).toEqual([]);
});

test('what no run says is not known', () => {
  expect(['Deploying failed (HTTP 500)', 'x', '… (network)', 'Announcing the batch failed'].filter(isKnown)).toEqual(
    [],
  );
});

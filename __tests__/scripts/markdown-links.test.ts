/** Every link of the project's Markdown, and every page that the action names, is there. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { brokenLinks, headingAnchor, listMarkdown, missing, readPage } from '../../scripts/markdown-links.ts';
import { temporaryFolder } from '../clean-up.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = listMarkdown(ROOT);
/** Comments and messages name a page by its path; messages may name a heading of it, too. */
const NAMED =
  /(?<![\w/.-])((?:docs|rollback|redirects|logs|preview-gate|preview-cleanup|batch-upload)\/[\w-]+\.md)(?:#([a-z][\w-]*))?/g;

test.each(PAGES)('the links of %s lead to files and headings that are there', (path) => {
  expect(brokenLinks(ROOT, path)).toEqual([]);
});

test('all pages are read', () => {
  const some = ['README.md', 'CONTRIBUTING.md', 'docs/inputs.md', 'rollback/README.md', '.github/SECURITY.md'];
  expect(PAGES).toEqual(expect.arrayContaining(some));
});

test('each page is linked from another one', () => {
  const targets = PAGES.flatMap((path) =>
    readPage(readFileSync(join(ROOT, path), 'utf8')).links.map((link) => join(path, '..', link.replace(/#.*/, ''))),
  ).map((path) => path.split(sep).join('/'));
  const pages = PAGES.filter((path) => path !== 'README.md' && !path.startsWith('.github/'));
  expect(pages.filter((path) => !targets.includes(path))).toEqual([]);
});

test('each page that the sources, the actions and the workflows name is there, with its heading', () => {
  const files = globSync(
    ['src/**/*.ts', 'emulator/**/*.ts', 'scripts/**/*.ts', '{.,*}/action.yml', 'examples/*.yml', '.github/**/*.yml'],
    { cwd: ROOT, exclude: (name) => name === 'node_modules' },
  );
  const named = files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(NAMED)].map(([, page = '', anchor]) => ({
      file,
      page,
      anchor,
    })),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ page, anchor }) => missing(ROOT, page, anchor) !== undefined)).toEqual([]);
});

test.each([
  ['What a run is for', 'what-a-run-is-for'],
  ['Does it work? Verification', 'does-it-work-verification'],
  ['Which --secret goes where', 'which---secret-goes-where'],
  ['Ärger & Straße_1', 'ärger--straße_1'],
])('the anchor of %j is %s', (text, anchor) => {
  expect(headingAnchor(text)).toBe(anchor);
});

test('anchors are made of the words alone, and are unique; code is no heading, and holds no link', () => {
  const markdown = '# `a` [b](x.md) **c**\n\n## A\n\n## A\n\n## A-1\n\n```\n# No\n[no](no.md)\n```\n\n`[no](no.md)`\n';
  expect(readPage(markdown)).toEqual({ links: ['x.md'], anchors: ['a-b-c', 'a', 'a-1', 'a-1-1'] });
});

describe('a link', () => {
  const broken = (markdown: string) => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'docs'));
    writeFileSync(join(root, 'README.md'), '# Title\n');
    writeFileSync(join(root, 'docs/a.md'), markdown);
    return brokenLinks(root, 'docs/a.md');
  };

  test('may lead to a file, a folder, a heading, or another server', () => {
    const links = [
      '../README.md',
      '../docs',
      '../README.md#title',
      '#here',
      'https://x.example/#y',
      'mailto:a@b.example',
    ];
    expect(broken(`# Here\n\n${links.map((link) => `[x](${link})\n`).join('\n')}`)).toEqual([]);
  });

  test.each([
    ['[x](b.md)', 'docs/a.md: b.md: there is no such file'],
    ['[x](README.md)', 'docs/a.md: README.md: there is no such file'],
    ['[x](#nowhere)', 'docs/a.md: #nowhere: there is no such heading'],
    ['[x](../README.md#nowhere)', 'docs/a.md: ../README.md#nowhere: there is no such heading'],
    ['[x](../docs#a)', 'docs/a.md: ../docs#a: only Markdown has anchors'],
    ['[x](../../a.md)', 'docs/a.md: ../../a.md: it leads out of the repository'],
    ['![x](x.webp)', 'docs/a.md: x.webp: there is no such file'],
    ['<picture><source srcset="y.webp"><img src="y.webp"></picture>', 'docs/a.md: y.webp: there is no such file'],
    ['| a |\n| --- |\n| [x](z.md) |', 'docs/a.md: z.md: there is no such file'],
  ])('in %j is found broken', (markdown, problem) => {
    expect(new Set(broken(markdown))).toEqual(new Set([problem]));
  });
});

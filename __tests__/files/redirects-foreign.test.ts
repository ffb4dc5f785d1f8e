import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { FileError } from '../../src/errors.ts';
import { FOREIGN_FORMATS } from '../../src/files/redirects/foreign-formats.ts';
import { readRedirectFile } from '../../src/files/redirects/read-redirect-file.ts';
import { removeScratch, scratch } from './helpers.ts';
import { FOREIGN_CASES } from './redirects-foreign-cases.ts';
import { followAdvice } from './redirects-foreign-follow.ts';
import { errorOf, HEADER } from './redirects-helpers.ts';

afterAll(removeScratch);

async function write(name: string, content: string): Promise<string> {
  const path = join(await scratch(), name);
  await writeFile(path, content);
  return path;
}

describe.each(FOREIGN_CASES)('$file of $name', ({ name, file, content, line = 1, example, followed }) => {
  const isList = /\.(json|ya?ml)$/.test(file);

  test('is named, with where its redirects go', async () => {
    for (const text of [content, content.replace(/\r?\n/g, '\r\n'), `\ufeff${content}`]) {
      const error = await errorOf(readRedirectFile(await write(file, text)));
      expect(error).toBeInstanceOf(FileError);
      expect(error.title).toBe('Format of another system');
      // Each fact once, whether the details are next to it or at their lines.
      expect(error.message).toBe(
        `${file} is not in BigCommerce's format.\n- line ${line}: This is the format of ${name}.`,
      );
      expect(error.details).toEqual([`line ${line}: This is the format of ${name}.`]);
      // Nothing about the first line alone: the rows would not go with it.
      expect(error.fix).not.toMatch(/^Make the first line/);
      expect(error.fix).toContain(
        isList ? 'becomes `from_path`' : `first line \`${HEADER}\` and a row for each redirect`,
      );
    }
  });

  test('leads to a file that is read, by the example that the advice gives', async () => {
    const { fix = '' } = await errorOf(readRedirectFile(await write(file, content)));
    const shown = /(?:becomes|looks like this): `([^`]+)`/.exec(fix)?.[1] ?? '';
    if (example !== undefined) expect(shown).toBe(example);
    else expect(fix).toContain('looks like this');
    const path = isList ? await write('list.json', shown) : await write('new.csv', `${HEADER}\n${shown}\n`);
    const { rows, problems } = await readRedirectFile(path);
    expect(problems).toEqual([]);
    expect(rows).toHaveLength(1);
  });

  test('leads to a file that is read, by the columns and keys that the advice names', async () => {
    const { fix = '' } = await errorOf(readRedirectFile(await write(file, content)));
    const done = followAdvice(content, fix);
    if (done !== undefined) expect(done).toEqual(followed);
    const csv = followed.map(([from, to]) => `www.example.com,${from},${to},,`);
    const items = followed.map(([from, to]) => ({ from_path: from, to }));
    for (const path of [
      await write('new.csv', [HEADER, ...csv, ''].join('\n')),
      await write('new.json', JSON.stringify(items)),
    ]) {
      const { rows, problems } = await readRedirectFile(path);
      expect(problems).toEqual([]);
      expect(rows.map(({ fromPath, target }) => [fromPath, target])).toEqual(
        followed.map(([from, to]) => [from, { kind: 'manual', url: to }]),
      );
    }
  });
});

test('every format that is known has a case', () => {
  const named = new Set(FOREIGN_CASES.map(({ name }) => name));
  expect(FOREIGN_FORMATS.filter(({ name }) => !named.has(name))).toEqual([]);
});

test.each([
  ['redirects.csv', '[{"from_path": "/a", "to": "/b"}]', 'JSON', 'redirects.json'],
  ['redirects.txt', '- from_path: /a\n  to: /b\n', 'YAML', 'redirects.yaml'],
  ['redirects.csv', '---\n- from_path: /a\n  to: /b\n', 'YAML', 'redirects.yaml'],
  ['redirects.txt', '- {from_path: /a, to: /b}\n', 'YAML', 'redirects.yml'],
])('%s that has %j in it gets another name', async (file, content, kind, renamed) => {
  const error = await errorOf(readRedirectFile(await write(file, content)));
  expect(error.details).toEqual([`line 1: This is the format of ${kind}.`]);
  expect(error.fix).toContain(`name that ends in .${kind.toLowerCase()}`);
  expect(await readRedirectFile(await write(renamed, content))).toMatchObject({
    problems: [],
    rows: [{ fromPath: '/a' }],
  });
});

test('a page of HTML, and lines of JSON, are named', async () => {
  const error = async (content: string) => await errorOf(readRedirectFile(await write('r.csv', content)));
  expect((await error('<!DOCTYPE html>\n<html>')).message).toContain('the format of HTML or XML.');
  expect((await error('<?xml version="1.0"?>\n')).message).toContain('the format of HTML or XML.');
  const lines = '{"source": "/a", "destination": "/b"}\n{"source": "/c", "destination": "/d"}\n';
  expect((await error(lines)).message).toContain('the format of Vercel or Next.js (redirects).');
});

test.each([
  ['Apache (.htaccess)', 'Options +FollowSymLinks\nRedirect 301 /old /new\n', '/old,/new', 2],
  [
    'Apache (.htaccess)',
    'ErrorDocument 404 /404.html\nRedirect gone /x\nredirect permanent /old /new\n',
    '/old,/new',
    3,
  ],
  ['Apache (.htaccess)', 'RedirectMatch ^/a/(.*) /b/$1\nRedirect gone /x\nRedirect 301 /old /new\n', '/old,/new', 3],
  ['Netlify (netlify.toml)', '# all\n[build]\n  publish = "out"\n\n[[redirects]]\n  from = "/old"\n', undefined, 0],
  ['Netlify or Cloudflare Pages (_redirects)', '/* /index.html 200\n/api /proxy 200\n/old /new 301!\n', '/old,/new', 3],
  ['Netlify or Cloudflare Pages (_redirects)', '/ /cn 302 Country=cn\n/x id=1 /y\n/old /new # moved\n', '/old,/new', 3],
  ['Next.js (next.config)', '/** @type {import("next").NextConfig} */\nconst config = {\n};\n', undefined, 0],
  ['a CSV of two columns without a header', '"/old","/new"\n', '/old,/new', 1],
  ['a CSV of two columns without a header', '/old,/new,301\n', '/old,/new', 1],
  ["WordPress (Yoast SEO's CSV)", 'Origin,Target,Type,Format\nx,,410,plain\nold,new,301,plain\n', '/old,/new', 3],
])(
  'a file of %s that begins otherwise is known, and shows what is a redirect: %j',
  async (name, content, cells, line) => {
    const { details, fix } = await errorOf(readRedirectFile(await write('r.txt', content)));
    expect(details).toEqual([expect.stringMatching(/^line \d: This is the format of /)]);
    expect(details?.[0]).toContain(name);
    const example =
      cells === undefined ? 'A row looks like this' : `Line ${line} becomes: \`www.example.com,${cells},,\`.`;
    expect(fix).toContain(example);
  },
);

test('an item that lacks what its format has is no example: the next one is', async () => {
  const lacking = [{ url: '/x', action_data: {} }, { url: '/y', action_data: { code: 410 } }, { url: '/z' }];
  const content = JSON.stringify([...lacking, { url: '/old', action_data: { url: '/new' } }]);
  const { details, fix } = await errorOf(readRedirectFile(await write('r.json', content)));
  expect(details).toEqual(["line 1: This is the format of WordPress (the plugin Redirection's JSON)."]);
  expect(fix).toContain('[{"from_path":"/old","to":"/new"}]');
});

test('hosts alone, and cells that are quoted, are known as of Cloudflare', async () => {
  const content = 'example.org,https://example.net/,301\n"example.org/a","https://example.net/b","301"\n';
  const { details, fix } = await errorOf(readRedirectFile(await write('r.csv', content)));
  expect(details).toEqual(['line 1: This is the format of Cloudflare (Bulk Redirects).']);
  expect(fix).toContain('Line 2 becomes: `example.org,/a,https://example.net/b,,`.');
});

test('a pointer of Git LFS leads to the checkout', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n';
  const { details, fix } = await errorOf(readRedirectFile(await write('r.csv', pointer)));
  expect(details).toEqual(['line 1: This is the format of a Git LFS pointer.']);
  expect(fix).toContain('give actions/checkout `lfs: true`');
});

test('what only looks like another format is read', async () => {
  const rows = ['d.example,/from,/to,,', 'd.example,"/source,target",/b,,', 'd.example,/a -> /b,/c,,'];
  const { problems } = await readRedirectFile(await write('r.csv', `${HEADER}\n${rows.join('\n')}\n`));
  expect(problems).toEqual([]);
  const list = '[{"from_path": "/a", "to": "/b", "from": "x", "source": "y", "destination": "z"}]';
  const read = await readRedirectFile(await write('r.json', list));
  expect(read.problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('The key "from" is not known here'),
    expect.stringContaining('The key "source" is not known here'),
    expect.stringContaining('The key "destination" is not known here'),
  ]);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ReadRedirectOptions, readRedirectFile } from '../../src/files/redirects/read-redirect-file.ts';
import { removeScratch, scratch } from './helpers.ts';
import { errorOf, redirectRows } from './redirects-helpers.ts';

afterAll(removeScratch);

async function read(name: string, text: string, options: ReadRedirectOptions = {}) {
  const path = join(await scratch(), name);
  await writeFile(path, text);
  return await readRedirectFile(path, options);
}

async function problemsOf(text: string, options: ReadRedirectOptions = {}): Promise<string[]> {
  const { problems } = await read('r.yaml', text, options);
  return problems.map(({ line, message }) => `${line}: ${message}`);
}

const detailsOf = async (name: string, text: string) => (await errorOf(read(name, text))).details;

const manual = (url: string) => ({ kind: 'manual', url });

describe('a list', () => {
  test('in JSON is read with its lines', async () => {
    const text = `\ufeff[
\t{"from_path": "/a", "to": "/b"},
\t{ "from_path":"/c",
    "to": {"type": "url", "url": "https://e.example/"}, "domain": "D.example", "site_id": 1000 },

  {"from_path": "/e\\u00e9", "to": {"entity_id": 12, "type": "product"}}]`;
    expect(await read('r.JSON', text.replaceAll('\n', '\r\n'), { siteId: 1000 })).toEqual({
      format: 'json',
      sizeBytes: expect.any(Number),
      rows: [
        { domain: '', fromPath: '/a', target: manual('/b'), line: 2 },
        { domain: 'd.example', fromPath: '/c', target: manual('https://e.example/'), line: 3 },
        { domain: '', fromPath: '/eé', target: { kind: 'dynamic', type: 'Product', id: 12 }, line: 6 },
      ],
      problems: [],
      problemCount: 0,
    });
    expect(await read('r.json', '[]')).toMatchObject({ rows: [], problems: [] });
  });

  test('in several documents is rejected: the rows of all but the first would be lost', async () => {
    expect(await problemsOf('- from_path: /a\n  to: /b\n---\n- from_path: /c\n  to: /d\n')).toEqual([
      '3: Another document begins here ("---"), which would be ignored. Combine them in one list.',
    ]);
    expect(await problemsOf('--- # one\n- from_path: /a\n  to: /b\n...\n')).toEqual([]);
  });

  test('in YAML, too', async () => {
    const text =
      '# old ones\n- from_path: /a\n  to: /b\n\n- {from_path: /c, to: {type: post, entity_id: 3}}\n- to:\n    type: url\n    url: "/d #x"\n  from_path: /e\n';
    expect(await read('r.yml', text)).toMatchObject({
      format: 'yaml',
      rows: [
        { fromPath: '/a', target: manual('/b'), line: 2 },
        { fromPath: '/c', target: { kind: 'dynamic', type: 'Post', id: 3 }, line: 5 },
        { fromPath: '/e', target: manual('/d #x'), line: 6 },
      ],
      problems: [],
    });
  });

  test('reports all faults of an item', async () => {
    expect(
      await problemsOf(
        '- from_path: a\n  to: /b \n  domain: https://d.example\n  site_id: "1"\n  status: 301\n- to: " /x"\n- from_path: /a',
      ),
    ).toEqual([
      '1: domain is "https://d.example", which is not a host name. Write "d.example": no scheme, port or path, and no dot at the end.',
      '1: from_path is "a", which does not begin with "/".',
      '1: site_id is not a positive whole number.',
      '5: The key "status" is not known here. Known keys: from_path, to, domain, site_id.',
      '6: from_path is missing. It looks like {"from_path": "/old", "to": "/new"}.',
      '6: to begins with white space: " /x". Remove it.',
      '7: to is missing. It looks like {"from_path": "/old", "to": "/new"}.',
    ]);
  });

  test.each([
    ['[]', 'to is neither a string nor {"type": …}.'],
    ['~', 'to is neither a string nor {"type": …}.'],
    ['""', 'to is empty.'],
    ['{type: url}', 'to has no url.'],
    ['{type: url, url: /b, entity_id: 1}', 'to has an entity_id, which the type "url" does not allow.'],
    [
      '{type: Product, entity_id: 1}',
      'The type of to is "Product". It has to be one of url, product, brand, category, page, post.',
    ],
    ['{entity_id: 1}', 'The type of to is not given. It has to be one of url, product, brand, category, page, post.'],
    ['{type: page, entity_id: "1"}', 'entity_id is not a positive whole number.'],
    ['{type: page}', 'entity_id is not a positive whole number.'],
    ['{type: page, entity_id: 1, url: /b}', 'to has a url, which the type "page" does not allow.'],
    ['{type: url, url: /b, x: 1}', 'The key "x" is not known here. Known keys: type, url, entity_id.'],
    ['*a', 'to is neither a string nor {"type": …}.'],
  ])('of which an item leads to %s has a problem', async (to, message) => {
    expect((await problemsOf(`- from_path: /a\n  to: ${to}\n`)).filter((text) => text.endsWith(message))).toHaveLength(
      1,
    );
  });

  test('has no redirect of another site', async () => {
    const text = '- {from_path: /a, to: /b, site_id: 2}';
    expect(await problemsOf(text)).toEqual([]);
    expect((await read('r.yml', text)).rows.map(({ siteId }) => siteId)).toEqual([2]);
    expect(await problemsOf(text, { siteId: 1 })).toEqual([
      '1: site_id is 2, but the input `site-id` is 1: a run is for one site. Remove it, or correct `site-id`.',
    ]);
  });

  test('contains only redirects, without duplicate keys', async () => {
    expect(await problemsOf('- /a\n-\n- from_path: /a\n  to: /b\n  from_path: /c\n- 1: 2\n')).toEqual([
      '1: This is not a redirect. It looks like {"from_path": "/old", "to": "/new"}.',
      '2: This is not a redirect. It looks like {"from_path": "/old", "to": "/new"}.',
      '5: This key occurs twice.',
      '6: A key that is not a string is not known here. Known keys: from_path, to, domain, site_id.',
      '6: from_path is missing. It looks like {"from_path": "/old", "to": "/new"}.',
      '6: to is missing. It looks like {"from_path": "/old", "to": "/new"}.',
    ]);
    const { problems } = await read('r.json', '[{"from_path": "/a", "to": "/b",\n"to": "/c"}]');
    expect(problems).toEqual([{ line: 2, message: 'This key occurs twice.' }]);
  });
});

describe('what is no list', () => {
  test('is reported with the line', async () => {
    const message = 'This is not a list. In JSON, a list begins with "["; in YAML, each redirect with "- ".';
    expect(await detailsOf('r.json', '{"list": []}')).toEqual([`line 1: ${message}`]);
    expect(await detailsOf('r.yaml', 'a: b')).toEqual([`line 1: ${message}`]);
    expect(await detailsOf('r.yaml', ' \n')).toEqual([`line 1: ${message}`]);
    expect(await detailsOf('r.json', '[\n{"from_path": "/a", "to": "/b"},\n]')).toEqual([
      "line 3: This is not valid JSON: Unexpected token ']'.",
    ]);
    expect((await detailsOf('r.json', '[\n// no\n]'))[0]).toMatch(/^line 2: This is not valid JSON: /);
    expect(await detailsOf('r.json', '[\n{')).toEqual([
      expect.stringMatching(/^line 2: This is not valid JSON: Expected property name or '}'\.$/),
    ]);
    expect((await detailsOf('r.json', '[\n{"a": 1}\n{"a":\n1}]'))[0]).toMatch(/^line 3: This is not valid JSON: /);
    expect((await detailsOf('r.json', '[\n{"a": "\n"}]'))[0]).toMatch(/^line 2: This is not valid JSON: /);
    expect((await detailsOf('r.json', '[\n'))[0]).toBe('line 2: This is not valid JSON: Unexpected end of JSON input.');
    expect((await detailsOf('r.yaml', 'a: b\nc: [\n'))[0]).toMatch(/^line 3: This is not valid YAML: /);
  });

  test('is reported even where it is nested without end', async () => {
    const error = await errorOf(read('r.yaml', '['.repeat(100_000)));
    expect(error.details).toEqual(['line 1: It is nested too deeply.']);
  });

  test('is rejected beyond ten MB, with the way out', async () => {
    const error = await errorOf(read('r.json', `[${' '.repeat(10_000_000)}]`));
    expect(error.message).toMatch(/r\.json has 10000002 bytes\. A list in JSON or YAML may have up to 10 MB\.$/);
    expect(error.fix).toMatch(/^Write it as a CSV/);
  });
});

test('any list that JSON can say is read as JSON says it', async () => {
  const path = join(await scratch(), 'r.json');
  const space = fc.constantFrom('', '  ', '\t');
  await fc.assert(
    fc.asyncProperty(redirectRows, space, fc.boolean(), async (given, indent, isEscaped) => {
      const items = given.map(({ row: { domain, fromPath, target } }) => ({
        to: target.kind === 'manual' ? target.url : { type: target.type.toLowerCase(), entity_id: target.id },
        from_path: fromPath,
        domain,
      }));
      const text = JSON.stringify(items, null, indent);
      const code = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
      await writeFile(path, isEscaped ? text.replace(/[^\x20-\x7e\n\t]/g, code).replaceAll('/', '\\/') : text);
      const { rows, problems } = await readRedirectFile(path);
      expect(problems).toEqual([]);
      // Without an indent all are in the first line; with one, an item begins where its brace does.
      const braces = text.split('\n').flatMap((line, at) => (line === `${indent}{` ? [at + 1] : []));
      expect(rows).toEqual(given.map(({ row }, at) => ({ ...row, line: indent === '' ? 1 : braces[at] })));
    }),
    { numRuns: 100 },
  );
});

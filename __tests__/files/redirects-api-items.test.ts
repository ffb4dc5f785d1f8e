import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { type ReadRedirectOptions, readRedirectFile } from '../../src/files/redirects/read-redirect-file.ts';
import { removeScratch, scratch } from './helpers.ts';

afterAll(removeScratch);

async function read(name: string, text: string, options: ReadRedirectOptions = {}) {
  const path = join(await scratch(), name);
  await writeFile(path, text);
  return await readRedirectFile(path, options);
}

/** As `GET /storefront/redirects?include=to_url` answers (API document, section 2). */
const ITEMS = [
  { id: 1, site_id: 1000, from_path: '/a', to: { type: 'url', url: '/b' }, to_url: 'https://d.example/b' },
  { id: 2, site_id: 1000, from_path: '/c', to: { type: 'product', entity_id: 12 }, to_url: 'https://d.example/p/' },
  { id: 3, site_id: 1000, from_path: '/d', to: { type: 'url', url: '/e', entity_id: 0 }, to_url: null },
  { id: 4, site_id: 1000, from_path: '/f', to: { type: 'page', entity_id: 7, url: '' } },
];

const ROWS = [
  { domain: '', fromPath: '/a', target: { kind: 'manual', url: '/b' } },
  { domain: '', fromPath: '/c', target: { kind: 'dynamic', type: 'Product', id: 12 } },
  { domain: '', fromPath: '/d', target: { kind: 'manual', url: '/e' } },
  { domain: '', fromPath: '/f', target: { kind: 'dynamic', type: 'Page', id: 7 } },
];

const answer = (data: readonly unknown[], total: number) => ({
  data,
  meta: { pagination: { total, count: data.length, per_page: 50, current_page: 1, total_pages: 1, links: {} } },
});

test.each([
  ['items', 'r.json', JSON.stringify(ITEMS, null, 2)],
  ['an answer', 'r.json', JSON.stringify(answer(ITEMS, ITEMS.length), null, 2)],
  ['an answer without its meta', 'r.json', JSON.stringify({ data: ITEMS })],
  ['an answer in YAML', 'r.yaml', `meta: {}\ndata:\n${ITEMS.map((item) => `  - ${JSON.stringify(item)}\n`).join('')}`],
])('%s of the API are read as they are', async (_, name, text) => {
  const { rows, problems } = await read(name, text, { siteId: 1000 });
  expect(problems).toEqual([]);
  expect(rows).toMatchObject(ROWS);
});

test('the lines are those of the items in the answer', async () => {
  const text = `{"data": [\n${ITEMS.map((item) => JSON.stringify(item)).join(',\n')}\n]}`;
  expect((await read('r.json', text)).rows.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
});

test('a page of an answer is no list of all: what is missing would be deleted', async () => {
  const { problems } = await read('r.json', JSON.stringify(answer(ITEMS, 246)));
  expect(problems).toEqual([
    {
      line: 1,
      message:
        "This is one page of the API's answer, with 4 of 246 redirects. Combine the items of all pages in one list.",
    },
  ]);
  // The items of all pages, put into the first one's answer.
  expect((await read('r.json', JSON.stringify(answer([...ITEMS, ...ITEMS], 8)))).problems).toEqual([]);
});

test('an item of another site is a problem at its line, with both ways out', async () => {
  const text = JSON.stringify([ITEMS[0], { ...ITEMS[1], site_id: 1001 }], null, 1);
  const { problems } = await read('r.json', text, { siteId: 1000 });
  expect(problems).toEqual([
    {
      line: 12,
      message:
        'site_id is 1001, but the input `site-id` is 1000: a run is for one site. Remove it, or correct `site-id`.',
    },
  ]);
});

test('the ids of an item are not its keys anywhere else', async () => {
  const { problems } = await read('r.yaml', '- {from_path: /a, to: {type: url, url: /b, id: 1, to_url: x}}\n');
  expect(problems.map(({ message }) => message)).toEqual([
    'The key "id" is not known here. Known keys: type, url, entity_id.',
    'The key "to_url" is not known here. Known keys: type, url, entity_id.',
  ]);
});

test('an alias is named for what it is', async () => {
  const { problems } = await read('r.yaml', '- &a {from_path: /a, to: /b}\n- *a\n');
  expect(problems).toEqual([
    { line: 2, message: 'This is an alias (*…), which is not supported: write the redirect out.' },
  ]);
});

test('what a parser says of a text is not repeated at length', async () => {
  const secret = `SECRET_${'x'.repeat(10_000)}`;
  for (const text of [
    `a: b\n${secret}\n: c`,
    `- !${secret} a\n`,
    `%${secret}\n---\n- a: 1\n`,
    `- "\\q${secret}"\n`,
    `}${secret}`,
  ]) {
    const messages = await read('r.yaml', text).then(
      ({ problems }) => problems.map(({ message }) => message),
      (error: { details: string[] }) => error.details,
    );
    for (const message of messages) expect(message.length).toBeLessThan(300);
  }
  const error = await read('r.json', `["${secret}`).catch((reason: Error) => reason);
  expect(String(error)).not.toContain('SECRET');
});

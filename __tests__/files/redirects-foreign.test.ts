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
      expect(error.message).toMatch(`${file} is not in BigCommerce's format, but in that of ${name}.`);
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
  ['redirects.txt', '- {from_path: /a, to: /b}\n', 'YAML', 'redirects.yml'],
])('%s that has %j in it gets another name', async (file, content, kind, renamed) => {
  const error = await errorOf(readRedirectFile(await write(file, content)));
  expect(error.message).toContain(`but in that of ${kind}.`);
  expect(error.fix).toContain(`name that ends in .${kind.toLowerCase()}`);
  expect(await readRedirectFile(await write(renamed, content))).toMatchObject({
    problems: [],
    rows: [{ fromPath: '/a' }],
  });
});

test('a page of HTML, and lines of JSON, are named', async () => {
  const error = async (content: string) => await errorOf(readRedirectFile(await write('r.csv', content)));
  expect((await error('<!DOCTYPE html>\n<html>')).message).toContain('in that of HTML or XML.');
  expect((await error('<?xml version="1.0"?>\n')).message).toContain('in that of HTML or XML.');
  const lines = '{"source": "/a", "destination": "/b"}\n{"source": "/c", "destination": "/d"}\n';
  expect((await error(lines)).message).toContain('in that of Vercel or Next.js (redirects).');
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

import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createPreviewName, isPreviewBase, pullRequestOfPreview } from '../../src/domain/preview-name.ts';
import { readPreviewNaming } from '../../src/inputs/preview.ts';
import { InputProblems } from '../../src/inputs/problems.ts';
import { makeSource } from './helpers.ts';

/** No workspace is made for each. */
const WORKSPACE = '/nowhere';

function read(repository: string | undefined, base = '', given: Record<string, string> = {}) {
  const env = { ...given, ...(repository === undefined ? {} : { GITHUB_REPOSITORY: repository }) };
  const problems = new InputProblems();
  const source = makeSource({ inputs: { 'preview-base-name': base }, env, workspace: WORKSPACE });
  const naming = readPreviewNaming({ source, problems });
  return { naming, finish: () => problems.finish({ naming }) };
}

test('the base is the repository, or as given; the hash is of both', () => {
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);
  expect(read('acme/storefront').naming).toEqual({ base: 'storefront', hash: hashOf('acme/storefront\nstorefront') });
  expect(read('acme/storefront', 'shop').naming).toEqual({ base: 'shop', hash: hashOf('acme/storefront\nshop') });
  // Later versions must find the projects of this one, too.
  expect(read('acme/storefront').naming?.hash).toBe('5506367a');
});

test('the case of the owner does not matter', () => {
  expect(read('ACME/storefront').naming).toEqual(read('acme/storefront').naming);
  expect(read('ACME/Storefront', 'shop').naming).toEqual(read('acme/storefront', 'shop').naming);
});

test('two servers that each have a repository of this name share no preview; github.com is the default', () => {
  const on = (url: string) => read('acme/storefront', '', { GITHUB_SERVER_URL: url }).naming?.hash;
  expect([on(''), on('https://github.com'), on('https://GitHub.com/')]).toEqual(Array(3).fill('5506367a'));
  expect(new Set([on(''), on('https://git.acme.example'), on('https://git.other.example')]).size).toBe(3);
  expect(on('https://Git.acme.example/')).toBe(on('https://git.acme.example'));
});

test('two repositories, or two bases in one, never recognize each other’s names, even if cut alike', () => {
  const word = fc.string({ unit: fc.constantFrom(...'aB1-_.'), minLength: 1, maxLength: 100 }).filter(isPreviewBase);
  const start = fc.string({ unit: fc.constantFrom(...'ab1'), minLength: 20, maxLength: 60 });
  const owner = fc.constantFrom('acme', 'other');
  fc.assert(
    fc.property(
      owner,
      owner,
      start,
      word,
      word,
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      (o, p, same, a, b, number) => {
        const [one, other] = [read(`${o}/shop`, `${same}${a}`).naming, read(`${p}/shop`, `${same}${b}`).naming];
        if (one === undefined || other === undefined) throw new Error('not taken');
        const isSame = o === p && a === b;
        expect(one.hash === other.hash).toBe(isSame);
        expect(pullRequestOfPreview(createPreviewName(one, number), other)).toBe(isSame ? number : undefined);
      },
    ),
  );
});

test('a base of 1 character and one of 100 give names that the platform accepts', () => {
  for (const base of ['a', 'b'.repeat(100), `${'-'.repeat(50)}c${'.'.repeat(49)}`]) {
    const { naming } = read('acme/storefront', base);
    if (naming === undefined) throw new Error('not taken');
    for (const number of [1, 2 ** 31 - 1]) expect(createPreviewName(naming, number)).toMatch(/^[A-Za-z0-9._-]{3,32}$/);
  }
});

test.each(['a b', 'shop/eu', '...', 'naïve', 'a$b'])('%j cannot be a base', (base) => {
  const { naming, finish } = read('acme/storefront', base);
  expect(naming).toBeUndefined();
  expect(finish).toThrow(/^preview-base-name: .*cannot begin the name of a project/);
});

test('a repository whose name cannot be a base needs the input', () => {
  expect(read('acme/-').finish).toThrow(/^preview-base-name: It is not given, and the repository's name cannot be one/);
  expect(read('acme/-', 'shop').naming?.base).toBe('shop');
});

test.each([undefined, '', 'storefront', 'a/b/c', '/b', 'a/'])(
  'without a repository (%j) there are no names',
  (repository) => {
    for (const base of ['', 'shop']) {
      const { naming, finish } = read(repository, base);
      expect(naming).toBeUndefined();
      expect(finish).toThrow(/GITHUB_REPOSITORY is not set to `owner\/name`/);
    }
  },
);

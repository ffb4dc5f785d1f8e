import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createPreviewName,
  isPreviewBase,
  type PreviewNaming,
  previewNamePart,
  pullRequestOfPreview,
} from '../../src/domain/preview-name.ts';

const MAX_PULL_REQUEST = 2 ** 31 - 1;
/** Names that the platform accepts (API document, section 1, `POST /infrastructure/projects`). */
const PLATFORM_RULE = /^[A-Za-z0-9._-]{3,32}$/;

const character = fc.constantFrom(...'abcXYZ019-_.');
const base = fc.string({ unit: character, minLength: 1, maxLength: 100 }).filter(isPreviewBase);
const hash = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 8, maxLength: 8 });
const naming: fc.Arbitrary<PreviewNaming> = fc.record({ base, hash });
const pullRequest = fc.oneof(
  fc.integer({ min: 1, max: MAX_PULL_REQUEST }),
  fc.integer({ min: 1, max: 200 }),
  fc.constantFrom(1, 9, 10, 999_999_999, MAX_PULL_REQUEST),
);

test('the platform accepts every name; it begins like its base, and ends with hash and number', () => {
  fc.assert(
    fc.property(naming, pullRequest, (one, number) => {
      const name = createPreviewName(one, number);
      expect(name).toMatch(PLATFORM_RULE);
      expect(name).toMatch(/^[A-Za-z0-9]/);
      expect(name.endsWith(`-${one.hash}-pr-${number}`)).toBe(true);
      expect(name).toContain(previewNamePart(one));
      const start = name.slice(0, -`-${one.hash}-pr-${number}`.length);
      expect(one.base).toContain(start);
      expect(start.length).toBeGreaterThan(0);
    }),
  );
});

test('a name gives its number back', () => {
  fc.assert(
    fc.property(naming, pullRequest, (one, number) => {
      expect(pullRequestOfPreview(createPreviewName(one, number), one)).toBe(number);
    }),
  );
});

test('different numbers have different names, and none is mistaken for another', () => {
  fc.assert(
    fc.property(naming, pullRequest, pullRequest, (one, number, other) => {
      fc.pre(number !== other);
      expect(createPreviewName(one, number)).not.toBe(createPreviewName(one, other));
    }),
  );
});

test('the name of a naming with another hash is never recognized, regardless of the bases', () => {
  fc.assert(
    fc.property(naming, naming, pullRequest, (one, other, number) => {
      fc.pre(one.hash !== other.hash);
      for (const each of [other, { ...one, hash: other.hash }]) {
        expect(pullRequestOfPreview(createPreviewName(each, number), one)).toBeUndefined();
      }
    }),
  );
});

test('the name of another base with the same hash is recognized only if it is the same name', () => {
  fc.assert(
    fc.property(naming, base, pullRequest, (one, otherBase, number) => {
      const name = createPreviewName({ ...one, base: otherBase }, number);
      const isSame = name === createPreviewName(one, number);
      expect(pullRequestOfPreview(name, one)).toBe(isSame ? number : undefined);
    }),
  );
});

test('only an exact name is recognized: no piece, nothing before or after it, no other case, no leading zeros', () => {
  const extra = fc.constantFrom(...['x', '-', '0', '1', ' ', '\n', '.', '\u0000', 'É']);
  fc.assert(
    fc.property(naming, pullRequest, extra, fc.nat(40), (one, number, more, cut) => {
      const name = createPreviewName(one, number);
      const changed = [
        `${more}${name}`,
        name.slice(1),
        name.replace('-pr-', '-pr-0'),
        name.replace('-pr-', '-PR-'),
        name.replace('-pr-', '-pr--'),
        name.slice(0, cut),
        name === name.toUpperCase() ? '' : name.toUpperCase(),
      ];
      // Only a digit makes another number of it, and that one's name has to be cut like this one.
      for (const text of [...changed, ...(/\d/.test(more) ? [] : [`${name}${more}`])]) {
        if (text === name) continue;
        const found = pullRequestOfPreview(text, one);
        if (found !== undefined) expect(createPreviewName(one, found)).toBe(text);
        expect(found).not.toBe(number);
      }
    }),
  );
});

test('any text: only the name of that number is recognized', () => {
  fc.assert(
    fc.property(naming, fc.string({ unit: 'binary' }), fc.nat(), (one, text, number) => {
      for (const name of [text, `${text}-pr-${number}`, `${text}${previewNamePart(one)}${number}`]) {
        const found = pullRequestOfPreview(name, one);
        if (found !== undefined) expect(createPreviewName(one, found)).toBe(name);
      }
    }),
  );
});

test.each([
  ['storefront', 7, 'storefront-0a1b2c3d-pr-7'],
  ['a', 1, 'a-0a1b2c3d-pr-1'],
  ['b'.repeat(100), 7, `${'b'.repeat(18)}-0a1b2c3d-pr-7`],
  ['b'.repeat(100), MAX_PULL_REQUEST, `${'b'.repeat(9)}-0a1b2c3d-pr-2147483647`],
  ['-.shop._', 12, 'shop-0a1b2c3d-pr-12'],
  [`shop${'-'.repeat(50)}x`, 12, 'shop-0a1b2c3d-pr-12'],
  ['MyShop', 3, 'MyShop-0a1b2c3d-pr-3'],
])('%j, %j: %j', (text, number, name) => {
  expect(createPreviewName({ base: text, hash: '0a1b2c3d' }, number)).toBe(name);
});

test.each(['', '-', '._-', 'a b', 'a/b', 'ä', 'a\n', ' a', '*'])('%j cannot be a base', (text) => {
  expect(isPreviewBase(text)).toBe(false);
});

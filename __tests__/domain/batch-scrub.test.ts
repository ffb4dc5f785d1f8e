import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { knownWords, scrubCode, scrubMessage } from '../../src/domain/batch/scrub.ts';
import { COMMON_WORDS } from '../../src/domain/batch/scrub-words.ts';

const RECORD = {
  ref: '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  schema: 'guest',
  mode: 'upsert',
  value: {
    firstName: 'Jane',
    lastName: "O'Neil Field",
    country: 'US',
    age: 42,
    phoneNumbers: ['+49 170 555'],
    city: 'Bad Tölz',
    kind: 'email',
    email: 'jane@doe.example',
    note: 'two  spaces',
    spend: 1.5,
    gender: 'F',
    friend: 'Bo Li',
    family: '王',
    price: 9.99,
    born: '1980-05-17',
    flags: { Smith: true, other: 'Smith' },
  },
};
const KNOWN = knownWords(RECORD);
const NOTHING_KNOWN = knownWords(undefined);

test.each([
  ['Validation error: field "firstName" must not be null', 'Validation error: field "firstName" must not be null'],
  ['firstName: Jane is not allowed', 'firstName: … is not allowed'],
  ['JANE and jane and mary-jane', '… and … and …'],
  ["Field 'lastName' is 'O'Neil', too long", "Field 'lastName' is …, too long"],
  ['O’Neil of the FIELD', '… of the FIELD'],
  ['country US must be lower case', 'country … must be lower case'],
  ['gold, Tölz, TOLZ and Tolz', '… and …'],
  ['age 42 is above 41', 'age … is above 41'],
  ['length must be between 2 and 50', 'length must be between 2 and 50'],
  ['spend 1.50 and 11.5', 'spend … and 11.5'],
  ['spend 9,99 of 8,88', 'spend … of 8,88'],
  ['phone +49 170 555 1 is wrong', 'phone +… is wrong'],
  ['born 2001-02-03, id 9999', 'born …, id …'],
  ['17 May, and not before the 18', '… May, and not before the 18'],
  ['unknown field "nickname" at value.phoneNumbers[0]', 'unknown field … at value.phoneNumbers[0]'],
  ['unknown "$.value.phoneNumbers[0]"', 'unknown "$.value.phoneNumbers[0]"'],
  ['cut "Somebody else', 'cut "… else'],
  ['a “b c”, «d», `e` and ‘f’', 'a …, … and …'],
  ["can't be what isn't", "can't be what isn't"],
  ['T&ouml;lz, T%C3%B6lz, T\\u00f6lz, T&#246;lz, T\u00adölz, Ｔölz and T\ufffdlz', '… and …'],
  ['Jane of jane%40doe.example, %4Aane and &#74;ane', '… of … and …'],
  ['100% and 50%', '100% and 50%'],
  ['F is no gender, and Of has no F in it', '… is no gender, and Of has no … in it'],
  ['Li, Bo, of the list', '…, of the list'],
  ['王伟 is not valid', '… is not valid'],
  ['Smith is not Smithy', '… is not …'],
  ['the email is of no kind', 'the email is of no kind'],
  ['Mail to <someone.else@x> or a+b@c.example.', '… to … or …'],
  ['email jane@doe.example (born 1980-05-17) already exists', 'email … (born …) already exists'],
  ['a\n\tfield', 'a field'],
  ['', ''],
])('words that are nobody’s data stay, and names of fields; all else goes: %s', (message, scrubbed) => {
  expect(scrubMessage(message, KNOWN)).toBe(scrubbed);
});

test('without a record, no name of a field is known, and no number but a single digit', () => {
  expect(scrubMessage('jane@doe.example: "Jane" of 12345 is no value of field "name"', NOTHING_KNOWN)).toBe(
    '…: … of … is no value of field "name"',
  );
  expect(scrubMessage('Guest Jane Doe, 42, of 1 Main St is not valid: firstName', NOTHING_KNOWN)).toBe(
    'Guest …, of 1 … is not valid: firstName',
  );
  expect(['INVALID_EMAIL', 'InvalidEmail', 'JANE_DOE', '400'].map((code) => scrubCode(code, NOTHING_KNOWN))).toEqual([
    'INVALID_EMAIL',
    'InvalidEmail',
    '…',
    '400',
  ]);
});

test('a message has at most 500 characters, and no half of what was cut', () => {
  const cut = scrubMessage('field '.repeat(1000), knownWords({}));
  expect(cut.length).toBeLessThanOrEqual(500);
  expect(cut).toMatch(/^(?:field )+.*…$/);
  const half = `${'"x" '.repeat(998)}someone.with.a.long.name@example.com`;
  expect(scrubMessage(half, knownWords({}))).not.toContain('someone');
  expect(scrubMessage('x'.repeat(5000), knownWords({}))).toBe('…');
});

test('a code of a few digits or a word stays, a value does not', () => {
  const codes = ['400', '40001', 'E7', 'CDP-1004', 'EMAIL_INVALID'];
  expect(codes.map((code) => scrubCode(code, KNOWN))).toEqual(codes);
  const values = ['Jane', '123456', 'jane@doe.example', 'AB9999C', 'W1'];
  const withPostcode = knownWords({ ...RECORD, postcode: 'w1' });
  expect(values.map((code) => scrubCode(code, withPostcode))).toEqual(values.map(() => '…'));
});

const word = fc.oneof(
  fc.string({ minLength: 1, maxLength: 5 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
  fc.constantFrom(
    'Jane',
    'ab',
    'us',
    'US',
    'must',
    'firstName',
    'a1234',
    "can't",
    'x…',
    '……',
    '…',
    'ß',
    'SS',
    'İ',
    'ς',
    'Σ',
    "O'N",
    '"',
    "'",
    'a"b',
    '\\',
  ),
);
const value = fc.oneof(
  word,
  fc.array(word, { maxLength: 3 }).map((words) => words.join(' ')),
  fc.integer(),
  fc.double(),
);
const record = fc.dictionary(fc.oneof(word, fc.constantFrom('firstName', 'email')), fc.oneof(value, fc.array(value)));
const withMessage = record.chain((found) => {
  const values = Object.values(found).flat().map(String);
  const piece = fc.oneof(
    word,
    fc.constantFrom(...values, ...Object.keys(found), 'must', 'field', '1234', '12-34', 'a@b'),
  );
  return fc.tuple(
    fc.constant(found),
    fc.array(fc.tuple(piece, fc.constantFrom('', ' ', '"', "'", ': ')), { maxLength: 12 }),
  );
});

test('whatever a message says, nothing stays but common words, names of fields and short numbers', () => {
  fc.assert(
    fc.property(withMessage, ([found, said]) => {
      const scrubbed = scrubMessage(said.flat().join(''), knownWords(found));
      const fields = new Set(Object.keys(found).map((key) => key.toLowerCase()));
      const values = Object.values(found)
        .flat()
        .map((one) => String(one).trim().toLowerCase());
      const whole = scrubbed.replace(/[a-z]+['’](?:t|s|re|d|ll)(?![\p{L}\p{N}])/giu, (one) =>
        COMMON_WORDS.has(one.toLowerCase().replace('’', "'")) ? ' ' : one,
      );
      for (const word of whole.match(/(?:(?!…)[\p{L}\p{M}\p{N}_]|(?![…’])\P{ASCII})+/gu) ?? []) {
        const parts = word.split(/_|(?<=[a-z])(?=[A-Z])/).map((part) => part.toLowerCase());
        const isWord = COMMON_WORDS.has(word.toLowerCase());
        const isCommon = isWord || parts.every((part) => /^\d?$/.test(part) || COMMON_WORDS.has(part));
        const isNumber = /^\p{ASCII}{1,3}$/u.test(word) && /^\d+$/.test(word);
        expect([word, isNumber || isCommon || fields.has(word.toLowerCase())]).toEqual([word, true]);
        // A value that is a field's name as well goes, but for a common word.
        if (values.includes(word.toLowerCase())) expect([word, isNumber || isCommon]).toEqual([word, true]);
      }
      // The name of a field may have digits in it.
      const withoutFields = whole.replace(/[A-Z_][A-Z0-9_]*/gi, (one) => (fields.has(one.toLowerCase()) ? ' ' : one));
      expect(withoutFields).not.toMatch(/\p{N}{4}/u);
      expect(scrubbed.length).toBeLessThanOrEqual(500);
    }),
    { numRuns: 3000 },
  );
});

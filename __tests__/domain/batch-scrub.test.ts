import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scrubCode, scrubMessage } from '../../src/domain/batch/scrub.ts';
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
    passport: 'AB9999C',
    nick: ['शिव', 'शि'],
  },
};

test.each([
  ['Validation error: field "firstName" must not be null', 'Validation error: field "firstName" must not be null'],
  ['firstName: Jane is not allowed', 'firstName: … is not allowed'],
  ['JANE and jane and mary-jane', '… and … and mary-…'],
  ["Field 'lastName' is 'O'Neil Field', too long", "Field 'lastName' is …, too long"],
  ['O’Neil of the FIELD', 'O’… of the FIELD'],
  ['country US must be lower case', 'country … must be lower case'],
  ['Thus', 'Th…'],
  ['age 42 is above 41', 'age … is above 41'],
  ['length must be between 2 and 50', 'length must be between 2 and 50'],
  ['Bad Tolz is not Bad TÖLZ, nor is Tölz', '… is not …, nor is …'],
  ['Bad%20T%C3%B6lz, T&ouml;lz, T&#246;lz, T\\u00f6lz, T&amp;#xF6;lz', '…, …, …, …, …'],
  ['शिव or शि', '… or …'],
  ['100% of firstName & 5%2', '100% of firstName & 5%2'],
  ['id AB9999C of "AB9999C"', 'id … of …'],
  ['two spaces of email', '… of email'],
  ['spend 1.50 and 11.5', 'spend … and 11.5'],
  ['phone +49 170 555 1 is wrong', 'phone … 1 is wrong'],
  ['born 2001-02-03, id 9999', 'born …, id …'],
  ['unknown field "nickname" at value.phoneNumbers[0]', 'unknown field … at value.phoneNumbers[0]'],
  ['unknown "$.value.phoneNumbers[0]"', 'unknown "$.value.phoneNumbers[0]"'],
  ['cut "Some other', 'cut …'],
  ['a “b c”, «d», `e` and ‘f’', 'a …, …, … and …'],
  ["can't be what isn't", "can't be what isn't"],
  ['Mail to <someone.else@x> or a+b@c.example.', 'Mail to <…> or …'],
  ['a\n\tb', 'a b'],
  ['', ''],
])('what is data goes, what names fields stays: %s', (message, scrubbed) => {
  expect(scrubMessage(message, RECORD)).toBe(scrubbed);
});

test('without a record, e-mail addresses, quoted texts and long numbers go', () => {
  expect(scrubMessage('jane@doe.example: "Jane" of 12345 is no value of field "name"', undefined)).toBe(
    '…: … of … is no value of field "name"',
  );
});

test('a message has at most 500 characters, and no half of what was cut', () => {
  expect(scrubMessage('ab '.repeat(1000), {})).toHaveLength(500);
  const half = `${'"x" '.repeat(998)}someone.with.a.long.name@example.com`;
  expect(scrubMessage(half, {})).not.toContain('someone');
  expect(scrubMessage('x'.repeat(5000), {})).toBe('…');
});

test('a code of a few digits or a word stays, a value does not', () => {
  expect(['400', '40001', 'EMAIL_INVALID'].map((code) => scrubCode(code, RECORD))).toEqual([
    '400',
    '40001',
    'EMAIL_INVALID',
  ]);
  expect(['Jane', '123456', 'jane@doe.example'].map((code) => scrubCode(code, RECORD))).toEqual(['…', '…', '…']);
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

test('no value of the record survives anywhere, but for pieces of field names and of common words', () => {
  fc.assert(
    fc.property(withMessage, ([found, pieces]) => {
      const scrubbed = scrubMessage(pieces.flat().join(''), found);
      const keys = new Set(Object.keys(found).map((key) => key.toLowerCase()));
      const values = Object.values(found)
        .flat()
        .filter((one) => typeof one === 'string')
        .map((one) => one.toLowerCase());
      const words = scrubbed.toLowerCase().split(/([\p{L}\p{N}_]+)/u);
      const rest = words
        .map((one) => (keys.has(one) || (COMMON_WORDS.has(one) && !values.includes(one)) ? '\0' : one))
        .join('');
      for (const one of values) {
        if (one.normalize('NFD').replace(/[\u0300-\u036f]/g, '').length < 2 || keys.has(one) || /^\s+$/.test(one))
          continue;
        expect(rest).not.toContain(one);
      }
      expect(rest).not.toMatch(/\p{N}{4}/u);
      expect(scrubbed.length).toBeLessThanOrEqual(500);
    }),
    { numRuns: 3000 },
  );
});

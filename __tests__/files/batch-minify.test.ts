import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { minifyJson } from '../../src/files/batch/minify.ts';

const text = fc.oneof(fc.string(), fc.stringMatching(/^[ ,:{}[\]"\\a0-9elt-]*$/));
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json')),
    fc.dictionary(text, tie('json')),
  ),
}));

test('what was rendered with white space comes out as without it', () => {
  fc.assert(
    fc.property(json, fc.constantFrom<string | number>(0, 1, 2, '\t', ' \t'), (value, space) => {
      const minified = minifyJson(Buffer.from(JSON.stringify(value, null, space)));
      expect(minified.toString()).toBe(JSON.stringify(value));
    }),
    { numRuns: 1000 },
  );
});

test('white space before and behind any token goes, and what is minified is given back as it is', () => {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  fc.assert(
    fc.property(
      json,
      fc.array(fc.constantFrom('', '', ' ', '  ', '\t', '\r', '\n'), { minLength: 1 }),
      (value, spaces) => {
        const plain = JSON.stringify(value);
        let turn = 0;
        const spaced =
          plain.replace(tokens, (token) => spaces[turn++ % spaces.length] + token) + spaces[turn % spaces.length];
        expect(minifyJson(Buffer.from(spaced)).toString()).toBe(plain);
        const bytes = Buffer.from(plain);
        expect(minifyJson(bytes)).toBe(bytes);
      },
    ),
    { numRuns: 1000 },
  );
});

test('numbers keep their digits, and strings their escapes', () => {
  const source = Buffer.from('{"a": 1.50 , "b" :12345678901234567890, "c": "\\u00e9 \\" , 1"}');
  expect(minifyJson(source).toString()).toBe('{"a":1.50,"b":12345678901234567890,"c":"\\u00e9 \\" , 1"}');
});

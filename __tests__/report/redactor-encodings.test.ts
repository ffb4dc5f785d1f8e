/** No encoding in which a server may echo a secret gets past the redactor, and ordinary text does. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor } from '../../src/report/redactor.ts';
import { expectLinear } from '../growth.ts';
import { ENCODINGS } from './encodings.ts';

function redactorOf(...secrets: string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

const UNITS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789 +/=-_.:&%$#!?<>"\'\\äé€😀';
const secretText = fc.string({ unit: fc.constantFrom(...UNITS), minLength: 8, maxLength: 48 }).filter((text) => {
  // Masks are set for text without blanks around it.
  return text.trim() === text && !/\s\s/.test(text) && text.length >= 8;
});
/** Of other characters than the secrets, so that nothing of one is there by chance. */
const around = fc.string({ unit: fc.constantFrom(...'01|,;()[]{}\n*@~^`'), maxLength: 30 });

test.each(ENCODINGS)('$what: nothing of a secret is left, and all that is around it', ({ encode, bits, unwrap }) => {
  fc.assert(
    fc.property(secretText, around, around, (secret, before, after) => {
      const { redact } = redactorOf(secret);
      if (bits === undefined) {
        expect(redact(`${before}${encode(secret)}${after}`)).toBe(`${before}***${after}`);
        return;
      }
      const encoded = encode(`${before}${secret}${after}`);
      const [first = '', ...others] = redact(encoded).split('***');
      expect(others).toHaveLength(1);
      // Characters that have bits of the secret are gone, and those that have none are there.
      const startBits = Buffer.byteLength(before) * 8;
      const endBits = startBits + Buffer.byteLength(secret) * 8;
      const end = encoded.length - (others[0] ?? '').length;
      expect(lengthOf(first, unwrap)).toBe(Math.floor(startBits / bits));
      expect(lengthOf(encoded.slice(0, end), unwrap)).toBe(Math.ceil(endBits / bits));
    }),
    { numRuns: 150 },
  );
});

function lengthOf(piece: string, unwrap: (piece: string) => string = (same) => same): number {
  return unwrap(piece).length;
}

test.each([
  ['a 4-character secret', 'Ab3x'],
  ['a 5-character secret', 'Ab3xY'],
  ['a number', '12345678'],
])('%s leaves ordinary text as it is', (_, secret) => {
  const text = [
    'Deployed 0f8fad5b-d9cd-469f-a165-70867728950e in 12.3 s: https://store-abc123.example/assets/index-BdQ2f7aX.js',
    'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, 1,234 of 5,678 files, C:\\temp\\new',
    'Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam nonumy eirmod tempor invidunt ut labore.',
  ].join('\n');
  expect(redactorOf(secret).redact(text)).toBe(text);
});

test('secrets that are short go from base64 and hex where nothing is beside them', () => {
  const { redact } = redactorOf('Ab3x');
  expect(redact(`a ${Buffer.from('Ab3x').toString('base64')} b`)).toMatch(/^a \*\*\*(==)? b$/);
  expect(redact(`a ${Buffer.from('Ab3x').toString('hex')} b`)).toBe('a *** b');
});

test('false positives are rare: almost no random identifier counts as a secret', () => {
  const secrets = fc.sample(
    fc.string({ unit: fc.constantFrom(...UNITS.slice(0, 56)), minLength: 6, maxLength: 20 }),
    40,
  );
  const { redact } = redactorOf(...secrets);
  const ids = fc.sample(fc.stringMatching(/^[A-Za-z0-9+/_-]{20,60}$/), 2000);
  const hashes = fc.sample(fc.stringMatching(/^[0-9a-f]{40}$/), 2000);
  const changed = [...ids, ...hashes].filter((text) => redact(text) !== text);
  expect(changed.length).toBeLessThanOrEqual(1);
});

test('secrets that overlap, contain one another or are side by side go whole', () => {
  const { redact } = redactorOf('abcdef', 'defghi', 'efgh', 'xyzxyz');
  expect(redact('1abcdefghi2 xyzxyzxyz 3 abcdefabcdef')).toBe('1***2 *** 3 ******');
});

test('an encoding that is cut before an ellipsis goes, too', () => {
  const { redact } = redactorOf('correct-horse-battery');
  const cut = Buffer.from('correct-horse-battery').toString('base64').slice(0, 18);
  expect(redact(`it says ${cut}… and more`)).toBe('it says ***… and more');
});

test.each(ENCODINGS.filter(({ bits }) => bits === undefined))(
  '$what: a text that is cut before an ellipsis, be it in the midst of an escape, keeps but a few of its characters',
  ({ encode }) => {
    const secret = 'p@ss w/ord+"q"\\z&<ä>%41=;99';
    const { redact } = redactorOf(secret);
    const encoded = encode(secret);
    // Six are known by themselves: where fewer are there, nobody can say whose they are.
    for (let end = encode(secret.slice(0, 6)).length; end < encoded.length; end += 1) {
      // A backslash before the ellipsis gives nothing away.
      expect(redact(`|${encoded.slice(0, end)}…`)).toMatch(/^\|\*\*\*(?:\\*|%5C)…$/);
    }
  },
);

test.each([60, 64, 76])('base64 in lines of %i characters goes', (width) => {
  const secret = Array.from({ length: 30 }, (_, index) => `${index}-x`).join('.');
  const { redact } = redactorOf(secret);
  for (let before = 0; before < 80; before += 1) {
    const encoded = Buffer.from(`${'\u00ff'.repeat(before)}${secret}\u00ff`).toString('base64');
    for (const lineEnd of ['\n', '\r\n', '\\n']) {
      const wrapped = encoded.replace(new RegExp(`.{${width}}`, 'g'), `$&${lineEnd}`);
      const rest = redact(wrapped).replaceAll(lineEnd, '');
      const [first = '', last = ''] = rest.split('***');
      expect(first.length).toBe(Math.floor((before * 16) / 6));
      expect(last.length).toBeLessThanOrEqual(5);
    }
  }
});

test('a long secret goes whole, in each encoding of it', () => {
  const secret = Array.from({ length: 300 }, (_, index) => `${index}-x`).join('.');
  const { redact } = redactorOf(secret);
  for (const encoding of ['base64', 'base64url', 'hex'] as const) {
    expect(redact(`<${Buffer.from(secret).toString(encoding).replaceAll('=', '')}>`)).toBe('<***>');
  }
});

test('the time that a text takes grows with its length alone', async () => {
  const secrets = Array.from({ length: 60 }, (_, index) => `${'a'.repeat(40)}${index} b`);
  const { redact } = redactorOf(...secrets);
  const pieces = [
    'a'.repeat(30),
    '\\u00',
    '%41',
    '%e2%82',
    '&#97;',
    '&am',
    '\\\\\\',
    ' \t\n',
    '\u200b',
    '…',
    '+',
    'X-Goog-Signature=',
  ];
  for (const piece of pieces) {
    await expectLinear(20_000, (length) => redact(piece.repeat(Math.ceil(length / piece.length))));
  }
});

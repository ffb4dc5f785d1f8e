import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor } from '../../src/report/redactor.ts';

function redactorOf(...secrets: string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

test('no secret survives, wherever it is and in whichever form', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6, maxLength: 40 }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(secret.trim().length >= 6 && !before.includes(secret) && !'***'.includes(secret));
      const { redact } = redactorOf(secret);
      for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) {
        expect(redact(`${before}|${form}|${after}`)).not.toContain(`|${form}|`);
      }
    }),
  );
});

test.each([
  ['percent-encoded', 'a/b+c=d&e', 'x=a%2Fb%2Bc%3Dd%26e'],
  ['with its white space folded', 'correct  horse\tbattery', 'correct horse battery'],
  ['a line of several', 'first line\nsecond line', 'says second line'],
  ['cut before an ellipsis', 'abcdefghijklmnop', 'the server says abcdefghijkl…'],
])('a secret that is %s goes', (_, secret, text) => {
  const redacted = redactorOf(secret).redact(text);
  expect(redacted).toContain('***');
  expect(redacted).not.toContain('abcdef');
});

test('the check finds what is there, and nothing in what was redacted', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4, maxLength: 40 }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(secret.trim().length >= 4 && !secret.includes('*'));
      const { redact, holds } = redactorOf(secret);
      for (const form of [secret.trim(), JSON.stringify(secret.trim()).slice(1, -1)]) {
        const text = `${before}${form}${after}`;
        expect(holds(text)).toBe(true);
        expect(holds(redact(text))).toBe(false);
      }
    }),
  );
  expect(redactorOf('abc', 'first line\nsecond line').holds('abc, first, second')).toBe(false);
  expect(redactorOf('first line\nsecond line').holds('says second line.')).toBe(true);
});

test('one that knows more leaves the first as it is, and cuts a secret within another as a whole', () => {
  const redactor = redactorOf('middle-part');
  redactor.add('the-value', 'KEY');
  const more = redactor.withMore(['begin-middle-part-end']);
  expect(more.redact('x begin-middle-part-end, the-value, middle-part y')).toBe('x ***, ***, *** y');
  expect(more.keysIn('the-value')).toEqual(['KEY']);
  expect(redactor.redact('begin-middle-part-end')).toBe('begin-***-end');
});

test('the longer of two secrets goes whole; short ones stay', () => {
  expect(redactorOf('abcd', 'abcdefgh', 'xyz').redact('abcdefgh xyz')).toBe('*** xyz');
});

test('values of `secrets` stay in public values, and credentials go from them, too', () => {
  const redactor = redactorOf('the-access-token');
  redactor.add('shop.example', 'DOMAIN');
  redactor.add('shop.example', 'HOST');
  const url = 'https://the-access-token.shop.example/';
  expect(redactor.redact(url)).toBe('https://***.***/');
  expect(redactor.redactPublic(url)).toBe('https://***.shop.example/');
  expect(redactor.keysIn(url)).toEqual(['DOMAIN', 'HOST']);
  expect(redactor.keysIn('https://the-access-token.example/')).toEqual([]);
});

test.each<[string, [string, string?][]]>([
  ['first', [['the-token'], ['the-token', 'KEY']]],
  ['last', [['the-token', 'KEY'], ['the-token']]],
  ['last, and is one of its lines', [['the-token\nand more', 'KEY'], ['the-token']]],
])('a value of `secrets` that is a credential, too, is one: the credential comes %s', (_, added) => {
  const redactor = createRedactor();
  for (const [secret, key] of added) {
    redactor.add(secret, key);
    redactor.redact('Something is said in between.');
  }
  expect(redactor.redactPublic('https://the-token.example')).toBe('https://***.example');
  expect(redactor.redactPublic(`https://a.example/${Buffer.from('the-token').toString('hex')}`)).toBe(
    'https://a.example/***',
  );
  expect(redactor.keysIn('https://the-token.example')).toEqual([]);
});

test('what may be a value of `secrets`, without a key to name, stays in public values, too', () => {
  const redactor = createRedactor();
  redactor.add('storefront', '');
  expect(redactor.redact('a storefront')).toBe('a ***');
  expect(redactor.redactPublic('acme/storefront')).toBe('acme/storefront');
  expect(redactor.keysIn('acme/storefront')).toEqual([]);
  redactor.add('storefront');
  expect(redactor.redactPublic('acme/storefront')).toBe('acme/***');
});

test('a secret that is what encodes another one is found in the midst of words, too', () => {
  const redactor = redactorOf('Ab3x', Buffer.from('Ab3x').toString('base64url'));
  expect(redactor.redact('xQWIzeAx')).toBe('x***x');
});

test('lines of a log hardly wait for it, however many secrets there are', () => {
  const { redact } = redactorOf(...Array.from({ length: 100 }, (_, index) => `${index}-secret-${'x'.repeat(index)}`));
  const line = 'Uploading part 12 of 60 MB to https://store-abc.example/one?x=1 (attempt 3), 1,234 rows are done';
  redact(line);
  const start = performance.now();
  for (let round = 0; round < 10_000; round += 1) redact(`${line} ${round}`);
  // It takes about a microsecond.
  expect((performance.now() - start) / 10_000).toBeLessThan(0.03);
});

test('the credentials of signed URLs go even when nobody knew them', () => {
  const url = 'https://s.example/o?X-Goog-Credential=me%2F2026&X-Goog-Signature=0a1b2c&X-Amz-Security-Token=t0ken';
  expect(redactorOf().redact(url)).toBe(
    'https://s.example/o?X-Goog-Credential=***&X-Goog-Signature=***&X-Amz-Security-Token=***',
  );
});

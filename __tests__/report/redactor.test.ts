import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor } from '../../src/report/redactor.ts';

function redactorOf(...secrets: string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

test('no secret survives, wherever it stands and in whichever form', () => {
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

test('the longer of two secrets goes whole; short ones stay', () => {
  expect(redactorOf('abcd', 'abcdefgh', 'xyz').redact('abcdefgh xyz')).toBe('*** xyz');
});

test('the credentials of signed URLs go even when nobody knew them', () => {
  const url = 'https://s.example/o?X-Goog-Credential=me%2F2026&X-Goog-Signature=0a1b2c&X-Amz-Security-Token=t0ken';
  expect(redactorOf().redact(url)).toBe(
    'https://s.example/o?X-Goog-Credential=***&X-Goog-Signature=***&X-Amz-Security-Token=***',
  );
});

/** The server's own words in an error. */
import { expect, test } from '@jest/globals';
import type { HttpCall } from '../../src/net/call.ts';
import { refusal } from '../../src/net/refusal.ts';

const { signal } = new AbortController();
const CALL: HttpCall = {
  what: 'Asking',
  method: 'GET',
  url: new URL('https://api.example/v3?sig=hush'),
  timeoutMs: 1,
  signal,
};

function refused(text: string, { status = 400, ...more }: Partial<HttpCall> & { status?: number } = {}) {
  return refusal({ ...CALL, ...more }, { status, headers: {}, text });
}

test.each([
  ['{"title":"Bad.","detail":"Really bad"}', 'Bad; Really bad.'],
  ['{"message":"Only this"}', 'Only this.'],
  ['{"title":"","errors":{"a":"x","b":["y",1]}}', 'a: x; b: ["y",1].'],
  ['<Error><Code>ExpiredToken</Code><Message>a &lt;b&gt; &amp;amp; &#39;c</Message></Error>', 'a <b> &amp; &#39;c.'],
  [`{"title":"${'x'.repeat(600)}"}`, `${'x'.repeat(500)}….`],
])('%s', (text, words) => {
  expect(refused(text).message).toContain(` The server says: ${words}`);
});

test.each(['', '[1]', 'null', '{}', '{"title":5,"errors":"x"}'])('nothing that can be quoted: %j', (text) => {
  expect(refused(text).message).toBe('Asking: GET https://api.example/v3 answered 400.');
});

test('the code of storage, and the fields, are known apart', () => {
  expect(refused('<Code>ExpiredToken</Code>')).toMatchObject({ serverCode: 'ExpiredToken', fields: {} });
  expect(refused('{"errors":{"a":"x"}}')).toMatchObject({ serverCode: undefined, fields: { a: 'x' } });
});

test('the advice knows status and fields; a firewall has one of its own, before the advice', () => {
  const explain: HttpCall['explain'] = (status, fields) => `${status} ${fields['a']}`;
  expect(refused('{"errors":{"a":"x"}}', { explain }).fix).toBe('400 x');
  expect(refused('').fix).toBeUndefined();
  const page = '<!DOCTYPE html><html><title>Denied</title></html>';
  const blocked =
    'If there is a firewall or proxy between the runner and api.example, have it let this request through.';
  expect(refused(page, { status: 403 }).fix).toBe(blocked);
  expect(refused(page, { status: 403, explain: () => 'Advice.' }).fix).toBe(`${blocked} Else: Advice.`);
  expect(refused(page, { status: 502, explain: () => 'Advice.' }).fix).toBe('Advice.');
});

test('words that may quote the caller are cleaned', () => {
  const cleanWords = (words: string) => words.replaceAll('mail@example', '…');
  expect(refused('{"title":"No mail@example"}', { cleanWords }).message).toContain('The server says: No ….');
});

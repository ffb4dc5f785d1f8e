import { describe, expect, test } from '@jest/globals';
import { limitedItems, limitedObject, limitedText, withoutTokens } from '../../src/report/diagnostics-text.ts';
import { withoutSecrets } from '../../src/report/without-secrets.ts';

const redact = (text: string) => text.replaceAll(/hush|4711|true/g, '***');

describe('a copy without secrets', () => {
  test('has none in its texts, keys, numbers and other values, however deep', () => {
    const value = { hush: ['a hush', { n: 4711, isTrue: true, nothing: null, other: 12, no: false }] };
    expect(withoutSecrets(value, redact)).toEqual({
      '***': ['a ***', { n: '***', isTrue: '***', nothing: null, other: 12, no: false }],
    });
  });

  test('keeps what has the same key then', () => {
    expect(withoutSecrets({ hush: 1, '***': 2, true: 3 }, redact)).toEqual({ '***': 1, '****': 2, '*****': 3 });
  });

  test('is plain JSON: dates and maps, too, and keys that objects have by themselves', () => {
    const at = new Date('2026-01-02T03:04:05Z');
    const value = { at, map: new Map([['hush', 1]]), proto: JSON.parse('{"__proto__": {"hush": 1}}') };
    expect(JSON.stringify(withoutSecrets(value, redact))).toBe(
      '{"at":"2026-01-02T03:04:05.000Z","map":{"***":1},"proto":{"__proto__":{"***":1}}}',
    );
  });

  test('has no text of more than 4,000 characters', () => {
    expect(withoutSecrets('x'.repeat(5000), redact, limitedText)).toBe(`${'x'.repeat(4000)} (cut)`);
  });
});

describe('JSON Web Tokens', () => {
  const token = ['{"alg":"ES256"}', '{"cid":1,"sub":"a shopper"}', 'signature'].map((part) =>
    Buffer.from(part).toString('base64url'),
  );

  test.each([
    [`Bearer ${token.join('.')}`, 'Bearer ***'],
    [`{"token":"${token.join('.')}"}`, '{"token":"***"}'],
    [`?t=prefix-${token.join('.')}&x`, '?t=***&x'],
    [`a.b.${token.join('.')}`, 'a.b.***'],
    [`${token.join('.')} ${token.join('.')}`, '*** ***'],
    // Cut off.
    [`${token.slice(0, 2).join('.')}`, '***'],
  ])('go from %s', (text, clean) => {
    expect(withoutTokens(text)).toBe(clean);
    expect(withoutTokens(clean)).toBe(clean);
  });

  test.each([
    '0123456789abcdef0123456789abcdef0123456789abcdef.js',
    'www.a-host-with-a-long-name.of-a-storefront.example.com',
    'assets/_next/static/chunks/eyJhbGciOiJFUzI1NiJ9-0123456789abcdef0123.js',
  ])('and %s stays', (text) => expect(withoutTokens(text)).toBe(text));
});

const same = (item: unknown) => item;

describe('a list that is limited', () => {
  test('is whole where it fits', () => {
    expect(limitedItems([{ a: 1 }, 'b'], 100, same)).toEqual(['{"a":1}', '"b"']);
  });

  test.each([500, 1000, 5000])(
    'of 1,000 entries within %i bytes: the beginning, the end, and the number between',
    (max) => {
      const items = Array.from({ length: 1000 }, (_, index) => ({ index }));
      const lines = limitedItems(items, max, same);
      expect(Buffer.byteLength(lines.join(',\n'))).toBeLessThanOrEqual(max);
      const read = lines.map((line) => JSON.parse(line));
      const gap = read.findIndex((item) => 'omitted' in item);
      expect(read[0]).toEqual({ index: 0 });
      expect(read.at(-1)).toEqual({ index: 999 });
      expect(read[gap].omitted + read.length - 1).toBe(1000);
      expect(read[gap + 1].index).toBe(gap + read[gap].omitted);
    },
  );

  test('of entries that are too large for it has none of them', () => {
    expect(limitedItems(['x'.repeat(1000), 'y'.repeat(1000)], 500, same)).toEqual(['{"omitted":2}']);
  });

  test('has one that takes nearly all of it', () => {
    expect(limitedItems(['x'.repeat(800), 'y'], 1000, same)).toHaveLength(2);
    expect(limitedItems(['x', 'y'.repeat(800)], 1000, same)).toHaveLength(2);
  });

  test('of a flood makes hardly more than it shows', () => {
    const rendered: number[] = [];
    const items = Array.from({ length: 100_000 }, (_, index) => index);
    const lines = limitedItems(items, 1000, (index) => rendered.push(index) && index);
    expect(rendered.length).toBeLessThanOrEqual(lines.length + 1);
  });
});

test('an object that is too large has shorter lists; if that does not help, a note', () => {
  const pages = Array.from({ length: 500 }, (_, index) => index);
  expect(JSON.parse(limitedObject({ pages }, 10_000))).toEqual({ pages });
  const whole = `${JSON.stringify({ pages }, undefined, 1)}\n`;
  expect(limitedObject({ pages }, whole.length)).toBe(whole);
  expect(limitedObject({ pages }, whole.length - 1)).not.toBe(whole);
  expect(JSON.parse(limitedObject({ pages }, 1000))).toEqual({ pages: [...pages.slice(0, 100), { omitted: 400 }] });
  expect(JSON.parse(limitedObject({ text: 'x'.repeat(1000) }, 500))).toEqual({ note: 'It has more than 500 bytes.' });
});

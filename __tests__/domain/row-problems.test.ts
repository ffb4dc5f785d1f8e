import { expect, test } from '@jest/globals';
import { escapeInvisible, findInvisible } from '../../src/domain/invisible.ts';
import { quoted, shown } from '../../src/domain/row-problems.ts';
import { headerProblems } from '../../src/files/redirects/csv-header.ts';

test('only invisible characters are escaped, in plain and in quoted text', () => {
  const text = 'a\u200b\u00a0\u{e0041}\u0085\u2028\ud800b';
  expect(shown(text)).toBe('a\\u200b\\u00a0\\u{e0041}\\u0085\\u2028\\ud800b');
  expect(quoted(text)).toBe('"a\\u200b\\u00a0\\u{e0041}\\u0085\\u2028\\ud800b"');
  for (const plain of ['/a b-c_d.html?e=f', '/größe/日本/😀', '/\ufffd', 'n\u0303']) {
    expect([shown(plain), findInvisible(plain)]).toEqual([plain, undefined]);
  }
  expect(quoted('/a "b"\\')).toBe('"/a \\"b\\"\\\\"');
});

test('escaping is idempotent, and a long text is cut first', () => {
  const once = escapeInvisible('a\u202eb\u{e0001}');
  expect(escapeInvisible(once)).toBe(once);
  expect(shown('\u200b'.repeat(500))).toBe(`${'\\u200b'.repeat(120)}…`);
});

test('a second byte-order mark is visible in the message about a header', () => {
  expect(headerProblems(['\ufeffDomain', 'Old Path']).join()).toContain('Column 1 is "\\ufeffDomain"');
});

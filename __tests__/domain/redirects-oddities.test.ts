/** What is odd about redirects, and no error: grouped by kind, counted, and with its meaning for Catalyst. */
import { expect, test } from '@jest/globals';
import { checkRedirects } from '../../src/domain/redirects/check.ts';
import type { RedirectRow } from '../../src/domain/redirects/redirect.ts';

function rowsOf(lines: readonly string[]): RedirectRow[] {
  return lines.map((text, index) => {
    const [fromPath = '', url = ''] = text.split(' > ');
    return { domain: 'd.example', fromPath, target: { kind: 'manual', url }, line: index + 2 };
  });
}

/** `Kind: line 3: message` */
function findings(...lines: string[]): string[] {
  const { problems, oddities } = checkRedirects(rowsOf(lines));
  expect(problems).toEqual([]);
  for (const { meaning } of oddities) expect(meaning).toMatch(/\w\.$/);
  return oddities.flatMap(({ title, rows }) => rows.map(({ line, message }) => `${title}: line ${line}: ${message}`));
}

const OWN_SLASH = 'Leads to its own path except for the final slash';
const OWN_CASE = 'Leads to its own path in different case';
const NEAR_LOOP = 'Loop except for case or final slash';
const SLASH_TWIN = 'Old paths that differ in the final slash, with two targets';
const SLASH_PAIR = 'Old paths that differ in the final slash, with one target';
const CASE_TWIN = 'Old paths that differ in case, with two targets';
const CASE_PAIR = 'Old paths that differ in case, with one target';
const WILDCARD = 'Looks like a wildcard';

test.each<[string[], string[]]>([
  // A redirect to its own path, except for what may not count.
  [['/a > /a/'], [`${OWN_SLASH}: line 2: d.example/a leads to /a/.`]],
  [['/a/ > https://D.example/a#top'], [`${OWN_SLASH}: line 2: d.example/a/ leads to https://D.example/a#top.`]],
  [['/a/?b=1 > https://d.example/a?b=1'], [`${OWN_SLASH}: line 2: d.example/a/?b=1 leads to https://d.example/a?b=1.`]],
  [['/Sale > /sale'], [`${OWN_CASE}: line 2: d.example/Sale leads to /sale.`]],
  [['/Sale > /sale/'], [`${OWN_CASE}: line 2: d.example/Sale leads to /sale/.`]],
  [['/a?B > https://d.example/a?b'], []],
  [['/a > https://e.example/a/'], []],
  [['/a > /a//'], []],
  // Loops of several.
  [['/a > /B', '/b > /a/'], [`${NEAR_LOOP}: line 2: A loop of 2 redirects: /a → /b (line 3) → /a.`]],
  [
    ['/a > /b', '/b > /c', '/c/ > /A'],
    [
      `${NEAR_LOOP}: line 2: A loop of 3 redirects: /a → /b (line 3) → /c/ (line 4) → /a.`,
      'Redirect chain: line 2: A chain of 2 redirects: /a → /b (line 3) → /c.',
    ],
  ],
  // What is written the same is what is meant: this one ends.
  [
    ['/a/ > /b', '/b > /a', '/a > /x'],
    [
      `${SLASH_TWIN}: line 4: d.example/a is /a/ of line 2 except for the final slash, which leads to /b.`,
      'Redirect chain: line 2: A chain of 3 redirects: /a/ → /b (line 3) → /a (line 4) → /x.',
    ],
  ],
  // Twins.
  [['/a > /x', '/a/ > /x'], [`${SLASH_PAIR}: line 3: d.example/a/ is /a of line 2 except for the final slash.`]],
  [['/a > /x', '/A > /y'], [`${CASE_TWIN}: line 3: d.example/A is /a of line 2 in different case, which leads to /x.`]],
  [['/a?q > /x', '/a?Q > /x', '/ > /x', '/b//  > /x', '/b > /x'], []],
  [['/a > /x', '/A/ > /x'], [`${CASE_PAIR}: line 3: d.example/A/ is /a of line 2 in different case.`]],
  // Wildcards of other services.
  [['/blog/* > /news'], [`${WILDCARD}: line 2: /blog/* looks like a wildcard or a pattern.`]],
  [['/blog/:slug > /news'], [`${WILDCARD}: line 2: /blog/:slug looks like a wildcard or a pattern.`]],
  [['/blog/(.*) > /news'], [`${WILDCARD}: line 2: /blog/(.*) looks like a wildcard or a pattern.`]],
  [['/^blog$ > /news'], [`${WILDCARD}: line 2: /^blog$ looks like a wildcard or a pattern.`]],
  [['/old > /news/:splat'], [`${WILDCARD}: line 2: The target /news/:splat seems to have a placeholder in it.`]],
  [['/old > /news/$1'], [`${WILDCARD}: line 2: The target /news/$1 seems to have a placeholder in it.`]],
  [['/a:b > /x', '/a(b).html > /y', '/$5-off > https://e.example/*', '/10:30 > /z'], []],
  // Other hosts.
  [['//e.example/a > /b'], ['Old path begins with //: line 2: //e.example/a begins with "//".']],
  [['/a > //e.example/b'], []],
  // Queries.
  [['/a > /b?c=1'], ['Target loses its query: line 2: The target /b?c=1 is a path of the storefront with a query.']],
  [['/a > /b?', '/c > /d#e?f', '/g > https://d.example/h?i', '/j > //e.example/k?l'], []],
])('%j', (lines, expected) => {
  expect(findings(...lines)).toEqual(expected);
});

test.each([
  ['a zero-width space', '\u200b', '\\u200b', 'U+200B'],
  ['a zero-width joiner', '\u200d', '\\u200d', 'U+200D'],
  ['a soft hyphen', '\u00ad', '\\u00ad', 'U+00AD'],
  ['a turn of the reading direction', '\u202e', '\\u202e', 'U+202E'],
  ['an isolate', '\u2066', '\\u2066', 'U+2066'],
  ['a blank that does not break', '\u00a0', '\\u00a0', 'U+00A0'],
  ['a narrow blank', '\u202f', '\\u202f', 'U+202F'],
  ['a second byte-order mark', '\ufeff', '\\ufeff', 'U+FEFF'],
  ['a tag', '\u{e0041}', '\\u{e0041}', 'U+E0041'],
])('%s is reported and shown', (_, character, shown, code) => {
  expect(findings(`/a${character}b > /c`, `/d > /e${character}f`)).toEqual([
    `Invisible character: line 2: The old path /a${shown}b has an invisible character (${code}).`,
    `Invisible character: line 3: The target /e${shown}f has an invisible character (${code}).`,
  ]);
  expect(findings(`/a b > /ä`, `/日本 > /😀`)).toEqual([]);
});

test('each kind says once what it means and what to do; the gravest comes first', () => {
  const { oddities } = checkRedirects(rowsOf(['/a > /b', '/b > /c', '/x > /x/', '/y* > /z', '/y* > /z']));
  expect(oddities.map(({ title, count }) => `${count} × ${title}`)).toEqual([
    `1 × ${OWN_SLASH}`,
    `1 × ${WILDCARD}`,
    '1 × Redirect chain',
    '1 × Repeated row',
  ]);
  expect(oddities[0]?.meaning).toContain('Catalyst ignores a redirect');
  expect(oddities[1]?.meaning).toContain("BigCommerce's redirects do not support wildcards");
});

test('200,000 twins, and a near loop through as many, take no longer; a thousand are stored, and all are counted', () => {
  const LINKS = 100_000;
  const twins = Array.from({ length: LINKS }, (_, at) => [`/${at} > /x`, `/${at}/ > /x`]).flat();
  const [found] = checkRedirects(rowsOf(twins)).oddities;
  expect([found?.title, found?.count, found?.rows.length]).toEqual([SLASH_PAIR, LINKS, 1000]);
  const links = Array.from({ length: 2 * LINKS }, (_, at) => `/${at} > /${(at + 1) % (2 * LINKS)}/`);
  const [loop] = checkRedirects(rowsOf(links)).oddities;
  expect([loop?.title, loop?.count]).toEqual([NEAR_LOOP, 1]);
  expect(loop?.rows[0]?.message).toMatch(/^A loop of 200,000 redirects: \/0 → .* 199,992 more/);
});

import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countStreamedErrors, withoutPayload } from '../../../src/domain/verification/streamed-errors.ts';
import { expectLinear } from '../../growth.ts';

/**
 * Real pages: `sample-…` of the sample shop and `demo-…` of the demo's storefront, as they were served; `react-parts` by
 * the React, `next-…` by the React and the Next.js of that shop, from what each test says.
 */
function readPage(name: string): string {
  return readFileSync(new URL(`pages/${name}.txt`, import.meta.url), 'utf8');
}

const push = (payload: string) => `<script>self.__next_f.push(${htmlSafe(JSON.stringify([1, payload]))})</script>`;
const htmlSafe = (json: string) => json.replaceAll('<', '\\u003c');
const errorRow = (digest: unknown) => `b:E${JSON.stringify({ digest })}\n`;

test.each([
  ['sample-home', 0],
  ['demo-home', 0],
  // The page failed: 500, and a row.
  ['sample-boom', 1],
  // A part failed later: the error is there as a row, and as a call.
  ['sample-boom-streamed', 1],
  // 404, which is a row whose digest is a word.
  ['sample-nothing', 0],
  // Two templates, one of them with `@E`, and a call with the digest of the other; words; an article about all that.
  ['react-parts', 3],
  // A text and bytes with rows in them, names like rows, two errors of which one has `@E`, and a word; in Base64.
  ['next-payload', 2],
  // The same without the bytes: the text's length is not its number of characters.
  ['next-text-payload', 2],
])('of the page %s, %d parts failed', (name, count) => {
  expect(countStreamedErrors(readPage(name))).toBe(count);
});

test.each([
  ['<template data-dgst="12"></template>', 1],
  ["<TEMPLATE id=x DATA-DGST='12'/>", 1],
  ['<template\ndata-dgst=12></template>', 1],
  ['<template data-rxi="" data-bid="B:0" data-dgst="12"></template>', 1],
  ['<template data-dgst="12@E394"></template><template data-dgst="12"></template>', 2],
  ['<template data-dgst="12"></template><template data-dgst="12"></template><template data-dgst="13"></template>', 3],
  ['<template data-dgst=""></template><template data-dgst></template><template id="12"></template>', 0],
  [
    '<template data-dgst="12@E"></template><template data-dgst="12 "></template><template data-dgst="a12"></template>',
    0,
  ],
  ['<template data-dgst="BAILOUT_TO_CLIENT_SIDE_RENDERING"></template>', 0],
  ['<div data-dgst="12"></div>', 0],
  ['<!-- <template data-dgst="12"></template> -->', 0],
  ['<!--><template data-dgst="12"></template>', 1],
  ['<textarea><template data-dgst="12"></template></textarea>', 0],
  ['<p title="> <template data-dgst=\'12\'>">', 0],
  ['<title>1 < 2</title><template data-dgst="12"></template>', 1],
  ['<script>"<template data-dgst=12>"</script>', 0],
])('%s: %d templates of a failed part', (html, count) => {
  expect(countStreamedErrors(html)).toBe(count);
});

test.each([
  ['$RX("B:0","12")', 1],
  ['$RX=function(b,c){};;$RX("B:0","12","message","stack")', 1],
  ['$RX("B:0","12@E3");$RX("B:1","13")', 2],
  ['$RX("B:0")', 0],
  ['$RX("B:0","")', 0],
  ['$RX("B:0","NEXT_REDIRECT;replace;/x;307;")', 0],
  ['help("$RX(\\"B:0\\",\\"12\\")")', 0],
  [`help('$RX("B:0","12")')`, 0],
])('%s: %d calls for a failed part', (script, count) => {
  expect(countStreamedErrors(`<script>${script}</script>`)).toBe(count);
  expect(countStreamedErrors(`<script nonce="a" type="text/javascript">${script}</script>`)).toBe(count);
  expect(countStreamedErrors(`<script type="4f-text/javascript">${script}</script>`)).toBe(count);
  expect(countStreamedErrors(`<script type="application/json">${script}</script>`)).toBe(0);
  expect(countStreamedErrors(`<script src="/x.js">${script}</script>`)).toBe(0);
});

test('the same error as a row and in the page counts once, and other errors count as well', () => {
  const part = (digest: string) => `<template data-dgst="${digest}"></template>`;
  expect(countStreamedErrors(part('12') + push(errorRow('12')))).toBe(1);
  expect(countStreamedErrors(part('12@E1') + push(errorRow('12')))).toBe(1);
  expect(countStreamedErrors(part('12') + part('12') + push(errorRow('12')))).toBe(2);
  expect(countStreamedErrors(part('12') + push(errorRow('12') + errorRow('12') + errorRow('13')))).toBe(3);
});

test.each([
  ['a product by that name', '1:{"name":"E{\\"digest\\":\\"12\\"}"}\n', 0],
  ['a row of data that looks like an error', '1:{"digest":"12"}\n2:Tf,{"digest":"12"}', 0],
  ['a row within a text', `1:T15,a\n${errorRow('12')}3:["$"]\n`, 0],
  ['the row after a text, which has no line feed before it', `1:T3,a\nb${errorRow('12')}`, 1],
  ['a text of two bytes a character', `1:T4,éé${errorRow('12')}`, 1],
  ['a row without an id', ':HL["/x.css","style"]\n:E{"digest":"12"}\n', 1],
  ['the last row, without its end', 'b:E{"digest":"12"}', 1],
  ['a digest that is a number', 'b:E{"digest":12}\n', 0],
  ['an error without a digest, and one that is no JSON', 'b:E{}\nc:Enull\nd:E{"digest":"12"\n', 0],
  ['lengths that are none', `1:Tzz,${errorRow('12')}2:T-5,${errorRow('13')}`, 2],
  ['a length beyond the end', `1:Tffffffffffff,${errorRow('12')}`, 0],
  ['lengths without an end', '1:T12', 0],
  ['no rows', 'rubbish', 0],
])('%s', (_, payload, count) => {
  expect(countStreamedErrors(push(payload))).toBe(count);
});

test('a push that is cut, broken, empty or of another kind is none', () => {
  for (const script of [
    'self.__next_f.push([1,"b:E{\\"digest\\":\\"12\\"}\\n',
    'self.__next_f.push([1,"\\x"])',
    'self.__next_f.push([3,"***"])',
    'self.__next_f.push([2,"b:E{\\"digest\\":\\"12\\"}\\n"])',
    'self.__next_f.push([0])',
    'log("self.__next_f.push([1,\\"b:E{}\\n\\"])")',
  ]) {
    expect(countStreamedErrors(`<script>${script}</script>`)).toBe(0);
  }
});

/** A row as React writes it, and the digest that counts in it. */
const encoder = new TextEncoder();
const digests = fc.oneof(
  fc.nat().map((hash) => ({ digest: `${hash}`, hash })),
  fc.tuple(fc.nat(), fc.nat(999)).map(([hash, code]) => ({ digest: `${hash}@E${code}`, hash })),
  fc
    .constantFrom('NEXT_HTTP_ERROR_FALLBACK;404', 'BAILOUT_TO_CLIENT_SIDE_RENDERING', 'x1', '')
    .map((digest) => ({ digest })),
);
const talk = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('\nb:E{"digest":"12"}\n', '</script><template data-dgst="12">', '$RX("B:0","12")', '",', '\\n'),
);
const rows = fc.oneof(
  digests.map((digest) => ({ bytes: encoder.encode(`b:E${JSON.stringify({ digest: digest.digest })}\n`), ...digest })),
  talk.map((text) => ({ bytes: encoder.encode(`1f:${JSON.stringify({ text })}\n`) })),
  talk.map((text) => ({ bytes: withLength('T', encoder.encode(text)) })),
  fc
    .tuple(
      fc.constantFrom(...'AOobUSsLlGgMmV'),
      fc.oneof(
        fc.uint8Array(),
        talk.map((text) => encoder.encode(text)),
      ),
    )
    .map(([tag, bytes]) => ({ bytes: withLength(tag, bytes) })),
  fc
    .constantFrom(':HL["/x.css","style"]\n', '7:X\n', '7:C\n', '3:I[220,["$2"],""]\n')
    .map((row) => ({ bytes: encoder.encode(row) })),
);

function withLength(tag: string, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`2:${tag}${bytes.length.toString(16)},`), bytes]);
}

/** As Next.js pushes a piece: as text if it is that, else in Base64. */
function pushPiece(bytes: Uint8Array): string {
  try {
    return push(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return `<script>self.__next_f.push([3,"${Buffer.from(bytes).toString('base64')}"])</script>`;
  }
}

test('rows of any kind are told apart, wherever the payload is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(rows), fc.array(fc.nat(400)), (list, cuts) => {
      const payload = Buffer.concat(list.map(({ bytes }) => bytes));
      const edges = [0, ...cuts.filter((cut) => cut < payload.length).sort((a, b) => a - b), payload.length];
      const page = edges.slice(1).map((edge, index) => `<p>x</p>${pushPiece(payload.subarray(edges[index], edge))}`);
      const count = list.filter((row) => 'hash' in row).length;
      expect(countStreamedErrors(page.join(''))).toBe(count);
    }),
  );
});

const FRAGMENTS = [
  ...['<', '<!--', '-->', '<template ', 'data-dgst="', '"', "'", '>', '/', '=', '<script>', '</script>', '<title>'],
  ...[
    'self.__next_f.push([1,"',
    '"])',
    'self.__next_f.push([3,"',
    '\\',
    'b:E{"digest":"1',
    '\n',
    ':T',
    ':T4,',
    ',',
    ':',
  ],
  ...['$RX("', '","', ';$RX("B:0","', ' ', 'a', '\u0000', '\ud800', '</', '<textarea', '<textarea>', '<a ', 'a="'],
];

test('rubbish is read to its end', () => {
  const rubbish = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...FRAGMENTS)).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(rubbish, (html) => {
      expect(countStreamedErrors(html)).toBeGreaterThanOrEqual(0);
      expect(html).toContain(withoutPayload(html).slice(0, 1));
    }),
    { numRuns: 500 },
  );
});

test.each(FRAGMENTS)('many times %j takes linear time', async (fragment) => {
  const pages = ['', '<template ', '<script>', '<script>self.__next_f.push([1,"'];
  await expectLinear(20_000, (size) => {
    for (const start of pages) countStreamedErrors(`${start}${fragment.repeat(size)}</script>`);
  });
});

test('what is left without the payload is what a browser shows at first', () => {
  const page = readPage('sample-home');
  expect(page).toContain('There is no such page');
  const left = withoutPayload(page);
  expect(left).not.toContain('There is no such page');
  expect(left).toContain('<h1>Sample shop</h1>');
  expect(left.endsWith('</body></html>')).toBe(true);
  expect(withoutPayload('no page')).toBe('no page');
});

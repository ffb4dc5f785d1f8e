import { expect } from '@jest/globals';
import fc from 'fast-check';
import { marked } from 'marked';

const MAX_BYTES = 1000 * 1000;

const HOSTILE = fc.oneof(
  fc.constantFrom(
    '</code></td></table></details><script>alert(1)</script>',
    '| a | b |\n|---|---|\n| c | d |',
    '`x` [a](javascript:x) ![i](http://evil/x.png) <img src=x onerror=y>',
    '@everyone #1 acme/shop#2 GH-3 www.evil.example',
    '<!-- --> \u202e \ud800',
    '@#'.repeat(300),
  ),
  fc.string({ unit: 'binary' }),
);

/**
 * The tags that a reader's browser would act on; line breaks, places to break, and code where a text has backticks, may come
 * on top.
 */
function elementsOf(markdown: string): (string | undefined)[] {
  const html = marked.parse(markdown, { gfm: true, async: false });
  return [...html.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<\/?([a-z][a-z0-9]*)/gi)]
    .map(([, name]) => name)
    .filter((name) => name !== 'br' && name !== 'wbr' && name !== 'code' && name !== 'p');
}

/** @param render a summary with the text in each place of a foreign text */
export function expectTextsToStayTexts(render: (text: string) => string): void {
  const calm = elementsOf(render('calm'));
  fc.assert(
    fc.property(HOSTILE, (text) => {
      const summary = render(text);
      expect(elementsOf(summary)).toEqual(calm);
      expect(summary.isWellFormed()).toBe(true);
    }),
    { numRuns: 25 },
  );
}

/** Texts that take the most room, each with its name. */
export const LONG_TEXTS: readonly (readonly [string, string])[] = [
  ['words', 'The e-mail address is not valid. '],
  ['characters that grow most', '@#'.repeat(300)],
  ['wide ones', '漢'.repeat(600)],
  ['much code', '`@` '.repeat(300)],
];

/** It is not longer than GitHub accepts, and has its end. */
export function expectToFit(summary: string): void {
  expect(Buffer.byteLength(summary)).toBeLessThan(MAX_BYTES);
  expect(summary).toMatch(/### Phases|<summary>Phases \(/);
}

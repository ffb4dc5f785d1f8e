/** Pictures as `npm run looks` takes them, in a real browser; skipped where none is installed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findChromium, startBrowser } from '../../scripts/browser.ts';
import { KINDS } from '../../scripts/looks/kinds/index.ts';
import { playKind } from '../../scripts/looks/play.ts';
import { takeLooks } from '../../scripts/looks/take-looks.ts';
import { temporaryFolder } from '../clean-up.ts';

/** Undefined where no browser is installed. */
const CHROMIUM = (() => {
  try {
    return findChromium();
  } catch {
    return undefined;
  }
})();

let browser: Browser;
beforeAll(async () => {
  if (CHROMIUM !== undefined) browser = await startBrowser(CHROMIUM);
});
afterAll(async () => await browser?.close());

(CHROMIUM === undefined ? describe.skip : describe)('a look', () => {
  const take = async (markdown: string, folder = temporaryFolder()) =>
    await takeLooks(browser, folder, 'look', { name: 'summary', frame: 'summary', markdown });

  test('of what fits has nothing that is cut off, and a picture of each sort', async () => {
    const folder = temporaryFolder();
    const looks = await take('## Deployed\n\n`demo-storefront` · 1.2 MB\n', folder);
    expect(looks).toMatchObject([
      { widthPx: 980, cutOff: [], cutOffInFolds: [] },
      { widthPx: 390, cutOff: [], cutOffInFolds: [] },
    ]);
    const pictures = looks.flatMap((look) => look.pictures);
    expect(pictures).toEqual([980, 390].flatMap((width) => [`look-${width}-light.png`, `look-${width}-dark.png`]));
    for (const picture of pictures) expect(existsSync(join(folder, picture))).toBe(true);
  });

  test('names tables, code and words that a phone cuts off, each once, and those in folds', async () => {
    const wide = 'x'.repeat(60);
    const markdown = [
      `| A | B |\n| --- | --- |\n| <code>${wide}</code> | <code>${wide}</code> |`,
      `\`\`\`\n${wide.repeat(3)}\n\`\`\``,
      `<details><summary>More</summary>\n\n\`\`\`\n${'y'.repeat(60)}\n\`\`\`\n\n</details>`,
      'Words that fit.',
    ].join('\n\n');
    const [desktop, phone] = await take(markdown);
    expect(phone?.cutOff).toEqual([expect.stringMatching(/^table: A B x+$/), expect.stringMatching(/^pre: x+$/)]);
    expect(phone?.cutOffInFolds.filter((one) => !phone.cutOff.includes(one))).toEqual([
      expect.stringMatching(/^pre: y+$/),
    ]);
    expect(phone?.pictures.at(-1)).toBe('look-390-open.png');
    expect(desktop?.cutOff).toEqual([expect.stringMatching(/^table/), expect.stringMatching(/^pre/)]);
  });
});

test('a kind is played by real runs, and leaves the summary, the comment and the check run of the last one', async () => {
  const kindOf = (name: string) => {
    const found = KINDS.find((kind) => kind.name === name);
    if (found === undefined) throw new Error(`no kind ${name}`);
    return found;
  };
  const claimed = await playKind(kindOf('gate/claimed by a comment'));
  expect(claimed.run.outputs['deploy']).toBe('true');
  expect(claimed.documents.map(({ name, frame }) => `${name}: ${frame}`)).toEqual([
    'summary: summary',
    'check-1: summary',
    'comment-7: comment',
  ]);
  const taken = await playKind(kindOf('preview/shared, taken over'));
  // That of the pull request that has lost the preview, too.
  expect(taken.documents.map(({ name }) => name)).toEqual(['summary', 'comment-7', 'comment-8']);
});

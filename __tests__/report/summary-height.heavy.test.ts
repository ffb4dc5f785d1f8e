/** A success fits one screen, of a desktop and of a phone, in a browser with GitHub's styles; on a phone nothing is cut off. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findChromium, startBrowser } from '../../scripts/browser.ts';
import { CONTENT_ID, renderPage } from '../../scripts/render-page.ts';
import type { DeployRecord } from '../../src/report/deploy-record.ts';
import { renderDeploySummary } from '../../src/report/deploy-summary.ts';
import { timeoutMs } from '../timeouts.ts';
import { SUCCESSES } from './usual-deployment.ts';
import { bad, good, verified } from './verifications.ts';

const TIMEOUT_MS = timeoutMs(30_000);
const CHROMIUM = (() => {
  try {
    return findChromium();
  } catch {
    process.stderr.write('Skipped: the heights of summaries, since there is no Chromium.\n');
    return undefined;
  }
})();
const BROKEN: readonly (readonly [string, DeployRecord])[] = SUCCESSES.map(([name, record]) => [
  `${name}, but broken`,
  {
    ...record,
    verification: verified('unhealthy', [
      good('/'),
      bad('/products/a-very-long-name-of-a-product-that-no-phone-has-room-for', { hasFailedBefore: true }),
    ]),
    warnings: ['The variable `BIGCOMMERCE_STOREFRONT_TOKEN_OF_A_LONG_NAME` has no value.'],
  },
]);

(CHROMIUM === undefined ? describe.skip : describe)('in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heights-'));
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser(CHROMIUM);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns the height as the page opens, and what is wider than its place once all is unfolded */
  async function measure(record: DeployRecord, width: number): Promise<{ heightPx: number; cutOff: string[] }> {
    const path = join(folder, 'page.html');
    writeFileSync(path, renderPage('summary', renderDeploySummary(record)));
    const page = await browser.newPage({ viewport: { width, height: 1000 } });
    try {
      await page.goto(pathToFileURL(path).href);
      const box = await page.locator(`#${CONTENT_ID}`).boundingBox();
      const cutOff = await page.locator(`#${CONTENT_ID} *`).evaluateAll((elements) => {
        for (const element of elements) if (element.tagName === 'DETAILS') element.setAttribute('open', '');
        return elements
          .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
          .filter((element) => element.closest('.mermaid') === null)
          .map((element) => `${element.tagName}: ${element.textContent?.slice(0, 80)}`);
      });
      return { heightPx: box?.height ?? Number.NaN, cutOff };
    } finally {
      await page.close();
    }
  }

  test.each(SUCCESSES)(
    '%s',
    async (_, record) => {
      const desktop = await measure(record, 980);
      expect(desktop.heightPx).toBeLessThanOrEqual(420);
      expect(desktop.cutOff).toEqual([]);
      const phone = await measure(record, 390);
      expect(phone.heightPx).toBeLessThanOrEqual(480);
      expect(phone.cutOff).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each(BROKEN)(
    '%s: nothing is cut off on a phone',
    async (_, record) => {
      expect((await measure(record, 390)).cutOff).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

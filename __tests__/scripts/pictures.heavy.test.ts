import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { findChromium, startBrowser, takePicture } from '../../scripts/browser.ts';
import { CONTENT_ID, renderPage } from '../../scripts/render-page.ts';

/** Undefined where no browser is installed. */
const CHROMIUM = (() => {
  try {
    return findChromium();
  } catch {
    return undefined;
  }
})();

(CHROMIUM === undefined ? test.skip : test)(
  'a picture shows the page, its diagrams drawn, in the scheme asked for',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'page-'));
    const page = join(folder, 'page.html');
    writeFileSync(page, renderPage('A page', '# Title\n\n```mermaid\npie\n"a": 1\n"b": 2\n```\n'));
    const browser = await startBrowser(CHROMIUM);
    try {
      const look = { elementId: CONTENT_ID, widthPx: 600, scale: 1, scheme: 'light' } as const;
      const url = pathToFileURL(page).href;
      const light = await takePicture(browser, url, look);
      const [dark, large] = [
        await takePicture(browser, url, { ...look, scheme: 'dark' }),
        await takePicture(browser, url, { ...look, scale: 2 }),
      ];
      for (const picture of [light, dark, large]) expect(picture.toString('latin1', 8, 12)).toBe('WEBP');
      expect(dark.equals(light)).toBe(false);
      expect(large.length).toBeGreaterThan(light.length);
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true });
    }
  },
);

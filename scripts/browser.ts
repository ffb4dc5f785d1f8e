/** Pictures of pages on disk, taken by the machine's Chromium. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const INSTALL = 'Debian: `apt-get install chromium fonts-noto-color-emoji`. CHROMIUM can name another one.';
/** Of WebP: no artifacts are visible in text, and a picture is a third of the PNG's size. */
const QUALITY = 85;

export interface Look {
  /** Id of the element that the picture is cropped to. */
  elementId: string;
  widthPx: number;
  /** Pixels of the picture for each of the page's. */
  scale: number;
  scheme: 'light' | 'dark';
}

/** @throws Error that says what to install, when the machine has none */
export function findChromium(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = env['CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const paths = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = NAMES.flatMap((name) => paths.map((folder) => join(folder, name)));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(`No browser: none of ${NAMES.join(', ')} is on PATH. ${INSTALL}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error when it does not start */
export async function startBrowser(executablePath = findChromium()): Promise<Browser> {
  // The pages are our own, and root in a container cannot have a sandbox.
  return await chromium.launch({ executablePath, chromiumSandbox: false });
}

/** @returns a WebP, once fonts are loaded and every diagram is drawn */
export async function takePicture(browser: Browser, pageUrl: string, look: Look): Promise<Buffer> {
  const page = await browser.newPage({
    viewport: { width: look.widthPx, height: 1000 },
    deviceScaleFactor: look.scale,
    colorScheme: look.scheme,
  });
  try {
    await page.goto(pageUrl);
    await page.waitForFunction('document.fonts.status === "loaded"');
    await page.locator('pre.mermaid:not(:has(svg))').first().waitFor({ state: 'detached' });
    return await page
      .locator(`#${look.elementId}`)
      .screenshot({ type: 'webp', quality: QUALITY, animations: 'disabled' });
  } finally {
    await page.close();
  }
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { CONTENT_ID, renderPage } from '../render-page.ts';
import type { Document } from './kind.ts';
import { type Measured, measurePage, openFolds } from './measure.ts';

/** A desktop, and a phone. */
export const WIDTHS_PX = [980, 390] as const;
export type WidthPx = (typeof WIDTHS_PX)[number];

/** A document at one width. */
export interface Look extends Measured {
  widthPx: WidthPx;
  /** With all folds open; the same as `cutOff` where none was closed. */
  cutOffInFolds: readonly string[];
  /** Names of pictures: light, dark, and light with all folds open. */
  pictures: readonly string[];
}

/** Renders a document, and takes its pictures. @param slug what the names of its files begin with */
export async function takeLooks(
  browser: Browser,
  folder: string,
  slug: string,
  { frame, markdown }: Document,
): Promise<Look[]> {
  const path = join(folder, `${slug}.html`);
  writeFileSync(join(folder, `${slug}.md`), markdown);
  writeFileSync(path, renderPage(slug, markdown, frame));
  const looks: Look[] = [];
  for (const widthPx of WIDTHS_PX) {
    const page = await browser.newPage({ viewport: { width: widthPx, height: 1000 }, colorScheme: 'light' });
    try {
      await page.goto(pathToFileURL(path).href);
      looks.push({ widthPx, ...(await takeWidth(page, folder, `${slug}-${widthPx}`)) });
    } finally {
      await page.close();
    }
  }
  return looks;
}

async function takeWidth(page: Page, folder: string, name: string): Promise<Omit<Look, 'widthPx'>> {
  const take = async (look: string) => {
    await page.waitForFunction('document.fonts.status === "loaded"');
    await page.locator('pre.mermaid:not(:has(svg))').first().waitFor({ state: 'detached' });
    const file = `${name}-${look}.png`;
    await page.locator(`#${CONTENT_ID}`).screenshot({ path: join(folder, file), animations: 'disabled' });
    return file;
  };
  const pictures = [await take('light')];
  const measured = await measurePage(page);
  const hadFolds = await openFolds(page);
  const { cutOff: cutOffInFolds } = await measurePage(page);
  const opened = hadFolds ? [await take('open')] : [];
  await page.emulateMedia({ colorScheme: 'dark' });
  // A diagram is drawn once, in the colours of then.
  await page.reload();
  pictures.push(await take('dark'), ...opened);
  return { ...measured, cutOffInFolds, pictures };
}

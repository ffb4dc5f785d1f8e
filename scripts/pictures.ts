/**
 * `npm run pictures`: renders the README's pictures from what the action wrote: `node scripts/pictures.ts [from] [to]`,
 * by default from `.demo` to `docs/images`. The browser is CHROMIUM, or one on PATH.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { startBrowser, takePicture } from './browser.ts';
import { CONTENT_ID, type PageFrame, renderPage } from './render-page.ts';

/** Sharp on a dense screen where that fits; a README must load fast. */
const SCALES = [2, 1.5, 1];
const MAX_PICTURE_BYTES = 150 * 1024;

const ROOT = resolve(import.meta.dirname, '..');

interface Source {
  frame: PageFrame;
  file: string;
  widthPx: number;
  /** What leaves the file. */
  command: string;
}

const SOURCES: readonly Source[] = [
  { frame: 'comment', file: 'comment.md', widthPx: 760, command: 'npm run demo -- pull-request' },
  { frame: 'summary', file: 'summary.md', widthPx: 980, command: 'npm run demo' },
];

async function makePictures(from: string, to: string): Promise<void> {
  const missing = SOURCES.filter(({ file }) => !existsSync(join(from, file)));
  if (missing.length > 0) {
    const lines = missing.map(({ file, command }) => `- ${join(from, file)} is missing: run \`${command}\` first`);
    throw new Error(`There is nothing to make the pictures of:\n${lines.join('\n')}`);
  }
  const pages = mkdtempSync(join(tmpdir(), 'pages-'));
  const browser = await startBrowser();
  try {
    mkdirSync(to, { recursive: true });
    for (const source of SOURCES) {
      const page = join(pages, `${source.frame}.html`);
      writeFileSync(page, renderPage(source.frame, readFileSync(join(from, source.file), 'utf8'), source.frame));
      for (const scheme of ['light', 'dark'] as const) {
        const picture = await takeSmallPicture(browser, pathToFileURL(page).href, source.widthPx, scheme);
        const path = join(to, `${source.frame}-${scheme}.webp`);
        writeFileSync(path, picture.webp);
        console.log(`${path}: ${Math.ceil(picture.webp.length / 1024)} kB at ${picture.scale}x`);
      }
    }
  } finally {
    await browser.close();
    rmSync(pages, { recursive: true, force: true });
  }
}

/** The sharpest picture that is small enough; the least sharp one when none is. */
async function takeSmallPicture(
  browser: Browser,
  pageUrl: string,
  widthPx: number,
  scheme: 'light' | 'dark',
): Promise<{ webp: Buffer; scale: number }> {
  let picture: { webp: Buffer; scale: number } = { webp: Buffer.alloc(0), scale: 0 };
  for (const scale of SCALES) {
    picture = { webp: await takePicture(browser, pageUrl, { elementId: CONTENT_ID, widthPx, scale, scheme }), scale };
    if (picture.webp.length <= MAX_PICTURE_BYTES) return picture;
  }
  console.warn(`A picture of ${pageUrl} is over ${MAX_PICTURE_BYTES / 1024} kB even at 1x: shorten what it shows.`);
  return picture;
}

try {
  const [from = join(ROOT, '.demo'), to = join(ROOT, 'docs', 'images')] = process.argv.slice(2);
  await makePictures(from, to);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/**
 * `npm run pictures`: the README's pictures, out of what the action wrote: `node scripts/pictures.ts [from] [to]`, from
 * `.demo` to `docs/images` unless told otherwise. The browser is CHROMIUM, or one on PATH.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, findChromium, startBrowser } from './browser.ts';
import { shrinkPng } from './png.ts';
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
  const browser = await startBrowser(findChromium());
  try {
    mkdirSync(to, { recursive: true });
    for (const source of SOURCES) {
      const page = join(pages, `${source.frame}.html`);
      writeFileSync(page, renderPage(source.frame, readFileSync(join(from, source.file), 'utf8'), source.frame));
      for (const scheme of ['light', 'dark'] as const) {
        const picture = await takeSmallPicture(browser, pathToFileURL(page).href, source.widthPx, scheme);
        const path = join(to, `${source.frame}-${scheme}.png`);
        writeFileSync(path, picture.png);
        console.log(`${path}: ${Math.ceil(picture.png.length / 1024)} kB at ${picture.scale}x`);
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
): Promise<{ png: Buffer; scale: number }> {
  let picture: { png: Buffer; scale: number } = { png: Buffer.alloc(0), scale: 0 };
  for (const scale of SCALES) {
    const png = shrinkPng(await browser.takePicture(pageUrl, { elementId: CONTENT_ID, widthPx, scale, scheme }));
    picture = { png, scale };
    if (png.length <= MAX_PICTURE_BYTES) return picture;
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

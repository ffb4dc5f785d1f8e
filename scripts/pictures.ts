/**
 * `npm run pictures`: renders the README's pictures from what the action wrote: `node scripts/pictures.ts [from] [to]`,
 * by default from `.demo` to `docs/images`; and one of the demo's storefront, which it deploys and serves for that. The
 * browser is CHROMIUM, or one on PATH.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { startEmulator } from '../emulator/server.ts';
import { startBrowser, takePicture } from './browser.ts';
import { deployServed } from './demo-serve.ts';
import { writeDemoStorefront } from './demo-storefront.ts';
import { CONTENT_ID, type PageFrame, renderPage } from './render-page.ts';

/** Sharp on a dense screen where that fits; a README must load fast. */
const SCALES = [2, 1.5, 1];
const MAX_PICTURE_BYTES = 150 * 1024;

const ROOT = resolve(import.meta.dirname, '..');

/** The part of a page that is taken. */
interface Shown {
  elementId?: string;
  widthPx: number;
}

interface Source extends Shown {
  frame: PageFrame;
  file: string;
  /** What leaves the file. */
  command: string;
}

const SOURCES: readonly Source[] = [
  { frame: 'comment', file: 'comment.md', widthPx: 760, command: 'npm run demo -- pull-request' },
  { frame: 'summary', file: 'summary-served.md', widthPx: 980, command: 'npm run demo -- --serve --once' },
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
      await takeBoth(browser, join(to, source.frame), pathToFileURL(page).href, source);
    }
    await takeStorefront(browser, to);
  } finally {
    await browser.close();
    rmSync(pages, { recursive: true, force: true });
  }
}

/** Of the page as a shopper sees it. @throws Error that says what to install, without what serves it */
async function takeStorefront(browser: Browser, to: string): Promise<void> {
  const emulator = await startEmulator({ projects: ['demo-storefront'], stepMs: 20, serve: true, servePort: 0 });
  const workspace = mkdtempSync(join(tmpdir(), 'demo-storefront-'));
  try {
    writeDemoStorefront(workspace);
    const run = await deployServed(emulator, workspace);
    rmSync(run.runnerTemp, { recursive: true, force: true });
    const { url } = run.outputs;
    if (run.exitCode !== 0 || url === undefined) throw new Error(`the deployment failed:\n${run.lines.join('\n')}`);
    await takeBoth(browser, join(to, 'storefront'), url, { elementId: 'storefront', widthPx: 980 });
  } finally {
    await emulator.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** In light and dark. @param path without `-light.webp` */
async function takeBoth(browser: Browser, path: string, pageUrl: string, shown: Shown): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    const picture = await takeSmallPicture(browser, pageUrl, shown, scheme);
    const file = `${path}-${scheme}.webp`;
    writeFileSync(file, picture.webp);
    console.log(`${file}: ${Math.ceil(picture.webp.length / 1024)} kB at ${picture.scale}x`);
  }
}

/** The sharpest picture that is small enough; the least sharp one when none is. */
async function takeSmallPicture(
  browser: Browser,
  pageUrl: string,
  { elementId = CONTENT_ID, widthPx }: Shown,
  scheme: 'light' | 'dark',
): Promise<{ webp: Buffer; scale: number }> {
  let picture: { webp: Buffer; scale: number } = { webp: Buffer.alloc(0), scale: 0 };
  for (const scale of SCALES) {
    picture = { webp: await takePicture(browser, pageUrl, { elementId, widthPx, scale, scheme }), scale };
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

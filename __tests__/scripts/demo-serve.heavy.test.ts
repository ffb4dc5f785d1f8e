import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { findChromium, startBrowser } from '../../scripts/browser.ts';
import { DEMO_BUILD_ID } from '../../scripts/demo-storefront.ts';
import { onCleanUp } from '../clean-up.ts';
import { describeServed, isInstalled } from '../emulator/storefront-helpers.ts';
import { runDemo, startDemo } from './demo-process.ts';

const CHROMIUM = (() => {
  try {
    return findChromium();
  } catch (error) {
    console.warn(`The served demo is not opened in a browser: ${error}`);
    return undefined;
  }
})();

test('only the first demo can be served', async () => {
  const { code, text } = await runDemo('redirects', '--serve');
  expect({ code, text }).toEqual({ code: 2, text: expect.stringContaining('--serve goes without') });
});

test('what cannot be followed is a usage error, without a stack', async () => {
  const { code, text } = await runDemo('--serve', '--serve-port', 'abc');
  expect({ code, text }).toEqual({
    code: 2,
    text: "--serve-port must be a whole number from 0 to 65535; it is 'abc'\n",
  });
});

(isInstalled ? test.skip : test)('without miniflare it says what to run', async () => {
  const { code, text } = await runDemo('--serve', '--once');
  expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining('npm run serve:install') });
});

describeServed('the served demo', () => {
  test('deploys, fetches its pages, shows the exception that the log tail saw, and ends', async () => {
    const { code, text } = await runDemo('--serve', '--once', '--serve-port', '0');
    expect(text).toMatch(/^ {2}url: http:\/\/demo-storefront\.localhost:\d+$/m);
    // The first request of an instance is slow, and the verification makes it.
    const [, cold, warm] = /^Verification: works: 1 page, first byte after (\d+) ms, then (\d+) ms/m.exec(text) ?? [];
    expect(Number(cold)).toBeGreaterThan(600);
    expect(Number(warm)).toBeLessThan(600);
    expect(text).toMatch(/^ {2}200 \/ in \d+ ms {2}Hearth & Fern$/m);
    expect(text).toMatch(/^ {2}308 \/cart in \d+ ms {2}→ .*\/cart\/$/m);
    expect(text).toMatch(/^ {2}200 \/reviews\/ in .*digests 1742093158, 2338192037$/m);
    expect(text).toMatch(new RegExp(`^ {2}200 /BUILD_ID in \\d+ ms {2}${DEMO_BUILD_ID}$`, 'm'));
    expect(text).toMatch(/GET http:.*\/boom 500: Error: The demo storefront was asked to fail/);
    expect(text).not.toContain('demo-storefront-token');
    expect(code).toBe(0);
  });

  test('says which option helps where its port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onCleanUp(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { code, text } = await runDemo('--serve', '--serve-port', String(port));
    expect({ code, text }).toEqual({ code: 1, text: expect.stringMatching(/EADDRINUSE.*\n.*--serve-port 0/) });
  });

  (CHROMIUM === undefined ? test.skip : test)('can be used in a browser, and ends on SIGINT', async () => {
    const child = startDemo('--serve', '--serve-port', '0');
    const ended = once(child, 'close');
    const browser = await startBrowser(CHROMIUM);
    onCleanUp(() => browser.close());
    await usePages(await browser.newPage(), await addressOf(child));
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });
});

async function addressOf(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout?.setEncoding('utf8').iterator({ destroyOnReturn: false }) ?? []) {
    text += chunk;
    const address = /^Open (http:\S+) in a browser/m.exec(text)?.[1];
    if (address !== undefined) {
      child.stdout?.resume();
      return address;
    }
  }
  throw new Error(`the demo has ended:\n${text}`);
}

async function usePages(page: Page, home: string): Promise<void> {
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(home);
  expect(await page.title()).toBe('Hearth & Fern');
  expect(
    await page
      .locator('.card img')
      .evaluateAll((all) => all.filter((one) => !('naturalWidth' in one && one.naturalWidth)).length),
  ).toBe(0);
  expect(errors).toEqual([]);
  await page.locator('.card').first().click();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  expect(page.url()).toBe(`${home}cart/`);
  expect(await page.locator('.lines').textContent()).toContain('Enamel mug');
  await page.goto(`${home}cart`);
  expect(page.url()).toBe(`${home}cart/`);
  expect((await page.goto(`${home}reviews/`))?.status()).toBe(200);
  expect(await page.locator('.failed').allInnerTexts()).toEqual(Array(2).fill('There was a server error!'));
}

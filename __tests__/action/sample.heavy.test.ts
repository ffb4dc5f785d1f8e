import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildSample, type SampleBuild, SampleUnavailable } from '../../scripts/sample/build.ts';
import { fetchPage } from '../../scripts/served-page.ts';
import { countStreamedErrors } from '../../src/domain/verification/streamed-errors.ts';
import { addressOf, describeServed, isInstalled, openTail } from '../emulator/storefront-helpers.ts';
import { deploy, platform } from './harness.ts';

const sample = isInstalled ? await sampleHere() : undefined;

/** Undefined where it cannot be had, which is said. */
async function sampleHere(): Promise<SampleBuild | undefined> {
  try {
    return await buildSample();
  } catch (error) {
    if (!(error instanceof SampleUnavailable)) throw error;
    process.stderr.write(`Skipped: ${error.message}\n`);
    return undefined;
  }
}

describeServed('the sample shop, a real Next.js build', () => {
  (sample === undefined ? test.skip : test)('is deployed by the action, and its pages are served', async () => {
    const { workspace = '', dist = '' } = sample ?? {};
    const emulator = await platform({ serve: true, servePort: 0 });
    const run = await deploy({ emulator, workspace });
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(emulator.violations).toEqual([]);
    const address = addressOf(emulator);
    expect(run.outputs['url']).toBe(address);
    const page = (path: string) => fetchPage(address, path);

    const home = await page('/');
    expect(home).toMatchObject({ status: 200, body: expect.stringContaining('<h1>Sample shop</h1>') });
    expect(await page('/products/day')).toMatchObject({
      status: 200,
      body: expect.stringContaining('<h1>Earth by day, poster</h1>'),
    });
    expect(await page('/shop/day')).toMatchObject({ status: 308, headers: { location: '/products/day' } });
    expect(JSON.parse((await page('/api/products?slug=dark')).body)).toEqual([
      { slug: 'dark', name: 'Dark Earth, postcard', price: 199 },
    ]);
    for (const [file, type] of [
      [/\/_next\/static\/media\/[\w.-]+\.jpg/, 'image/jpeg'],
      [/\/_next\/static\/chunks\/[\w.-]+\.js/, 'text/javascript; charset=utf-8'],
    ] as const) {
      expect(await page(file.exec(home.body)?.[0] ?? '')).toMatchObject({
        status: 200,
        headers: { 'content-type': type, 'cache-control': 'public,max-age=31536000,immutable' },
      });
    }
    expect((await page('/BUILD_ID')).body).toBe(readFileSync(join(dist, 'assets', 'BUILD_ID'), 'utf8'));
    expect((await page('/products/none')).status).toBe(404);
    expect((await page('/nothing')).status).toBe(404);

    await buy(address, 'day', '<!-- -->, <!-- -->$14.99');

    const tail = await openTail(emulator);
    const boom = await page('/boom');
    expect(boom).toMatchObject({
      status: 500,
      body: expect.stringMatching(/self\.__next_f\.push\(.*:E\{\\"digest\\":\\"\d+\\"\}/),
    });
    const streamed = await page('/boom/streamed');
    expect(streamed).toMatchObject({ status: 200, body: expect.stringContaining('<h1>Reviews</h1>') });
    // As docs/api.md says it.
    expect(streamed.body).toMatch(/<script[^>]*>[^<]*\$RX\("B:0","\d+"\)<\/script>/);
    expect(streamed.body).not.toContain('data-dgst');
    expect([home, boom, streamed].map(({ body }) => countStreamedErrors(body))).toEqual([0, 1, 1]);
    expect(await tail(2)).toMatchObject([
      {
        request: { url: `${address}/boom`, status_code: 500 },
        logs: [{ level: 'error', messages: [expect.stringContaining('The sample shop throws on purpose')] }],
        exceptions: [],
      },
      {
        request: { url: `${address}/boom/streamed`, status_code: 200 },
        logs: [{ level: 'error', messages: [expect.stringContaining('The reviews of the sample shop')] }],
        exceptions: [],
      },
    ]);
  });

  (sample === undefined ? test.skip : test)(
    'is verified: its pages work, and a part that fails under 200 is seen',
    async () => {
      const { workspace = '' } = sample ?? {};
      const emulator = await platform({ serve: true, servePort: 0 });
      const verify = (paths: readonly string[], seconds = '60') =>
        deploy({
          emulator,
          workspace,
          inputs: { verify: 'auto', 'verify-paths': paths.join('\n'), 'verify-timeout-seconds': seconds },
        });
      const redirects = ['/shop/day 308 location /products/day', '/shop/dark contains "Dark Earth"'];
      const pages = ['/', '/products/day', '/cart', '/about', ...redirects, '/nothing 404'];
      const green = await verify([...pages, '/api/products?slug=dark contains "postcard"']);
      expect(green.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
      expect(green.lines.join('\n')).toMatch(/build \S+ answers/);

      const red = await verify(['/', '/boom/streamed'], '3');
      expect(red.outputs).toMatchObject({ outcome: 'unhealthy', verification: 'unhealthy' });
      expect(JSON.parse(red.outputs['verification-results'] ?? '[]')).toMatchObject([
        { path: '/', state: 'healthy', status: 200 },
        // It failed before, too: it is the same build.
        { path: '/boom/streamed', state: 'unhealthy', status: 200, 'failed-before': true },
      ]);
    },
  );
});

/** Sends the product's form as a browser without JavaScript does: to the page itself, with the form's hidden fields. */
async function buy(address: string, slug: string, line: string): Promise<void> {
  const path = `/products/${slug}`;
  const { body } = await fetchPage(address, path);
  const form = new FormData();
  for (const [, name = '', value = ''] of body.matchAll(
    /<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?\/>/g,
  )) {
    form.append(name, value);
  }
  expect([...form.keys()]).toEqual([expect.stringMatching(/^\$ACTION_ID_[0-9a-f]+$/), 'slug']);
  const encoded = new Response(form);
  const answer = await fetchPage(address, path, {
    method: 'POST',
    headers: { Origin: address, 'Content-Type': encoded.headers.get('content-type') ?? '' },
    body: await encoded.text(),
  });
  expect(answer).toMatchObject({
    status: 303,
    headers: { location: '/cart', 'set-cookie': [`cart=${slug}; Path=/; HttpOnly; SameSite=lax`] },
  });
  const cart = await fetchPage(address, '/cart', { headers: { Cookie: `cart=${slug}` } });
  expect(cart.body).toContain(line);
}

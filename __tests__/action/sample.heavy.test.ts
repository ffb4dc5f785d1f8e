import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildSample, type SampleBuild, SampleUnavailable } from '../../scripts/sample/build.ts';
import { callApi } from '../emulator/helpers.ts';
import { addressOf, describeServed, fetchPage, isInstalled } from '../emulator/storefront-helpers.ts';
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
    expect(await page('/products/apple')).toMatchObject({
      status: 200,
      body: expect.stringContaining('<h1>Apples, 1 kg</h1>'),
    });
    expect(await page('/shop/apple')).toMatchObject({ status: 308, headers: { location: '/products/apple' } });
    expect(JSON.parse((await page('/api/products?slug=rice')).body)).toEqual([
      { slug: 'rice', name: 'Rice, 1 kg', price: 349 },
    ]);
    for (const [file, type] of [
      [/\/_next\/static\/media\/[\w.-]+\.jpeg/, 'image/jpeg'],
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

    const tail = await callApi(emulator, `/logs/${emulator.projects[0]?.uuid}/tail`);
    const reader = tail.body?.getReader();
    expect((await page('/boom')).status).toBe(500);
    const streamed = await page('/boom/streamed');
    expect(streamed).toMatchObject({ status: 200, body: expect.stringContaining('<h1>Reviews</h1>') });
    let logged = '';
    while (!logged.includes('/boom/streamed')) logged += Buffer.from((await reader?.read())?.value ?? []).toString();
    await reader?.cancel();
    const events = [...logged.matchAll(/^data: ?(\{.*\})$/gm)].map(([, data = '']) => JSON.parse(data));
    expect(events).toMatchObject([
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
});

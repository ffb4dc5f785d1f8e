import { expect, test } from '@jest/globals';
import { fetchPage } from '../../scripts/served-page.ts';
import { addressOf, describeServed } from '../emulator/storefront-helpers.ts';
import { deploy, platform, storefront } from './harness.ts';

const worker = 'export default { fetch: (_, env) => new Response("for " + env.REGION) };\n';

describeServed('on a platform that serves storefronts', () => {
  test('the action deploys, and its url is where the page is; a build that cannot start stays red', async () => {
    const emulator = await platform({ serve: true });
    const inputs = { 'environment-variables': 'REGION=eu' };
    const green = await deploy({ emulator, workspace: storefront({ 'worker.js': worker }), inputs });
    const address = addressOf(emulator);
    expect(green.outputs).toMatchObject({ outcome: 'deployed', url: address });
    expect(green.summary).toContain(address);
    expect((await fetchPage(green.outputs['url'] ?? '')).body).toBe('for eu');

    const broken = storefront({
      'worker.js': 'export default { fetch() { throw new Error("late") } }; throw new Error("early");\n',
    });
    const red = await deploy({ emulator, workspace: broken, inputs });
    expect(red.exitCode).toBe(1);
    expect(red.outputs).toMatchObject({ outcome: 'failed' });
    expect(emulator.deployments.at(-1)).toMatchObject({ status: 'failed', errorCode: 40 });
    expect((await fetchPage(address)).body).toBe('for eu');
  });
});

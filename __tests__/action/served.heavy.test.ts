import { expect, test } from '@jest/globals';
import { fetchPage } from '../../scripts/served-page.ts';
import { addressOf, describeServed, page } from '../emulator/storefront-helpers.ts';
import { githubPlatform, onPullRequest } from './github-harness.ts';
import { deploy, platform, storefront } from './harness.ts';
import { deployVersion, rollBack } from './rollback-harness.ts';

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

  test('a rollback brings the former page back, and an isolated preview has an address of its own beside it', async () => {
    const emulator = await githubPlatform({ serve: true });
    const build = (words: string) => storefront({ 'worker.js': page(words) });
    for (const version of ['one', 'two']) await deployVersion(emulator, version, { workspace: build(version) });
    const bodyOf = async (address = '') => (await fetchPage(address)).body;
    const address = addressOf(emulator);
    expect(await bodyOf(address)).toBe('two');
    const rolledBack = await rollBack({ emulator });
    expect(rolledBack.outputs).toMatchObject({ outcome: 'deployed', url: address });
    expect(await bodyOf(rolledBack.outputs['url'])).toBe('one');

    const inputs = { preview: 'isolated', 'project-uuid': '' };
    const preview = await onPullRequest({ emulator, workspace: build('preview'), inputs });
    const made = emulator.projects.find(({ uuid }) => uuid === preview.outputs['project-uuid']);
    expect(preview.outputs['url']).toBe(`http://${made?.name}.localhost:${new URL(address).port}`);
    expect(emulator.github.deployments.at(-1)?.statuses.at(-1)?.environmentUrl).toBe(preview.outputs['url']);
    expect(await bodyOf(preview.outputs['url'])).toBe('preview');
    expect(await bodyOf(address)).toBe('one');
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { useEmulator } from './helpers.ts';
import { useVendorTool } from './vendor-tool-helpers.ts';

const WORKER = 'export default { fetch: () => new Response("hello") };\n';

const tool = useVendorTool();

/** The least that the tool takes for a storefront that is set up and built. */
async function createStorefront(name: string): Promise<string> {
  const storefront = await tool.directory(name);
  await mkdir(join(storefront, '.bigcommerce', 'dist', 'assets'), { recursive: true });
  await writeFile(join(storefront, '.bigcommerce', 'dist', 'worker.js'), WORKER);
  await writeFile(join(storefront, '.bigcommerce', 'dist', 'assets', 'logo.svg'), '<svg/>');
  await writeFile(join(storefront, 'middleware.ts'), '');
  await writeFile(join(storefront, 'package-lock.json'), '{}');
  const dependencies = { '@opennextjs/cloudflare': '1.17.3' };
  await writeFile(join(storefront, 'package.json'), JSON.stringify({ name, private: true, dependencies }));
  return storefront;
}

function deployWithVendorTool(emulator: Emulator, storefront: string) {
  return tool.run(emulator, ['deploy', '--prebuilt', '--secret', 'API_SECRET=s3cret'], storefront);
}

test("the vendor's own tool deploys to the emulator", async () => {
  await using emulator = await useEmulator({ tls: true, stepMs: 100 });
  const { code, output } = await deployWithVendorTool(emulator, await createStorefront('shop'));
  expect(output).toContain('Deployment completed successfully.');
  expect(output).toContain(`https://${emulator.projects[0]?.deploymentHostnames[0]}`);
  expect(output).not.toContain('Failed to parse event');
  expect(code).toBe(0);
  expect(emulator.requests.map(({ call, status, finished }) => [call, status, finished])).toEqual(
    ['listProjects', 'sign', 'upload', 'createDeployment', 'events'].map((call) => [call, 200, true]),
  );
  expect(emulator.violations).toEqual([]);
  expect(emulator.deployments).toMatchObject([
    { status: 'completed', environmentVariables: [{ type: 'secret', key: 'API_SECRET', value: 's3cret' }] },
  ]);
  expect(emulator.deployments[0]?.files?.toSorted()).toEqual(['output/assets/logo.svg', 'output/worker.js']);
});

test("the vendor's own tool understands a failure of the emulator", async () => {
  await using emulator = await useEmulator({ tls: true, stepMs: 100 });
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
  const { code, output } = await deployWithVendorTool(emulator, await createStorefront('broken'));
  expect(output).toContain('Deployment failed (error code 40)');
  expect(code).not.toBe(0);
});

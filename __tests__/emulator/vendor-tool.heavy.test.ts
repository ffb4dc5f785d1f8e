import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { vendorToolEnvironment } from '../../scripts/vendor-tool.ts';
import { timeoutMs } from '../timeouts.ts';
import { useEmulator } from './helpers.ts';

const run = promisify(execFile);
const WORKER = 'export default { fetch: () => new Response("hello") };\n';

let directory: string;

// Bought once for all tests: the vendor's own command-line tool, the only other client that there is.
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vendor-tool-'));
  await writeFile(join(directory, 'package.json'), '{"private": true}');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '@bigcommerce/catalyst@1.4.1'];
  await run('npm', args, { cwd: directory, shell: process.platform === 'win32' });
}, timeoutMs(300_000));

afterAll(() => rm(directory, { recursive: true, force: true }));

/** The least that the tool takes for a storefront that is set up and built. */
async function createStorefront(name: string): Promise<string> {
  const storefront = join(directory, name);
  await mkdir(join(storefront, '.bigcommerce', 'dist', 'assets'), { recursive: true });
  await writeFile(join(storefront, '.bigcommerce', 'dist', 'worker.js'), WORKER);
  await writeFile(join(storefront, '.bigcommerce', 'dist', 'assets', 'logo.svg'), '<svg/>');
  await writeFile(join(storefront, 'middleware.ts'), '');
  await writeFile(join(storefront, 'package-lock.json'), '{}');
  const dependencies = { '@opennextjs/cloudflare': '1.17.3' };
  await writeFile(join(storefront, 'package.json'), JSON.stringify({ name, private: true, dependencies }));
  return storefront;
}

async function deployWithVendorTool(emulator: Emulator, storefront: string) {
  const tool = join(directory, 'node_modules', '@bigcommerce', 'catalyst', 'dist', 'cli.js');
  const env = vendorToolEnvironment(emulator, join(directory, 'home'));
  const args = [tool, 'deploy', '--prebuilt', '--secret', 'API_SECRET=s3cret'];
  return run(process.execPath, args, { cwd: storefront, env, timeout: timeoutMs(60_000) }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code: code as number, output: `${stdout}${stderr}` }),
  );
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

import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { createDeployment, createZip, readJson, upload } from './helpers.ts';

export const isInstalled = existsSync(
  new URL('../../emulator/services/storefront/node_modules/miniflare', import.meta.url),
);
if (!isInstalled) process.stderr.write("Skipped: storefronts need miniflare; run 'npm run serve:install'.\n");

/** `describe`, skipped where miniflare is not installed. */
export const describeServed = isInstalled ? describe : describe.skip;

export function addressOf(emulator: Emulator, index = 0): string {
  return emulator.storefronts.addressOf(emulator.projects[index]?.uuid ?? '') ?? '';
}

/** Deploys a worker, and waits for the verdict. */
export async function deployWorker(
  emulator: Emulator,
  worker: string,
  more: { files?: Record<string, string>; body?: object } = {},
) {
  const files = Object.entries({ 'worker.js': worker, ...more.files });
  const zip = createZip(files.map(([name, content]) => ({ name: `output/${name}`, content })));
  const answer = await readJson(createDeployment(emulator, await upload(emulator, zip), more.body));
  const uuid: string = answer.data.deployment_uuid;
  return await emulator.waitForDeployment((one) => one.deploymentUuid === uuid && one.endedAtMs !== undefined);
}

/** A worker whose pages have these words. */
export function page(words: string): string {
  return `export default { fetch: () => new Response(${JSON.stringify(words)}) }`;
}

import { existsSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { createDeployment, createZip, readJson, upload } from './helpers.ts';

export const isInstalled = existsSync(
  new URL('../../emulator/services/storefront/node_modules/miniflare', import.meta.url),
);
if (!isInstalled) process.stderr.write("Skipped: storefronts need miniflare; run 'npm run serve:install'.\n");

/** `describe`, skipped where miniflare is not installed. */
export const describeServed = isInstalled ? describe : describe.skip;

export interface Page {
  status: number;
  headers: IncomingHttpHeaders;
  rawHeaders: readonly string[];
  body: string;
}

/** Names under .localhost do not resolve everywhere, so the host is a header. */
export async function fetchPage(
  address: string,
  path = '/',
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Page> {
  const { host, port } = new URL(address);
  const options = { host: '127.0.0.1', port, path, method, headers: { ...headers, Host: host }, agent: false };
  return await new Promise((resolve, reject) => {
    const asked = request(options, (answer) => {
      const { statusCode: status = 0, headers, rawHeaders } = answer;
      text(answer).then((body) => resolve({ status, headers, rawHeaders, body }), reject);
    });
    asked.on('error', reject).end(body);
  });
}

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

import { createHash, randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Emulator } from '../../emulator/emulator.ts';
import type { BatchRecord, SentRecord } from '../../emulator/services/sitecore/records.ts';
import { readJson } from './helpers.ts';

export function md5Of(bytes: Uint8Array, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash('md5').update(bytes).digest(encoding);
}

export function basic({ sitecore }: Emulator): string {
  return `Basic ${Buffer.from(`${sitecore.clientKey}:${sitecore.apiToken}`).toString('base64')}`;
}

/** `path` is what comes after `/v2/batches`. */
export function callBatches(emulator: Emulator, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${emulator.origin}/v2/batches${path}`, {
    ...init,
    headers: { authorization: basic(emulator), ...init.headers },
  });
}

export function createRecord(more: Partial<SentRecord> = {}): SentRecord {
  const value = { email: 'jane@example.com', firstName: 'Jane' };
  return { ref: randomUUID(), schema: 'guest', mode: 'upsert', value, ...more };
}

/** A gzip of lines, each a record or anything. */
export function pack(...lines: readonly (object | string)[]): Uint8Array<ArrayBuffer> {
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  return new Uint8Array(gzipSync(texts.map((text) => `${text}\n`).join('')));
}

export function sendAllocate(emulator: Emulator, ref: string, body: unknown): Promise<Response> {
  return callBatches(emulator, `/${ref}`, { method: 'PUT', body: JSON.stringify(body) });
}

/** Allocates; the answer. */
export async function allocate(emulator: Emulator, file: Uint8Array, ref: string = randomUUID()) {
  const response = await sendAllocate(emulator, ref, { checksum: md5Of(file), size: file.length });
  if (response.status !== 200) throw new Error(`allocate: ${response.status} ${await response.text()}`);
  return await readJson(response);
}

/** The headers of the API document, section 3. */
export function storeHeaders(file: Uint8Array): Record<string, string> {
  return {
    'content-md5': md5Of(file, 'base64'),
    'content-type': 'application/gzip',
    'x-amz-server-side-encryption': 'AES256',
  };
}

export function putFile(
  href: string,
  file: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(href, { method: 'PUT', body: file, headers: { ...storeHeaders(file), ...headers } });
}

/** Allocates and uploads; the ref. */
export async function send(emulator: Emulator, file: Uint8Array<ArrayBuffer>): Promise<string> {
  const { ref, location } = await allocate(emulator, file);
  const response = await putFile(location.href, file);
  if (response.status !== 200) throw new Error(`upload: ${response.status} ${await response.text()}`);
  return ref;
}

/** The batch, once it has a verdict. */
export function finish(emulator: Emulator, ref: string): Promise<BatchRecord> {
  return emulator.sitecore.waitForBatch((batch) => batch.ref === ref && batch.endedAtMs !== undefined);
}

export async function inspect(emulator: Emulator, ref: string) {
  return await readJson(callBatches(emulator, `/inspect/${ref}`));
}

/** The error log as it is. */
export async function downloadLog(emulator: Emulator, ref: string): Promise<Buffer> {
  const { status } = await inspect(emulator, ref);
  const response = await fetch(status.log);
  if (response.status !== 200) throw new Error(`log: ${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

export async function readLog(emulator: Emulator, ref: string): Promise<unknown[]> {
  const text = gunzipSync(await downloadLog(emulator, ref)).toString();
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** `<Code>` of an error of the store. */
export async function codeOf(response: Response): Promise<string> {
  const [, code = ''] = /<Code>(\w+)<\/Code>/.exec(await response.text()) ?? [];
  return `${response.status} ${code}`;
}

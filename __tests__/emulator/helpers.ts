import { crc32, deflateRawSync } from 'node:zlib';
import { createParser } from 'eventsource-parser';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { startEmulator } from '../../emulator/server.ts';

/** An emulator that is fast, and closed at the end of the scope. */
export async function useEmulator(options: EmulatorOptions = {}): Promise<Emulator & AsyncDisposable> {
  const emulator = await startEmulator({ stepMs: 1, ...options });
  return Object.assign(Object.create(Object.prototype, Object.getOwnPropertyDescriptors(emulator)), {
    [Symbol.asyncDispose]: () => emulator.close(),
  });
}

export function callApi(emulator: Emulator, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${emulator.origin}/stores/${emulator.storeHash}/v3/infrastructure${path}`, {
    ...init,
    headers: { 'X-Auth-Token': emulator.accessToken, ...init.headers },
  });
}

export function postJson(emulator: Emulator, path: string, body: unknown): Promise<Response> {
  return callApi(emulator, path, { method: 'POST', body: JSON.stringify(body) });
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what the tests look at
export async function readJson(response: Response | Promise<Response>): Promise<any> {
  return (await response).json();
}

export async function sign(emulator: Emulator): Promise<{ uploadUrl: string; uploadUuid: string }> {
  const { data } = await readJson(postJson(emulator, '/deployments/uploads', {}));
  return { uploadUrl: data.upload_url, uploadUuid: data.upload_uuid };
}

export function put(
  uploadUrl: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(uploadUrl, { method: 'PUT', body, headers: { 'Content-Type': 'application/zip', ...headers } });
}

export async function upload(emulator: Emulator, zip: Uint8Array<ArrayBuffer>): Promise<string> {
  const { uploadUrl, uploadUuid } = await sign(emulator);
  const response = await put(uploadUrl, zip);
  if (response.status !== 200) throw new Error(`upload: ${response.status} ${await response.text()}`);
  return uploadUuid;
}

export function createDeployment(emulator: Emulator, uploadUuid: string, more: object = {}): Promise<Response> {
  const body = { project_uuid: emulator.projects[0]?.uuid, upload_uuid: uploadUuid, ...more };
  return postJson(emulator, '/deployments', body);
}

/** Uploads and deploys; the uuid of the deployment. */
export async function deploy(emulator: Emulator, zip: Uint8Array<ArrayBuffer> = createZip()): Promise<string> {
  const { data } = await readJson(createDeployment(emulator, await upload(emulator, zip)));
  return data.deployment_uuid;
}

export function openEvents(emulator: Emulator, deploymentUuid: string, headers: Record<string, string> = {}) {
  return callApi(emulator, `/deployments/${deploymentUuid}/events`, { headers });
}

/** All `data` of a stream, as an independent reader sees it. */
export async function readEvents(response: Response): Promise<string[]> {
  const events: string[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event.data) });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }));
  return events;
}

export interface ZipItem {
  name: string;
  content: string | Buffer;
  crc?: number;
  declaredBytes?: number;
}

/** A zip made by hand, so that it can be wrong in any way. */
export function createZip(items: ZipItem[] = [{ name: 'output/worker.js', content: 'export default {}' }]) {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const item of items) {
    const content = Buffer.from(item.content);
    const data = deflateRawSync(content);
    const name = Buffer.from(item.name);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(8, 4);
    header.writeUInt32LE(item.crc ?? crc32(content), 10);
    header.writeUInt32LE(data.length, 14);
    header.writeUInt32LE(item.declaredBytes ?? content.length, 18);
    header.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), header, name, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), header, tail, name]));
    parts.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  const central = Buffer.concat(directory);
  end.writeUInt16LE(items.length, 8);
  end.writeUInt16LE(items.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...parts, central, end]));
}

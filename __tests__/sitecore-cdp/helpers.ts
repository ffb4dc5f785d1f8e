/** A batch client against a server of a few lines. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpCall } from '../../src/net/call.ts';
import { createBatchClient } from '../../src/sitecore-cdp/client.ts';
import { type Answer, type Seen, serveRecorded } from '../bigcommerce/small-server.ts';
import { temporaryFolder } from '../clean-up.ts';
import { startHttpClient } from '../net/http-client.ts';

export const REF = '0f8fad5b-d9cb-469f-a165-70867728950e';
export const MD5 = '0123456789abcdef0123456789abcdef';
export const SENT = { md5: MD5, sizeBytes: 12 };

/** @param answer is given each request with its body, and how many came before */
export async function clientOf(answer: (seen: Seen, before: number) => Answer, signal?: AbortSignal) {
  const { requests, apiOrigin: origin } = await serveRecorded(answer);
  return { ...createClient(origin, signal === undefined ? {} : { signal }), requests, origin };
}

/** Changes what is sent, as the client itself never would. */
export type ChangeCall = (call: HttpCall) => HttpCall;

interface ClientSettings {
  clientKey?: string;
  apiToken?: string;
  signal?: AbortSignal;
  changeCall?: ChangeCall;
}

export function createClient(
  origin: string,
  {
    clientKey = 'key',
    apiToken = 'token',
    signal = new AbortController().signal,
    changeCall = (call) => call,
  }: ClientSettings = {},
) {
  const masked: string[] = [];
  const retries: string[] = [];
  const http = startHttpClient();
  const client = createBatchClient({
    http: { ...http, send: (call) => http.send(changeCall(call)) },
    origin,
    clientKey,
    apiToken,
    signal,
    maskSecret: (value) => masked.push(value),
    onRetry: (what) => retries.push(what),
  });
  return { client, masked, retries };
}

/** A file on the disk, as packing leaves one. */
export function fileOf(bytes: Uint8Array) {
  const path = join(temporaryFolder(), 'part.gz');
  writeFileSync(path, bytes);
  return { path, sizeBytes: bytes.length, md5: createHash('md5').update(bytes).digest('hex'), isRepeatable: true };
}

/** A redirects client against a server of a few lines. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';
import { createRedirectsClient } from '../../src/bigcommerce/redirects-client.ts';
import { createHttpClient } from '../../src/net/http.ts';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

export interface Seen {
  method: string;
  url: URL;
  body: Buffer;
  headers: IncomingMessage['headers'];
}

/** What a server answers: a status and JSON (or text); or whatever it does itself. */
export type Answer =
  | { status?: number; json?: unknown; text?: string; headers?: Record<string, string> }
  | ((request: IncomingMessage, response: ServerResponse) => void);

/** @param answer is given each request with its body, and how many came before */
export async function clientOf(answer: (seen: Seen, before: number) => Answer, signal?: AbortSignal) {
  const requests: Seen[] = [];
  const retries: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '', 'http://host');
    const seen = { method: request.method ?? '', url, body: Buffer.concat(chunks), headers: request.headers };
    requests.push(seen);
    const given = answer(seen, requests.length - 1);
    if (typeof given === 'function') {
      given(request, response);
      return;
    }
    const { status = 200, json, text = json === undefined ? '' : JSON.stringify(json), headers = {} } = given;
    response.writeHead(status, headers).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = createHttpClient({ userAgent: 'test/1', correlationId: 'c' });
  cleanUps.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => http.close(),
  );
  const api = {
    http,
    apiOrigin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    storeHash: 'abc',
    accessToken: 'token',
    signal: signal ?? new AbortController().signal,
    onRetry: (what: string) => retries.push(what),
  };
  return { api, client: createRedirectsClient(api), requests, retries };
}

export const loseAnswer = (request: IncomingMessage) => request.socket.destroy();

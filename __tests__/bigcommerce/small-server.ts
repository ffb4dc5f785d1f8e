/** What a client is tested against where the embedded platform does not do it: a server of a few lines. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpClient } from '../../src/net/http.ts';
import { onCleanUp } from '../clean-up.ts';
import { startHttpClient } from '../net/http-client.ts';

/** What a client of a store's API needs to ask this server. Both are closed when the test is over. */
export interface SmallServer {
  http: HttpClient;
  apiOrigin: string;
  storeHash: string;
  accessToken: string;
}

export async function serve(listener: RequestListener): Promise<SmallServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanUp(() => server.close());
  onCleanUp(() => server.closeAllConnections());
  const apiOrigin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { http: startHttpClient(), apiOrigin, storeHash: 'abc', accessToken: 'token' };
}

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

/** Keeps what it is asked. @param answer is given each request with its body, and how many came before */
export async function serveRecorded(
  answer: (seen: Seen, before: number) => Answer,
): Promise<SmallServer & { requests: Seen[] }> {
  const requests: Seen[] = [];
  const server = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // Broken off by the client: nobody waits for an answer.
    }
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
  return { ...server, requests };
}

export const loseAnswer = (request: IncomingMessage) => request.socket.destroy();

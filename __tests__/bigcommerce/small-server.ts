/** A server of a few lines, for tests of what the embedded platform does not do. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpClient } from '../../src/net/http.ts';
import { onCleanUp } from '../clean-up.ts';
import { startHttpClient } from '../net/http-client.ts';

/** The options with which a store's client calls this server. Both are closed after the test. */
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

/** A server's answer: a status and JSON (or text), or a custom handler. */
export type Answer =
  | { status?: number; json?: unknown; text?: string; headers?: Record<string, string> }
  | ((request: IncomingMessage, response: ServerResponse) => void);

/** Records its requests. @param answer gets each request with its body, and the number of earlier ones */
export async function serveRecorded(
  answer: (seen: Seen, before: number) => Answer,
): Promise<SmallServer & { requests: Seen[] }> {
  const requests: Seen[] = [];
  const server = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // The client has closed the connection: nothing waits for an answer.
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

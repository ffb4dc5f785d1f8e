/** A redirects client against a server of a few lines. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRedirectsClient } from '../../src/bigcommerce/redirects-client.ts';
import { serve } from './small-server.ts';

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
  const server = await serve(async (request, response) => {
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
  const api = {
    ...server,
    signal: signal ?? new AbortController().signal,
    onRetry: (what: string) => retries.push(what),
  };
  return { api, client: createRedirectsClient(api), requests, retries };
}

export const loseAnswer = (request: IncomingMessage) => request.socket.destroy();

/** A redirects client against a server of a few lines. */
import { createRedirectsClient } from '../../src/bigcommerce/redirects-client.ts';
import { type Answer, type Seen, serveRecorded } from './small-server.ts';

export type { Answer, Seen } from './small-server.ts';
export { loseAnswer } from './small-server.ts';

/** @param answer is given each request with its body, and how many came before */
export async function clientOf(answer: (seen: Seen, before: number) => Answer, signal?: AbortSignal) {
  const retries: string[] = [];
  const { requests, ...server } = await serveRecorded(answer);
  const api = {
    ...server,
    signal: signal ?? new AbortController().signal,
    onRetry: (what: string) => retries.push(what),
  };
  return { api, client: createRedirectsClient(api), requests, retries };
}

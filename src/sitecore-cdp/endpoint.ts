import { knownWords, scrubMessage } from '../domain/batch/scrub.ts';
import type { HttpError, NetworkError } from '../net/errors.ts';
import type { HttpClient } from '../net/http.ts';
import type { JsonApi, JsonCall } from '../net/json-call.ts';
import { callJson, sendJson } from '../net/json-call.ts';
import type { RetryNotice } from '../net/retry.ts';
import { explainRefusal } from './refusals.ts';

const UNREADABLE_FIX =
  'Check `base-url`: a proxy or another service may have answered in the place of the Batch API of Sitecore CDP.';

export interface BatchClientOptions {
  http: HttpClient;
  /** `https://api-engage-eu.sitecorecloud.io` */
  origin: string;
  clientKey: string;
  apiToken: string;
  signal: AbortSignal;
  /** What is left of the run's time: the service is not waited for any longer. */
  timeLeftMs?: (() => number) | undefined;
  /** Signed URLs are credentials. Each is told once. */
  maskSecret: (value: string) => void;
  onRetry: (what: string, notice: RetryNotice) => void;
}

export interface Endpoint<T> extends Omit<JsonCall<T>, 'url' | 'explain'> {
  /** From the API's origin on: `v2/batches/…`. */
  path: string;
}

/** What HTTP Basic auth sends after `Basic ` (RFC 7617, in UTF-8). A secret: whoever has a log masks it. */
export function basicCredentials(clientKey: string, apiToken: string): string {
  return Buffer.from(`${clientKey}:${apiToken}`, 'utf8').toString('base64');
}

/** Sends a request until it has an answer, or is refused. @throws HttpError, NetworkError, or the signal's reason */
export async function callEndpoint<T>(
  options: BatchClientOptions,
  endpoint: Endpoint<T>,
  mayRepeat: (error: HttpError | NetworkError) => boolean,
): Promise<T> {
  return await callJson(apiOf(options), callOf(options, endpoint), { mayRepeat });
}

/** The same as one attempt. */
export async function askOnce<T>(options: BatchClientOptions, endpoint: Endpoint<T>): Promise<T> {
  return await sendJson(apiOf(options), callOf(options, endpoint));
}

function apiOf({ http, clientKey, apiToken, signal, timeLeftMs, onRetry }: BatchClientOptions): JsonApi {
  const headers = { authorization: `Basic ${basicCredentials(clientKey, apiToken)}` };
  // Nobody knows what a refusal quotes. Of which record it would be is not known either: what looks like data goes.
  const cleanWords = (words: string) => scrubMessage(words, knownWords(undefined));
  return { http, headers, cleanWords, signal, timeLeftMs, onRetry, unreadableFix: UNREADABLE_FIX };
}

function callOf<T>({ origin }: BatchClientOptions, { path, ...call }: Endpoint<T>): JsonCall<T> {
  return { ...call, url: new URL(`${origin}/${path}`), explain: explainRefusal };
}

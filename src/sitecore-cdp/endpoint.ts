import { knownWords, scrubMessage } from '../domain/batch/scrub.ts';
import { isPrivateUrl } from '../domain/loopback.ts';
import { ActionError } from '../errors.ts';
import type { HttpError, NetworkError } from '../net/errors.ts';
import type { HttpClient } from '../net/http.ts';
import type { JsonApi, JsonCall } from '../net/json-call.ts';
import { callJson, sendJson } from '../net/json-call.ts';
import type { RetryNotice } from '../net/retry.ts';
import { SITECORE_CDP } from '../net/services.ts';
import { explainApiError } from './explain.ts';

const UNREADABLE_FIX =
  'Check `base-url`: a proxy or another service may have answered in the place of the Batch API of Sitecore CDP.';

export interface BatchClientOptions {
  http: HttpClient;
  /** `https://api-engage-eu.sitecorecloud.io` */
  origin: string;
  clientKey: string;
  apiToken: string;
  signal: AbortSignal;
  /** The time that the run has left: no wait is longer. */
  timeLeftMs?: (() => number) | undefined;
  /** For signed URLs, which are credentials. Each is masked once. */
  maskSecret: (value: string) => void;
  onRetry: (what: string, notice: RetryNotice) => void;
}

export interface Endpoint<T> extends Omit<JsonCall<T>, 'url' | 'explain'> {
  /** Relative to the origin of the API: `v2/batches/…`. */
  path: string;
}

/** What HTTP Basic auth sends after `Basic ` (RFC 7617, in UTF-8). A secret, which the caller has to mask. */
export function basicCredentials(clientKey: string, apiToken: string): string {
  return Buffer.from(`${clientKey}:${apiToken}`, 'utf8').toString('base64');
}

/** Sends a request until there is a response or a lasting error. @throws HttpError, NetworkError, or the signal's reason */
export async function callEndpoint<T>(
  options: BatchClientOptions,
  endpoint: Endpoint<T>,
  mayRepeat: (error: HttpError | NetworkError) => boolean,
): Promise<T> {
  return await callJson(apiOf(options), callOf(options, endpoint), { mayRepeat });
}

/** The same with a single attempt. */
export async function askOnce<T>(options: BatchClientOptions, endpoint: Endpoint<T>): Promise<T> {
  return await sendJson(apiOf(options), callOf(options, endpoint));
}

function apiOf({ http, clientKey, apiToken, signal, timeLeftMs, onRetry }: BatchClientOptions): JsonApi {
  const headers = { authorization: `Basic ${basicCredentials(clientKey, apiToken)}` };
  // An error may quote any record, so everything that looks like data is removed.
  const cleanWords = (words: string) => scrubMessage(words, knownWords(undefined));
  return {
    http,
    headers,
    service: SITECORE_CDP,
    cleanWords,
    signal,
    timeLeftMs,
    onRetry,
    unreadableFix: UNREADABLE_FIX,
  };
}

function callOf<T>({ origin }: BatchClientOptions, { path, ...call }: Endpoint<T>): JsonCall<T> {
  return { ...call, url: new URL(`${origin}/${path}`), explain: explainApiError };
}

/**
 * Checks a URL of storage that the service gave: nobody else may read the traffic.
 * @param what "to upload the batch to"
 * @throws ActionError; the URL is not in it
 */
export function checkAddress(url: URL, what: string): void {
  if (isPrivateUrl(url)) return;
  throw new ActionError(`The service gave an address ${what} that is not an https URL; nothing was sent there.`, {
    topic: 'no-connection-or-no-answer',
    title: 'Address not usable',
    fix: 'Check `base-url`: does it name the API of Sitecore CDP?',
  });
}

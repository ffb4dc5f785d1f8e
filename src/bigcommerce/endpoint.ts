import type { HttpCall } from '../net/call.ts';
import type { HttpClient } from '../net/http.ts';
import { parseJsonAnswer } from '../net/json-answer.ts';
import { callJson, type JsonCall, type Repeating } from '../net/json-call.ts';
import type { RetryNotice } from '../net/retry.ts';
import { BIGCOMMERCE } from '../net/services.ts';
import { explainRefusal, PARTIAL, type Scope } from './refusals.ts';

const UNREADABLE_FIX = 'Check `api-host`: a proxy or another service may have answered instead of BigCommerce.';

/** What each call of a store's API needs. */
export interface ApiOptions {
  http: HttpClient;
  /** `https://api.bigcommerce.com` */
  apiOrigin: string;
  storeHash: string;
  accessToken: string;
  signal: AbortSignal;
  /** Time left for the step: the client waits for the platform no longer than this. */
  timeLeftMs?: (() => number) | undefined;
  onRetry: (what: string, notice: RetryNotice) => void;
  /** Gets each event of a deployment as it is received. */
  onDeploymentEvent?: ((data: string) => void) | undefined;
}

export interface HostingClientOptions extends ApiOptions {
  maskSecret: (value: string) => void;
}

export interface Endpoint<T> extends Omit<JsonCall<T>, 'url' | 'explain'>, Repeating {
  /** Path below the store's API: `infrastructure/projects`. */
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  scope: Scope;
  /** Takes precedence over the general explanation of a refusal. */
  explain?: HttpCall['explain'];
}

export function urlOf({ apiOrigin, storeHash }: ApiOptions, path: string, query: Endpoint<unknown>['query'] = {}): URL {
  const url = new URL(`${apiOrigin}/stores/${encodeURIComponent(storeHash)}/v3/${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

/** Sends a request until it has an answer, or is refused. @throws HttpError, NetworkError, or the signal's reason */
export async function callEndpoint<T>(options: ApiOptions, endpoint: Endpoint<T>): Promise<T> {
  const { path, query, scope, explain, mayRepeat, onStage, ...call } = endpoint;
  const { http, accessToken, signal, timeLeftMs, onRetry } = options;
  const headers = { 'x-auth-token': accessToken };
  return await callJson(
    { http, headers, service: BIGCOMMERCE, signal, timeLeftMs, onRetry, unreadableFix: UNREADABLE_FIX },
    {
      ...call,
      url: urlOf(options, path, query),
      isRefusal: (status) => status === PARTIAL,
      explain: (status, fields) => explain?.(status, fields) ?? explainRefusal(status, scope),
    },
    { mayRepeat, ...(onStage === undefined ? {} : { onStage }) },
  );
}

/** @throws NetworkError (a lost answer) for a body that does not match the API's description */
export function parseAnswer<T>(
  answer: { status: number; text: string },
  call: Pick<HttpCall, 'what' | 'method' | 'url'>,
  parse: (value: unknown) => T,
): T {
  return parseJsonAnswer(answer, { ...call, service: BIGCOMMERCE }, parse, UNREADABLE_FIX);
}

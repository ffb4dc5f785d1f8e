import type { HttpCall } from '../net/call.ts';
import type { HttpError, NetworkError } from '../net/errors.ts';
import type { HttpClient } from '../net/http.ts';
import { parseJsonAnswer } from '../net/json-answer.ts';
import { RETRY_BUDGET_MS, type RetryNotice, retry } from '../net/retry.ts';
import { explainRefusal, type Scope } from './refusals.ts';

export const ATTEMPT_TIMEOUT_MS = 15_000;
const SHORTEST_ATTEMPT_MS = 3000;
const UNREADABLE_FIX = 'Check `api-host`: a proxy or another service may have answered in the place of BigCommerce.';

/** What each call of a store's API needs. */
export interface ApiOptions {
  http: HttpClient;
  /** `https://api.bigcommerce.com` */
  apiOrigin: string;
  storeHash: string;
  accessToken: string;
  signal: AbortSignal;
  onRetry: (what: string, notice: RetryNotice) => void;
}

export interface HostingClientOptions extends ApiOptions {
  maskSecret: (value: string) => void;
}

export interface Endpoint<T> {
  what: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the store's API on: `infrastructure/projects`. */
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  body?: unknown;
  scope: Scope;
  /** Goes before the general explanation of a refusal. */
  explain?: HttpCall['explain'];
  /** Is given undefined for an answer without a body. */
  parse: (value: unknown) => T;
  /** An answer other than 204 may come without a body, too. */
  mayBeEmpty?: true;
  mayRepeat: (error: HttpError | NetworkError) => boolean;
  /** Of an attempt that must have its full time; the budget of retries is cut to what that leaves. */
  timeoutMs?: number;
  /** Where the answer may be larger than answers are otherwise. */
  maxAnswerBytes?: number;
  onStage?: (stage: 'sending' | 'waiting') => void;
}

export function urlOf({ apiOrigin, storeHash }: ApiOptions, path: string, query: Endpoint<unknown>['query'] = {}): URL {
  const url = new URL(`${apiOrigin}/stores/${encodeURIComponent(storeHash)}/v3/${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

/** Sends a request until it has an answer, or is refused. @throws HttpError, NetworkError, or the signal's reason */
export async function callEndpoint<T>(options: ApiOptions, endpoint: Endpoint<T>): Promise<T> {
  const { what, method, scope } = endpoint;
  const url = urlOf(options, endpoint.path, endpoint.query);
  const body = endpoint.body === undefined ? {} : { body: JSON.stringify(endpoint.body) };
  const headers = {
    accept: 'application/json',
    'x-auth-token': options.accessToken,
    ...(endpoint.body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const attempt = async (_: number, remainingMs: number): Promise<T> => {
    endpoint.onStage?.('sending');
    const timeoutMs = endpoint.timeoutMs ?? Math.max(SHORTEST_ATTEMPT_MS, Math.min(ATTEMPT_TIMEOUT_MS, remainingMs));
    const explain: HttpCall['explain'] = (status, fields) =>
      endpoint.explain?.(status, fields) ?? explainRefusal(status, scope);
    const sent: HttpCall = {
      what,
      method,
      url,
      headers,
      ...body,
      timeoutMs,
      ...(endpoint.maxAnswerBytes === undefined ? {} : { maxAnswerBytes: endpoint.maxAnswerBytes }),
      signal: options.signal,
      explain,
    };
    const answer = await options.http.send(sent);
    return endpoint.mayBeEmpty && answer.text === ''
      ? endpoint.parse(undefined)
      : parseAnswer(answer, sent, endpoint.parse);
  };
  const onRetry = (notice: RetryNotice) => {
    endpoint.onStage?.('waiting');
    options.onRetry(what, notice);
  };
  const budgetMs = RETRY_BUDGET_MS - (endpoint.timeoutMs ?? 0);
  return await retry(attempt, { signal: options.signal, mayRepeat: endpoint.mayRepeat, onRetry, budgetMs });
}

/** @throws NetworkError (a lost answer) for a body that is not what the API describes */
export function parseAnswer<T>(
  answer: { status: number; text: string },
  call: Pick<HttpCall, 'what' | 'method' | 'url'>,
  parse: (value: unknown) => T,
): T {
  return parseJsonAnswer(answer, call, parse, UNREADABLE_FIX);
}

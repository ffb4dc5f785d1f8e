import type { HttpAnswer, HttpCall } from './call.ts';
import type { HttpError, NetworkError } from './errors.ts';
import type { HttpClient } from './http.ts';
import { parseJsonAnswer } from './json-answer.ts';
import { refusal } from './refusal.ts';
import { RETRY_BUDGET_MS, type RetryNotice, retry } from './retry.ts';
import type { Service } from './services.ts';

export const ATTEMPT_TIMEOUT_MS = 15_000;
const SHORTEST_ATTEMPT_MS = 3000;

/** What all calls of one API share. */
export interface JsonApi {
  http: HttpClient;
  /** Of each call: the credentials. */
  headers: Readonly<Record<string, string>>;
  service: Service;
  cleanWords?: NonNullable<HttpCall['cleanWords']>;
  signal: AbortSignal;
  /** Time left for the step: the client does not wait longer than that. */
  timeLeftMs?: (() => number) | undefined;
  onRetry: (what: string, notice: RetryNotice) => void;
  /** What the user can do about an answer that is not the API's. */
  unreadableFix: string;
}

export interface JsonCall<T> {
  what: string;
  method: HttpCall['method'];
  url: URL;
  body?: unknown;
  explain: NonNullable<HttpCall['explain']>;
  /** Gets undefined for an answer without a body. */
  parse: (value: unknown, headers: HttpAnswer['headers']) => T;
  /** Whether a 2xx is nevertheless a failure. */
  isRefusal?: (status: number) => boolean;
  /** An answer other than 204 may come without a body, too. */
  mayBeEmpty?: true;
  /** An attempt's timeout that must not be cut; the budget of retries is reduced to what that leaves. */
  timeoutMs?: number;
  /** For an answer that may be larger than usual. */
  maxAnswerBytes?: number;
}

export interface Repeating {
  mayRepeat: (error: HttpError | NetworkError) => boolean;
  onStage?: (stage: 'sending' | 'waiting') => void;
}

/** Sends a request until it has an answer, or is refused. @throws HttpError, NetworkError, or the signal's reason */
export async function callJson<T>(api: JsonApi, call: JsonCall<T>, { mayRepeat, onStage }: Repeating): Promise<T> {
  const attempt = async (_: number, remainingMs: number): Promise<T> => {
    onStage?.('sending');
    const timeoutMs = Math.max(SHORTEST_ATTEMPT_MS, Math.min(ATTEMPT_TIMEOUT_MS, remainingMs));
    return await sendJson(api, { timeoutMs, ...call });
  };
  const onRetry = (notice: RetryNotice) => {
    onStage?.('waiting');
    api.onRetry(call.what, notice);
  };
  const budgetMs = RETRY_BUDGET_MS - (call.timeoutMs ?? 0);
  return await retry(attempt, { signal: api.signal, mayRepeat, onRetry, budgetMs, timeLeftMs: api.timeLeftMs });
}

/** One attempt of `callJson`. */
export async function sendJson<T>(api: Omit<JsonApi, 'onRetry'>, call: JsonCall<T>): Promise<T> {
  const { what, method, url, explain } = call;
  const { signal, service } = api;
  const hasBody = call.body !== undefined;
  const request: HttpCall = {
    what,
    method,
    url,
    service,
    headers: {
      accept: 'application/json',
      ...api.headers,
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(hasBody ? { body: JSON.stringify(call.body) } : {}),
    timeoutMs: call.timeoutMs ?? ATTEMPT_TIMEOUT_MS,
    ...(call.maxAnswerBytes === undefined ? {} : { maxAnswerBytes: call.maxAnswerBytes }),
    signal,
    explain,
    ...(api.cleanWords === undefined ? {} : { cleanWords: api.cleanWords }),
  };
  const answer = await api.http.send(request);
  if (call.isRefusal?.(answer.status)) throw refusal(request, answer);
  const parse = (value: unknown) => call.parse(value, answer.headers);
  if (call.mayBeEmpty && answer.text === '') return parse(undefined);
  const { cleanWords } = api;
  const described = { what, method, url, service, ...(cleanWords === undefined ? {} : { cleanWords }) };
  return parseJsonAnswer(answer, described, parse, api.unreadableFix);
}

import type { Readable } from 'node:stream';
import { type Dispatcher, EnvHttpProxyAgent, request as undiciRequest } from 'undici';
import { ActionError } from '../errors.ts';
import { HttpError, NetworkError } from './errors.ts';
import { CONNECT_TIMEOUT_MS, explainFault } from './faults.ts';

/** JSON answers of the APIs used are a few KB; anything larger is not one of them. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_SERVER_WORDS = 500;

export interface HttpCall {
  /** What the call is for, as a sentence begins: "Asking for an upload signature". */
  what: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: URL;
  headers?: Readonly<Record<string, string>>;
  body?: string | Readable;
  /** For one attempt: from the first byte sent to the last byte received (or the headers, for a stream). */
  timeoutMs: number;
  signal: AbortSignal;
  /** What the user can do about a refusal with this status; undefined where there is nothing special to say. */
  explain?: (status: number) => string | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
}

export interface HttpStream {
  headers: Readonly<Record<string, string>>;
  body: AsyncIterable<Uint8Array>;
}

/** One HTTP attempt at a time: no retries here, no redirects, every failure an HttpError or a NetworkError. */
export interface HttpClient {
  /** @throws HttpError for any status outside 200 to 299, NetworkError, or the signal's reason */
  send(call: HttpCall): Promise<HttpAnswer>;
  /** Opens a body to be read piece by piece; the caller ends it by leaving the loop or by aborting the signal. */
  open(call: HttpCall): Promise<HttpStream>;
  close(): Promise<void>;
}

export interface HttpClientOptions {
  userAgent: string;
  /** Sent as `X-Correlation-Id` on every call, and named in every failure: support asks for it. */
  correlationId: string;
}

/**
 * An HTTP client over undici that respects HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
 * @throws ActionError when a proxy variable is not a URL
 */
export function createHttpClient({ userAgent, correlationId }: HttpClientOptions): HttpClient {
  const dispatcher = createDispatcher();
  const start = (call: HttpCall, signal: AbortSignal) =>
    undiciRequest(call.url, {
      dispatcher,
      method: call.method,
      headers: { 'user-agent': userAgent, 'x-correlation-id': correlationId, ...call.headers },
      body: call.body ?? null,
      signal,
      // The caller's own timer and watchdogs rule; undici's would end an event stream that is only quiet.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  return {
    send: async (call) => {
      const timeout = AbortSignal.timeout(Math.ceil(call.timeoutMs));
      try {
        const response = await start(call, AbortSignal.any([call.signal, timeout]));
        const answer = {
          status: response.statusCode,
          headers: flatten(response.headers),
          text: await readText(response.body),
        };
        if (answer.status < 200 || answer.status > 299) throw refusal(call, answer);
        return answer;
      } catch (error) {
        throw translate(error, call, timeout);
      }
    },
    open: async (call) => {
      // The timer covers the headers only: a stream may stay open for as long as it likes.
      const timeout = new AbortController();
      const timer = setTimeout(() => timeout.abort(new DOMException('timed out', 'TimeoutError')), call.timeoutMs);
      try {
        const response = await start(call, AbortSignal.any([call.signal, timeout.signal]));
        const headers = flatten(response.headers);
        if (response.statusCode !== 200) {
          throw refusal(call, { status: response.statusCode, headers, text: await readText(response.body) });
        }
        return { headers, body: readBody(response.body, call) };
      } catch (error) {
        throw translate(error, call, timeout.signal);
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** The body's chunks, with a break in the middle told as a NetworkError. */
async function* readBody(body: AsyncIterable<Uint8Array>, call: HttpCall): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw translate(error, call, undefined);
  }
}

function createDispatcher(): Dispatcher {
  try {
    return new EnvHttpProxyAgent({ connect: { timeout: CONNECT_TIMEOUT_MS }, allowH2: false });
  } catch (cause) {
    throw new ActionError('The proxy named by HTTPS_PROXY or HTTP_PROXY is not a usable URL.', {
      title: 'Proxy setting not usable',
      fix: 'Set it to a URL such as http://proxy.example:3128, or unset it.',
      cause,
    });
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What the server gave as its reason: BigCommerce's JSON, storage's XML, or nothing that can be quoted. */
export function readRefusal(text: string): { words?: string; code?: string; fields?: Record<string, string> } {
  const json = parseObject(text);
  if (json !== undefined) {
    const fields = Object.fromEntries(
      Object.entries(asObject(json['errors']) ?? {}).map(([key, value]) => [key, String(value)]),
    );
    const words = [json['title'], json['detail'], ...Object.entries(fields).map(([key, value]) => `${key}: ${value}`)]
      .filter((word): word is string => typeof word === 'string' && word !== '')
      .join('; ');
    return { fields, ...(words === '' ? {} : { words: shorten(words) }) };
  }
  // Storage answers `<Error><Code>…</Code><Message>…</Message></Error>`; two elements do not ask for an XML parser.
  const code = /<Code>([\w.-]{1,80})<\/Code>/.exec(text)?.[1];
  const message = /<Message>([^<]{1,2000})<\/Message>/.exec(text)?.[1];
  return { ...(code === undefined ? {} : { code }), ...(message === undefined ? {} : { words: shorten(message) }) };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function shorten(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length > MAX_SERVER_WORDS ? `${line.slice(0, MAX_SERVER_WORDS)}…` : line;
}

function refusal(call: HttpCall, answer: HttpAnswer): HttpError {
  const { words, code, fields } = readRefusal(answer.text);
  const failure = {
    method: call.method,
    url: call.url,
    status: answer.status,
    headers: answer.headers,
    serverWords: words,
    serverCode: code,
    fields,
  };
  const fix = call.explain?.(answer.status);
  return new HttpError(call.what, failure, fix === undefined ? {} : { fix });
}

function translate(error: unknown, call: HttpCall, timeout: AbortSignal | undefined): unknown {
  if (error instanceof HttpError) return error;
  if (call.signal.aborted) return call.signal.reason;
  const common = { method: call.method, url: call.url, cause: error };
  if (timeout?.aborted === true) {
    const reason = `nothing came within ${Math.round(call.timeoutMs / 100) / 10} s`;
    return new NetworkError(call.what, { ...common, reason, delivery: 'lost-answer' });
  }
  return new NetworkError(call.what, { ...common, ...explainFault(error) });
}

import type { Dispatcher } from 'undici';
import { ActionError } from '../errors.ts';
import { startTimer, timeoutSignal } from '../pause.ts';
import { type AheadConnector, createAheadConnector } from './ahead-connector.ts';
import type { HttpAnswer, HttpCall } from './call.ts';
import { type Attempt, createProxyDispatcher, dispatch, flattenHeaders } from './dispatch.ts';
import { type HttpError, NetworkError } from './errors.ts';
import { CONNECT_TIMEOUT_MS, explainFault, proxyAdvice } from './faults.ts';
import { foreignBodyOf, foreignWords, isPage, refuseForeignBody } from './foreign-body.ts';
import { allowSlowHandshakes } from './handshakes.ts';
import { completeProxies } from './proxy.ts';
import { refusal } from './refusal.ts';

/** JSON answers of the APIs used are a few KB; anything larger is not one of them. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export interface HttpStream {
  headers: Readonly<Record<string, string>>;
  body: AsyncIterable<Uint8Array>;
}

/** One HTTP attempt at a time: no retries here, no redirects, every failure an HttpError or a NetworkError. */
export interface HttpClient {
  /** @throws HttpError for any status outside 200 to 299, NetworkError, or the signal's reason */
  send(call: HttpCall): Promise<HttpAnswer>;
  /** Opens a body to read piece by piece; the caller ends it by leaving the loop or by aborting the signal. */
  open(call: HttpCall): Promise<HttpStream>;
  /** See AheadConnector: a connection for the first call to that origin; nothing is sent over it until then. */
  openAhead: AheadConnector['openAhead'];
  close(): Promise<void>;
}

export interface HttpClientOptions {
  userAgent: string;
  /** Sent as `X-Correlation-Id` on every call, and named in every failure: support asks for it. */
  correlationId: string;
  /** Called before each call. */
  onCall?: () => void;
}

/**
 * An HTTP client over undici that respects HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
 * @throws ActionError when a proxy variable is not a URL
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  completeProxies();
  allowSlowHandshakes();
  const connector = createAheadConnector(CONNECT_TIMEOUT_MS);
  const dispatcher = createProxyDispatcher(connector.connect);
  return {
    send: async (call) => {
      const timeout = timeoutSignal(call.timeoutMs);
      const attempt: Attempt = { sent: false };
      try {
        const response = await start(call, AbortSignal.any([call.signal, timeout]), attempt, dispatcher, options);
        const { statusCode: status } = response;
        const headers = flattenHeaders(response.headers);
        if (status < 200 || status > 299) throw await refused(call, response);
        return { status, headers, text: await readText(response.body, call.maxAnswerBytes) };
      } catch (error) {
        throw translate(error, call, attempt, timeout);
      }
    },
    open: async (call) => {
      // The timer covers the headers only: a stream may stay open for as long as it likes.
      const timeout = new AbortController();
      const timer = startTimer(() => timeout.abort(new DOMException('timed out', 'TimeoutError')), call.timeoutMs);
      const attempt: Attempt = { sent: false };
      try {
        const signal = AbortSignal.any([call.signal, timeout.signal]);
        const response = await start(call, signal, attempt, dispatcher, options);
        if (response.statusCode !== 200) throw await refused(call, response);
        const headers = flattenHeaders(response.headers);
        // It opens no stream: a log is not followed from then on.
        if (call.expects === 'events' && /^text\/html\b/i.test(headers['content-type'] ?? '')) {
          throw pageError(foreignBodyOf(await readText(response.body)) ?? 'an HTML page', call);
        }
        return { headers, body: readBody(response.body, call) };
      } catch (error) {
        throw translate(error, call, attempt, timeout.signal);
      } finally {
        clearTimeout(timer);
      }
    },
    openAhead: connector.openAhead,
    close: async () => {
      connector.close();
      await dispatcher.destroy();
    },
  };
}

async function start(
  call: HttpCall,
  signal: AbortSignal,
  attempt: Attempt,
  dispatcher: Dispatcher,
  { userAgent, correlationId, onCall }: HttpClientOptions,
): Promise<Dispatcher.ResponseData> {
  return await dispatch(
    dispatcher,
    {
      method: call.method,
      url: call.url,
      headers: { 'user-agent': userAgent, 'x-correlation-id': correlationId, ...call.headers },
      body: call.body,
      signal,
      onStart: onCall,
    },
    attempt,
  );
}

/** The status is the answer: if its body breaks off, as when an upload is refused early, only the words are lost. */
async function refused(call: HttpCall, { statusCode, headers, body }: Dispatcher.ResponseData): Promise<HttpError> {
  const text = await readText(body).catch(() => '');
  return refusal(call, { status: statusCode, headers: flattenHeaders(headers), text });
}

/** The body's chunks; a break in the middle is thrown as a NetworkError. */
async function* readBody(body: AsyncIterable<Uint8Array>, call: HttpCall): AsyncGenerator<Uint8Array> {
  try {
    yield* call.expects === undefined ? body : refuseForeignBody(body, (what) => foreignError(what, call));
  } catch (error) {
    throw translate(error, call, { sent: true }, undefined);
  }
}

function foreignError(what: string, call: HttpCall): NetworkError | undefined {
  return !isPage(what) && call.expects === 'a gzip file' ? undefined : pageError(what, call);
}

function pageError(what: string, { what: call, method, url, service, expects = 'events' }: HttpCall): NetworkError {
  const outcome = `answered with ${foreignWords(what, expects)}`;
  return new NetworkError(call, {
    method,
    url,
    service,
    outcome,
    delivery: 'lost-answer',
    topic: 'an-answer-of-a-firewall-or-proxy',
  });
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes = MAX_ANSWER_BYTES): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new TooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** No answer of the API is this large: the next one would be, too. */
class TooLarge extends Error {
  constructor(maxBytes: number) {
    super(`sent an answer of more than ${maxBytes} bytes, which no answer of this API has`);
  }
}

function translate(error: unknown, call: HttpCall, { sent }: Attempt, timeout: AbortSignal | undefined): unknown {
  if (call.signal.aborted) return call.signal.reason;
  // A refusal, or a fault of the file being sent, which undici passes on unchanged.
  if (error instanceof ActionError) return error;
  const common = { method: call.method, url: call.url, service: call.service, cause: error };
  const delivery = sent ? 'lost-answer' : 'not-sent';
  if (timeout?.aborted === true) {
    const nothing = sent ? 'nothing came' : 'no connection';
    const outcome = `got no answer: ${nothing} within ${Math.round(call.timeoutMs / 100) / 10} s`;
    const fix = sent ? undefined : proxyAdvice();
    return new NetworkError(call.what, { ...common, outcome, delivery, ...(fix === undefined ? {} : { fix }) });
  }
  if (error instanceof TooLarge)
    return new NetworkError(call.what, { ...common, outcome: error.message, delivery, transient: false });
  return new NetworkError(call.what, { ...common, ...explainFault(error, call.url), delivery });
}

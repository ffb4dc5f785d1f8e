import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { type Agent, type buildConnector, type Dispatcher, EnvHttpProxyAgent, request as undiciRequest } from 'undici';
import { endedBy } from '../pause.ts';
import { CONNECT_TIMEOUT_MS } from './faults.ts';
import { unusableProxy } from './proxy.ts';

/** One request over undici, as all clients here send it. */

/** What is known of one attempt while it runs. */
export interface Attempt {
  /** The request has a connection and is on its way: from here on the server may carry it out. */
  sent: boolean;
}

export interface DispatchedRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string | AsyncIterable<Uint8Array> | undefined;
  /** The only limit of time. */
  signal: AbortSignal;
  /** Called right before it is sent. */
  onStart?: (() => void) | undefined;
}

/**
 * Sends a request; the body of its answer is still to be read. Redirects are not followed.
 * @throws undici's and Node's errors, or the signal's reason
 */
export async function dispatch(
  dispatcher: Dispatcher,
  { method, url, headers, body, signal, onStart }: DispatchedRequest,
  attempt: Attempt,
): Promise<Dispatcher.ResponseData> {
  // undici reuses a connection one turn of the event loop after its last answer: a call right away would open another.
  await setImmediate();
  signal.throwIfAborted();
  onStart?.();
  const response = undiciRequest(url, {
    dispatcher: dispatcher.compose(noteSending(attempt)),
    method,
    headers,
    // undici takes any async iterable (its docs, "Dispatcher.dispatch"); its types do not say so.
    body: (body ?? null) as string | Readable | null,
    signal,
    // The caller's own timer and watchdogs rule; undici's would end an event stream that is only quiet.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  // undici watches a signal only once there is a connection; a hanging proxy or handshake must not hang the run.
  return await endedBy(signal, response);
}

/** Notes when a request leaves on an open connection, proxy and TLS included. */
function noteSending(attempt: Attempt): Dispatcher.DispatcherComposeInterceptor {
  return (next) => (request, handler) => {
    const onRequestStart = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      attempt.sent = true;
      onRequestStart?.(controller, context);
    };
    return next(request, handler);
  };
}

/**
 * Respects HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
 * @param connect for requests that bypass the proxy
 * @param options undici's: its default keeps an idle connection for 4 s, unless the server names a shorter time
 * @throws ActionError when a proxy variable is not a URL
 */
export function createProxyDispatcher(
  connect: buildConnector.connector,
  options: Pick<Agent.Options, 'keepAliveTimeout' | 'maxHeaderSize'> = {},
): Dispatcher {
  try {
    return new EnvHttpProxyAgent({
      connect,
      connectTimeout: CONNECT_TIMEOUT_MS, // Towards a proxy, where undici connects by itself.
      allowH2: false,
      ...options,
    });
  } catch (cause) {
    throw unusableProxy(cause);
  }
}

/** Names in lower case; the values of a header that came more than once in one text. */
export function flattenHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

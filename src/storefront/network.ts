import { Agent, type Dispatcher } from 'undici';
import { type Attempt, createProxyDispatcher, dispatch } from '../net/dispatch.ts';
import { causeOf } from '../net/faults.ts';
import { allowSlowHandshakes } from '../net/handshakes.ts';
import { completeProxies } from '../net/proxy.ts';
import { isThisMachine, mayAsk } from './addresses.ts';
import { createPageConnector, type PageConnector } from './connector.ts';
import { explainNoAnswer, NoAnswerError, PRIVATE_ADDRESS } from './page-faults.ts';
import type { PageTime } from './page-time.ts';

/** Pages are asked again after pauses: the connection should still be there. A server may name a shorter time. */
const KEEP_ALIVE_MS = 30_000;
/** What a Cloudflare Worker may send; Node's own limit is 16 KB, and cookies and policies may take more. */
const MAX_HEADER_BYTES = 128 * 1024;
const OPTIONS = { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES };
/** A connection that was kept, and that the other side has closed meanwhile. */
const CLOSED_CODE = /^(?:UND_ERR_SOCKET|ECONNRESET|EPIPE)$/;

/** The connections of a client of storefronts. */
export interface Network {
  /** @throws NoAnswerError, or the reason of the time's signal if it was not the time that ended it */
  send(url: URL, headers: Readonly<Record<string, string>>, time: PageTime): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export interface NetworkOptions {
  userAgent: string;
  /** The platform is on this machine, and so may be its storefronts; otherwise nothing in a private network is asked. */
  isLocal: boolean;
}

/** What `send` needs. */
interface Connections {
  connector: PageConnector;
  dispatcherFor(url: URL): Dispatcher;
  /** Origins that have answered: their connections may have been kept. */
  answered: Set<string>;
  /** How many requests wait for an answer, by origin. */
  waiting: Map<string, number>;
}

/** @throws ActionError when a proxy variable is not a URL */
export function createNetwork({ userAgent, isLocal }: NetworkOptions): Network {
  completeProxies();
  allowSlowHandshakes();
  const connector = createPageConnector(isLocal);
  const { connect } = connector;
  const proxied = createProxyDispatcher(connect, OPTIONS);
  const direct = new Agent({ connect, allowH2: false, ...OPTIONS });
  const dispatcherFor = (url: URL) => (isThisMachine(url) ? direct : proxied);
  const connections: Connections = { connector, dispatcherFor, answered: new Set(), waiting: new Map() };
  return {
    send: async (url, headers, time) => {
      if (!mayAsk(url, isLocal)) throw new NoAnswerError(PRIVATE_ADDRESS);
      const response = await sendTo(url, { 'user-agent': userAgent, ...headers }, time, connections);
      connections.answered.add(url.origin);
      time.add(response.body);
      return response;
    },
    close: async () => {
      connector.close();
      await Promise.all([direct.destroy(), proxied.destroy()]);
    },
  };
}

/** Sends it once more where a connection that was kept turned out to be closed. */
async function sendTo(
  url: URL,
  headers: Readonly<Record<string, string>>,
  time: PageTime,
  connections: Connections,
): Promise<Dispatcher.ResponseData> {
  const mayBeClosed = connections.answered.has(url.origin);
  const attempt: Attempt = { sent: false };
  try {
    return await sendOnce(url, headers, time, connections, attempt);
  } catch (error) {
    // RFC 9112, section 9.3.1: a server may close an idle connection at any time, also while a request is on its way.
    const isClosed = attempt.sent && !time.signal.aborted && CLOSED_CODE.test(causeOf(error).code);
    if (!mayBeClosed || !isClosed) throw translate(error, url, attempt, time);
  }
  const again: Attempt = { sent: false };
  return await sendOnce(url, headers, time, connections, again).catch((error: unknown) => {
    throw translate(error, url, again, time);
  });
}

function translate(error: unknown, url: URL, { sent }: Attempt, time: PageTime): unknown {
  if (time.isOver()) return time.overError(sent ? 'answer' : 'connection');
  if (time.signal.aborted) return time.signal.reason;
  return new NoAnswerError(explainNoAnswer(error, { url, sent, isDirect: isThisMachine(url) }));
}

async function sendOnce(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { signal }: PageTime,
  { connector, dispatcherFor, waiting }: Connections,
  attempt: Attempt,
): Promise<Dispatcher.ResponseData> {
  const { origin } = url;
  waiting.set(origin, (waiting.get(origin) ?? 0) + 1);
  try {
    return await dispatch(dispatcherFor(url), { method: 'GET', url, headers, signal }, attempt);
  } finally {
    const others = (waiting.get(origin) ?? 0) - 1;
    waiting.set(origin, others);
    if (others <= 0 && signal.aborted) connector.giveUp(origin);
  }
}

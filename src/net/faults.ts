import { types } from 'node:util';
import type { HelpTopic } from '../help-topics.ts';
import { readProxies } from './proxy.ts';

export const CONNECT_TIMEOUT_MS = 10_000;

/** What went wrong on the way to an answer. */
export interface Fault {
  /** The rest of the sentence "POST https://host/path …". */
  outcome: string;
  /** Another try may help. */
  transient: boolean;
  fix?: string;
  topic?: HelpTopic;
}

const CONNECTION_CODES: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'the connection was refused'],
  ['ENOTFOUND', 'the host name is not known'],
  ['EAI_AGAIN', 'the host name could not be looked up'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['ENETUNREACH', 'the network cannot be reached'],
  ['EADDRNOTAVAIL', 'the network cannot be reached'],
  ['ETIMEDOUT', 'the connection timed out'],
  ['UND_ERR_CONNECT_TIMEOUT', `no connection within ${CONNECT_TIMEOUT_MS / 1000} s`],
  ['UND_ERR_PRX_CONN', 'the proxy did not make the connection'],
]);

/** Node's and OpenSSL's codes for a certificate that is not accepted. */
export const CERTIFICATE_CODE = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/;
/** How many addresses of a host a message names. */
const MAX_ADDRESSES = 4;

/**
 * What undici's and Node's errors mean for the user, and whether another try may help.
 * @param url what was asked for
 */
export function explainFault(error: unknown, url?: URL): Fault {
  const { code, message } = causeOf(error);
  const connection = CONNECTION_CODES.get(code);
  if (connection !== undefined) return explainConnection(error, `${connection} (${code})`, url);
  if (CERTIFICATE_CODE.test(code)) {
    return {
      outcome: `got no answer: its TLS certificate was not accepted (${code})`,
      transient: false,
      topic: 'tls-certificate-not-accepted',
      fix: 'Behind a proxy that opens TLS, set NODE_EXTRA_CA_CERTS to its CA certificate for the step.',
    };
  }
  if (/^Proxy response/.test(message)) return explainProxy(message);
  // Faults of this program, and of a file that changed while it was sent: the next try would end alike.
  const transient = !/^UND_ERR_(INVALID_|REQ_CONTENT_LENGTH|NOT_SUPPORTED)/.test(code);
  const outcome = `got no answer: ${code === '' ? message : `the connection broke (${code})`}`;
  return withAdvice({ outcome, transient });
}

/** What to check if a proxy is set and may be the cause; undefined without a proxy. */
export function proxyAdvice(): string | undefined {
  const proxies = [...new Set(readProxies().map((proxy) => `${proxy.hostname}:${portOf(proxy)}`))];
  if (proxies.length === 0) return undefined;
  return `Check that the runner reaches this host. Unless NO_PROXY names it, the proxy ${proxies.join(' or ')} has to let it through.`;
}

/** Whether there never was a connection, so that the request certainly did not reach the server. */
export function isConnectFault(error: unknown): boolean {
  const { code, message } = causeOf(error);
  return CONNECTION_CODES.has(code) || CERTIFICATE_CODE.test(code) || /^Proxy response/.test(message);
}

function withAdvice(fault: Fault): Fault {
  const fix = proxyAdvice();
  return fix === undefined ? fault : { ...fault, fix };
}

/** @param words what happened, where there was one address to try */
function explainConnection(error: unknown, words: string, url: URL | undefined): Fault {
  const attempts = attemptsOf(error);
  const what = attempts.length > 1 ? `no connection: ${attempts.join('; ')}` : words;
  const proxy = url === undefined ? undefined : findProxy(error, url);
  if (proxy === undefined) return withAdvice({ outcome: `got no answer: ${what}`, transient: true });
  return {
    outcome: `got no answer, since the proxy ${proxy.hostname}:${portOf(proxy)} could not be reached: ${what}`,
    transient: true,
    topic: 'the-proxy-could-not-be-reached',
    fix: 'Check HTTPS_PROXY and HTTP_PROXY, and that the proxy runs; hosts that are reached without it belong in NO_PROXY.',
  };
}

/**
 * What happened at each address of a host that has several: the one code that undici reports is only part of the truth.
 */
function attemptsOf(error: unknown): string[] {
  const attempts = errorsOf(error).flatMap(({ code, address, port }) => {
    if (typeof code !== 'string' || typeof address !== 'string') return [];
    const host = address.includes(':') ? `[${address}]` : address;
    return [`${host}:${port}: ${CONNECTION_CODES.get(code) ?? 'it failed'} (${code})`];
  });
  const shown = [...new Set(attempts)];
  return shown.length <= MAX_ADDRESSES
    ? shown
    : [...shown.slice(0, MAX_ADDRESSES), `and ${shown.length - MAX_ADDRESSES} more`];
}

/**
 * The proxy that the connection was meant for, if any: only the client knows which hosts bypass a proxy, and its
 * errors name the address that was tried, not why.
 */
export function findProxy(error: unknown, url: URL): URL | undefined {
  const errors = errorsOf(error);
  const tried = errors.flatMap(({ hostname, address, message }) => [
    hostname,
    address,
    ATTEMPTED.exec(String(message))?.[1],
  ]);
  const ports = errors.flatMap(({ port, message }) => [String(port), ATTEMPTED.exec(String(message))?.[2]]);
  return readProxies().find((proxy) => {
    if (proxy.host === url.host) return false;
    const isItsPort = portOf(proxy) !== portOf(url) && ports.includes(portOf(proxy));
    return isItsPort || tried.includes(proxy.hostname.replace(/^\[|\]$/g, ''));
  });
}

/** undici's words for a connection that took too long. */
const ATTEMPTED = /attempted address(?:es)?: ([^\s,]+):(\d+),/;

function portOf({ port, protocol }: URL): string {
  if (port !== '') return port;
  return { 'http:': '80', 'https:': '443' }[protocol] ?? '1080';
}

/**
 * undici reports the status of a refused CONNECT in its message only: "Proxy response (407) !== 200 when HTTP
 * Tunneling".
 */
function explainProxy(message: string): Fault {
  const status = Number(/\((\d{3})\)/.exec(message)?.[1]);
  return {
    outcome: `got no answer: the proxy refused the connection with ${Number.isNaN(status) ? 'an unusable answer' : status}`,
    transient: status === 429 || status >= 500,
    topic: 'the-proxy-could-not-be-reached',
    fix: 'Check HTTPS_PROXY and its credentials, and that the proxy allows this host.',
  };
}

/** An error, its causes, and the members of those that stand for several (each address of a host that was tried). */
export function errorsOf(error: unknown): Record<string, unknown>[] {
  const chain: Record<string, unknown>[] = [];
  for (let e = error; types.isNativeError(e) && chain.length < 5; e = e.cause) {
    chain.push(e as unknown as Record<string, unknown>);
  }
  const members = chain.flatMap((e) => (Array.isArray(e['errors']) ? (e['errors'] as Record<string, unknown>[]) : []));
  return [...chain, ...members];
}

/** Code and message of the error that says most; the code is '' where there is none. */
export function causeOf(error: unknown): { code: string; message: string } {
  const errors = errorsOf(error);
  const found = errors.find((e) => typeof e['code'] === 'string') ?? errors[0] ?? {};
  return {
    code: typeof found['code'] === 'string' ? found['code'] : '',
    message: typeof found['message'] === 'string' ? found['message'] : 'unknown fault',
  };
}

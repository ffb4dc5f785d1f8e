import type { PageFault } from '../domain/verification/page.ts';
import { CERTIFICATE_CODE, CONNECT_TIMEOUT_MS, causeOf, errorsOf, findProxy } from '../net/faults.ts';
import { PrivateAddressError } from './addresses.ts';
import { UnknownEncodingError } from './page-body.ts';

/** Why a page has no answer. @property reason a few words, nothing of them from the page */
export interface NoAnswer {
  fault: PageFault;
  reason: string;
}

/** A request, or a way of redirects, without an answer. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';
  readonly why: NoAnswer;

  constructor(why: NoAnswer) {
    super(why.reason);
    this.why = why;
  }
}

/** What is known of the request that failed. */
export interface FailedRequest {
  url: URL;
  /** It had a connection, TLS included, and was on its way. */
  sent: boolean;
  /** No proxy was involved, whatever the variables say. */
  isDirect: boolean;
}

const DNS_CODE = /^(?:ENOTFOUND|ENODATA|ESERVFAIL|EAI_[A-Z]+)$/;
const TLS_CODE = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/;
const PROXY_CODE = /^(?:UND_ERR_PRX|UND_ERR_SOCKS5)/;
/** undici's words for a CONNECT that was refused, and for a proxy that wants credentials. */
const PROXY_WORDS = /^Proxy (?:response|Authentication)/;
/** Node's words, under the code of a connection that was reset. */
const BROKEN_HANDSHAKE = /before secure TLS connection was established/;

const CONNECTION_REASONS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENETUNREACH', 'network unreachable'],
  ['EADDRNOTAVAIL', 'network unreachable'],
  ['EACCES', 'connection not allowed'],
  ['EPERM', 'connection not allowed'],
  ['ETIMEDOUT', 'connection timed out'],
  ['UND_ERR_CONNECT_TIMEOUT', `no connection within ${CONNECT_TIMEOUT_MS / 1000} s`],
]);

const CERTIFICATE_REASONS: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', 'certificate has expired'],
  ['CERT_NOT_YET_VALID', 'certificate is not valid yet'],
  ['CERT_REVOKED', 'certificate was revoked'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate is of an unknown authority'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'certificate is of an unknown authority'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate is of an unknown authority'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate is of an unknown authority'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate is for another host name'],
  ['HOSTNAME_MISMATCH', 'certificate is for another host name'],
]);

export const PRIVATE_ADDRESS: NoAnswer = { fault: 'address', reason: 'the address is in a private network' };

/** Tells the errors of undici, Node and OpenSSL apart. */
export function explainNoAnswer(error: unknown, request: FailedRequest): NoAnswer {
  return unreachable(error, request) ?? explainBreak(error, request);
}

function unreachable(error: unknown, { url, isDirect }: FailedRequest): NoAnswer | undefined {
  if (errorsOf(error).some((one) => one instanceof PrivateAddressError)) return PRIVATE_ADDRESS;
  const { code, message } = causeOf(error);
  const proxy = proxyReason(error, isDirect ? undefined : url);
  if (proxy !== undefined) return { fault: 'proxy', reason: proxy };
  if (DNS_CODE.test(code)) {
    return { fault: 'dns', reason: code === 'ENOTFOUND' ? 'no such host' : 'host name could not be looked up' };
  }
  if (CERTIFICATE_CODE.test(code)) {
    return { fault: 'tls', reason: CERTIFICATE_REASONS.get(code) ?? `certificate not accepted (${code})` };
  }
  if (TLS_CODE.test(code)) return { fault: 'tls', reason: `TLS handshake failed (${code})` };
  if (BROKEN_HANDSHAKE.test(message)) return { fault: 'tls', reason: 'TLS handshake broke off' };
  const connection = CONNECTION_REASONS.get(code);
  return connection === undefined ? undefined : { fault: 'connection', reason: connection };
}

/** @param url undefined: no proxy was involved */
function proxyReason(error: unknown, url: URL | undefined): string | undefined {
  if (url === undefined) return undefined;
  const { code, message } = causeOf(error);
  if (PROXY_WORDS.test(message)) {
    const status = /\((\d{3})\)/.exec(message)?.[1];
    return status === undefined ? 'the proxy refused' : `the proxy answered ${status}`;
  }
  if (PROXY_CODE.test(code)) return 'the proxy made no connection';
  const isConnectFault = CONNECTION_REASONS.has(code) || DNS_CODE.test(code) || CERTIFICATE_CODE.test(code);
  return isConnectFault && findProxy(error, url) !== undefined ? 'the proxy could not be reached' : undefined;
}

function explainBreak(error: unknown, { sent }: FailedRequest): NoAnswer {
  const { code } = causeOf(error);
  if (error instanceof UnknownEncodingError) return { fault: 'broken', reason: 'unknown content encoding' };
  // Headers of the user that cannot be sent: this says nothing about the storefront.
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return { fault: 'connection', reason: 'the request cannot be sent with these headers' };
  }
  if (!sent) return { fault: 'connection', reason: 'connection was reset' };
  // undici's class gives a code to some of its errors only.
  if (errorsOf(error).some(({ name }) => name === 'HTTPParserError'))
    return { fault: 'broken', reason: 'malformed HTTP' };
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return { fault: 'broken', reason: 'headers are too large' };
  if (/^(?:Z_|ERR__?ERROR|ERR_BROTLI|ZSTD_|ERR_PADDING|ERR_ZLIB)/.test(code)) {
    return { fault: 'broken', reason: 'compressed data is damaged' };
  }
  return { fault: 'broken', reason: 'the answer broke off' };
}

import { ActionError } from '../errors.ts';
export const CONNECT_TIMEOUT_MS = 10_000;

/** What went wrong on the way to an answer. */
export interface Fault {
  /** The rest of the sentence "POST https://host/path …". */
  outcome: string;
  /** Another try may help. */
  transient: boolean;
  fix?: string;
}

const CONNECTION_CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: `no connection within ${CONNECT_TIMEOUT_MS / 1000} s`,
  UND_ERR_PRX_CONN: 'the proxy did not make the connection',
};

/** Node's and OpenSSL's codes for a certificate that is not accepted. */
const CERTIFICATE_CODE = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** What undici's and Node's errors mean for the user, and whether another try may help. */
export function explainFault(error: unknown): Fault {
  const { code, message } = causeOf(error);
  const connection = CONNECTION_CODES[code];
  if (connection !== undefined) return { outcome: `got no answer: ${connection} (${code})`, transient: true };
  if (CERTIFICATE_CODE.test(code)) {
    return {
      outcome: `got no answer: its TLS certificate was not accepted (${code})`,
      transient: false,
      fix: 'Behind a proxy that opens TLS, set NODE_EXTRA_CA_CERTS to its CA certificate for the step.',
    };
  }
  if (/^Proxy response/.test(message)) return explainProxy(message);
  // Faults of this program, and of a file that changed while it was sent: the next try would end alike.
  const transient = !/^UND_ERR_(INVALID_|REQ_CONTENT_LENGTH|NOT_SUPPORTED)/.test(code);
  return { outcome: `got no answer: ${code === '' ? message : `the connection broke (${code})`}`, transient };
}

/** Whether there never was a connection, so that the request certainly did not reach the server. */
export function isConnectFault(error: unknown): boolean {
  const { code, message } = causeOf(error);
  return CONNECTION_CODES[code] !== undefined || CERTIFICATE_CODE.test(code) || /^Proxy response/.test(message);
}

/** undici tells the status of a refused CONNECT in its message only: "Proxy response (407) !== 200 when HTTP Tunneling". */
function explainProxy(message: string): Fault {
  const status = Number(/\((\d{3})\)/.exec(message)?.[1]);
  return {
    outcome: `got no answer: the proxy refused the connection with ${Number.isNaN(status) ? 'an unusable answer' : status}`,
    transient: status === 429 || status >= 500,
    fix: 'Check HTTPS_PROXY and its credentials, and that the proxy allows this host.',
  };
}

export function unusableProxy(cause?: unknown): ActionError {
  return new ActionError('The proxy named by HTTPS_PROXY or HTTP_PROXY is not a usable URL.', {
    title: 'Proxy setting not usable',
    fix: 'Set it to a URL such as http://proxy.example:3128, or unset it.',
    cause,
  });
}

function causeOf(error: unknown): { code: string; message: string } {
  const chain: Record<string, unknown>[] = [];
  for (let e = error; e instanceof Error && chain.length < 5; e = e.cause) {
    chain.push(e as unknown as Record<string, unknown>);
  }
  // Happy-eyeballs failures come as an AggregateError whose members carry the codes.
  const members = chain.flatMap((e) => (Array.isArray(e['errors']) ? (e['errors'] as Record<string, unknown>[]) : []));
  const found = [...chain, ...members].find((e) => typeof e['code'] === 'string') ?? chain[0] ?? {};
  return {
    code: typeof found['code'] === 'string' ? found['code'] : '',
    message: typeof found['message'] === 'string' ? found['message'] : 'unknown fault',
  };
}

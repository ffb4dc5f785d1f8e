import type { Delivery } from './errors.ts';

export const CONNECT_TIMEOUT_MS = 10_000;

export interface Fault {
  reason: string;
  delivery: Delivery;
  transient: boolean;
  fix?: string;
}

/** Failures while connecting: nothing of the request has left this machine. */
const NOT_SENT_CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: `no connection within ${CONNECT_TIMEOUT_MS / 1000} s`,
};

/** What undici's and Node's error codes mean for the user, and for whether the call may be repeated. */
export function explainFault(error: unknown): Fault {
  const { code, message, syscall } = causeOf(error);
  const notSent = NOT_SENT_CODES[code];
  if (notSent !== undefined) return { reason: `${notSent} (${code})`, delivery: 'not-sent', transient: true };
  if (/CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|UNABLE_TO_/.test(code)) {
    return {
      reason: `its TLS certificate was not accepted (${code})`,
      delivery: 'not-sent',
      transient: false,
      fix: 'Behind a proxy that opens TLS, set NODE_EXTRA_CA_CERTS to its CA certificate for the step.',
    };
  }
  if (/^Proxy response/.test(message)) {
    return {
      reason: `the proxy refused the connection (${message})`,
      delivery: 'not-sent',
      transient: false,
      fix: 'Check HTTPS_PROXY and its credentials, and that the proxy allows this host.',
    };
  }
  const beforeSending = syscall === 'connect' || /before secure TLS connection/.test(message);
  const reason = code === '' ? message : `the connection broke (${code})`;
  return { reason, delivery: beforeSending ? 'not-sent' : 'lost-answer', transient: true };
}

function causeOf(error: unknown): { code: string; message: string; syscall: string } {
  const chain: Record<string, unknown>[] = [];
  for (let e = error; e instanceof Error && chain.length < 5; e = e.cause)
    chain.push(e as unknown as Record<string, unknown>);
  // Happy-eyeballs failures come as an AggregateError whose members carry the codes.
  const members = chain.flatMap((e) => (Array.isArray(e['errors']) ? (e['errors'] as Record<string, unknown>[]) : []));
  const found = [...chain, ...members].find((e) => typeof e['code'] === 'string') ?? chain[0] ?? {};
  return {
    code: typeof found['code'] === 'string' ? found['code'] : '',
    message: typeof found['message'] === 'string' ? found['message'] : 'unknown fault',
    syscall: typeof found['syscall'] === 'string' ? found['syscall'] : '',
  };
}

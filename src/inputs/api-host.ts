import { isLoopback } from '../domain/loopback.ts';
import type { Parsed } from './parsers.ts';
import { acceptParsed, type ReadContext, readEnv, readText } from './readers.ts';

const DEFAULT_API_HOST = 'api.bigcommerce.com';
const ALLOWED =
  'a host, `host:port`, or a URL without credentials, path or query: https, or plain http to a loopback address.';

/** Origin of the API: the input `api-host`, else CATALYST_API_HOST, else BigCommerce's own. */
export function readApiOrigin({ source, problems }: ReadContext): string | undefined {
  const input = readText(source, 'api-host');
  const variable = readEnv(source, 'CATALYST_API_HOST');
  const text = input || variable || DEFAULT_API_HOST;
  const finding = {
    // What stands before an `@`, or in a query, may be a secret.
    ...(!/[@?#]/.test(text) && { text }),
    ...(input === '' && { origin: 'CATALYST_API_HOST of the environment' }),
  };
  return acceptParsed(problems, 'api-host', parseApiOrigin(text, 'the access token'), finding);
}

/**
 * A host, a host and port, or a URL, as an origin. Credentials go there, so nothing is guessed or dropped.
 * @param credential what plain http would give away
 */
export function parseApiOrigin(text: string, credential: string): Parsed<string> {
  if (text.includes('@')) return refuse('holds credentials');
  if (/[?#]/.test(text)) return refuse('holds a query or a fragment');
  const scheme = /^([^/\\]*):\/\//.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') return refuse('is neither https nor http');
  const rest = scheme === undefined ? text : text.slice(scheme.length + '://'.length);
  // `new URL` forgives backslashes, more slashes, tabs and line feeds; a host that needs that is a mistake.
  if (/[\\\s]/.test(rest) || rest.startsWith('/')) return refuse('is not a host or a URL');
  if (/\/./.test(rest)) return refuse('holds a path');
  const url = URL.parse(`${scheme ?? 'https'}://${rest}`);
  if (url === null || url.hostname === '') return refuse('is not a host or a URL');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return refuse(`is plain http to a host that is not this machine, which would give ${credential} away`);
  }
  return { ok: true, value: url.origin };
}

function refuse(reason: string): Parsed<string> {
  return { ok: false, reason, allowed: ALLOWED };
}

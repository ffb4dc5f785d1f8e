import { isPrivateUrl } from '../domain/loopback.ts';
import { parseBareUrl } from './bare-url.ts';
import type { Parsed } from './parsers.ts';
import { acceptParsed, type ReadContext, readEnv, readText } from './readers.ts';
import type { InputSource } from './source.ts';

const DEFAULT_API_HOST = 'api.bigcommerce.com';
const VARIABLE = 'CATALYST_API_HOST';
const CREDENTIAL = 'the access token';
const ALLOWED =
  'a host, `host:port`, or a URL without credentials, path or query: https, or plain http to a loopback address.';

/** Origin of the API: the input `api-host`, else CATALYST_API_HOST, else BigCommerce's own. */
export function readApiOrigin({ source, problems }: ReadContext): string | undefined {
  const { text, input } = findApiHost(source);
  const finding = {
    // User info and the query may hold a secret.
    ...(!/[@?#]/.test(text) && { text }),
    ...(input === '' && { origin: `${VARIABLE} of the environment` }),
  };
  return acceptParsed(problems, 'api-host', parseApiOrigin(text, CREDENTIAL), finding);
}

/** A host that gets credentials, other than the usual one. */
export interface OtherHost {
  /** `host:port`; with `http://` before it where that is the scheme. */
  host: string;
  /** The input or variable that names it. */
  origin: string;
  /** The host that it replaces. */
  usual: string;
  /** What it gets: `the access token`. */
  credential: string;
}

/** The API's host if it is not BigCommerce's own; undefined if it is, or if it is wrong. Reports no problems. */
export function readOtherApiHost(source: InputSource): OtherHost | undefined {
  const { text, input } = findApiHost(source);
  const parsed = parseApiOrigin(text, CREDENTIAL);
  if (!parsed.ok || parsed.value === `https://${DEFAULT_API_HOST}`) return undefined;
  const origin = input === '' ? `${VARIABLE} of the environment` : 'the input `api-host`';
  return { host: parsed.value.replace(/^https:\/\//, ''), origin, usual: DEFAULT_API_HOST, credential: CREDENTIAL };
}

function findApiHost(source: InputSource): { text: string; input: string } {
  const input = readText(source, 'api-host');
  return { text: input || readEnv(source, VARIABLE) || DEFAULT_API_HOST, input };
}

/**
 * A host, a host and port, or a URL, as an origin. Credentials go there, so nothing is guessed or dropped.
 * @param credential what plain http would give away
 */
export function parseApiOrigin(text: string, credential: string): Parsed<string> {
  const parsed = parseBareUrl(text, ALLOWED);
  if (!parsed.ok) return parsed;
  const url = parsed.value;
  const reason = `is plain http to a host that is not this machine, which would give ${credential} away`;
  return isPrivateUrl(url) ? { ok: true, value: url.origin } : { ok: false, reason, allowed: ALLOWED };
}

import type { PageHop, PageRequest } from '../domain/verification/page.ts';
import { isThisMachine } from './addresses.ts';

/** More than any storefront needs; browsers go on to 20. */
export const MAX_REDIRECTS = 10;

/** RFC 9110, section 15.4: those that lead elsewhere by themselves. All of them lead a GET to a GET. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Where an answer leads; undefined if it is no redirect, or names no place that could be read. */
export function readLocation(status: number, location: string | string[] | undefined, from: URL): URL | undefined {
  if (!REDIRECTS.has(status) || typeof location !== 'string' || location === '') return undefined;
  return URL.parse(location, from.href) ?? undefined;
}

/** What to ask next; undefined where a redirect leads out of the storefront, or is none. */
export function nextUrl({ url, location }: PageHop, { url: first, hosts }: PageRequest): URL | undefined {
  if (location === undefined || !/^https?:$/.test(location.protocol)) return undefined;
  if (!hosts.has(location.host) && location.host !== first.host) return undefined;
  // Never back from https, but on a machine that has no certificates for its own names.
  if (url.protocol === 'https:' && location.protocol === 'http:' && !isThisMachine(location)) return undefined;
  return askable(location);
}

/** Without what is not sent there: the fragment, and credentials, which belong to nobody who gave them to us. */
export function askable(url: URL): URL {
  const copy = new URL(url);
  Object.assign(copy, { hash: '', username: '', password: '' });
  return copy;
}

/**
 * Whether what the user sends to the first host may be sent there: the same scheme, host and port, or its https where
 * that is one of the storefront's hosts.
 */
export function isFirstServer(url: URL, { url: first, hosts }: PageRequest): boolean {
  if (url.origin === first.origin) return true;
  const isUpgrade = first.protocol === 'http:' && url.protocol === 'https:' && url.hostname === first.hostname;
  return isUpgrade && hosts.has(url.host);
}

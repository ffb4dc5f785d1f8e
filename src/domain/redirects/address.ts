import type { KnownRedirect, RedirectTarget } from './redirect.ts';

/** Where a redirect applies, or leads to, normalised for comparison. */
export interface Address {
  /** Lower case; with the port of a URL, unless it is the default of its scheme. */
  host: string;
  /** With the query, without a fragment. */
  path: string;
}

// A path that a URL would give back as it is: no dot segments, nothing that is escaped, no fragment, no empty query.
const PLAIN = /^\/[\w\-~!$&()*+,;=:@/.]*(?:\?[\w\-~!$&()*+,;=:@/.?]+)?$/;

function isPlain(path: string): boolean {
  return PLAIN.test(path) && !path.startsWith('//') && !path.includes('/.');
}

// The same for a URL: its host in lower-case ASCII, and no IPv4 address (which has more than one spelling).
const PLAIN_URL = /^https?:\/\/((?:[a-z\d-]+\.)*[a-z][a-z\d-]*)(\/.*)$/;

/** In place of an unknown host: no real name ends like this. */
const NO_HOST = 'no-domain.invalid';

/** A domain as URLs spell it: lower case, other scripts in their ASCII form. '' and invalid names stay as they are. */
export function hostOf(domain: string): string {
  return URL.canParse(`https://${domain}`) ? new URL(`https://${domain}`).host : domain.toLowerCase();
}

/**
 * An old path of a host. `/ä` and `/%C3%A4`, or `/a/../b` and `/b`, are the same address. One with a fragment is
 * undefined: browsers do not send fragments, so it never applies.
 */
export function oldAddress(fromPath: string, host: string): Address | undefined {
  if (isPlain(fromPath)) return { host, path: fromPath };
  if (fromPath.includes('#')) return undefined;
  return resolve(`https://${host || NO_HOST}${fromPath}`, host) ?? { host, path: fromPath };
}

/**
 * Where a manual target leads: resolved against `https://` and the host of its redirect, in lower case, without its
 * fragment, with its query; whether it says http or https makes no difference. Undefined for a dynamic target, whose
 * address only the platform knows, and for what a browser would not follow to a page.
 */
export function targetAddress(target: RedirectTarget, host: string): Address | undefined {
  if (target.kind === 'dynamic') return undefined;
  if (isPlain(target.url)) return { host, path: target.url };
  // Parsing plain URLs took half of the time for a large file.
  const [, plainHost = '', plainPath = ''] = PLAIN_URL.exec(target.url) ?? [];
  if (isPlain(plainPath)) return { host: plainHost, path: plainPath };
  return resolve(target.url, host);
}

function resolve(text: string, host: string): Address | undefined {
  const url = URL.parse(text, `https://${host || NO_HOST}`);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return { host: url.host === NO_HOST ? host : url.host, path: url.pathname + url.search };
}

/**
 * The domain of the site that has these redirects: the host that targets within the site (paths, and dynamic ones) lead
 * to at present. Undefined where none of them shows it. Several where they disagree, as they may while a store moves to
 * another domain: any of them may be the site's. Spelled as by `hostOf`, through which a file's domain is compared.
 */
export function siteDomainOf(current: readonly KnownRedirect[]): ReadonlySet<string> | undefined {
  const domains = new Set<string>();
  for (const { target, toUrl } of current) {
    const isInside = target.kind === 'dynamic' || /^\/(?![/\\])/.test(target.url);
    // An address that is only a path says nothing about the domain.
    if (!isInside || toUrl === undefined || !/^https?:\/\//i.test(toUrl)) continue;
    const host = URL.parse(toUrl)?.hostname;
    if (host !== undefined && host !== '') domains.add(host);
  }
  return domains.size === 0 ? undefined : domains;
}

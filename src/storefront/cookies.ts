import { parseCookie } from 'undici';

/**
 * The cookies that the redirects on the way to one page set. Many storefronts set one, redirect to the same page, and go on
 * doing so until it comes back.
 */
export interface CookieJar {
  /** @param lines values of `set-cookie` */
  store(url: URL, lines: readonly string[]): void;
  /** The header `cookie` for a request; undefined without any. @param given a header by the user */
  header(url: URL, given?: string): string | undefined;
}

/** What may be sent again as it came: printable ASCII. */
const SENDABLE = /^[\x20-\x7e]*$/;

/**
 * Stricter than a browser: a cookie goes back to the host and port that set it, whatever its `Domain` says, for the paths
 * that it names (RFC 6265, sections 5.2 to 5.4).
 */
export function createCookieJar(): CookieJar {
  const hosts = new Map<string, Map<string, { value: string; path: string }>>();
  return {
    store: (url, lines) => {
      const cookies = hosts.get(url.host) ?? new Map<string, { value: string; path: string }>();
      hosts.set(url.host, cookies);
      for (const line of lines) {
        const cookie = parseCookie(line);
        if (cookie === null || cookie.name === '' || !SENDABLE.test(`${cookie.name}${cookie.value}`)) continue;
        if (isOver(cookie)) cookies.delete(cookie.name);
        else cookies.set(cookie.name, { value: cookie.value, path: pathOf(cookie.path, url) });
      }
    },
    header: (url, given) => {
      const own = [...(hosts.get(url.host) ?? [])].filter(([, { path }]) => isBelow(url.pathname, path));
      const names = new Set(own.map(([name]) => name));
      // What the storefront itself has set since then replaces what the user gave.
      const kept = (given ?? '').split(';').filter((pair) => pair.trim() !== '' && !names.has(nameOf(pair)));
      const pairs = [...kept.map((pair) => pair.trim()), ...own.map(([name, { value }]) => `${name}=${value}`)];
      return pairs.length === 0 ? undefined : pairs.join('; ');
    },
  };
}

function nameOf(pair: string): string {
  return (pair.split('=', 1)[0] ?? '').trim();
}

function isOver({ maxAge, expires }: { maxAge?: number; expires?: Date | number }): boolean {
  if (maxAge !== undefined) return maxAge <= 0;
  return expires !== undefined && Number(expires) <= Date.now();
}

/** Without one that begins with `/`, it is the folder of the page that set the cookie. */
function pathOf(path: string | undefined, { pathname }: URL): string {
  if (path?.startsWith('/') === true) return path;
  return pathname.slice(0, pathname.lastIndexOf('/')) || '/';
}

function isBelow(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

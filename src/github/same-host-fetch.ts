/** What is used of `fetch`. */
type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** These ask for the same request at another address; a POST that follows the others becomes a GET (RFC 9110, section 15.4). */
const KEEPS_METHOD: ReadonlySet<number> = new Set([307, 308]);
const MAX_REDIRECTS = 3;

/**
 * Follows the redirects by which GitHub leads to a renamed repository ("Best practices for using the REST API"). One to
 * another host is the answer: what comes from there is not GitHub's word, and what was to be written is not for it.
 */
export function followOnSameHost(fetch: Fetch): Fetch {
  return async (url, init = {}) => {
    if (init.redirect === 'manual') return await fetch(url, init);
    let response = await fetch(url, { ...init, redirect: 'manual' });
    for (let followed = 0; followed < MAX_REDIRECTS; followed += 1) {
      const next = nextUrl(response, init.method ?? 'GET', url);
      if (next === undefined) break;
      await response.body?.cancel();
      response = await fetch(next, { ...init, redirect: 'manual' });
    }
    return response;
  };
}

function nextUrl({ status, headers }: Response, method: string, from: string): string | undefined {
  const location = headers.get('location') ?? '';
  if (!isRedirect(status) || !URL.canParse(location, from)) return undefined;
  if (method !== 'GET' && !KEEPS_METHOD.has(status)) return undefined;
  const next = new URL(location, from);
  return next.origin === new URL(from).origin ? next.href : undefined;
}

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

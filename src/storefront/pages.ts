import type { Dispatcher } from 'undici';
import type { PageAnswer, PageHop, PageRequest, Pages } from '../domain/verification/page.ts';
import { flattenHeaders } from '../net/dispatch.ts';
import { type CookieJar, createCookieJar } from './cookies.ts';
import { createNetwork, type Network, type NetworkOptions } from './network.ts';
import { type PageBody, readPageBody } from './page-body.ts';
import { explainNoAnswer, NoAnswerError } from './page-faults.ts';
import { type PageTime, startTime } from './page-time.ts';
import { askable, isFirstServer, MAX_REDIRECTS, nextUrl, readLocation } from './redirects.ts';

export type PagesOptions = NetworkOptions;

/**
 * A client of storefronts, which follows redirects within them, and keeps connections. Names below `.localhost` are this
 * machine, which is never asked through a proxy; behind a proxy, it is the proxy that resolves names, so what they lead to
 * is only checked where the address itself is named.
 * @throws ActionError when a proxy variable is not a URL
 */
export function createPages(options: PagesOptions): Pages {
  const network = createNetwork(options);
  return {
    get: async (request) => {
      request.signal.throwIfAborted();
      const time = startTime(request);
      const hops: PageHop[] = [];
      try {
        return await followRedirects(request, hops, network, time);
      } catch (error) {
        request.signal.throwIfAborted();
        if (error instanceof NoAnswerError) return { kind: 'none', ...error.why, hops };
        throw error;
      } finally {
        time.end();
      }
    },
    close: network.close,
  };
}

async function followRedirects(
  request: PageRequest,
  hops: PageHop[],
  network: Network,
  time: PageTime,
): Promise<PageAnswer> {
  const startMs = performance.now();
  const cookies = createCookieJar();
  const asked = new Set<string>();
  let url = askable(request.url);
  /** The user's headers went to the first host; they do not follow when a redirect comes back to it. */
  let hasLeft = false;
  for (;;) {
    hasLeft ||= !isFirstServer(url, request);
    const headers = headersFor(url, hasLeft ? {} : request.headers, cookies);
    noteAsked(asked, `${hasLeft} ${url} ${headers['cookie']}`);
    const response = await network.send(url, headers, time);
    const firstByteMs = performance.now() - startMs;
    const hop = readHop(url, response);
    hops.push(hop);
    const next = nextUrl(hop, request);
    if (next === undefined) {
      const page = await readPage(response, hop, time);
      return { kind: 'answered', hops, ...page, firstByteMs };
    }
    cookies.store(url, [response.headers['set-cookie'] ?? []].flat());
    // Not awaited: the place is known, and a body that never ends is given up with the page.
    response.body.dump().catch(() => {});
    url = next;
  }
}

/** @throws NoAnswerError for a circle: the same request would get the same answer */
function noteAsked(asked: Set<string>, key: string): void {
  if (asked.has(key)) throw new NoAnswerError({ fault: 'redirects', reason: 'it redirects in a circle' });
  asked.add(key);
  if (asked.size <= MAX_REDIRECTS + 1) return;
  throw new NoAnswerError({ fault: 'redirects', reason: `more than ${MAX_REDIRECTS} redirects` });
}

function headersFor(url: URL, given: Readonly<Record<string, string>>, cookies: CookieJar): Record<string, string> {
  const lower = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  const { cookie: givenCookie, ...others } = lower;
  const cookie = cookies.header(url, givenCookie);
  return {
    accept: 'text/html,*/*;q=0.8',
    ...others,
    // What is not listed here may come all the same, but could not be read.
    'accept-encoding': 'gzip, br, deflate',
    ...(cookie === undefined ? {} : { cookie }),
  };
}

function readHop(url: URL, { statusCode: status, headers }: Dispatcher.ResponseData): PageHop {
  return { status, url, location: readLocation(status, headers['location'], url), headers: flattenHeaders(headers) };
}

async function readPage(
  { body }: Dispatcher.ResponseData,
  { url, headers }: PageHop,
  time: PageTime,
): Promise<PageBody> {
  try {
    return await readPageBody(body, headers['content-encoding']);
  } catch (error) {
    if (time.isOver()) throw time.overError('complete answer');
    // Once it answers, no proxy is in the way.
    throw new NoAnswerError(explainNoAnswer(error, { url, sent: true, isDirect: true }));
  }
}

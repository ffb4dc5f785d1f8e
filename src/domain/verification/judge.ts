/** Whether an answer of a storefront is as wished. Pure. */
import { isLoopback } from '../loopback.ts';
import { describeElsewhere, findObstacle, isAccessLogIn } from './challenge.ts';
import type { PageResult, PathCheck } from './checks.ts';
import type { PageAnswer, PageFault, PageHop } from './page.ts';
import { countStreamedErrors, withoutPayload } from './streamed-errors.ts';

/** What one answer says; the fields are those of `PageResult`. */
export type PageVerdict = Pick<PageResult, 'state' | 'status' | 'bytes' | 'firstByteMs' | 'problem' | 'advice'> & {
  /**
   * Why it is inconclusive. `unreachable`: it may be reached later. `obstacle`: something else answered. `forbidden`: it
   * is not asked, and never will be.
   */
  doubt?: 'unreachable' | 'obstacle' | 'forbidden' | undefined;
  /** It is unhealthy for want of an answer in time, and might have given one later. */
  isTimeout?: true;
};

type Answered = Extract<PageAnswer, { kind: 'answered' }>;

/** Longer texts are cut where they are shown. */
const MAX_SHOWN_CHARS = 100;

/** @param hosts of the storefront: `host`, or `host:port` */
export function judgePage(check: PathCheck, answer: PageAnswer, hosts: ReadonlySet<string>): PageVerdict {
  if (answer.kind === 'none') return judgeFault(answer);
  const { hops, bytes, firstByteMs } = answer;
  const last = hops.at(-1);
  if (last === undefined) return { state: 'unhealthy', problem: 'gives no answer' };
  const seen = { status: last.status, bytes, firstByteMs };
  const wish = redirectWish(check);
  const isMet = wish !== undefined && hops.some((hop) => meetsWish(wish, hop, hosts));
  if (!isMet) {
    // Where a redirect leads is a matter of the wish, unless it is a log-in that stands in front.
    const isAway = leadsAway(last, hosts) && (wish === undefined || isAccessLogIn(last));
    const obstacle = findObstacle(check, last, answer.body) ?? (isAway ? describeElsewhere(last) : undefined);
    if (obstacle !== undefined) return { state: 'inconclusive', doubt: 'obstacle', ...seen, ...obstacle };
    const problem = wish === undefined ? statusProblem(check, hops) : redirectProblem(wish, hops, hosts);
    if (problem !== undefined) return { state: 'unhealthy', ...seen, problem };
  }
  const problem = findTextProblem(check, answer);
  if (problem !== undefined) return { ...seen, ...problem };
  const errors = isMet || last.status >= 500 ? undefined : errorsProblem(last, answer.body);
  return errors === undefined ? { state: 'healthy', ...seen } : { state: 'unhealthy', ...seen, problem: errors };
}

/** What a redirect has to be like: its status, where it leads, or both. */
interface RedirectWish {
  status: number | undefined;
  location: string | undefined;
}

function redirectWish({ status, location }: PathCheck): RedirectWish | undefined {
  const isRedirect = status !== undefined && status >= 300 && status < 400;
  return isRedirect || location !== undefined ? { status, location } : undefined;
}

function meetsWish({ status, location }: RedirectWish, hop: PageHop, hosts: ReadonlySet<string>): boolean {
  if (status !== undefined && hop.status !== status) return false;
  return location === undefined || leadsTo(location, hop, hosts);
}

/** A path means one of this storefront, under any of its hosts. */
function leadsTo(wished: string, { url, location }: PageHop, hosts: ReadonlySet<string>): boolean {
  if (location === undefined || !URL.canParse(wished, url.href)) return false;
  const target = new URL(wished, url);
  const isSameHost = target.host === location.host || (isPath(wished) && isWithin(location, url, hosts));
  const hasSameHash = target.hash === '' || target.hash === location.hash;
  const isSamePath = withoutLastSlash(target) === withoutLastSlash(location);
  return isSameHost && isSamePath && target.search === location.search && hasSameHash;
}

/** Next.js puts one behind each path, or takes it away (`trailingSlash`), with one more redirect. */
function withoutLastSlash({ pathname }: URL): string {
  return pathname.replace(/(?<=.)\/$/, '');
}

function isPath(wished: string): boolean {
  return wished.startsWith('/') && !wished.startsWith('//');
}

function isWithin(location: URL, from: URL, hosts: ReadonlySet<string>): boolean {
  return location.host === from.host || hosts.has(location.host);
}

/** The build has the address of a developer's machine in it, as in `AUTH_URL`. A storefront on this machine may lead there. */
function leadsToVisitor({ url, location }: PageHop): boolean {
  return url.protocol === 'https:' && location !== undefined && isLoopback(location.hostname);
}

/** A redirect that was not followed: to another host, or back from HTTPS. */
function leadsAway(hop: PageHop, hosts: ReadonlySet<string>): boolean {
  const { url, location } = hop;
  if (location === undefined || leadsToVisitor(hop)) return false;
  return !isWithin(location, url, hosts) || (url.protocol === 'https:' && location.protocol !== 'https:');
}

function redirectProblem(
  { status, location }: RedirectWish,
  hops: readonly PageHop[],
  hosts: ReadonlySet<string>,
): string {
  const redirect = hops.find((hop) => hop.location !== undefined && (status === undefined || hop.status === status));
  if (location === undefined || redirect?.location === undefined) {
    return `${answers(hops)}${status === undefined ? `, and does not redirect to ${location}` : `, not ${status}`}`;
  }
  return `redirects to ${describePlace(redirect, redirect.location, location, hosts)}, not to ${location}`;
}

/** Its path if it is in the storefront, otherwise its host: a query may have anything in it. */
function describePlace({ url }: PageHop, location: URL, wished: string, hosts: ReadonlySet<string>): string {
  if (!isWithin(location, url, hosts)) return location.host;
  const target = URL.parse(wished, url.href);
  const isSamePath = target !== null && withoutLastSlash(target) === withoutLastSlash(location);
  return isSamePath ? `${location.pathname} with something else behind it` : location.pathname;
}

function statusProblem({ status: wished }: PathCheck, hops: readonly PageHop[]): string | undefined {
  const last = hops.at(-1);
  if (last?.status === (wished ?? 200)) return;
  if (last?.location !== undefined && leadsToVisitor(last)) {
    return `redirects to ${last.location.host}, the visitor's own machine`;
  }
  return `${answers(hops)}${wished === undefined ? '' : `, not ${wished}`}`;
}

/** `answers 308, then 200` */
function answers(hops: readonly PageHop[]): string {
  return `answers ${hops.map(({ status }) => status).join(', then ')}`;
}

/** React puts `<!-- -->` between texts of which a part is computed, and writes these characters as references. */
const REFERENCES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#x27;'],
]);

function findTextProblem(
  { contains }: PathCheck,
  { body, isCut }: Answered,
): Pick<PageVerdict, 'state' | 'doubt' | 'problem' | 'advice'> | undefined {
  if (contains === undefined || hasText(body, contains)) return;
  const shown = contains.length > MAX_SHOWN_CHARS ? `${contains.slice(0, MAX_SHOWN_CHARS)}…` : contains;
  const problem = `does not contain the text "${shown}"`;
  if (!isCut) return { state: 'unhealthy', problem };
  return {
    state: 'inconclusive',
    doubt: 'obstacle',
    problem: `${problem} in what was read of it`,
    advice: 'It is too large to be read to its end: expect a text that comes earlier, or verify another page.',
  };
}

/** In the page as it is shown or in its HTML; the inlined payload has more than is shown. */
function hasText(body: string, text: string): boolean {
  const page = withoutPayload(body);
  if (page.includes(text)) return true;
  const joined = page.replaceAll('<!-- -->', '');
  const escaped = text.replaceAll(/[&<>"']/g, (character) => REFERENCES.get(character) ?? character);
  return joined.includes(text) || joined.includes(escaped);
}

function errorsProblem({ status }: PageHop, body: string): string | undefined {
  const count = countStreamedErrors(body);
  if (count === 0) return;
  return `answers ${status}, but ${count === 1 ? 'a part of it' : `${count} of its parts`} failed to render`;
}

type NoAnswer = Extract<PageAnswer, { kind: 'none' }>;

const REACH_ADVICE: Readonly<Record<'dns' | 'tls' | 'connection' | 'proxy', string>> = {
  dns: 'A new name takes a while until it is known everywhere: run the job again later.',
  tls: 'A new host takes a while until its certificate is ready: run the job again later.',
  connection: 'Check whether this runner may connect to it, and open it in a browser.',
  proxy: 'Check the proxy of this runner (`https_proxy`, `no_proxy`), and whether it allows that host.',
};

function judgeFault({ fault, reason, hops }: NoAnswer): PageVerdict {
  switch (fault) {
    case 'timeout':
      return { state: 'unhealthy', isTimeout: true, problem: 'does not answer in time' };
    case 'broken':
      return { state: 'unhealthy', problem: 'breaks off its answer' };
    case 'redirects':
      return { state: 'unhealthy', problem: redirectsProblem(hops), status: hops.at(-1)?.status };
    case 'address':
      return {
        state: 'inconclusive',
        doubt: 'forbidden',
        problem: 'was not asked, since its name leads into a private network',
        advice: 'Verification asks public addresses only: open it from where it can be reached.',
      };
    default:
      return unreachable(fault, reason);
  }
}

function unreachable(
  fault: Exclude<PageFault, 'timeout' | 'broken' | 'redirects' | 'address'>,
  reason: string,
): PageVerdict {
  const problem = `was not reached: ${reason}`;
  return { state: 'inconclusive', doubt: 'unreachable', problem, advice: REACH_ADVICE[fault] };
}

function redirectsProblem(hops: readonly PageHop[]): string {
  const asked = new Set<string>();
  for (const { url, location } of hops) {
    asked.add(withoutHash(url));
    if (location !== undefined && asked.has(withoutHash(location))) return 'redirects in a circle';
  }
  return 'redirects too often';
}

function withoutHash(url: URL): string {
  const copy = new URL(url);
  copy.hash = '';
  return copy.href;
}

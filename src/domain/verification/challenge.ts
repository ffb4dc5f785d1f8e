/** What stands in front of a storefront and answers in its place, which says nothing about the build. Pure. */
import type { PathCheck } from './checks.ts';
import { readTags } from './html-tags.ts';
import type { PageHop } from './page.ts';

export interface Obstacle {
  /** The end of a sentence that begins with the path. */
  problem: string;
  /** What would let the verification in: a sentence or two. */
  advice: string;
}

const SECRET_HEADER =
  'Send a secret header with `verify-headers`, such as `X-Verification: <secret>`, and add a rule to the firewall (WAF)';
const SKIP_ADVICE = `${SECRET_HEADER} that skips its checks for requests with it.`;

/** Headers by which firewalls mark their challenges, as their vendors document them. */
const CHALLENGE_HEADERS: readonly { name: string; values: readonly string[] }[] = [
  // developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response
  { name: 'cf-mitigated', values: ['challenge'] },
  // docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-actions.html: under 202 and 405
  { name: 'x-amzn-waf-action', values: ['challenge', 'captcha'] },
];

/** Statuses under which a page with these words is a challenge; elsewhere, an article may have them. */
const CHALLENGE_STATUSES: ReadonlySet<number> = new Set([403, 429, 503]);
const CHALLENGE_WORDS = ['<title>Just a moment...</title>', '<title>Attention Required! | Cloudflare</title>'];
/** Of a challenge page. Into others, Cloudflare puts `/cdn-cgi/challenge-platform/…/jsd/…`, whatever they answer. */
const CHALLENGE_SCRIPT = /\/cdn-cgi\/challenge-platform\/(?:\w+\/){0,4}orchestrate\//;
/** Imperva's challenge, under any status; it puts the same into pages that it lets through. */
const IMPERVA_WORDS = '/_Incapsula_Resource?';

/** By status, unless the user wishes for it. */
const STATUSES: ReadonlyMap<number, Obstacle> = new Map([
  [
    401,
    {
      problem: 'answers 401: it asks for credentials',
      advice: 'Send them with `verify-headers`, such as `Authorization: Basic <user:password in Base64>`.',
    },
  ],
  [
    403,
    {
      problem: 'answers 403: access is denied',
      advice: `${SKIP_ADVICE} If the build is meant to answer so, say so in \`verify-paths\`: the path, then \`403\`.`,
    },
  ],
  [
    407,
    {
      problem: 'answers 407: a proxy asks for credentials',
      advice: 'Put them into the address of the proxy (`https_proxy`).',
    },
  ],
  [
    429,
    {
      problem: 'answers 429: there were too many requests',
      advice: `${SECRET_HEADER} that exempts requests with it from the limit.`,
    },
  ],
]);

/** @param hop the answer that counts @param body its body */
export function findObstacle(check: PathCheck, hop: PageHop, body: string): Obstacle | undefined {
  const { status } = hop;
  if (isChallenge(hop, body)) {
    return { problem: `answers ${status} with a challenge for bots, which only a browser passes`, advice: SKIP_ADVICE };
  }
  const obstacle = STATUSES.get(status);
  if (obstacle !== undefined && check.status !== status) return obstacle;
  if (!isPasswordPage(body) || (check.contains !== undefined && body.includes(check.contains))) return;
  return {
    problem: `answers ${status} with a page that asks for a password`,
    advice:
      'Send what lets a browser in with `verify-headers`, such as the `Cookie` that this page sets, or take the password away.',
  };
}

function isChallenge({ status, headers }: PageHop, body: string): boolean {
  const isMarked = CHALLENGE_HEADERS.some(({ name, values }) =>
    values.includes((headers[name] ?? '').trim().toLowerCase()),
  );
  if (isMarked || (body.includes(IMPERVA_WORDS) && !isOfNext(body))) return true;
  const hasWords = () => CHALLENGE_WORDS.some((words) => body.includes(words)) || CHALLENGE_SCRIPT.test(body);
  return CHALLENGE_STATUSES.has(status) && hasWords();
}

/** Every page of a Next.js application refers to its scripts. */
function isOfNext(body: string): boolean {
  return body.includes('/_next/');
}

/** A field for a password, on a page that Next.js did not make, as it did Catalyst's own log-in. */
function isPasswordPage(body: string): boolean {
  if (isOfNext(body)) return false;
  for (const { name, attributes } of readTags(body)) {
    if (name === 'input' && attributes.get('type')?.trim().toLowerCase() === 'password') return true;
  }
  return false;
}

/** Cloudflare Access sends there whoever is not signed in (developers.cloudflare.com/cloudflare-one). */
export function isAccessLogIn({ location }: PageHop): boolean {
  return location?.hostname.endsWith('.cloudflareaccess.com') ?? false;
}

/** Of a redirect that is not followed: to a host that is none of the storefront's, or back to plain HTTP. */
export function describeElsewhere(hop: PageHop): Obstacle {
  const { status } = hop;
  const problem = `redirects to ${placeOf(hop)}`;
  if (isAccessLogIn(hop)) {
    const advice = 'Send a service token with `verify-headers`: `CF-Access-Client-Id` and `CF-Access-Client-Secret`.';
    return { problem, advice };
  }
  return {
    problem,
    advice: `If that is right, say so in \`verify-paths\`: the path, then \`${status}\`.`,
  };
}

function placeOf({ url, location }: PageHop): string {
  if (location === undefined || !/^https?:$/.test(location.protocol)) return 'what is no page';
  if (url.protocol === 'https:' && location.protocol === 'http:') {
    return `${location.host} over plain HTTP, which is not followed`;
  }
  return `${location.host}, which is no host of this storefront`;
}

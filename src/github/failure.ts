import { ActionError } from '../errors.ts';
import { HttpError, NetworkError } from '../net/errors.ts';
import { explainFault, isConnectFault, proxyAdvice } from '../net/faults.ts';
import { foreignBodyOf, foreignWords } from '../net/foreign-body.ts';
import { GITHUB } from '../net/services.ts';
import { isRedirect } from './same-host-fetch.ts';

/** Answers whose body says nothing. */
const WITHOUT_CONTENT: readonly number[] = [204];
const CONFLICT = 409;
/** GitHub asks for at least this where a secondary limit names no time ("Best practices for using the REST API"). */
const SECONDARY_LIMIT_WAIT_SECONDS = 60;
const MAX_WORDS_CHARS = 300;
/** Does not advise running the job again: that would deploy the same once more. */
const REACH_FIX = 'Check that the runner reaches this host (firewall, proxy settings, DNS).';

export interface CallDescription {
  /** What the call is for, as a sentence begins: "Creating the GitHub deployment". */
  what: string;
  /** The line under `permissions:` that the call needs, `deployments: write`; undefined where any token is enough. */
  permission: string | undefined;
}

/** The part of Octokit's RequestError that is read; without `response`, there was no answer. */
interface Refused {
  status: number;
  request: { method: string; url: string };
  response?: { headers: Record<string, unknown>; data: unknown };
}

interface Answer {
  status: number;
  url: string;
  headers: Record<string, unknown>;
  data: unknown;
}

/** The answer broke off, or GitHub did not send it. */
class UnreadableAnswer extends Error {
  override name = 'UnreadableAnswer';
  readonly target: { method: string; url: URL };
  readonly isBroken: boolean;
  /** What it is instead, in a few words. */
  readonly what: string;

  constructor(target: { method: string; url: URL }, isBroken: boolean, what: string) {
    super(isBroken ? 'the answer broke off' : `the answer is ${what}`);
    this.target = target;
    this.isBroken = isBroken;
    this.what = what;
  }
}

/** A page of a list names a next one on another host. */
class OtherHost extends Error {
  override name = 'OtherHost';
}

/**
 * Call this before every request: Octokit takes the address of a list's next page as it comes (the header `Link`), and sends
 * the token along.
 * @throws what `toFailure` knows
 */
export function refuseOtherHost({ url, baseUrl }: { url: string; baseUrl: string }): void {
  const { origin } = new URL(baseUrl);
  const isHere = URL.canParse(url, baseUrl) && new URL(url, baseUrl).origin === origin;
  if (!isHere) throw new OtherHost('the next page is on another host');
}

interface Asked {
  method: string;
  request?: { redirect?: string };
}

/** A redirect that is not followed. */
class RefusedRedirect extends Error implements Refused {
  declare readonly status: number;
  declare readonly request: Refused['request'];
  declare readonly response: NonNullable<Refused['response']>;

  constructor(refused: Refused) {
    super('the answer is a redirect');
    Object.assign(this, refused);
  }
}

/** See `keepConflict`. */
class Conflict extends Error {}

/** Octokit takes a 409 for the page of a list for its end: an empty list, where there was no answer to the question. */
export function keepConflict(error: unknown): unknown {
  return isRefused(error) && error.status === CONFLICT ? new Conflict('conflict', { cause: error }) : error;
}

/**
 * Call this with every answer: one labelled as JSON that cannot be parsed has broken off on the way, and any other
 * content is not from GitHub. Nor is none at all in an answer to a question: Octokit would take it for an empty list.
 * @throws what `toFailure` knows
 */
export function refuseUnreadable({ status, url, headers, data }: Answer, { method, request }: Asked): void {
  if (isRedirect(status)) {
    if (request?.redirect === 'manual') return;
    throw new RefusedRedirect({ status, request: { method, url }, response: { headers, data } });
  }
  const target = { method, url: new URL(url) };
  if (data === null || data === false || data === 0 || (method === 'GET' && WITHOUT_CONTENT.includes(status))) {
    throw new UnreadableAnswer(target, false, 'nothing');
  }
  if (WITHOUT_CONTENT.includes(status)) return;
  const foreign = foreignOf(data);
  if (typeof data !== 'string' && foreign === undefined) return;
  const isBroken = foreign === undefined && /\bjson\b/i.test(String(headers['content-type']));
  throw new UnreadableAnswer(target, isBroken, foreign === undefined ? 'no JSON' : foreignWords(foreign, 'JSON'));
}

/** Octokit gives answers that are not labelled as text as bytes. */
function foreignOf(data: unknown): string | undefined {
  if (typeof data === 'string') return foreignBodyOf(data);
  return data instanceof ArrayBuffer ? foreignBodyOf(new Uint8Array(data)) : undefined;
}

/** @param detail which part of it, where that is known */
export function createContractError(what: string, detail: string, cause: unknown): ActionError {
  return new ActionError(`${what}: the answer is not what GitHub documents${detail}.`, {
    title: 'GitHub gave no usable answer',
    topic: 'no-connection-or-no-answer',
    fix: 'Check what answers at GITHUB_API_URL; there may be a proxy in between.',
    cause,
  });
}

/** Converts an error of Octokit to one of this action's, with what the user can do; others are returned unchanged. */
export function toFailure(call: CallDescription, thrown: unknown): unknown {
  const error = thrown instanceof Conflict ? thrown.cause : thrown;
  if (error instanceof UnreadableAnswer) {
    if (!error.isBroken) return createContractError(call.what, ` (${error.what})`, error);
    const outcome = 'got an answer that broke off';
    return new NetworkError(call.what, {
      ...error.target,
      service: GITHUB,
      outcome,
      delivery: 'lost-answer',
      fix: REACH_FIX,
      cause: error,
    });
  }
  if (error instanceof OtherHost) return createContractError(call.what, ` (${error.message})`, error);
  if (!isRefused(error) || !URL.canParse(error.request.url)) return error;
  const target = { method: error.request.method, url: new URL(error.request.url) };
  if (error.response !== undefined) return toHttpError(call, error.status, error.response, target);
  if (error.cause instanceof Error && error.cause.name === 'TimeoutError') {
    const outcome = 'got no answer in time';
    const fix = proxyAdvice() ?? REACH_FIX;
    return new NetworkError(call.what, {
      ...target,
      service: GITHUB,
      outcome,
      delivery: 'lost-answer',
      fix,
      cause: error,
    });
  }
  const delivery = isConnectFault(error) ? 'not-sent' : 'lost-answer';
  const explained = explainFault(error, target.url);
  return new NetworkError(call.what, {
    ...target,
    service: GITHUB,
    fix: REACH_FIX,
    ...explained,
    delivery,
    cause: error,
  });
}

function isRefused(error: unknown): error is Error & Refused {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && 'request' in error;
}

function toHttpError(
  { what, permission }: CallDescription,
  status: number,
  response: NonNullable<Refused['response']>,
  target: { method: string; url: URL },
): HttpError {
  const words = isRedirect(status) ? undefined : wordsOf(response.data);
  const headers = flatten(response.headers);
  // Some secondary limits come without a time.
  if (/secondary rate limit/i.test(words ?? '') && (status === 403 || status === 429)) {
    headers['retry-after'] ??= String(SECONDARY_LIMIT_WAIT_SECONDS);
  }
  const fix = adviceFor(status, words ?? '', permission, headers) ?? serverAdvice(status);
  const failure = {
    ...target,
    service: GITHUB,
    status,
    headers,
    serverWords: words,
    foreignBody: foreignOf(response.data),
  };
  const lastResort = status === 403 ? FORBIDDEN_FIX : REPORT_FIX;
  return new HttpError(what, failure, { ...(fix !== undefined && { fix }), lastResort });
}

/** A 403 whose words name no permission: a rule of the organization, a locked conversation, a proxy. */
const FORBIDDEN_FIX =
  'Check what the token in `github-token` may do here, and the rules of the repository and its organization; if it is not GitHub that refuses, a proxy does.';

const REPORT_FIX = 'If this persists, report what the debug log says as an issue of this action.';

/** Like `REACH_FIX`, no reason to run the job again. */
function serverAdvice(status: number): string | undefined {
  if (isRedirect(status)) return 'Check what answers at GITHUB_API_URL: only a redirect on the same host is followed.';
  return status >= 500 ? 'Look at https://www.githubstatus.com.' : undefined;
}

function adviceFor(
  status: number,
  words: string,
  permission: string | undefined,
  headers: Readonly<Record<string, string>>,
): string | undefined {
  if (status === 401) return 'Check `github-token`, or leave the input out to use the token of the job.';
  const isLimit = headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
  if (isLimit && (status === 403 || status === 429))
    return 'GitHub limits the number of requests; a later run will do it.';
  return permission === undefined ? undefined : permissionFix(status, words, permission);
}

function permissionFix(status: number, words: string, permission: string): string | undefined {
  if (status === 403 && /not accessible by personal access token/i.test(words)) {
    return `Give the token in \`github-token\` the permission \`${permission}\`: it is a person's own, which the job's \`permissions:\` do not change.`;
  }
  if (status === 403 && /not accessible by/i.test(words)) return permissionAdvice(permission);
  if (status === 404)
    return `Where the repository is private, this may be a missing permission. ${permissionAdvice(permission)}`;
  return undefined;
}

/** The line that grants it. */
export function permissionAdvice(permission: string): string {
  return `Add \`${permission}\` to the job's \`permissions:\`, and keep the existing lines: a \`permissions:\` block denies everything that it does not list.`;
}

/** What the server said, in one line: `message`, and the messages of `errors` where there are any. */
function wordsOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('message' in data)) return undefined;
  const details = 'errors' in data && Array.isArray(data.errors) ? data.errors.map(detailOf) : [];
  const message = typeof data.message === 'string' ? data.message : JSON.stringify(data.message);
  const text = [message, ...details.filter((detail) => detail !== '')].join('; ').replace(/\s+/g, ' ');
  return text.length > MAX_WORDS_CHARS ? `${text.slice(0, MAX_WORDS_CHARS)}…` : text;
}

function detailOf(detail: unknown): string {
  if (typeof detail === 'string') return detail;
  if (typeof detail !== 'object' || detail === null) return '';
  const { message, field, code } = detail as Record<string, unknown>;
  if (typeof message === 'string') return message;
  return [field, code].filter((part) => typeof part === 'string').join(' ');
}

function flatten(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

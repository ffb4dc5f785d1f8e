import { ActionError, type ActionErrorOptions } from '../errors.ts';
import { namedWaitMs, waitWords } from './rate-limit.ts';
import { isExplained, networkWords, refusalWords, SERVER, type Service } from './services.ts';

/**
 * Answers that say "not now": repeating the call may help (API document, section 1, "Errors"; RFC 9110, section 15.5.9,
 * and RFC 8470, section 5.2, of 408 and 425; Cloudflare's own, of an origin that it does not reach, of 520 to 524).
 */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]);
/**
 * 501: the server cannot do it; 505: nor this version of HTTP; 507: it has no room (API document, section 1, "Errors");
 * 511: a network on the way wants a login first (RFC 6585, section 6).
 */
const NOT_CARRIED_OUT: ReadonlySet<number> = new Set([501, 505, 507, 511]);

export interface HttpFailure {
  method: string;
  url: URL;
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Who answered. */
  service?: Service | undefined;
  /** The server's own words, already shortened. */
  serverWords?: string | undefined;
  /** What the body is if the server did not send it: `an HTML page ("Access denied")`. */
  foreignBody?: string | undefined;
  /** A machine-readable code that the server gave, such as storage's `ExpiredToken`. */
  serverCode?: string | undefined;
  /** Fields that the server complained about: `{ upload_uuid: 'not found' }`. */
  fields?: Readonly<Record<string, string>> | undefined;
}

/** A call over the network that failed. */
export abstract class CallError extends ActionError {
  /** Another try may succeed: a fault of the server or the network, a limit. */
  abstract readonly transient: boolean;
}

/** The server answered, and the answer is a refusal. The URL is stored without its query, which may be a credential. */
export class HttpError extends CallError {
  override name = 'HttpError';
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly serverCode: string | undefined;
  readonly serverWords: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  /** Worth repeating, for a call that may be repeated. */
  readonly transient: boolean;
  /** How long the server asked the client to wait; undefined when it named no time. */
  readonly namedWaitMs: number | undefined;

  constructor(what: string, failure: HttpFailure, options: ActionErrorOptions = {}) {
    const { status, foreignBody, service = SERVER } = failure;
    const { title, topic } = refusalWords(service, status, foreignBody !== undefined);
    const isRequest = isExplained(status) && foreignBody === undefined && options.fix !== undefined;
    super(describe(what, failure), { title: `${title} (${status})`, topic, isRequest, ...options });
    this.method = failure.method;
    this.url = withoutQuery(failure.url);
    this.status = failure.status;
    this.serverCode = failure.serverCode;
    this.serverWords = failure.serverWords;
    this.fields = failure.fields ?? {};
    this.namedWaitMs = namedWaitMs(failure.status, failure.headers);
    // A 403 that names a time is a rate limit (GitHub's); any other one stays a refusal.
    this.transient =
      TRANSIENT_STATUSES.has(failure.status) || (failure.status === 403 && this.namedWaitMs !== undefined);
  }

  /**
   * Whether the named wait is longer than the time left. If so, the message says it from then on, since that is why
   * nothing was tried again.
   * @param input the input that gives the time, where the user may change it
   */
  asksTooLong(longestMs: number, input?: string): boolean {
    if (this.namedWaitMs === undefined || this.namedWaitMs <= Math.max(0, longestMs)) return false;
    const limit = input === undefined ? 'longer than this step waits' : `more than is left of \`${input}\``;
    const asked = ` It asks to wait ${waitWords(this.namedWaitMs)} before the next try, which is `;
    if (!this.message.includes(asked)) this.message += `${asked}${limit}.`;
    this.isRequest = false;
    return true;
  }
}

function describe(what: string, failure: HttpFailure): string {
  const { method, url, status, serverWords, serverCode, foreignBody } = failure;
  const code = serverCode === undefined ? '' : ` (${serverCode})`;
  const words = serverWords === undefined ? '' : ` The server says: ${serverWords.replace(/\.?$/, '.')}`;
  const foreign =
    foreignBody === undefined
      ? ''
      : ` What came is ${foreignBody}: a firewall or proxy may have answered in its place.`;
  const redirect =
    status >= 300 && status < 400 ? ' Redirects are not followed, since the token would be sent along.' : '';
  return `${what}: ${method} ${withoutQuery(url)} answered ${status}${code}.${redirect}${foreign}${words}`;
}

/**
 * What is known of a call that got no usable answer.
 * `not-sent`: the request never reached the server. `lost-answer`: it may have, and may have been carried out.
 */
export type Delivery = 'not-sent' | 'lost-answer';

/** No usable answer: the connection could not be made, broke, went silent, or carried something unreadable. */
export class NetworkError extends CallError {
  override name = 'NetworkError';
  readonly delivery: Delivery;
  readonly transient: boolean;

  constructor(
    what: string,
    options: Omit<ActionErrorOptions, 'outcome'> & {
      method: string;
      url: URL;
      /** Who was asked. */
      service?: Service | undefined;
      /** The rest of the sentence "POST https://host/path …". */
      outcome: string;
      delivery: Delivery;
      transient?: boolean;
    },
  ) {
    super(`${what}: ${options.method} ${withoutQuery(options.url)} ${options.outcome}.`, {
      ...networkWords(options.service ?? SERVER, options.delivery === 'lost-answer'),
      ...(options.topic !== undefined && { topic: options.topic }),
      fix:
        options.fix ??
        'Check that the runner reaches this host (firewall, proxy settings, DNS), then run the job again.',
      cause: options.cause,
    });
    this.delivery = options.delivery;
    this.transient = options.transient ?? true;
  }
}

/** Whether the call may nevertheless have been carried out. */
export function isUncertain(error: unknown): error is ActionError {
  // 207: a part of it was carried out.
  if (error instanceof HttpError)
    return error.status === 207 || (error.status >= 500 && !NOT_CARRIED_OUT.has(error.status));
  return error instanceof NetworkError && error.delivery === 'lost-answer';
}

/** The status that the server answered with; undefined if the error is not an answer. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof HttpError ? error.status : undefined;
}

/** Another request may succeed: a fault of the server or the network, a limit. */
export function isTransient(error: unknown): boolean {
  return error instanceof CallError && error.transient;
}

/** A missing permission, or a limit (`isTransient` distinguishes them). */
export function isForbidden(error: unknown): boolean {
  return statusOf(error) === 403;
}

/** `https://host/path`, for messages: a query may be a signature. */
function withoutQuery(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

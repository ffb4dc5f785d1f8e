import type { WorkerLogEvent } from './log-event.ts';

/**
 * Which of a worker's logs are of this run's own requests: by method, by path with its query, and by time. Nothing is
 * added to a request by which it could be known: Catalyst routes by the query, too.
 */

/** A runner's clock may be off by so much; what differs by more is an old log. */
const MAX_SKEW_MS = 10 * 60_000;
/** How long a log takes to come here at most, in general. */
const ORDINARY_DELAY_MS = 5_000;
/** The platform may give whole seconds, and the time at which a request began or ended. */
const TOLERANCE_MS = 2_000;
const DATE_STEP_MS = 1_000;

/** A request of this run, by the clock of its runner. */
export interface OwnRequest {
  /** With its query. */
  path: string;
  startMs: number;
  /** Undefined until it is over. */
  endMs: number | undefined;
  /** Of its answer; undefined until there is one. */
  statusCode: number | undefined;
  /** It was answered out of a cache before the worker, which knows nothing of it. */
  isCached: boolean;
}

/** Ms since 1970. */
export interface TimeSpan {
  startMs: number;
  endMs: number;
}

/** What has to be added to a time of the platform's clock to have that of the runner's: something in between. */
interface Skew {
  fromMs: number;
  toMs: number;
}

const NO_SKEW: Skew = { fromMs: 0, toMs: 0 };

/** Pure but for the times that it is given. */
export class OwnRequests {
  readonly #byPath = new Map<string, OwnRequest[]>();
  /** The least time from a log's own time until it was received: the skew of the clocks, and a short delay. */
  #leastOffsetMs: number | undefined;
  /** By the `Date` of a storefront's answers, which has whole seconds: if there is no log to go by, and beside it. */
  #dateOffsetMs: number | undefined;

  /** A request begins. */
  begin(url: URL, startMs: number): OwnRequest {
    const request: OwnRequest = {
      path: pathOf(url.href),
      startMs,
      endMs: undefined,
      statusCode: undefined,
      isCached: false,
    };
    const others = this.#byPath.get(request.path);
    if (others === undefined) this.#byPath.set(request.path, [request]);
    else others.push(request);
    return request;
  }

  /** An answer's own `Date` and `Age`, and when it was received. */
  noteDate(dateMs: number, ageSeconds: number, receivedMs: number): void {
    const offsetMs = receivedMs - dateMs - ageSeconds * 1000;
    if (isSkew(offsetMs)) this.#dateOffsetMs = Math.min(offsetMs, this.#dateOffsetMs ?? offsetMs);
  }

  /** What was received while it was logged tells how the clocks differ: it may be an answer to an own request. */
  noteReceived(event: WorkerLogEvent, receivedMs: number): void {
    const atMs = timeOf(event);
    if (atMs === undefined || !isSkew(receivedMs - atMs)) return;
    const isPossible = this.#requestsOf(event).some(({ startMs }) => startMs <= receivedMs);
    if (isPossible) this.#leastOffsetMs = Math.min(receivedMs - atMs, this.#leastOffsetMs ?? receivedMs - atMs);
  }

  /** @param receivedMs when it was, if it was received while it was logged */
  owns(event: WorkerLogEvent, receivedMs?: number): boolean {
    return this.matching(event, receivedMs).length > 0;
  }

  /** Those that it may be the log of. @param receivedMs when it was, if it was received while it was logged */
  matching(event: WorkerLogEvent, receivedMs?: number): readonly OwnRequest[] {
    const requests = this.#requestsOf(event);
    const atMs = timeOf(event);
    if (atMs === undefined) {
      if (receivedMs === undefined) return requests;
      return requests.filter((one) => overlaps(one, receivedMs - ORDINARY_DELAY_MS, receivedMs));
    }
    const { fromMs, toMs } = this.#skew();
    return requests.filter((one) => overlaps(one, atMs + fromMs - TOLERANCE_MS, atMs + toMs + TOLERANCE_MS));
  }

  /** How many of these requests are surely or maybe not among those whose logs were seen, which are counted by path. */
  countMissing(seen: ReadonlyMap<string, number>, mayBeMissing: ReadonlySet<string>): number {
    const missing = [...this.#byPath].map(([path, requests]) => {
      const { length } = requests.filter(({ isCached }) => !isCached);
      const known = seen.get(path) ?? 0;
      if (mayBeMissing.has(path) || known === length) return 0;
      // Where there are more, others ask for the same page: whether its own are among them is not known.
      return known > length ? 1 : length - known;
    });
    return missing.reduce((sum, one) => sum + one, 0);
  }

  /** In which all of them are, by the platform's clock; undefined if there are none. */
  window(nowMs: number): TimeSpan | undefined {
    const all = [...this.#byPath.values()].flat();
    if (all.length === 0) return undefined;
    const first = all.reduce((least, { startMs }) => Math.min(least, startMs), Number.POSITIVE_INFINITY);
    const last = all.reduce((most, { endMs }) => Math.max(most, endMs ?? nowMs), 0);
    return this.onPlatform({ startMs: first, endMs: last });
  }

  /** As far as whole seconds tell: a `Date` is up to one of them too early. */
  #clocksAgree(): boolean {
    const offsetMs = this.#dateOffsetMs;
    return offsetMs !== undefined && offsetMs <= TOLERANCE_MS && offsetMs >= DATE_STEP_MS - TOLERANCE_MS;
  }

  /** By the platform's clock, at its widest. */
  onPlatform({ startMs, endMs }: TimeSpan): TimeSpan {
    const { fromMs, toMs } = this.#skew();
    return { startMs: startMs - toMs - TOLERANCE_MS, endMs: endMs - fromMs + TOLERANCE_MS };
  }

  #requestsOf({ request }: WorkerLogEvent): readonly OwnRequest[] {
    if (request === undefined || !/^(GET)?$/i.test(request.method)) return [];
    return this.#byPath.get(pathOf(request.url)) ?? [];
  }

  #skew(): Skew {
    const offsetMs = this.#leastOffsetMs ?? this.#dateOffsetMs;
    if (offsetMs === undefined) return NO_SKEW;
    // Of a log alone, a short delay and a small skew look the same; the answers' `Date` tells that there is no skew.
    if (this.#clocksAgree() && Math.abs(offsetMs) <= ORDINARY_DELAY_MS) {
      return { fromMs: Math.min(0, offsetMs), toMs: Math.max(0, offsetMs) };
    }
    return { fromMs: offsetMs - ORDINARY_DELAY_MS, toMs: offsetMs };
  }
}

/** With its query; of a path, or of a URL, whose host may be another than the one that was asked. */
export function pathOf(url: string): string {
  const absolute = url.startsWith('/') ? `http://storefront${url}` : url;
  if (!URL.canParse(absolute)) return url;
  const { pathname, search } = new URL(absolute);
  return pathname + search;
}

function timeOf({ atMs, lines }: WorkerLogEvent): number | undefined {
  return atMs ?? lines.find((line) => line.atMs !== undefined)?.atMs;
}

function isSkew(offsetMs: number): boolean {
  return Math.abs(offsetMs) <= MAX_SKEW_MS;
}

function overlaps({ startMs, endMs = Number.POSITIVE_INFINITY }: OwnRequest, fromMs: number, toMs: number): boolean {
  return startMs <= toMs && endMs >= fromMs;
}

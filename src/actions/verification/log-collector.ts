import { BUILD_ID_PATH } from '../../domain/verification/identity.ts';
import type { PageAnswer, PageHop, Pages } from '../../domain/verification/page.ts';
import type { Sighting } from '../../domain/worker-logs/certainty.ts';
import type { WorkerLogEvent } from '../../domain/worker-logs/log-event.ts';
import { type OwnRequest, type OwnRequests, pathOf } from '../../domain/worker-logs/own-requests.ts';
import { isProblem, ProblemGroups } from '../../domain/worker-logs/problems.ts';
import { ROW } from './page-progress.ts';

/** Events that wait for the end, when it is known which requests were this run's own; the oldest is settled before. */
const MAX_WAITING = 2000;
const MAX_WAITING_CHARS = 8 * 1024 * 1024;
/** Of own requests, for the support bundle. */
const MAX_OWN = 300;
const MAX_OWN_CHARS = 1024 * 1024;
/** Of logs that may be of own requests. Where others ask for the same pages more often than that, nothing is certain. */
const MAX_SIGHTINGS = 20_000;
/** A file of the build, which is served without its worker. */
const WITHOUT_WORKER: ReadonlySet<string> = new Set([BUILD_ID_PATH]);

interface Waiting {
  event: WorkerLogEvent;
  receivedMs: number;
}

/** What was logged, told apart by whose requests it belongs to. In bounded memory. */
export class LogCollector {
  readonly groups = new ProblemGroups();
  readonly own: WorkerLogEvent[] = [];
  othersCount = 0;
  readonly #sightings: Sighting[] = [];
  readonly #requests: OwnRequests;
  /** Own requests whose logs came, by path. */
  readonly #seen = new Map<string, number>();
  #waiting: Waiting[] = [];
  #waitingChars = 0;
  #ownChars = 0;

  constructor(requests: OwnRequests) {
    this.#requests = requests;
  }

  /** An event of the tail. */
  receive(event: WorkerLogEvent, receivedMs: number): void {
    this.#requests.noteReceived(event, receivedMs);
    this.#waiting.push({ event, receivedMs });
    this.#waitingChars += event.json.length;
    if (this.#waiting.length <= MAX_WAITING && this.#waitingChars <= MAX_WAITING_CHARS) return;
    // In halves: to take the first one from a long list, again and again, would take long.
    const kept = this.#waiting.splice(Math.ceil(this.#waiting.length / 2));
    this.settle();
    this.#waiting = kept;
    this.#waitingChars = kept.reduce((sum, one) => sum + one.event.json.length, 0);
  }

  /** Tells apart what was received so far. */
  settle(): void {
    for (const { event, receivedMs } of this.#waiting) this.add(event, receivedMs);
    this.#waiting = [];
    this.#waitingChars = 0;
  }

  /** @param receivedMs undefined for what the query found */
  add(event: WorkerLogEvent, receivedMs?: number): void {
    const requests = this.#requests.matching(event, receivedMs);
    if (requests.length === 0) {
      this.othersCount += event.lines.filter(isProblem).length;
      return;
    }
    noteSeen(this.#seen, event);
    const hasProblem = this.groups.add(event) > 0;
    const { request, requestId } = event;
    if (this.#sightings.length <= MAX_SIGHTINGS)
      this.#sightings.push({ requests, statusCode: request?.statusCode, hasProblem, requestId });
    this.#ownChars += event.json.length;
    if (this.own.length < MAX_OWN && this.#ownChars <= MAX_OWN_CHARS) this.own.push(event);
  }

  /** What may be of own requests; undefined if that was too much to be kept. */
  get sightings(): readonly Sighting[] | undefined {
    return this.#sightings.length > MAX_SIGHTINGS ? undefined : this.#sightings;
  }

  /** Own requests whose logs did not come yet. */
  countMissing(): number {
    const seen = new Map(this.#seen);
    for (const { event, receivedMs } of this.#waiting)
      if (this.#requests.owns(event, receivedMs)) noteSeen(seen, event);
    return this.#requests.countMissing(seen, WITHOUT_WORKER);
  }
}

function noteSeen(seen: Map<string, number>, { request }: WorkerLogEvent): void {
  const path = pathOf(request?.url ?? '');
  seen.set(path, (seen.get(path) ?? 0) + 1);
}

/**
 * The requests by whose answers a page is judged in the end: the last ones. Before it worked it may have stumbled, or
 * another build may have answered.
 */
export class CountingRequests {
  readonly #byPage = new Map<string, (readonly OwnRequest[])[]>();

  /** A page was asked for: a request, and those that its redirects led to. */
  note(own: readonly [OwnRequest, ...OwnRequest[]]): void {
    const { path } = own[0];
    if (WITHOUT_WORKER.has(path)) return;
    this.#byPage.set(path, [...(this.#byPage.get(path) ?? []), own].slice(-ROW));
  }

  list(): OwnRequest[] {
    return [...this.#byPage.values()].flat(2).filter((one) => !one.isCached);
  }
}

/** The same pages; each request is noted, with those that followed from it. */
export function notePages(pages: Pages, requests: OwnRequests, counting: CountingRequests, nowMs: () => number): Pages {
  return {
    close: pages.close,
    get: async (request) => {
      const startMs = nowMs();
      const own: [OwnRequest, ...OwnRequest[]] = [requests.begin(request.url, startMs)];
      try {
        const answer = await pages.get(request);
        for (const url of followedUrls(answer)) own.push(requests.begin(url, startMs));
        for (const [index, one] of own.entries()) {
          const hop = answer.hops[index];
          Object.assign(one, { statusCode: hop?.status, isCached: hop !== undefined && isCached(hop) });
        }
        noteDates(answer, requests, nowMs());
        return answer;
      } finally {
        for (const one of own) one.endMs = nowMs();
        counting.note(own);
      }
    },
  };
}

/** Out of a cache on the way, such as that of a CDN of the shop's own: it says how old it is (RFC 9111, section 5.1). */
function isCached({ headers }: PageHop): boolean {
  return Number(headers['age'] ?? 0) > 0 || headers['cf-cache-status']?.toUpperCase() === 'HIT';
}

/** Those that redirects led to. */
function followedUrls(answer: PageAnswer): URL[] {
  const urls = answer.hops.slice(1).map(({ url }) => url);
  const next = answer.hops.at(-1)?.location;
  // It was asked, and did not answer.
  const isLost = answer.kind === 'none' && answer.fault !== 'redirects' && next !== undefined;
  return isLost ? [...urls, next] : urls;
}

function noteDates({ hops }: PageAnswer, requests: OwnRequests, receivedMs: number): void {
  const headers = hops.at(-1)?.headers ?? {};
  const [dateMs, ageSeconds] = [Date.parse(headers['date'] ?? ''), Number(headers['age'] ?? 0)];
  if (Number.isFinite(dateMs) && Number.isFinite(ageSeconds)) requests.noteDate(dateMs, ageSeconds, receivedMs);
}

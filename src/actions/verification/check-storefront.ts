import {
  type BuildIdentity,
  describePage,
  type PageResult,
  type VerificationRecord,
} from '../../domain/verification/checks.ts';
import { BUILD_ID_PATH, identifyBuild } from '../../domain/verification/identity.ts';
import { count } from '../../report/format.ts';
import type { Phase } from '../../report/run-events.ts';
import { type AskDependencies, Asker, type CheckTarget, eachOf, SYSTEM_CLOCK } from './ask-pages.ts';
import { PageProgress } from './page-progress.ts';

export interface CheckRequest extends CheckTarget {
  /** What `/BUILD_ID` has to answer; undefined if that is not known. */
  buildId: string | undefined;
  timeoutMs: number;
  /** What came of the same pages before the deployment; empty if they were not asked. */
  before: readonly PageResult[];
}

export interface CheckDependencies extends AskDependencies {
  phase: Phase;
}

/** For a page with all its redirects. */
const ATTEMPT_MS = 15_000;
/** A page that gets less than an attempt's time, and less than this part of the whole, is not blamed for being late. */
const FAIR_PART = 0.5;
/** For `/BUILD_ID`, which is a file of a few bytes. */
const IDENTITY_ATTEMPT_MS = 5_000;
/** Between two looks at what is not as wished; each is longer than the last. */
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;
const PAUSE_GROWTH = 1.6;
/** Before the second look at what was as wished. */
const SECOND_LOOK_MS = 100;
/** In less time, a look would show nothing; where all time is short, a part of it has to do. */
const SHORTEST_LOOK_MS = 500;
const SHORTEST_LOOK_PART = 0.25;

/**
 * Asks the pages of a storefront until all are healthy, or the time is over. While another build answers, no page counts.
 * @throws only the signal's reason
 */
export async function checkStorefront(
  request: CheckRequest,
  dependencies: CheckDependencies,
): Promise<VerificationRecord> {
  return await new StorefrontCheck(request, dependencies).perform();
}

type Dependencies = Required<CheckDependencies>;

class StorefrontCheck {
  readonly #request: CheckRequest;
  readonly #dependencies: Dependencies;
  readonly #asker: Asker;
  readonly #pages: readonly PageProgress[];
  readonly #startMs: number;
  readonly #shortestLookMs: number;
  readonly #fairAttemptMs: number;
  #identity: BuildIdentity | undefined;
  /** Why the build is not known: the end of a sentence that begins with the path. */
  #whyUnknown = '';
  #hasSaidOther = false;

  constructor(request: CheckRequest, dependencies: CheckDependencies) {
    this.#request = request;
    this.#dependencies = { clock: SYSTEM_CLOCK, ...dependencies };
    this.#asker = new Asker(request, dependencies);
    this.#pages = request.checks.map((check) => new PageProgress(check));
    this.#startMs = this.#nowMs();
    this.#shortestLookMs = Math.min(SHORTEST_LOOK_MS, request.timeoutMs * SHORTEST_LOOK_PART);
    this.#fairAttemptMs = Math.min(ATTEMPT_MS, request.timeoutMs * FAIR_PART);
  }

  async perform(): Promise<VerificationRecord> {
    const { clock, phase, signal } = this.#dependencies;
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      await this.#look();
      if (this.#isSettled() && (await this.#isStillLive())) break;
      if (this.#leftMs() <= this.#shortestLookMs) break;
      phase.status(this.#describe());
      if (this.#pages.some((page) => page.isPromising)) {
        await clock.pause(this.#withinTime(SECOND_LOOK_MS), signal);
      } else {
        await clock.pause(this.#withinTime(pauseMs), signal);
        pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * PAUSE_GROWTH);
      }
    }
    return this.#record();
  }

  #nowMs(): number {
    return this.#dependencies.clock.nowMs();
  }

  #leftMs(): number {
    return this.#startMs + this.#request.timeoutMs - this.#nowMs();
  }

  /** A pause that leaves time for another look, and ends when an unreachable page is given up. */
  #withinTime(pauseMs: number): number {
    const givenUp = this.#open().flatMap(({ givenUpAtMs }) => givenUpAtMs ?? []);
    const nextMs = Math.min(...givenUp) - this.#nowMs();
    return Math.max(0, Math.min(pauseMs, this.#leftMs() - this.#shortestLookMs, nextMs));
  }

  #open(): PageProgress[] {
    const nowMs = this.#nowMs();
    return this.#pages.filter((page) => !page.isSettled(nowMs));
  }

  #isSettled(): boolean {
    return this.#identity !== 'other' && this.#open().length === 0;
  }

  /** Asks what is not known yet: the build first, and no page while it is another one. */
  async #look(): Promise<void> {
    const { buildId } = this.#request;
    if (buildId === undefined || this.#identity === 'matched') return await this.#askPages();
    if (this.#identity !== 'unknown') {
      await this.#identify(buildId);
      if (this.#identity !== 'other') await this.#askPages();
      return;
    }
    if (this.#open().length === 0) return;
    await Promise.all([this.#identify(buildId), this.#askPages()]);
    // It is known from now on: what was seen before may have been another build's.
    if (this.#identity !== 'unknown') this.#reset();
  }

  /** Once all is healthy: an edge may go back to the former build. */
  async #isStillLive(): Promise<boolean> {
    const { buildId } = this.#request;
    if (buildId === undefined || this.#identity !== 'matched') return true;
    if (this.#leftMs() <= 0 || !this.#pages.every(({ isHealthy }) => isHealthy)) return true;
    const identity = await this.#identify(buildId);
    if (identity === 'unknown') this.#identity = 'matched';
    return identity !== 'other';
  }

  async #identify(buildId: string): Promise<BuildIdentity> {
    const timeoutMs = Math.max(1, Math.min(IDENTITY_ATTEMPT_MS, this.#leftMs()));
    const answer = await this.#asker.get(BUILD_ID_PATH, timeoutMs);
    const identity = identifyBuild(buildId, answer);
    this.#identity = identity;
    if (identity === 'unknown') {
      this.#whyUnknown = this.#asker.judge({ path: BUILD_ID_PATH }, answer).problem ?? 'is not a build id';
    }
    if (identity === 'other') this.#noteOther();
    return identity;
  }

  #noteOther(): void {
    this.#reset();
    if (!this.#hasSaidOther)
      this.#dependencies.phase.info('The former build is still served: waiting for the new one.');
    this.#hasSaidOther = true;
  }

  #reset(): void {
    for (const page of this.#pages) page.reset();
  }

  /** What was as wished once is asked for the second time before anything else is asked again. */
  async #askPages(): Promise<void> {
    const open = this.#open();
    const promising = open.filter((page) => page.isPromising);
    await eachOf(promising.length > 0 ? promising : open, async (page) => {
      const timeoutMs = Math.min(
        ATTEMPT_MS,
        this.#leftMs(),
        (page.givenUpAtMs ?? Number.POSITIVE_INFINITY) - this.#nowMs(),
      );
      if (timeoutMs <= 0) return;
      const answer = await this.#asker.get(page.check.path, timeoutMs);
      page.note(this.#asker.judge(page.check, answer), this.#nowMs(), timeoutMs < this.#fairAttemptMs);
    });
  }

  /** For the next sign of life. */
  #describe(): string {
    if (this.#identity === 'other') return 'the former build is still served';
    const healthy = this.#pages.filter(({ isHealthy }) => isHealthy).length;
    const bad = this.#pages.map((page) => page.lastResult()).find(({ state }) => state !== 'healthy');
    const counted = `${healthy} of ${count(this.#pages.length, 'page')} healthy`;
    return bad === undefined ? counted : `${counted}; ${describePage(bad)}`;
  }

  #record(): VerificationRecord {
    const { urls, before, buildId } = this.#request;
    const facts = { url: urls[0], build: this.#identity ?? 'unknown', durationMs: this.#nowMs() - this.#startMs };
    if (facts.build === 'other') return { ...facts, state: 'inconclusive', reason: FORMER_BUILD, pages: [] };
    const pages = this.#pages.map((page, index) => {
      const former = before[index];
      return page.result(former?.path === page.check.path ? former : undefined);
    });
    if (buildId !== undefined && facts.build === 'unknown') {
      this.#dependencies.phase.info(`Which build answers is not known: ${BUILD_ID_PATH} ${this.#whyUnknown}.`);
    }
    return { ...facts, state: stateOf(pages), pages };
  }
}

const FORMER_BUILD = `The former build is still served: ${BUILD_ID_PATH} is not that of the bundle. If it takes longer until a new one is, raise \`verify-timeout-seconds\`.`;

function stateOf(pages: readonly PageResult[]): VerificationRecord['state'] {
  const states = new Set(pages.map(({ state }) => state));
  if (states.has('unhealthy')) return 'unhealthy';
  return states.has('inconclusive') ? 'inconclusive' : 'healthy';
}

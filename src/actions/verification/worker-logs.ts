import type { LogFilter, LogsClient } from '../../bigcommerce/logs.ts';
import type { VerificationState } from '../../domain/verification/checks.ts';
import type { Pages } from '../../domain/verification/page.ts';
import { isCertainlyOwn, joinSightings, type Sighting } from '../../domain/worker-logs/certainty.ts';
import type { WorkerLogEvent } from '../../domain/worker-logs/log-event.ts';
import { OwnRequests, type TimeSpan } from '../../domain/worker-logs/own-requests.ts';
import { ProblemGroups } from '../../domain/worker-logs/problems.ts';
import { problemsWords, type WorkerLogsRecord } from '../../domain/worker-logs/worker-logs-record.ts';
import { describeError } from '../../errors.ts';
import { HttpError } from '../../net/errors.ts';
import { endedBy, pause, timeoutSignal } from '../../pause.ts';
import { count } from '../../report/format.ts';
import type { Logger, Phase } from '../../report/run-events.ts';
import { CountingRequests, LogCollector, notePages } from './log-collector.ts';

/** How long is waited for the log. */
export interface LogWaits {
  /** The first page waits no longer for it than this: what is missed then is asked for afterwards. */
  openMs: number;
  /** After the last answer, until the logs of all own requests have come. */
  graceMs: number;
  /** The same where they explain a failure, or decide. */
  longGraceMs: number;
}

const WAITS: LogWaits = { openMs: 1_000, graceMs: 700, longGraceMs: 2_000 };
/** Between two looks at whether all have come. */
const LOOK_MS = 20;
const QUERY_MS = 3_000;
/** Of 500 entries each. */
const MAX_PAGES = 10;
/** GitHub shows ten errors of a step, and one is that of the failure. */
const MAX_PROBLEMS = 9;

export interface WatchDependencies {
  pages: Pages;
  /** @param signal ends what it asks */
  logs: (signal: AbortSignal) => LogsClient;
  run: Pick<Logger, 'debug'>;
  signal: AbortSignal;
  /** Ms since 1970. */
  nowMs?: () => number;
  /** Those that are not given are its own. */
  waits?: Partial<LogWaits> | undefined;
}

export interface WatchedLogs {
  workerLogs: WorkerLogsRecord;
  own: readonly WorkerLogEvent[];
}

/** Follows the worker's log while pages are asked. What goes wrong with it fails nothing. */
export class LogWatch {
  /** To be asked for the pages whose logs count as this run's own. */
  readonly pages: Pages;
  readonly #projectUuid: string;
  readonly #dependencies: WatchDependencies;
  readonly #nowMs: () => number;
  readonly #waits: LogWaits;
  readonly #requests = new OwnRequests();
  readonly #counting = new CountingRequests();
  readonly #found = new LogCollector(this.#requests);
  readonly #queried = new LogCollector(this.#requests);
  readonly #stopping = new AbortController();
  readonly #following: Promise<void>;
  /** The first connection is open, or has failed. */
  readonly #tried = Promise.withResolvers<void>();
  #arrival = Promise.withResolvers<void>();
  /** Why something may be missing: the end of a sentence. */
  #gap: string | undefined;
  #hasOpened = false;
  /** Why the tail ended, if that was not meant. */
  #failure: unknown;

  /** Begins to follow. */
  constructor(projectUuid: string, dependencies: WatchDependencies) {
    this.#projectUuid = projectUuid;
    this.#dependencies = dependencies;
    this.#nowMs = dependencies.nowMs ?? Date.now;
    this.#waits = { ...WAITS, ...dependencies.waits };
    this.pages = notePages(dependencies.pages, this.#requests, this.#counting, this.#nowMs);
    this.#following = this.#follow();
  }

  /** Until it is certain that nothing is missed; not for long. @throws only the signal's reason */
  async untilOpen(): Promise<void> {
    await this.#within(this.#waits.openMs, Promise.race([this.#tried.promise, this.#following]));
  }

  /** After the last page. @param isDecisive it is worth some waiting @throws only the signal's reason */
  async finish(isDecisive: boolean): Promise<WatchedLogs> {
    const { graceMs, longGraceMs } = this.#waits;
    if (!this.#isRefused()) await this.#within(isDecisive ? longGraceMs : graceMs, this.#untilComplete());
    this.stop();
    await this.#following;
    this.#found.settle();
    if (this.#isRefused()) return this.#result('refused', describeError(this.#failure));
    if (this.#isComplete()) return this.#result('read');
    return await this.#fillGaps();
  }

  stop(): void {
    this.#stopping.abort();
  }

  /**
   * Whether an error was certainly logged for a request by which a page was judged, and not for somebody else's.
   * @throws only the signal's reason
   */
  async isCertain(): Promise<boolean> {
    const own = this.#counting.list();
    const { sightings: followed } = this.#found;
    if (followed === undefined) return false;
    if (isCertainlyOwn(own, followed)) return true;
    const rows = this.#isComplete() ? undefined : await this.#readRequests();
    const errors = this.#queried.sightings;
    if (rows === undefined || errors === undefined) return false;
    return isCertainlyOwn(own, joinSightings(rows, errors), followed);
  }

  /** Nothing was logged for the requests by which pages were judged, not even that they came. @throws only the signal's reason */
  async hasNothing(): Promise<boolean> {
    if (this.#counting.list().length === 0 || this.#found.sightings?.length !== 0) return false;
    return (await this.#readRequests())?.length === 0;
  }

  /** Those that may be own ones, as the query knows them; undefined if they could not be read, or are too many. */
  async #readRequests(): Promise<readonly Sighting[] | undefined> {
    const window = this.#requests.window(this.#nowMs());
    if (window === undefined) return [];
    const requests = new LogCollector(this.#requests);
    const filter = { ...window, entryType: 'request', method: 'GET' } as const;
    const fault = await this.#query(filter, (entry) => requests.add(entry));
    return fault === undefined ? requests.sightings : undefined;
  }

  /**
   * Whether each kind of error was logged before, too, for whomever.
   * @param looked when the same pages were asked of the former build, by the clock of the runner
   * @throws only the signal's reason
   */
  async wasLoggedBefore(looked: TimeSpan): Promise<boolean> {
    const earlier = new ProblemGroups();
    const filter = { ...this.#requests.onPlatform(looked), level: 'error' } as const;
    await this.#query(filter, (entry) => {
      // Clocks are not known to the second: what may be of now is not of then.
      if (!this.#requests.owns(entry)) earlier.add(entry);
    });
    return earlier.hasAllOf(this.#found.groups);
  }

  async #follow(): Promise<void> {
    const { logs, run } = this.#dependencies;
    const signal = AbortSignal.any([this.#dependencies.signal, this.#stopping.signal]);
    try {
      const events = logs(signal).tail(this.#projectUuid, {
        signal,
        onOpen: () => {
          this.#hasOpened = true;
          this.#tried.resolve();
        },
        onReconnect: ({ reason }) => {
          this.#gap = 'the log was cut off meanwhile';
          this.#tried.resolve();
          run.debug(`Worker log: ${reason}`);
        },
        onSkipped: (description) => {
          this.#gap = 'a part of it could not be read';
          run.debug(`Worker log: skipped ${description}`);
        },
      });
      for await (const event of events) {
        this.#found.receive(event, this.#nowMs());
        this.#arrival.resolve();
      }
    } catch (error) {
      if (!signal.aborted) this.#failure = error;
    }
  }

  #isRefused(): boolean {
    return isRefusal(this.#failure);
  }

  #isComplete(): boolean {
    return this.#hasOpened && this.#gap === undefined && this.#found.countMissing() === 0;
  }

  /** Until the logs of all own requests have come, however often the connection broke. */
  async #untilComplete(): Promise<void> {
    while (this.#found.countMissing() > 0) {
      await this.#arrival.promise;
      this.#arrival = Promise.withResolvers();
      // More than one comes at a time.
      await pause(LOOK_MS, this.#stopping.signal);
    }
  }

  /** The end of the time is no error. */
  async #within(timeoutMs: number, work: Promise<void>): Promise<void> {
    const { signal } = this.#dependencies;
    await endedBy(AbortSignal.any([signal, timeoutSignal(timeoutMs)]), work).catch(() => signal.throwIfAborted());
  }

  /** Errors and exceptions of the time of the own requests, as the query knows them. */
  async #fillGaps(): Promise<WatchedLogs> {
    const window = this.#requests.window(this.#nowMs());
    if (window === undefined) return this.#result('read');
    const fault = await this.#query({ ...window, level: 'error' }, (entry) => this.#queried.add(entry));
    this.#merge(this.#queried);
    if (fault === undefined) return this.#result('read');
    if (fault.isRefusal) return this.#result('refused', fault.reason);
    if (!this.#hasOpened) return this.#result('failed', fault.reason);
    return this.#result(
      'partly',
      `${this.#gap === undefined ? '' : `As ${this.#gap}, it was asked again. `}${fault.reason}`,
    );
  }

  /** @returns why something may be missing, if so: a sentence @throws only the signal's reason */
  async #query(
    filter: LogFilter,
    onEntry: (entry: WorkerLogEvent) => void,
  ): Promise<{ reason: string; isRefusal: boolean } | undefined> {
    const { logs, signal, run } = this.#dependencies;
    const time = timeoutSignal(QUERY_MS);
    try {
      let pages = 0;
      for await (const entries of logs(AbortSignal.any([signal, time])).query(this.#projectUuid, filter)) {
        for (const entry of entries) onEntry(entry);
        pages += 1;
        if (pages >= MAX_PAGES) return { reason: 'It has more entries than are read here.', isRefusal: false };
      }
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      const reason = time.aborted ? 'It did not answer in time.' : describeError(error);
      run.debug(`Worker log: the query failed: ${reason}`);
      return { reason, isRefusal: isRefusal(error) };
    }
  }

  #merge(queried: LogCollector): void {
    const lineOf = ({ lines }: WorkerLogEvent) => lines.map(({ atMs, messages }) => `${atMs} ${messages.join(' ')}`);
    const known = new Set(this.#found.own.flatMap(lineOf));
    this.#found.own.push(...queried.own.filter((event) => !lineOf(event).every((line) => known.has(line))));
    this.#found.groups.mergeSame(queried.groups);
    this.#found.othersCount = Math.max(this.#found.othersCount, queried.othersCount);
  }

  #result(state: WorkerLogsRecord['state'], reason?: string): WatchedLogs {
    return { workerLogs: this.#record(state, reason), own: this.#found.own };
  }

  #record(state: WorkerLogsRecord['state'], reason?: string): WorkerLogsRecord {
    const { groups, othersCount } = this.#found;
    return { state, ...(reason !== undefined && { reason }), ...groups.list(MAX_PROBLEMS), othersCount };
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof HttpError && (error.status === 403 || error.status === 404);
}

/** @param logs whether they decide */
export function isDecisive(state: VerificationState, logs: 'show' | 'fail'): boolean {
  return state === 'unhealthy' || (state === 'healthy' && logs === 'fail');
}

/** A line of the phase. */
export function reportWorkerLogs(workerLogs: WorkerLogsRecord, phase: Pick<Phase, 'info'>): void {
  const { state, reason, problems, othersCount } = workerLogs;
  if (state === 'refused') return;
  if (state === 'failed') {
    phase.info(`The worker's log could not be read. ${reason ?? ''}`);
    return;
  }
  const others = othersCount === 0 ? '' : `; of others' requests: ${count(othersCount, 'error')}`;
  const what = problems.length === 0 ? 'no error' : problemsWords(workerLogs);
  const doubt = state === 'partly' ? ` Some may be missing. ${reason ?? ''}` : '';
  phase.info(`Worker log of this run's requests: ${what}${others}.${doubt}`);
}

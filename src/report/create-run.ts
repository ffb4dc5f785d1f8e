import { CONTROL_CHARACTERS } from '../domain/hidden-characters.ts';
import { ActionError, CancelledError, FileError, InputError } from '../errors.ts';
import type { SummaryInput } from '../inputs/summary.ts';
import { type EventRules, type FieldRules, redactFields } from './field-rules.ts';
import { helpOn } from './help.ts';
import type { JobLog } from './job-log.ts';
import { createOutputSink, type Outputs } from './outputs.ts';
import type { SummaryDetail } from './page.ts';
import type { Redactor } from './redactor.ts';
import type { ActionResult } from './result.ts';
import { createResultSink } from './result-sink.ts';
import {
  type End,
  type EndFailure,
  foldRunEvent,
  INPUT_WARNING,
  type Occurrence,
  type Phase,
  type Run,
  type RunEvent,
  type Sink,
} from './run-events.ts';
import type { PhaseRecord, RunRecord } from './run-record.ts';
import { createSummarySink } from './step-summary.ts';

/** What an action brings to its run: what can happen, what is known of it, and how it is shown. */
export interface ActionReport<E extends { type: string }, R extends RunRecord> {
  /** The record of a run that has just begun; plain data. */
  initial: Omit<R, keyof RunRecord>;
  /** Applies an event to the action's part of the record, after the common part. Pure but for the record. */
  fold(record: R, event: E): void;
  /** Which strings of the record are not free text. */
  fields: FieldRules<R>;
  /** The same for the events. */
  eventFields: EventRules<E>;
  /** Title of a failure that has none of its own: `Deployment not started`. */
  failureTitle: string;
  /** @param error undefined for a success */
  outcomeOf(record: Readonly<R>, error: ActionError | undefined): OutcomeOf<E>;
  /** Whether the run has changed anything, in a sentence for its failure; see `FailureRecord`. */
  effectOf?(record: Readonly<R>, outcome: OutcomeOf<E>): string | undefined;
  /** Prints what the job log shows of an event; `logRunEvent` knows the common ones. */
  log(occurrence: Occurrence<E, R>, log: JobLog): void;
  /** The outputs that an event changes. Called once for each event, in their order. */
  outputs?(occurrence: Occurrence<E, R>): Outputs | undefined;
  /** The action's own part of the output `result`; without it, there is no such output. */
  result?(record: R): ActionResult;
  /** The step summary, as Markdown. */
  summary?(record: R, detail: SummaryDetail): string;
}

type OutcomeOf<E> = E extends { type: 'ended'; outcome: infer O } ? O : never;

/** The run, as the code that puts the action together sees it. */
export interface ActionRun<E extends { type: string }, R> extends Run<E> {
  /** Adds a sink that is made during the run; it receives the events from now on. */
  attach(sink: Sink<E, R>): void;
  /** How the run has ended, for what has to know it before `end`, which says the same then. Throws nothing. */
  prepareEnd(
    error: ActionError | undefined,
    describe?: (error: ActionError, record: Readonly<R>) => ActionError,
  ): End<OutcomeOf<E> & string>;
  /**
   * The work is over. Throws nothing.
   * @param describe gives the error to report instead, with what is known of the run
   */
  end(error: ActionError | undefined, describe?: (error: ActionError, record: Readonly<R>) => ActionError): void;
  /** Waits for every sink. Throws nothing. */
  settle(): Promise<void>;
  /** Waits for every sink, then has the summary and the last lines written. Throws nothing. */
  finish(): Promise<void>;
}

export interface RunOptions {
  log: JobLog;
  redactor: Redactor;
  correlationId: string;
  /** Address of the troubleshooting page; undefined where it is not known. */
  helpPage?: string | undefined;
  /** When another process began this run, and how long it has been running since. */
  begun?: { at: Date; elapsedMs: number };
  /** `full` unless it is given. */
  summary?: SummaryInput;
}

export function createRun<E extends { type: string }, R extends RunRecord & { outcome: unknown }>(
  report: ActionReport<E, R>,
  options: RunOptions,
): ActionRun<E, R> {
  const run = new EventRun(report, options);
  const { log } = options;
  run.attach({
    receive: (occurrence) => report.log(occurrence, log),
    failing: 'The log could not be written',
    isLog: true,
  });
  if (report.outputs !== undefined) {
    const { outputs, fields } = report;
    run.attach(createOutputSink({ outputs, fields, log, redactor: options.redactor, run }));
  }
  if (report.result !== undefined) run.attach(createResultSink(report));
  if (report.summary !== undefined) run.attach(createSummarySink(report.summary, options.summary ?? 'full'));
  run.emit({ type: 'began' } as unknown as E);
  return run;
}

const UNCHANGED = { redact: (text: string) => text, redactPublic: (text: string) => text };

/** Its methods are bound, so that they work when they are passed on alone: `const { warn } = run`. */
class EventRun<E extends { type: string }, R extends RunRecord & { outcome: unknown }> implements ActionRun<E, R> {
  readonly #report: ActionReport<E, R>;
  readonly #record: R;
  readonly #startMs: number;
  readonly #helpPage: string | undefined;
  readonly #views: { public: View<E, R>; log: View<E, R> };
  readonly #sinks: Sink<E, R>[] = [];
  readonly #failed = new Set<Sink<E, R>>();
  readonly #pending = new Set<Promise<void>>();
  readonly #queue: E[] = [];
  #isDelivering = false;
  #end: End | undefined;
  /** Those that wait in the queue included. */
  #warningCount = 0;

  constructor(report: ActionReport<E, R>, { redactor, correlationId, helpPage, begun }: RunOptions) {
    this.#report = report;
    this.#helpPage = helpPage;
    this.#startMs = performance.now() - Math.max(0, begun?.elapsedMs ?? 0);
    const common: RunRecord = {
      startedAt: begun?.at ?? new Date(),
      durationMs: 0,
      correlationId,
      networkUsed: false,
      phases: [],
      warnings: [],
    };
    // A copy: what is folded into it must not show up in another run.
    this.#record = redactFields({ ...common, ...report.initial } as R, report.fields, UNCHANGED);
    // Without control characters, the pieces of a secret that they split are side by side.
    const redact = (text: string) => redactor.redact(text.replace(CONTROL_CHARACTERS, ''));
    this.#views = {
      public: { ...report, ...redactor },
      log: { ...report, redact, redactPublic: redact },
    };
  }

  readonly attach = (sink: Sink<E, R>): void => {
    this.#sinks.push(sink);
  };

  /** What a sink emits comes after what it has received: every sink gets all events in the same order. */
  readonly emit = (event: E): void => {
    if (event.type === 'warned') this.#warningCount += 1;
    this.#queue.push(event);
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#deliver(next);
    } finally {
      this.#isDelivering = false;
    }
  };

  readonly info = (line: string): void => {
    this.#emit({ type: 'info', line });
  };

  readonly warn = (message: string, title: string): void => {
    this.#emit({ type: 'warned', message, title });
  };

  readonly debug = (text: string): void => {
    this.#emit({ type: 'debug', text });
  };

  readonly phase = async <T>(title: string, work: (phase: Phase) => Promise<T>): Promise<T> => {
    const ended: PhaseRecord = { title, startMs: this.#elapsedMs(), endMs: 0, state: 'failed' };
    const warningsBefore = this.#warningCount;
    this.#emit({ type: 'phase-started', title });
    try {
      const value = await work({
        info: this.info,
        status: (text) => this.#emit({ type: 'phase-status', title, text }),
        result: (text, isFlawed = false) => {
          ended.result = text;
          if (isFlawed) ended.hasWarnings = true;
        },
      });
      ended.state = 'done';
      return value;
    } catch (error) {
      if (error instanceof CancelledError) ended.state = 'cancelled';
      else if (error instanceof ActionError && error.title !== undefined) ended.result ??= error.title;
      throw error;
    } finally {
      ended.endMs = this.#elapsedMs();
      if (this.#warningCount > warningsBefore) ended.hasWarnings = true;
      this.#emit({ type: 'phase-ended', ...ended });
    }
  };

  readonly prepareEnd = (
    error: ActionError | undefined,
    describe?: (one: ActionError, record: Readonly<R>) => ActionError,
  ) => {
    this.#end = this.#endOf(error, describe);
    return this.#end as End<OutcomeOf<E> & string>;
  };

  readonly end = (
    error: ActionError | undefined,
    describe?: (one: ActionError, record: Readonly<R>) => ActionError,
  ) => {
    this.#emit({ type: 'ended', ...(this.#end ?? this.#endOf(error, describe)) });
  };

  #endOf(error: ActionError | undefined, describe = (one: ActionError, _record: Readonly<R>) => one): End {
    const failure = error === undefined ? undefined : describe(error, this.#record);
    if (failure instanceof InputError) for (const warning of failure.warnings) this.warn(warning, INPUT_WARNING);
    const outcome = this.#report.outcomeOf(this.#record, failure);
    const end = { outcome: outcome as string, durationMs: this.#elapsedMs() };
    if (failure === undefined) return end;
    // A cancelled run's message says what it has changed.
    const effect = failure instanceof CancelledError ? undefined : this.#report.effectOf?.(this.#record, outcome);
    const help = failure.topic === undefined ? undefined : helpOn(failure.topic, this.#helpPage);
    return { ...end, failure: { ...failureOf(failure, this.#report.failureTitle), effect, help } };
  }

  readonly finish = async (): Promise<void> => {
    await this.settle();
    this.#emit({ type: 'finished' });
    await this.settle();
    this.#emit({ type: 'reported' });
  };

  readonly settle = async (): Promise<void> => {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  };

  #emit(event: RunEvent): void {
    this.emit(event as unknown as E);
  }

  #deliver(event: E): void {
    const common = event as unknown as RunEvent;
    foldRunEvent(this.#record, common);
    if (common.type === 'ended') this.#record.outcome = common.outcome;
    this.#report.fold(this.#record, event);
    const shown = new LazyOccurrence(event, this.#record, this.#views.public) as unknown as Occurrence<E, R>;
    const logged = new LazyOccurrence(event, this.#record, this.#views.log) as unknown as Occurrence<E, R>;
    for (const sink of this.#sinks) {
      try {
        const received = sink.receive(sink.isLog === true ? logged : shown);
        if (received instanceof Promise) this.#await(received, sink);
      } catch (error) {
        this.#warnOf(sink, error);
      }
    }
  }

  #await(received: Promise<void>, sink: Sink<E, R>): void {
    const settled = received
      .catch((error: unknown) => this.#warnOf(sink, error))
      .finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
  }

  /** A sink that fails must neither end the run nor hide how it ended. */
  #warnOf(sink: Sink<E, R>, error: unknown): void {
    if (this.#failed.has(sink)) return;
    this.#failed.add(sink);
    this.warn(`${sink.failing}: ${error instanceof Error ? error.message : error}`, 'Report not complete');
  }

  #elapsedMs(): number {
    return performance.now() - this.#startMs;
  }
}

/** How secrets are removed from strings for one kind of sink. */
interface View<E extends { type: string }, R extends RunRecord>
  extends Pick<ActionReport<E, R>, 'fields' | 'eventFields'>,
    Pick<Redactor, 'redact' | 'redactPublic'> {}

/** The one place where secrets are removed, and only from what is read: an event with thousands of rows may interest nobody. */
class LazyOccurrence<E extends { type: string }, R extends RunRecord> {
  readonly #original: { event: E; record: R; view: View<E, R> };
  #event: E | undefined;
  #record: R | undefined;

  constructor(event: E, record: R, view: View<E, R>) {
    this.#original = { event, record, view };
  }

  get type(): E['type'] {
    return this.#original.event.type;
  }

  get event(): E {
    const { event, view } = this.#original;
    if (this.#event === undefined) {
      const { type, ...known } = event;
      const rules = (view.eventFields as Readonly<Record<string, object>>)[type] ?? {};
      this.#event = { type, ...redactFields<object>(known, rules, view) } as unknown as E;
    }
    return this.#event;
  }

  get record(): R {
    const { record, view } = this.#original;
    this.#record ??= redactFields(record, view.fields, view);
    return this.#record;
  }
}

function failureOf(error: ActionError, otherwise: string): EndFailure {
  const { title = otherwise, message, details, detailCount, lastResort, fix = lastResort } = error;
  return {
    ...{ title, message, details, detailCount, fix },
    ...(error.isRequest && { isRequest: true }),
    ...(error instanceof CancelledError && error.inShort !== undefined && { inShort: error.inShort }),
    ...(error instanceof FileError && {
      file: { path: error.path, headline: error.headline, problems: error.problems },
    }),
  };
}

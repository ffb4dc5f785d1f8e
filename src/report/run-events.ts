import type { FileProblem } from '../errors.ts';
import type { OtherHost } from '../inputs/api-host.ts';
import type { EventRules } from './field-rules.ts';
import {
  type FailureRecord,
  HEADER_FIELDS,
  type PhaseRecord,
  type RunHeader,
  type RunRecord,
  type SkipRecord,
  SUPPORT_BUNDLE_FIELDS,
  type SupportBundle,
} from './run-record.ts';

/** The title of a warning about inputs that are usable, but most likely not meant so. */
export const INPUT_WARNING = 'Look at the inputs';

/** What can happen in a run of any action. Each action adds its own events to these. @typeParam O outcomes of the action */
export type RunEvent<O extends string = string> =
  | { type: 'began' }
  /** Before anything is checked or sent. */
  | { type: 'introduced'; header: RunHeader }
  | { type: 'phase-started'; title: string }
  /** For the next sign of life. */
  | { type: 'phase-status'; title: string; text: string }
  | ({ type: 'phase-ended' } & PhaseRecord)
  | { type: 'info'; line: string }
  | { type: 'debug'; text: string }
  | { type: 'warned'; message: string; title?: string }
  | { type: 'noticed'; message: string; title: string }
  /** An error that does not end the run; the one that does is in `ended`. */
  | { type: 'errored'; message: string; title: string }
  /** A request to the platform is about to be made: from now on it may know the correlation id. */
  | { type: 'network-used' }
  /** `other`: where credentials go, if that is not the usual host. An earlier step may have set it. */
  | { type: 'api-host-found'; other: OtherHost | undefined }
  /** There is nothing to do, and that is right. */
  | ({ type: 'skipped'; title: string } & SkipRecord)
  | { type: 'support-bundle-made'; supportBundle: SupportBundle }
  /** The work is over, and its outcome is known. */
  | ({ type: 'ended' } & End<O>)
  /** Everything that the summary shows is known. */
  | { type: 'finished' }
  /** The summary is written. */
  | { type: 'reported' };

/** How a run ended. @typeParam O outcomes of the action */
export interface End<O extends string = string> {
  outcome: O;
  durationMs: number;
  failure?: EndFailure;
}

export interface EndFailure extends FailureRecord {
  /** Set when files are wrong. */
  file?: {
    /** Absolute; the first one, where there are more. */
    path: string;
    /** The message without the problems. */
    headline: string;
    problems: readonly FileProblem[];
  };
}

/** Rules for the events of every action; each action adds the rule of `ended`, whose outcomes are its own. */
export const RUN_EVENT_FIELDS = {
  introduced: { header: HEADER_FIELDS },
  'phase-ended': { state: 'own' },
  'api-host-found': { other: { host: 'public' } },
  skipped: { reason: 'public' },
  'support-bundle-made': { supportBundle: SUPPORT_BUNDLE_FIELDS },
} as const satisfies EventRules<RunEvent>;

/** Prints lines into the job log. */
export interface Logger {
  info(line: string): void;
  /** @param title what it is about, in a few words: the annotation shows it in bold */
  warn(message: string, title: string): void;
  /** Shown when the job runs with debug logging. */
  debug(text: string): void;
}

/** What a phase can report while it runs. */
export interface Phase {
  info(line: string): void;
  /** What the next sign of life says if there is a long silence: "uploading, 12 of 60 MB". */
  status(text: string): void;
  /**
   * The result, for the line that closes the phase.
   * @param isFlawed it is done, but not everything went well: the line gets no tick
   */
  result(text: string, isFlawed?: boolean): void;
}

/** What a use case gets to say what happens. `info`, `warn`, `debug` and `phase` are shorthands that emit. */
export interface Run<E extends { type: string }> extends Logger {
  emit(event: E): void;
  phase<T>(title: string, work: (phase: Phase) => Promise<T>): Promise<T>;
}

/** The run of any action, for code that several of them use. */
export type CommonRun = Run<RunEvent<never>>;

/**
 * An event, and the record of the run right after it, both without secrets. The copies are made when they are first
 * read: a sink that needs the record after an `await` has to read it before.
 */
export type Occurrence<E extends { type: string }, R> = E extends { type: infer T }
  ? { readonly type: T; readonly event: E; readonly record: R }
  : never;

/** An occurrence in a run of any action: a common event, or one of the action's own. */
export type AnyOccurrence = Occurrence<{ type: string }, RunRecord>;

/** Narrows it to the common events; for what has cases for some of them, and does nothing about others. */
export function asCommon(occurrence: AnyOccurrence): Occurrence<RunEvent, RunRecord> {
  return occurrence as Occurrence<RunEvent, RunRecord>;
}

/** Receives everything that happens in a run. What it has to say itself, it emits; it calls nobody back. */
export interface Sink<E extends { type: string }, R> {
  /** A promise is awaited before the run goes on to its next stage (`finished`, `reported`). May throw or reject. */
  receive(occurrence: Occurrence<E, R>): void | Promise<void>;
  /** The warning if it throws, without the reason: "The step summary could not be written". */
  readonly failing: string;
  /** It writes the job log, in which public values lose the values of `secrets`, too. */
  readonly isLog?: boolean;
}

/** Applies an event to the common part of a record. */
export function foldRunEvent(record: RunRecord, event: RunEvent): void {
  switch (event.type) {
    case 'introduced':
      record.header = event.header;
      break;
    case 'phase-ended': {
      const { type: _, ...phase } = event;
      record.phases.push(phase);
      break;
    }
    case 'warned':
      record.warnings.push(event.message);
      break;
    case 'network-used':
      record.networkUsed = true;
      break;
    case 'api-host-found':
      if (event.other !== undefined) record.apiHost = event.other.host;
      break;
    case 'skipped':
      record.skipped = { reason: event.reason, message: event.message };
      break;
    case 'support-bundle-made':
      record.supportBundle = event.supportBundle;
      break;
    case 'ended':
      record.durationMs = event.durationMs;
      if (event.failure !== undefined) {
        const { file: _, ...failure } = event.failure;
        record.failure = failure;
      }
  }
}

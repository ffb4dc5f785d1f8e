/**
 * The errors that end a run. Each says what happened, to what, and what the user can do next; the three travel
 * separately so that the job log, the annotation and the step summary can each show them their own way.
 */

import type { HelpTopic } from './help-topics.ts';

export interface ActionErrorOptions {
  /** What the user can do next: a sentence or a few. */
  fix?: string;
  /** What the user can do where `fix` is not known: said by a run that fails, not by a warning. */
  lastResort?: string | undefined;
  /** A few words for the annotation's title; undefined: that of the action's failures in general. */
  title?: string | undefined;
  /** How the run ended, in a word of the action's output `outcome`; unless given, `error`. */
  outcome?: string;
  /** Where the troubleshooting page says more. */
  topic?: HelpTopic | undefined;
  /** `message` only describes a request: what a reader must know of it is in `title` and `fix`. */
  isRequest?: boolean | undefined;
  /** What is wrong, one sentence each, where there is more than one thing; `message` says the same in one text. */
  details?: readonly string[];
  /** How many things are wrong, where `details` lists fewer and says so in its last line. */
  detailCount?: number | undefined;
  cause?: unknown;
}

/** Base of every error that is meant for the user. `message` says what happened and to what. */
export class ActionError extends Error {
  override name = 'ActionError';
  readonly fix: string | undefined;
  readonly lastResort: string | undefined;
  readonly title: string | undefined;
  readonly outcome: string;
  readonly topic: HelpTopic | undefined;
  isRequest: boolean;
  readonly details: readonly string[];
  readonly detailCount: number;

  constructor(message: string, options: ActionErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.fix = options.fix;
    this.lastResort = options.lastResort;
    this.title = options.title;
    this.outcome = options.outcome ?? 'error';
    this.topic = options.topic;
    this.isRequest = options.isRequest ?? false;
    this.details = options.details ?? [];
    this.detailCount = options.detailCount ?? this.details.length;
  }
}

/** One thing that is wrong with the inputs: the input's name, what was wrong, and either what is allowed or what to do. */
export interface InputProblem {
  input: string;
  /** A sentence. */
  problem: string;
  /** Values, or a description of them; "Allowed:" is put before it. */
  allowed?: string;
  /** A sentence that says what to do; it replaces `allowed`. */
  remedy?: string;
}

/** Bad inputs, all of them in one go. The store is as it was when this is thrown. */
export class InputError extends ActionError {
  override name = 'InputError';
  readonly problems: readonly InputProblem[];
  /** What the readers had to warn of before they gave up; for the job log. They name inputs and keys, never values. */
  readonly warnings: readonly string[];

  constructor(problems: readonly InputProblem[], warnings: readonly string[] = []) {
    const lines = problems.map(({ input, problem, allowed, remedy }) => {
      const advice = remedy ?? (allowed === undefined ? undefined : `Allowed: ${allowed}`);
      return advice === undefined ? `${input}: ${problem}` : `${input}: ${problem} ${advice}`;
    });
    super(
      lines.length === 1
        ? `${lines[0]}`
        : `${lines.length} inputs are wrong:\n${lines.map((l) => `- ${l}`).join('\n')}`,
      {
        topic: 'invalid-input',
        title: lines.length === 1 ? 'Invalid input' : 'Invalid inputs',
        details: lines,
        fix: "Correct the step's `with:` (or the environment) and run again.",
      },
    );
    this.problems = problems;
    this.warnings = warnings;
  }
}

/** Something that is wrong with a file. */
export interface FileProblem {
  /** From 1; undefined for what is wrong with the file as a whole. */
  line: number | undefined;
  /** A sentence. */
  message: string;
  /** Absolute; undefined for the file that the error is about. */
  path?: string;
}

/** What is wrong with a file of the workspace, or a few, line by line. The store is as it was when this is thrown. */
export class FileError extends ActionError {
  override name = 'FileError';
  /** Absolute; the first one, where there are more. */
  readonly path: string;
  /** In the order of the file. */
  readonly problems: readonly FileProblem[];
  /** The message without the problems. */
  readonly headline: string;

  constructor(
    path: string,
    problems: readonly FileProblem[],
    options: Omit<ActionErrorOptions, 'details' | 'outcome'> & { message: string },
  ) {
    const details = problems.map(({ line, message }) => (line === undefined ? message : `line ${line}: ${message}`));
    super(`${options.message}\n${details.map((detail) => `- ${detail}`).join('\n')}`, { ...options, details });
    this.path = path;
    this.problems = problems;
    this.headline = options.message;
  }
}

/** A file could not be written. @param reason what the system said, in a few words */
export function fileNotWritable(path: string, reason: string, cause: unknown): ActionError {
  return new ActionError(`The file ${path} could not be written: ${reason}.`, {
    topic: 'file-not-readable-or-not-writable',
    title: 'File not writable',
    fix: 'Check whether the disk of the runner is full, and run the job again.',
    cause,
  });
}

/** The run was cancelled by a signal. Its message says what the remote side may still be doing. */
export class CancelledError extends ActionError {
  override name = 'CancelledError';
  /** The same in a few words, where it is known. */
  readonly inShort: string | undefined;

  constructor(message: string, options: Omit<ActionErrorOptions, 'outcome'> & { inShort?: string } = {}) {
    super(message, { ...options, outcome: 'cancelled' });
    this.inShort = options.inShort;
  }
}

/** What happened, and what to do. */
export function describeError(error: unknown): string {
  if (!(error instanceof ActionError)) return error instanceof Error ? error.message : String(error);
  return error.fix === undefined ? error.message : `${error.message} ${error.fix}`;
}

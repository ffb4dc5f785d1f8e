/**
 * The errors that end a run. Each says what happened, to what, and what the user can do next; the three travel
 * separately so that the job log, the annotation and the step summary can each show them their own way.
 */

/** How a run ended, as the `outcome` output gives it. Only `deployed` and `dry-run` are green. */
export type FailureOutcome = 'failed' | 'conflict' | 'unknown' | 'cancelled' | 'error';

export interface ActionErrorOptions {
  /** What the user can do next: a sentence or a few. */
  fix?: string;
  /** A few words for the annotation's title. */
  title?: string;
  outcome?: FailureOutcome;
  cause?: unknown;
}

/** Base of every error that is meant for the user. `message` says what happened and to what. */
export class ActionError extends Error {
  override name = 'ActionError';
  readonly fix: string | undefined;
  readonly title: string;
  readonly outcome: FailureOutcome;

  constructor(message: string, options: ActionErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.fix = options.fix;
    this.title = options.title ?? 'Deployment not started';
    this.outcome = options.outcome ?? 'error';
  }
}

/** One thing that is wrong with the inputs: the input's name, what was wrong, and what is allowed. */
export interface InputProblem {
  input: string;
  problem: string;
  allowed?: string;
}

/** Bad inputs, all of them in one go. Nothing has been sent when this is thrown. */
export class InputError extends ActionError {
  override name = 'InputError';
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    const lines = problems.map(({ input, problem, allowed }) =>
      allowed === undefined ? `${input}: ${problem}` : `${input}: ${problem} Allowed: ${allowed}`,
    );
    super(
      lines.length === 1
        ? `${lines[0]}`
        : `${lines.length} inputs are wrong:\n${lines.map((l) => `- ${l}`).join('\n')}`,
      {
        title: lines.length === 1 ? 'Input not usable' : 'Inputs not usable',
        fix: "Correct the step's `with:` (or the environment) and run again. Nothing was sent.",
      },
    );
    this.problems = problems;
  }
}

/** The bundle breaks a rule that the platform or this action enforces; every offence is listed. Nothing has been sent. */
export class BundleError extends ActionError {
  override name = 'BundleError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options: { fix?: string; cause?: unknown } = {}) {
    super(
      problems.length === 1
        ? `${problems[0]}`
        : `${problems.length} problems in the bundle:\n${problems.map((p) => `- ${p}`).join('\n')}`,
      {
        title: 'Bundle refused before upload',
        fix: options.fix ?? 'Change the build output (or `exclude`) and run again. Nothing was sent.',
        cause: options.cause,
      },
    );
    this.problems = problems;
  }
}

/** The run was cancelled by a signal. Its message says what the remote side may still be doing. */
export class CancelledError extends ActionError {
  override name = 'CancelledError';

  constructor(message: string, options: Omit<ActionErrorOptions, 'outcome'> = {}) {
    super(message, { title: 'Deployment cancelled', ...options, outcome: 'cancelled' });
  }
}

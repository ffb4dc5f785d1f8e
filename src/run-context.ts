import type { ActionError } from './errors.ts';
import type { ActionReport, ActionRun, RunOptions } from './report/create-run.ts';
import type { Redactor } from './report/redactor.ts';
import type { Logger } from './report/run-events.ts';
import type { RunRecord } from './report/run-record.ts';

/** What every action gets from the process it runs in. */
export interface RunContext {
  /** Aborted by SIGINT, SIGTERM and their like, with a CancelledError. */
  signal: AbortSignal;
  /** Aborted when there is no time left to show elsewhere how the run ended. */
  reportSignal: AbortSignal;
  /** Begins the action's run, which gets the process's own events from then on. To be called once. */
  begin: <E extends { type: string }, R extends RunRecord & { outcome: unknown }>(
    report: ActionReport<E, R>,
    begun?: RunOptions['begun'],
  ) => ActionRun<E, R>;
  /** Logs to the action's run once it has begun, and before to the run of the process. */
  logger: Logger;
  redactor: Redactor;
  /**
   * Has the runner mask a secret, and the redactor remove it. To be called before anything else is printed.
   * @param key of a value of `secrets`, or ''; undefined: it is a credential (see `Redactor`)
   */
  maskSecret: (value: string, key?: string) => void;
  /** One for the whole run. */
  correlationId: string;
  /** What the main step leaves for its `post` step. */
  state: StepState;
}

export interface StepState {
  /** '' when there is none. */
  read: (name: string) => string;
  /** Throws nothing. */
  save: (name: string, value: string) => void;
}

/** An action that has been put together and waits to be run. */
export interface Running {
  work: () => Promise<void>;
  /**
   * Reports how it ended: annotation, outputs, GitHub, summary. `error` is undefined on success; the signal is aborted
   * when there is no time left.
   */
  finish: (error: ActionError | undefined, signal: AbortSignal) => Promise<void>;
  /** Closes connections, so that Node ends by itself. */
  close: () => Promise<void>;
}

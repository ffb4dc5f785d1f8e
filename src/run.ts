import { randomUUID } from 'node:crypto';
import * as core from '@actions/core';
import { ActionError, CancelledError } from './errors.ts';
import { createJobLog, type JobLog } from './report/job-log.ts';
import { createRedactor, type Redactor } from './report/redactor.ts';

/** A cancelled job gets SIGTERM 7.5 s after SIGINT (API document, section 4); this action is gone well before. */
const CANCEL_GRACE_MS = 4000;
/** After the end of the work: Node ends by itself, unless something was left open. */
const EXIT_GRACE_MS = 3000;

/** What every action gets from the process it runs in. */
export interface RunContext {
  /** Aborted by SIGINT and SIGTERM, with a CancelledError. */
  signal: AbortSignal;
  log: JobLog;
  redactor: Redactor;
  /** Tells the runner and the redactor of a secret. To be called before anything else is printed. */
  maskSecret: (value: string) => void;
  /** One for the whole run. */
  correlationId: string;
}

/** An action that has been put together and waits to be run. */
export interface Running {
  work: () => Promise<void>;
  /** Says how it ended: outputs, summary, annotation. `error` is undefined on success. */
  finish: (error: ActionError | undefined) => Promise<void>;
  /** Closes connections, so that Node ends by itself. */
  close: () => Promise<void>;
}

/**
 * Runs an action from its start to the process's end: the only place that catches everything, listens to signals and
 * sets the exit code.
 */
export async function run(create: (context: RunContext) => Promise<Running>): Promise<void> {
  const cancel = new AbortController();
  listenToSignals(cancel);
  const context = createContext(cancel.signal);
  let running: Running | undefined;
  let failure: ActionError | undefined;
  try {
    running = await create(context);
    await running.work();
  } catch (error) {
    failure = toActionError(error, cancel.signal);
    process.exitCode = 1;
  }
  if (failure !== undefined) logCauses(failure, context.log);
  try {
    if (running !== undefined) await running.finish(failure);
    else if (failure !== undefined) context.log.error(failure.message, failure.title);
    await running?.close();
  } catch (error) {
    context.log.error(
      `The run could not be reported: ${error instanceof Error ? error.message : error}`,
      'Internal fault',
    );
    process.exitCode = 1;
  } finally {
    exitAfter(EXIT_GRACE_MS);
  }
}

function createContext(signal: AbortSignal): RunContext {
  const redactor = createRedactor();
  const maskSecret = (value: string) => {
    core.setSecret(value);
    redactor.add(value);
  };
  return { signal, redactor, maskSecret, log: createJobLog(redactor), correlationId: randomUUID() };
}

/** Every signal is caught to the very end: a second one must not kill the process while it writes its summary. */
function listenToSignals(cancel: AbortController): void {
  const onSignal = (signal: NodeJS.Signals) => {
    if (cancel.signal.aborted) return;
    cancel.abort(new CancelledError(`The job was cancelled (${signal}).`));
    process.exitCode = 1;
    exitAfter(CANCEL_GRACE_MS);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

/**
 * The last resort behind a natural end. Never right away: `process.exit` after heavy zlib use can hang for ever, since
 * it joins parked V8 workers (nodejs/node issue 54918).
 */
function exitAfter(graceMs: number): void {
  setTimeout(() => process.exit(), graceMs).unref();
}

function toActionError(error: unknown, signal: AbortSignal): ActionError {
  if (error instanceof ActionError) return error;
  if (signal.aborted)
    return signal.reason instanceof ActionError ? signal.reason : new CancelledError('The job was cancelled.');
  return new ActionError(
    `An unexpected fault in this action: ${error instanceof Error ? error.message : String(error)}`,
    {
      title: 'Unexpected fault',
      fix: 'Run the job again with debug logging (the checkbox of "Re-run jobs"), and report what it says as an issue of this action.',
      cause: error,
    },
  );
}

/** The chain of causes, for those who debug; the user gets one annotation. */
function logCauses(error: ActionError, log: JobLog): void {
  let cause: unknown = error.cause;
  for (let depth = 1; cause instanceof Error && depth <= 8; depth += 1, cause = cause.cause) {
    log.debug(`cause ${depth}: ${cause.stack ?? cause.message}`);
  }
}

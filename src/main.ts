import { randomUUID } from 'node:crypto';
import { getInput } from '@actions/core';
import { ActionError, CancelledError } from './errors.ts';
import { summaryOf } from './inputs/summary.ts';
import { startTimer } from './pause.ts';
import { type ActionReport, createRun } from './report/create-run.ts';
import { readHelpPage } from './report/help.ts';
import { createJobLog } from './report/job-log.ts';
import { logRunEvent } from './report/log-run.ts';
import { createRedactor } from './report/redactor.ts';
import { type CommonRun, type Logger, RUN_EVENT_FIELDS, type RunEvent } from './report/run-events.ts';
import { RUN_FIELDS, type RunRecord } from './report/run-record.ts';
import { maskInRunner, readState, saveState } from './report/runner-commands.ts';
import type { RunContext, Running, StepState } from './run-context.ts';

/**
 * All actions of this repository share one bundle: each entry names its own here, and only the parts of dist/ that it
 * needs are loaded.
 */
const ACTIONS = {
  'batch-upload': async (context: RunContext): Promise<Running> =>
    (await import('./compose/batch-upload.ts')).createBatchUploadRun(context),
  deploy: async (context: RunContext): Promise<Running> =>
    (await import('./compose/deploy.ts')).createDeployRun(context),
  'deploy-post': async (context: RunContext): Promise<Running> =>
    (await import('./compose/deploy-post.ts')).createDeployPostRun(context),
  logs: async (context: RunContext): Promise<Running> => (await import('./compose/logs.ts')).createLogsRun(context),
  'preview-cleanup': async (context: RunContext): Promise<Running> =>
    (await import('./compose/preview-cleanup.ts')).createPreviewCleanupRun(context),
  'preview-gate': async (context: RunContext): Promise<Running> =>
    (await import('./compose/preview-gate.ts')).createPreviewGateRun(context),
  'preview-gate-post': async (context: RunContext): Promise<Running> =>
    (await import('./compose/preview-gate.ts')).createPreviewGatePostRun(context),
  redirects: async (context: RunContext): Promise<Running> =>
    (await import('./compose/redirects.ts')).createRedirectsRun(context),
  rollback: async (context: RunContext): Promise<Running> =>
    (await import('./compose/rollback.ts')).createRollbackRun(context),
} as const;

export type ActionName = keyof typeof ACTIONS;

/** After a signal: work that ignores it is abandoned, so that there is time for outputs and summary. */
const CANCEL_WAIT_MS = 1500;
/** After a signal, the time for showing elsewhere how the run ended. */
const CANCEL_REPORT_MS = 3500;
/** A cancelled job gets SIGTERM 7.5 s after SIGINT (API document, section 4); this action is gone well before. */
const CANCEL_GRACE_MS = 4500;
/** The time for showing elsewhere how the run ended. If even this is too short, a `post` step does it. */
const REPORT_MS = 75_000;
/** The last resort, for a disk that hangs while outputs and summary are written. */
const REPORT_GRACE_MS = REPORT_MS + 15_000;
/** After the run: Node ends by itself unless something was left open. */
const EXIT_GRACE_MS = 3000;

/** Runs one action to its end; sets the exit code, never throws. */
export async function runAction(name: ActionName): Promise<void> {
  await run(ACTIONS[name]);
}

/**
 * Runs an action from its start to the end of the process: the only place that catches everything, listens to signals and
 * sets the exit code. The code is 1 until the work has succeeded, so that no exit is green by accident.
 */
export async function run(create: (context: RunContext) => Promise<Running>): Promise<void> {
  process.exitCode = 1;
  const stop = new AbortController();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const reportTime = createReportTime(stop.signal);
  const stopWaiting = listen(stop, failed.reject);
  const context = createContext(stop.signal, reportTime.signal);
  let running: Running | undefined;
  let failure: ActionError | undefined;
  try {
    running = await create(context);
    await Promise.race([running.work(), failed.promise]);
  } catch (error) {
    failure = toActionError(error, stop.signal);
  }
  stopWaiting();
  // From here on nothing changes it: neither a report that fails nor a signal.
  if (failure === undefined) process.exitCode = 0;
  exitAfter(REPORT_GRACE_MS);
  await report(running, failure, context, reportTime.start());
  reportTime.end();
  exitAfter(EXIT_GRACE_MS);
  await running?.close().catch((error: unknown) => context.logger.debug(`closing: ${error}`));
}

/** Nothing here may throw, or hide the failure that is to be reported. */
async function report(
  running: Running | undefined,
  failure: ActionError | undefined,
  { logger, fail }: ProcessContext,
  signal: AbortSignal,
): Promise<void> {
  if (failure !== undefined) logCauses(failure, logger);
  try {
    if (running !== undefined) await running.finish(failure, signal);
    else if (failure !== undefined) fail(failure);
  } catch (error) {
    if (failure !== undefined) fail(failure);
    logger.warn(
      `The run could not be reported: ${error instanceof Error ? error.message : error}`,
      'Report not complete',
    );
  }
}

/** The signal that ends the reporting: some time after it begins, or soon after the job is cancelled. */
function createReportTime(cancelled: AbortSignal): { signal: AbortSignal; start: () => AbortSignal; end: () => void } {
  const over = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const endAfter = (ms: number) => timers.push(startTimer(() => over.abort(new Error('no time left')), ms));
  cancelled.addEventListener('abort', () => endAfter(CANCEL_REPORT_MS), { once: true });
  return {
    signal: over.signal,
    start: () => {
      endAfter(REPORT_MS);
      return over.signal;
    },
    end: () => timers.forEach(clearTimeout),
  };
}

/** What the process itself needs of the run. */
interface ProcessContext extends RunContext {
  /** Shows an error that nobody else has shown. */
  fail: (error: ActionError) => void;
}

function createContext(signal: AbortSignal, reportSignal: AbortSignal): ProcessContext {
  const redactor = createRedactor();
  const masked = new Set<string>();
  const maskSecret = (value: string, key?: string) => {
    // Inputs are read more than once.
    if (!masked.has(value)) maskInRunner(value);
    masked.add(value);
    redactor.add(value, key);
  };
  const options = { log: createJobLog(), redactor, correlationId: randomUUID(), helpPage: readHelpPage(process.env) };
  let current: CommonRun = createRun(PROCESS, options);
  const begin: RunContext['begin'] = (report, begun) => {
    const summary = summaryOf({ input: getInput });
    const run = createRun(report, { ...options, summary, ...(begun === undefined ? {} : { begun }) });
    current = run as unknown as CommonRun;
    return run;
  };
  const logger: Logger = {
    info: (line) => current.info(line),
    warn: (message, title) => current.warn(message, title),
    debug: (text) => current.debug(text),
  };
  return {
    ...{ signal, reportSignal, redactor, maskSecret, begin, logger },
    ...{ correlationId: options.correlationId, state: createStepState(logger) },
    fail: ({ message, title = FAILED }) => current.emit({ type: 'errored', message, title }),
  };
}

const FAILED = 'Action failed';

/** The run of a process whose action has not begun its own, or only logs lines. */
const PROCESS: ActionReport<RunEvent<'error'>, RunRecord & { outcome: 'error' }> = {
  initial: { outcome: 'error' },
  fold: () => {},
  fields: { ...RUN_FIELDS, outcome: 'own' },
  eventFields: { ...RUN_EVENT_FIELDS, ended: { outcome: 'own' } },
  failureTitle: FAILED,
  outcomeOf: () => 'error',
  log: logRunEvent,
};

function createStepState(logger: Logger): StepState {
  return {
    read: readState,
    save: (name, value) => {
      try {
        saveState(name, value);
      } catch (error) {
        logger.debug(`saving state: ${error}`);
      }
    },
  };
}

/**
 * Signals cancel; uncaught faults end the run like any other failure. Both are caught to the very end: a second signal must
 * not kill the process while it writes its summary.
 * @returns to be called when the work has ended
 */
function listen(stop: AbortController, fail: (error: unknown) => void): () => void {
  let wait: NodeJS.Timeout | undefined;
  const onSignal = () => {
    if (stop.signal.aborted) return;
    stop.abort(new CancelledError('The job was cancelled.'));
    wait = startTimer(() => fail(stop.signal.reason), CANCEL_WAIT_MS);
    exitAfter(CANCEL_GRACE_MS);
  };
  // Windows has no SIGTERM to listen to: its console sends SIGBREAK, and SIGHUP when it is closed, as a terminal does.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const) process.on(signal, onSignal);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, fail);
  return () => clearTimeout(wait);
}

/**
 * Ends a process that does not end by itself. Never right away: `process.exit` after heavy zlib use can hang forever,
 * since it joins parked V8 workers (nodejs/node issue 54918).
 */
function exitAfter(graceMs: number): void {
  startTimer(() => process.exit(), graceMs).unref();
}

function toActionError(error: unknown, signal: AbortSignal): ActionError {
  if (error instanceof ActionError) return error;
  if (signal.aborted && signal.reason instanceof ActionError) return signal.reason;
  return new ActionError(
    `An unexpected fault in this action: ${error instanceof Error ? error.message : String(error)}`,
    {
      topic: 'unexpected-fault',
      title: 'Unexpected fault',
      fix: 'Run the job again with debug logging (the checkbox of "Re-run jobs"), and report what it says as an issue of this action.',
      cause: error,
    },
  );
}

/** The chain of causes goes into the debug lines; the user gets one annotation. */
function logCauses(error: ActionError, logger: Logger): void {
  let cause: unknown = error.cause;
  for (let depth = 1; cause instanceof Error && depth <= 8; depth += 1, cause = cause.cause) {
    logger.debug(`cause ${depth}: ${cause.stack ?? cause.message}`);
  }
}

/** The work of the thread that entries/artifact-worker.ts starts. */
export async function runArtifactWorker(): Promise<void> {
  await (await import('./github/artifact-worker.ts')).runArtifactWorker();
}

/** The work of the thread that entries/list-worker.ts starts. */
export async function runListWorker(): Promise<void> {
  (await import('./files/redirects/list-worker.ts')).runListWorker();
}

import type { StartAnswer } from '../../bigcommerce/redirects.ts';
import type { RedirectJobKind } from '../../domain/redirects/job.ts';
import { ActionError } from '../../errors.ts';
import { formatDuration } from '../../report/format.ts';
import type { Phase } from '../../report/run-events.ts';
import { type Deadline, DeadlineError } from '../deadline.ts';
import type { Connected, RedirectsRun } from './dependencies.ts';

const FIRST_BUSY_PAUSE_MS = 5000;
const FIRST_UNCERTAIN_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
/** Consecutive ones: the platform is down then, and waiting longer will not help. */
const MAX_UNCERTAIN = 6;

export interface StartContext extends Connected {
  phase: Phase;
  run: RedirectsRun;
}

export interface JobRequest {
  kind: RedirectJobKind;
  send: () => Promise<StartAnswer | { kind: 'nothing' }>;
}

/**
 * Starts a job, waiting while another job of the store is running. A request whose answer was lost is sent again:
 * importing or exporting twice does no harm. Picking a similar job from the store's list could: it may be somebody
 * else's, and its verdict would pass for that of rows that were never sent.
 * @returns the id of the job; undefined where there is nothing to export
 * @throws ActionError
 */
export async function startJob(request: JobRequest, context: StartContext): Promise<string | undefined> {
  try {
    const started = await tryToStart(request, context);
    report(context, false);
    return started;
  } catch (error) {
    // If the run was cut off, the request may still be carried out.
    if (!context.deadline.signal.aborted) report(context, false);
    throw error;
  }
}

async function tryToStart(request: JobRequest, context: StartContext): Promise<string | undefined> {
  const busy = createWait(FIRST_BUSY_PAUSE_MS, context);
  const uncertain = createWait(FIRST_UNCERTAIN_PAUSE_MS, context);
  let isDoubtful = false;
  let lost = 0;
  for (;;) {
    report(context, true);
    const answer = await send(request, isDoubtful);
    if (answer.kind === 'started') return answer.jobId;
    if (answer.kind === 'nothing') return undefined;
    if (answer.kind === 'uncertain') {
      isDoubtful = true;
      lost += 1;
      if (lost > MAX_UNCERTAIN) throw mayBeStarted(request.kind, answer.error);
      const doubt = `${answer.error.message} The job may have been started anyway. The request is sent again, which does no harm.`;
      // One warning is enough of a server that is down.
      if (lost === 1) context.run.warn(doubt, 'No answer to the request');
      else context.phase.info(doubt);
      const asked = askedTooMuch(answer.namedWaitMs, context.deadline);
      await uncertain.wait(answer.namedWaitMs, () => mayBeStarted(request.kind, answer.error, '', asked));
    } else {
      lost = 0;
      report(context, isDoubtful);
      const busyStill = stillBusy(request.kind, answer.namedWaitMs, context.deadline);
      const otherwise = isDoubtful ? mayBeStarted(request.kind, busyStill) : busyStill;
      await waitForTurn(busy, answer.namedWaitMs, otherwise, context);
    }
  }
}

function report({ run }: StartContext, mayBeStarted: boolean): void {
  run.emit({ type: 'job-starting', mayBeStarted });
}

/**
 * A request that the run's timeout cut off may still be carried out; and after a lost answer, no later one settles
 * whether there is a job.
 */
async function send({ kind, send: sendIt }: JobRequest, isDoubtful: boolean): ReturnType<JobRequest['send']> {
  try {
    return await sendIt();
  } catch (error) {
    if (error instanceof DeadlineError) throw mayBeStarted(kind, error);
    if (!isDoubtful || !(error instanceof ActionError) || error.outcome === 'cancelled') throw error;
    throw mayBeStarted(kind, error, error.fix);
  }
}

async function waitForTurn(busy: Wait, namedWaitMs: number, otherwise: ActionError, context: StartContext) {
  const { phase, deadline } = context;
  const say = (waitMs: number) => {
    const left = formatDuration(deadline.leftMs());
    phase.status(`waiting for another job of the store, ${left} left`);
    phase.info(
      `The store is busy with another import or export, or at its rate limit (429). Next try in ${formatDuration(waitMs)}; giving up in ${left}.`,
    );
  };
  await busy.wait(namedWaitMs, () => otherwise, say);
}

interface Wait {
  /** @throws `otherwise` where the time left does not suffice */
  wait(namedWaitMs: number, otherwise: () => ActionError, say?: (waitMs: number) => void): Promise<void>;
}

/** Longer each time, and never shorter than the server asks for. */
function createWait(firstMs: number, { deadline }: StartContext): Wait {
  let pauseMs = firstMs;
  return {
    wait: async (namedWaitMs, otherwise, say) => {
      const jitteredMs = Math.min(LONGEST_PAUSE_MS, pauseMs * (1 + Math.random() / 4));
      const waitMs = Math.max(namedWaitMs, jitteredMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      if (waitMs >= deadline.leftMs()) throw otherwise();
      say?.(waitMs);
      try {
        await deadline.wait(waitMs);
      } catch (error) {
        throw error instanceof DeadlineError ? otherwise() : error;
      }
    },
  };
}

/** Why the request is not repeated, where the requested wait is the reason. */
function askedTooMuch(namedWaitMs: number, { leftMs }: Deadline): string {
  if (namedWaitMs < leftMs()) return '';
  return ` It asks to wait ${formatDuration(namedWaitMs)} before the next try, which is longer than the time left.`;
}

/** @param first what the user has to do first */
function mayBeStarted(kind: RedirectJobKind, cause: ActionError, first = '', asked = ''): ActionError {
  return new ActionError(`It is not known whether the ${kind} job was started. ${cause.message}${asked}`, {
    topic: 'no-verdict',
    title: 'No verdict: no answer to the request',
    outcome: 'unknown',
    fix: `${first} Run the job again: ${kind === 'import' ? 'importing twice changes nothing the second time' : 'an export changes nothing'}. Until the first one has ended, the platform rejects another; \`timeout-minutes\` says how long this action waits.`.trim(),
    cause,
  });
}

/** @param namedWaitMs of the last answer: one beyond the time left ends the run at once */
function stillBusy(kind: RedirectJobKind, namedWaitMs: number, { timeoutMs, leftMs }: Deadline): ActionError {
  const left = leftMs();
  const why =
    namedWaitMs < left
      ? 'the platform runs one import or export of a store at a time, and answered each time that it is busy (429)'
      : `the platform answered that it is busy (429), and asks to wait ${formatDuration(namedWaitMs)} before the next try, which is longer than the time left`;
  return new ActionError(`No ${kind} job could be started within ${formatDuration(timeoutMs)}: ${why}.`, {
    topic: 'another-job-of-the-store-is-running',
    title: 'Another job of the store is running',
    fix: 'Run the job again when the other import or export is done, or raise `timeout-minutes`. A `concurrency` group in the workflow keeps your own jobs from overlapping.',
  });
}

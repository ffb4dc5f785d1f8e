import type { StartAnswer } from '../../bigcommerce/redirects.ts';
import type { JobState, RedirectJobKind } from '../../domain/redirects/job.ts';
import { ActionError } from '../../errors.ts';
import { formatDuration } from '../../report/format.ts';
import type { Phase, Teller } from '../../report/reporters.ts';
import { DeadlineError } from './deadline.ts';
import type { Connected, RedirectsProgress } from './dependencies.ts';

const FIRST_BUSY_PAUSE_MS = 5000;
const FIRST_UNCERTAIN_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
/** In a row: the platform is out of order then, and no time of this run will mend it. */
const MAX_UNCERTAIN = 6;

export interface StartContext extends Connected {
  phase: Phase;
  reporter: Teller;
  progress: RedirectsProgress;
}

export interface JobRequest {
  kind: RedirectJobKind;
  send: () => Promise<StartAnswer | { kind: 'nothing' }>;
  /**
   * After a lost answer: whether a new job of the list may be the one that was asked for. Undefined where another one
   * does as well, so that nothing is looked for.
   */
  mayBeOwn?: (job: JobState) => boolean;
}

export interface StartedJob {
  jobId: string;
  /** Nobody said that it is this run's: it was found in the list after a lost answer. */
  isAdopted: boolean;
}

/**
 * Starts a job: waits for its turn where another one of the store is running, and finds out what became of a request
 * whose answer was lost.
 * @returns undefined where there is nothing to do a job on
 * @throws ActionError
 */
export async function startJob(request: JobRequest, context: StartContext): Promise<StartedJob | undefined> {
  try {
    const started = await tryToStart(request, context);
    context.progress.starting = false;
    return started;
  } catch (error) {
    // Cut off: what was under way stays as it is known.
    if (!context.deadline.signal.aborted) context.progress.starting = false;
    throw error;
  }
}

async function tryToStart(request: JobRequest, context: StartContext): Promise<StartedJob | undefined> {
  const { progress, reporter, client } = context;
  const busy = createWait(FIRST_BUSY_PAUSE_MS, context);
  const uncertain = createWait(FIRST_UNCERTAIN_PAUSE_MS, context);
  const ids = async () => new Set((await client.listJobs({ kind: request.kind })).map(({ jobId }) => jobId));
  /** Those that were there before the request whose answer was lost; undefined while none was. */
  let doubt: ReadonlySet<string> | undefined;
  let lost = 0;
  for (;;) {
    const known = request.mayBeOwn === undefined ? new Set<string>() : (doubt ?? (await ids()));
    progress.starting = true;
    const answer = await send(request);
    if (answer.kind === 'started') return { jobId: answer.jobId, isAdopted: false };
    if (answer.kind === 'nothing') return undefined;
    if (answer.kind === 'uncertain') {
      doubt = known;
      lost += 1;
      if (lost > MAX_UNCERTAIN) throw mayBeStarted(request.kind, answer.error);
      reporter.warn(`${answer.error.message} The job may have been started all the same.`);
      await uncertain.wait(answer.namedWaitMs, () => mayBeStarted(request.kind, answer.error));
    } else {
      lost = 0;
      progress.starting = doubt !== undefined;
      const busyStill = stillBusy(request.kind, context.deadline.timeoutMs);
      const otherwise = doubt === undefined ? busyStill : mayBeStarted(request.kind, busyStill);
      await waitForTurn(busy, answer.namedWaitMs, otherwise, context);
    }
    const own = doubt === undefined ? undefined : await findOwn(request, doubt, context);
    if (own !== undefined) return own;
  }
}

/** A request that the run's own clock ended may be carried out. */
async function send({ kind, send: sendIt }: JobRequest): ReturnType<JobRequest['send']> {
  try {
    return await sendIt();
  } catch (error) {
    throw error instanceof DeadlineError ? mayBeStarted(kind, error) : error;
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
  /** @throws the error where the time of the run does not suffice */
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

/** Of several new jobs nobody knows which it is; to send the request once more does no harm. */
async function findOwn(
  { kind, mayBeOwn }: JobRequest,
  known: ReadonlySet<string>,
  { client, reporter }: StartContext,
): Promise<StartedJob | undefined> {
  if (mayBeOwn === undefined) {
    reporter.info('The request is sent again, which does no harm.');
    return undefined;
  }
  const news = (await listJobs(kind, client)).filter((job) => !known.has(job.jobId) && mayBeOwn(job));
  const [own] = news;
  if (own === undefined || news.length > 1) {
    const what = own === undefined ? 'no new job' : `${news.length} new jobs, and nobody knows which is this run's`;
    reporter.info(`The store lists ${what}: the request is sent again, which does no harm.`);
    return undefined;
  }
  reporter.warn(
    `The store lists one new ${kind} job, ${own.jobId}: it is taken for the one whose start nobody confirmed.`,
  );
  return { jobId: own.jobId, isAdopted: true };
}

async function listJobs(kind: RedirectJobKind, client: StartContext['client']): Promise<JobState[]> {
  try {
    return await client.listJobs({ kind });
  } catch (error) {
    if (!(error instanceof ActionError) || error.outcome === 'cancelled') throw error;
    throw mayBeStarted(kind, error);
  }
}

function mayBeStarted(kind: RedirectJobKind, cause: ActionError): ActionError {
  return new ActionError(`Whether the ${kind} job was started is not known. ${cause.message}`, {
    title: 'No verdict: no answer to the request',
    outcome: 'unknown',
    fix: `Run the job again: ${kind === 'import' ? 'an import that is made twice changes nothing the second time' : 'an export changes nothing'}. Until the first one has ended, the platform refuses another; \`timeout-minutes\` says how long it is waited for.`,
    cause,
  });
}

function stillBusy(kind: RedirectJobKind, timeoutMs: number): ActionError {
  return new ActionError(
    `No ${kind} job could be started within ${formatDuration(timeoutMs)}: the platform has one import or export of a store at a time, and answered each time that it is busy (429).`,
    {
      title: 'Another job of the store is running',
      fix: 'Run the job again when the other import or export is done, or raise `timeout-minutes`. A `concurrency` group in the workflow keeps two of yours from meeting.',
    },
  );
}

import { JobProgress, type JobState, jobVerdictOf, type RedirectJobKind } from '../../domain/redirects/job.ts';
import { ActionError } from '../../errors.ts';
import { formatDuration } from '../../report/format.ts';
import type { JobRecord } from '../../report/redirects-record.ts';
import { rowsText, stateText } from '../../report/redirects-words.ts';
import type { Phase } from '../../report/run-events.ts';
import { DeadlineError } from '../deadline.ts';
import { createSkipWarning } from '../skip-warning.ts';
import type { Connected, RedirectsRun } from './dependencies.ts';

/** The log gets a line each time a job advances by this much. */
const NEWS_PERCENT = 10;

export interface FollowContext extends Connected {
  phase: Phase;
  run: RedirectsRun;
  /** Aborted when the job is cancelled. */
  signal: AbortSignal;
  /** Called with each state, so that what is known survives where no verdict comes. */
  onState?: (state: JobState) => void;
}

export interface FollowedJob extends Pick<JobRecord, 'jobId' | 'kind' | 'part' | 'parts'> {}

/**
 * Follows a job to its verdict, good or bad.
 * @throws ActionError with the outcome `unknown` when no verdict came in time
 */
export async function followJob(job: FollowedJob, context: FollowContext): Promise<JobState> {
  const { client, deadline, phase, run } = context;
  const startMs = performance.now();
  const { jobId } = job;
  const progress = new JobProgress({ jobId, status: 'new', completed: 0, failed: 0, total: 0, rejected: [] });
  let last = progress.state;
  let fault: string | undefined;
  let news = '';
  // Recorded first, so that the job is known even if the stream fails.
  run.emit({ type: 'job-started', ...recordOf(last, job) });
  try {
    const states = client.followJob(job.kind, job.jobId, {
      signal: deadline.signal,
      timeLeftMs: deadline.leftMs,
      onReconnect: ({ isFault, reason }) => {
        run.debug(reason);
        if (!isFault) return;
        if (fault === undefined) phase.info(`The event stream broke off and is opened again: ${reason}`);
        fault = reason;
      },
      onSkipped: createSkipWarning(run, `${job.kind}'s event stream`),
    });
    for await (const state of states) {
      const { status } = last;
      last = progress.add({ ...state, jobId });
      fault = undefined;
      run.emit({ type: last.status === status ? 'job-progressed' : 'job-changed', ...recordOf(last, job) });
      context.onState?.(last);
      if (newsOf(last) !== news)
        phase.info(`${formatDuration(performance.now() - startMs).padStart(7)}  ${stateText(last)}`);
      news = newsOf(last);
      if (jobVerdictOf(last) !== undefined) return last;
    }
  } catch (error) {
    if (context.signal.aborted || !(error instanceof ActionError)) throw error;
    const trouble = fault === undefined ? '' : ` (${fault})`;
    const isLate = error instanceof DeadlineError;
    const late = `no verdict came within ${formatDuration(deadline.timeoutMs)}${trouble}`;
    throw noVerdict(job.kind, last, isLate ? late : `it could not be followed. ${error.message}`, error);
  }
  throw noVerdict(job.kind, last, 'the event stream ended');
}

function recordOf({ rejected: _, ...state }: JobState, job: FollowedJob): JobRecord {
  return { ...state, ...job };
}

/** Equal for states that share a line of the log. */
function newsOf({ status, completed, failed, total }: JobState): string {
  const percent = total === 0 ? 0 : Math.floor((100 * (completed + failed)) / total / NEWS_PERCENT);
  return `${status} ${percent}`;
}

/** The error for a job that the platform ended as failed or aborted. */
export function failedJob(kind: RedirectJobKind, state: JobState): ActionError {
  const { status, jobId } = state;
  const rows = kind === 'import' ? ' What it had done by then stays in place.' : '';
  return new ActionError(
    `The platform ended ${kind} job ${jobId} as "${status}"${rowsText(state) === '' ? '' : `, after ${rowsText(state)}`}.${rows}`,
    {
      topic: 'import-or-export-failed',
      title: status === 'aborted' ? `The ${kind} was aborted` : `The ${kind} failed`,
      outcome: 'failed',
      fix: `Run the job again${kind === 'import' ? ': rows that are already in place do not change' : ''}. If this persists, give BigCommerce support the id of the job.`,
    },
  );
}

function noVerdict(kind: RedirectJobKind, state: JobState, why: string, cause?: ActionError): ActionError {
  const raise = cause instanceof DeadlineError ? ' If it needs longer, raise `timeout-minutes`.' : '';
  return new ActionError(
    `No verdict on ${kind} job ${state.jobId}: ${why.replace(/\.?$/, '.')} Last seen: ${stateText(state)}. It continues remotely.`,
    {
      topic: 'no-verdict',
      title: `No verdict on the ${kind}`,
      outcome: 'unknown',
      fix: `Check the job before you run this again: \`GET /stores/<store hash>/v3/storefront/redirects/imex/jobs?id=${state.jobId}\` says how it ended.${raise}`,
      cause,
    },
  );
}

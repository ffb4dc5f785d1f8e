import type { LogProblem } from './log-event.ts';
import { countProblems, describeProblem } from './problems.ts';

/** What is known of what the worker logged while its storefront was verified. */
export interface WorkerLogsRecord {
  /**
   * `read`: all that was logged during the verification is known. `partly`: some may be missing, `reason` says why.
   * `refused`: the token lacks the scope, or the feature is not enabled. `failed`: the logs could not be read.
   */
  state: 'read' | 'partly' | 'refused' | 'failed';
  /** A sentence; undefined where all was read. */
  reason?: string | undefined;
  /** Of this run's own requests: errors and exceptions, grouped; those with the most entries first. */
  problems: readonly LogProblem[];
  /** Each kind of them was logged before the deployment, too; known only where it matters. */
  wasLoggedBefore?: boolean | undefined;
  /** Groups that are too many to be in `problems`. */
  moreProblems: number;
  /** Errors and exceptions of everybody else's requests. */
  othersCount: number;
}

/** `2 errors and 1 exception, and 3 more kinds of them` */
export function problemsWords({ problems, moreProblems }: WorkerLogsRecord): string {
  const more = moreProblems === 0 ? '' : `, and ${moreProblems} more ${moreProblems === 1 ? 'kind' : 'kinds'} of them`;
  return `${countProblems(problems)}${more}`;
}

/** One of several things that are wrong with a storefront: a sentence. */
export function loggedDetail(problem: LogProblem): string {
  return `The worker logged: ${describeProblem(problem)}.`;
}

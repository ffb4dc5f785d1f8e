import type { LogProblem, WorkerLogEvent } from './log-event.ts';
import { ProblemGroups } from './problems.ts';

/** What was counted, at any moment. */
export interface LogCounts {
  /** Requests that logged nothing, and lines of the others. */
  entries: number;
  /** Lines of level `error` that are no exceptions. */
  errors: number;
  exceptions: number;
}

/** Counts entries, errors and exceptions, and groups the latter two by kind, in bounded memory. */
export class LogCounter {
  readonly #counts: LogCounts = { entries: 0, errors: 0, exceptions: 0 };
  readonly #groups = new ProblemGroups();

  /** @param event without secrets, since messages are cut */
  add(event: WorkerLogEvent): void {
    const exceptions = event.lines.filter(({ exception }) => exception !== undefined).length;
    this.#counts.entries += Math.max(1, event.lines.length);
    this.#counts.errors += this.#groups.add(event) - exceptions;
    this.#counts.exceptions += exceptions;
  }

  get counts(): LogCounts {
    return { ...this.#counts };
  }

  /** Those with the most entries first. */
  problems(max: number): { problems: LogProblem[]; moreProblems: number } {
    return this.#groups.list(max);
  }
}

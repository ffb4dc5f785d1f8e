import type { LogProblem, WorkerLogEvent } from './log-event.ts';
import { compareProblems, ProblemGroups } from './problems.ts';

/** What was counted, at any moment. */
export interface LogCounts {
  /** Requests that logged nothing, and lines of the others. */
  entries: number;
  /** Lines of level `error` that are no exceptions. */
  errors: number;
  exceptions: number;
}

/** Kinds of errors and exceptions, and how many more there are. */
export interface LogKinds {
  problems: LogProblem[];
  moreProblems: number;
}

/** Counts entries, errors and exceptions, and groups the latter two by kind, in bounded memory. */
export class LogCounter {
  readonly #counts: LogCounts = { entries: 0, errors: 0, exceptions: 0 };
  /** By themselves, so that many kinds of errors leave room for a single exception. */
  readonly #groups = { errors: new ProblemGroups(), exceptions: new ProblemGroups() };

  /** @param event without secrets, since messages are cut */
  add({ request, lines }: Pick<WorkerLogEvent, 'request' | 'lines'>): void {
    const { errors = [], exceptions = [] } = Object.groupBy(lines, ({ exception }) =>
      exception === undefined ? 'errors' : 'exceptions',
    );
    this.#counts.entries += Math.max(1, lines.length);
    this.#counts.errors += this.#groups.errors.add({ request, lines: errors });
    this.#counts.exceptions += this.#groups.exceptions.add({ request, lines: exceptions });
  }

  get counts(): LogCounts {
    return { ...this.#counts };
  }

  /**
   * Those with the most entries first.
   * @param exceptionsFirst puts all exceptions before all errors
   */
  problems(max: number, exceptionsFirst = false): LogKinds {
    const { errors, exceptions } = this.#groups;
    const all = [exceptions, errors].map((groups) => groups.list(Number.POSITIVE_INFINITY));
    const known = all.flatMap((list) => list.problems);
    const problems = exceptionsFirst ? known : known.toSorted(compareProblems);
    const untold = all.reduce((sum, { moreProblems }) => sum + moreProblems, 0);
    return { problems: problems.slice(0, max), moreProblems: untold + Math.max(0, problems.length - max) };
  }

  /** The same, of exceptions alone. */
  exceptions(max: number): LogKinds {
    return this.#groups.exceptions.list(max);
  }
}

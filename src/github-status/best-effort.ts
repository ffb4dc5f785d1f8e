import { describeError } from '../errors.ts';
import { CallError, isTransient, statusOf } from '../net/errors.ts';
import type { Logger } from '../report/run-events.ts';

/**
 * A place where a run is shown and that must never decide how it ends: the GitHub deployment, the comment, the artifact.
 * Whatever goes wrong there causes one warning, and the deployment continues.
 */
export interface BestEffort {
  /**
   * @param signal aborted when there is no time for this; whoever aborts it warns of that, except for a time limit
   * @returns the result of the work; undefined if it failed, or was given up before
   */
  attempt<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined>;
  /** For work that is attempted again at the end of the run: warns only of a permanent refusal. */
  attemptEarly<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined>;
  /** GitHub refused it permanently: nothing more is tried. */
  readonly isGivenUp: boolean;
}

export interface BestEffortOptions {
  /** What it means that something fails, as a sentence: "The comment could not be written." */
  failing: string;
  /** The consequence, as a sentence or two; called for the warning. */
  consequence?: () => string | undefined;
  /** It was warned of before, by another step of this run. */
  isWarned?: boolean;
  logger: Logger;
}

/** The wait that GitHub asks for at a secondary rate limit: only the end of a run has time for it. */
export const CLOSING_WAIT_MS = 60_000;

/**
 * Refusals that no further request of this run will change, above all 403 unless it is a rate limit. 401 is none of them:
 * GitHub sometimes refuses a valid token.
 */
const FINAL_STATUSES: readonly number[] = [403, 404, 410, 422];

export function createBestEffort({ failing, consequence, logger, ...known }: BestEffortOptions): BestEffort {
  let isGivenUp = false;
  let isWarned = known.isWarned ?? false;
  const report = (what: string, isEarly: boolean) => {
    if (isEarly && !isGivenUp) return logger.info(`${failing} ${what} It is tried again at the end.`);
    // One warning is enough; further failures are debug lines.
    const also = consequence?.();
    const message = also === undefined ? `${failing} ${what}` : `${failing} ${what} ${also}`;
    if (isWarned) logger.debug(message);
    else logger.warn(message, failing.replace(/\.$/, ''));
    isWarned = true;
  };
  const attempt = async <T>(signal: AbortSignal, work: () => Promise<T>, isEarly: boolean): Promise<T | undefined> => {
    if (isGivenUp) return undefined;
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      if (signal.aborted) {
        if (signal.reason instanceof Error && signal.reason.name === 'TimeoutError')
          report('GitHub did not answer in time.', isEarly);
        return undefined;
      }
      isGivenUp = isFinal(error);
      report(describeError(error), isEarly);
      if (error instanceof Error) logger.debug(error.stack ?? error.message);
      return undefined;
    }
  };
  return {
    get isGivenUp() {
      return isGivenUp;
    },
    attempt: (signal, work) => attempt(signal, work, false),
    attemptEarly: (signal, work) => attempt(signal, work, true),
  };
}

function isFinal(error: unknown): boolean {
  const status = statusOf(error);
  // No answer, nor would another request get one: a proxy's refusal, a certificate, a name that is taken.
  if (status === undefined) return error instanceof CallError && !error.transient;
  return FINAL_STATUSES.includes(status) && !isTransient(error);
}

import { describeError } from '../errors.ts';
import { CallError, isTransient, statusOf } from '../net/errors.ts';
import type { Logger } from '../report/reporters.ts';

/**
 * A place where a run is shown and that must never decide how it ends: the GitHub deployment, the comment, the artifact.
 * Whatever goes wrong there is told in one warning, and the deployment goes on.
 */
export interface BestEffort {
  /**
   * @param signal aborted when there is no time (any more) for this; whoever aborts it says why, but for a time limit
   * @returns what came of the work, or undefined when it failed, or when the surface has been given up before
   */
  attempt<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined>;
  /** The same for what is attempted again at the end of the run: only a refusal for good is warned of. */
  attemptEarly<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined>;
  /** It was refused for good, so that nothing more is tried. */
  readonly isGivenUp: boolean;
}

export interface BestEffortOptions {
  /** What it means that something fails, as a sentence: "The comment could not be written." */
  failing: string;
  /** What follows from it, as a sentence or two; asked when it is warned of. */
  consequence?: () => string | undefined;
  /** It was warned of before, by another step of this run. */
  isWarned?: boolean;
  logger: Logger;
}

/** At the end of a run, the wait that GitHub asks for where a secondary limit is met. */
export const CLOSING_WAIT_MS = 60_000;

/**
 * Refusals that no further request of this run will change: 403 most of all, where it is no rate limit. A 401 is none of
 * them: GitHub refuses a good token now and then.
 */
const FINAL_STATUSES: readonly number[] = [403, 404, 410, 422];

export function createBestEffort({ failing, consequence, logger, ...known }: BestEffortOptions): BestEffort {
  let isGivenUp = false;
  let isWarned = known.isWarned ?? false;
  const tell = (what: string, isEarly: boolean) => {
    if (isEarly && !isGivenUp) return logger.info(`${failing} ${what} It is tried again at the end.`);
    // Once is enough to know of it; the log's debug lines have the rest.
    const also = consequence?.();
    logger[isWarned ? 'debug' : 'warn'](also === undefined ? `${failing} ${what}` : `${failing} ${what} ${also}`);
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
          tell('GitHub did not answer in time.', isEarly);
        return undefined;
      }
      isGivenUp = isFinal(error);
      tell(describeError(error), isEarly);
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
  // No answer, and another request would get none either: a proxy's refusal, a certificate.
  if (status === undefined) return error instanceof CallError && !error.transient;
  return FINAL_STATUSES.includes(status) && !isTransient(error);
}

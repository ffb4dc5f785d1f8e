import { ActionError } from '../errors.ts';

/**
 * A place where a run is shown and that must never decide how it ends: the GitHub deployment, the comment, the artifact.
 * Whatever goes wrong there is told in a warning, and the deployment goes on.
 */
export interface Surface {
  /**
   * @param signal aborted when there is no time (any more) for this; whoever aborts it says why
   * @returns what came of the work, or undefined when it failed, or when the surface has been given up before
   */
  attempt<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined>;
}

export interface SurfaceOptions {
  /** What it means that something fails, as a sentence: "The comment could not be written." */
  failing: string;
  warn: (message: string) => void;
  debug: (text: string) => void;
}

/** Refusals that no further request of this run will change: 403 most of all, and limits that last. */
const FINAL_STATUSES: readonly unknown[] = [401, 403, 404, 410, 422, 429];

export function createSurface({ failing, warn, debug }: SurfaceOptions): Surface {
  let isGivenUp = false;
  let isWarned = false;
  return {
    attempt: async (signal, work) => {
      if (isGivenUp || signal.aborted) return undefined;
      try {
        return await work();
      } catch (error) {
        if (signal.aborted) return undefined;
        isGivenUp = isFinal(error);
        // Once is enough to know of it; the log's debug lines have the rest.
        (isWarned ? debug : warn)(`${failing} ${describeError(error)}`);
        isWarned = true;
        if (error instanceof Error) debug(error.stack ?? error.message);
        return undefined;
      }
    },
  };
}

function isFinal(error: unknown): boolean {
  if (FINAL_STATUSES.includes(statusOf(error))) return true;
  // No answer, and another request would get none either: a proxy's refusal, a certificate.
  return statusOf(error) === undefined && fieldOf(error, 'transient') === false;
}

/** GitHub's status, where the error is a refusal of GitHub. */
export function statusOf(error: unknown): unknown {
  return fieldOf(error, 'status');
}

function fieldOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}

/** What happened, and what to do. */
export function describeError(error: unknown): string {
  if (!(error instanceof ActionError)) return error instanceof Error ? error.message : String(error);
  return error.fix === undefined ? error.message : `${error.message} ${error.fix}`;
}

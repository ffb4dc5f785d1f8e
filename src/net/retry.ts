import pRetry from 'p-retry';
import { pause } from '../pause.ts';
import { HttpError, NetworkError } from './errors.ts';
import { namedWaitOf } from './rate-limit.ts';

/** A call is tried for at most this long, unless the server itself names a longer wait. */
export const RETRY_BUDGET_MS = 45_000;
/** The client gives up on a server that asks for a longer wait: the job would only look hung. */
const LONGEST_NAMED_WAIT_MS = 15 * 60_000;
/** The input that sets a step's time limit. */
export const TIME_INPUT = 'timeout-minutes';
const MAX_RETRIES = 8;
const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 10_000;

/** A failed try that is about to be repeated. */
export interface RetryNotice {
  /** Number of the failed try, from 1. */
  attempt: number;
  delayMs: number;
  error: HttpError | NetworkError;
}

export interface RetryOptions {
  signal: AbortSignal;
  /** Whether this failure may be answered with another try. Failures that are not transient are never repeated. */
  mayRepeat: (error: HttpError | NetworkError) => boolean;
  onRetry: (notice: RetryNotice) => void;
  maxRetries?: number;
  /** When the budget's clock starts: with the call, or (for long uploads) with its first failure. */
  budgetFrom?: 'start' | 'first-failure';
  budgetMs?: number;
  /** The client gives up on a server that asks for a longer wait. */
  longestNamedWaitMs?: number;
  /** Time left for the step: the client also gives up on a server whose waits, all together, exceed it. */
  timeLeftMs?: (() => number) | undefined;
}

/** For all waits that servers name in one call: the step's own time; if it has none, two of the longest. */
function waitingMs({ timeLeftMs, longestNamedWaitMs = LONGEST_NAMED_WAIT_MS }: RetryOptions): number {
  return timeLeftMs?.() ?? 2 * longestNamedWaitMs;
}

/** @param leftMs for waits of this call */
function asksTooLong(error: HttpError, leftMs: number, { longestNamedWaitMs, timeLeftMs }: RetryOptions): boolean {
  const longestMs = longestNamedWaitMs ?? LONGEST_NAMED_WAIT_MS;
  const input = timeLeftMs === undefined ? undefined : TIME_INPUT;
  return leftMs < longestMs ? error.asksTooLong(leftMs, input) : error.asksTooLong(longestMs);
}

/** Calls that change nothing, or nothing that matters, may be repeated after any transient failure. */
export function repeatAlways(error: HttpError | NetworkError): boolean {
  return error.transient;
}

/** Calls that must not be carried out twice are repeated only when the server certainly did not carry them out. */
export function repeatWhenNotCarriedOut(error: HttpError | NetworkError): boolean {
  // A 403 is transient when it is a rate limit.
  if (error instanceof HttpError) return error.status === 429 || (error.status === 403 && error.transient);
  return error.transient && error.delivery === 'not-sent';
}

/**
 * Runs `call` until it succeeds, fails finally, or runs out of time: exponential backoff with jitter, or the wait that
 * the server names, whichever is longer. Waits that the server names do not count against the budget.
 * @throws the last failure, or the signal's reason when it is aborted. A failure that names a longer wait than there is
 *   time for is the last one, and its message says so
 */
export async function retry<T>(
  call: (attempt: number, remainingMs: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const budgetMs = options.budgetMs ?? RETRY_BUDGET_MS;
  let clockMs: number | undefined = options.budgetFrom === 'first-failure' ? undefined : performance.now();
  const remainingMs = () => (clockMs === undefined ? budgetMs : clockMs + budgetMs - performance.now());
  let repeat = false;
  /** A limit that is the same for each call (that of a step) applies to all waits of this one. */
  let untilMs: number | undefined;
  return await pRetry((attempt) => call(attempt, Math.max(1, remainingMs())), {
    retries: options.maxRetries ?? MAX_RETRIES,
    minTimeout: FIRST_DELAY_MS,
    maxTimeout: LONGEST_DELAY_MS,
    factor: 2,
    randomize: true,
    signal: options.signal,
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft, retryDelay }) => {
      clockMs ??= performance.now();
      repeat = false;
      if (!(error instanceof HttpError || error instanceof NetworkError) || !options.mayRepeat(error)) return;
      untilMs ??= performance.now() + waitingMs(options);
      if (error instanceof HttpError && asksTooLong(error, untilMs - performance.now(), options)) return;
      const namedMs = namedWaitOf(error);
      if (retriesLeft === 0) return;
      if (namedMs <= retryDelay && remainingMs() <= retryDelay) return;
      repeat = true;
      options.onRetry({ attempt: attemptNumber, delayMs: Math.max(namedMs, retryDelay), error });
      // p-retry waits `retryDelay` itself; what the server asks beyond that is waited here, and is not on the budget.
      const extraMs = Math.max(0, namedMs - retryDelay);
      clockMs += namedMs > 0 ? Math.max(namedMs, retryDelay) : 0;
      await pause(extraMs, options.signal);
    },
    shouldRetry: () => repeat,
  });
}

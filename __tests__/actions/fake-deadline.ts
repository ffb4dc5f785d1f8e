import { type Deadline, DeadlineError } from '../../src/actions/deadline.ts';

/** Its time passes with its waits alone. */
export function createFakeDeadline(timeoutMs: number, cancelled: AbortSignal, waits: number[]): Deadline {
  const over = new AbortController();
  const signal = AbortSignal.any([cancelled, over.signal]);
  let leftMs = timeoutMs;
  return {
    signal,
    timeoutMs,
    leftMs: () => leftMs,
    wait: async (durationMs) => {
      waits.push(durationMs);
      leftMs -= durationMs;
      if (leftMs <= 0) over.abort(new DeadlineError(timeoutMs));
      signal.throwIfAborted();
    },
    stop: () => {},
  };
}

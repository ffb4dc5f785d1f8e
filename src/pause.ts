import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Timers whose length is not a constant in the code. Node's own treat 2^31 ms (25 days) or more as 1 ms, and a
 * server may name any: here a long time never becomes a short one.
 */

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits.
 * @throws the signal's reason, when it is aborted meanwhile (Node's own timer throws an AbortError of its own)
 */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  let leftMs = durationMs;
  do {
    await sleep(withinTimer(leftMs), undefined, { signal }).catch(() => signal.throwIfAborted());
    leftMs -= LONGEST_TIMER_MS;
  } while (leftMs > 0);
}

/** What the work gives, or the signal's reason if that comes first: for work that does not end with the signal by itself. */
export async function endedBy<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  work.catch(() => {}); // After an abort nothing waits for its failure.
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** `setTimeout`, capped at Node's longest timer. */
export function startTimer(callback: () => void, durationMs: number): NodeJS.Timeout {
  return setTimeout(callback, withinTimer(durationMs));
}

/** `AbortSignal.timeout`, capped in the same way. */
export function timeoutSignal(durationMs: number): AbortSignal {
  return AbortSignal.timeout(withinTimer(durationMs));
}

/** A whole number, as `AbortSignal.timeout` requires; NaN becomes 0. */
function withinTimer(durationMs: number): number {
  return Math.ceil(Math.min(LONGEST_TIMER_MS, Math.max(0, durationMs))) || 0;
}

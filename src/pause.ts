import { setTimeout as sleep } from 'node:timers/promises';

/**
 * All timers of a length that is not written down in the code. Node's own take 2^31 ms (25 days) or more for 1 ms, and a
 * server may name any: here nothing is ever shorter than it was asked to be for being long.
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

/** `setTimeout`; one that would be longer than Node's longest is that long. */
export function startTimer(callback: () => void, durationMs: number): NodeJS.Timeout {
  return setTimeout(callback, withinTimer(durationMs));
}

/** `AbortSignal.timeout`, in the same way. */
export function timeoutSignal(durationMs: number): AbortSignal {
  return AbortSignal.timeout(withinTimer(durationMs));
}

/** A whole number, as `AbortSignal.timeout` wants it; what is no number is no time. */
function withinTimer(durationMs: number): number {
  return Math.ceil(Math.min(LONGEST_TIMER_MS, Math.max(0, durationMs))) || 0;
}

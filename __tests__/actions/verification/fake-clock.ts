import type { Clock } from '../../../src/actions/verification/ask-pages.ts';

interface Waiter {
  untilMs: number;
  wake(): void;
}

/** Its time passes with waits alone: when everything waits, it is at once the time at which the first wait ends. */
export function createFakeClock(): Clock & { pause(durationMs: number, signal?: AbortSignal): Promise<void> } {
  let nowMs = 0;
  let isScheduled = false;
  const waiters = new Set<Waiter>();
  const wakeNext = () => {
    isScheduled = false;
    const [first] = [...waiters].sort((a, b) => a.untilMs - b.untilMs);
    if (first === undefined) return;
    waiters.delete(first);
    nowMs = Math.max(nowMs, first.untilMs);
    first.wake();
    schedule();
  };
  const schedule = () => {
    if (isScheduled || waiters.size === 0) return;
    isScheduled = true;
    setImmediate(wakeNext);
  };
  return {
    nowMs: () => nowMs,
    pause: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const waiter = { untilMs: nowMs + durationMs, wake: resolve };
        waiters.add(waiter);
        signal?.addEventListener('abort', () => {
          waiters.delete(waiter);
          reject(signal.reason);
        });
        schedule();
      }),
  };
}

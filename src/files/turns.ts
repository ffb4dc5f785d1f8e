import { setImmediate } from 'node:timers/promises';

const TURN_MS = 20;

/**
 * For a loop that computes without waiting for anything: without it, neither a timer nor a signal is handled until
 * its end. `if (turns.isDue()) await turns.take(signal);`
 */
export class Turns {
  #dueMs = performance.now() + TURN_MS;

  isDue(): boolean {
    return performance.now() >= this.#dueMs;
  }

  /** @throws the signal's reason */
  async take(signal: AbortSignal): Promise<void> {
    await setImmediate();
    signal.throwIfAborted();
    this.#dueMs = performance.now() + TURN_MS;
  }
}

import { setImmediate } from 'node:timers/promises';

const TURN_MS = 20;

/**
 * For a loop that computes, and waits for nothing that takes time: without it, neither a timer nor a signal gets in until
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

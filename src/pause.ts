import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits.
 * @throws the signal's reason, when it is aborted meanwhile (Node's own timer throws an AbortError of its own)
 */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, { signal }).catch(() => signal.throwIfAborted());
}

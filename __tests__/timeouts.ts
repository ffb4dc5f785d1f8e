/**
 * Timeouts of tests. What takes 1 s on an idle machine takes several when other work shares its cores, and a fixed
 * timeout then fails tests that only had to wait. They are given for an idle machine of today, and scaled by what is
 * measured when a test file starts: 10 ms of work.
 */
import { createHash } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';

/** Of the work below, on the machine of 2 cores for which the timeouts are given. */
const USUAL_WORK_MS = 2.2;
/** A test that hangs has to end, too. */
const MAX_FACTOR = 8;

/** @returns 1 to 8, from a machine with nothing else to do to one with a queue for each core, or slow cores */
export function loadFactor(
  queue = (loadavg()[0] ?? 0) / availableParallelism(),
  slowness = measureWorkMs() / USUAL_WORK_MS,
): number {
  return Math.min(MAX_FACTOR, Math.max(1, queue) * Math.max(1, slowness));
}

/** The best of three: what the core can do, however many share it. */
function measureWorkMs(): number {
  const block = Buffer.alloc(1 << 20);
  const once = () => {
    const startMs = performance.now();
    const hash = createHash('sha256');
    for (let count = 0; count < 4; count += 1) hash.update(block);
    hash.digest();
    return performance.now() - startMs;
  };
  return Math.min(once(), once(), once());
}

const FACTOR = loadFactor();

/** @param idleMs what is enough on an idle machine */
export function timeoutMs(idleMs: number): number {
  return Math.round(idleMs * FACTOR);
}

/** Memory over a run: what is left after garbage collection, and whether that grows. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface MemorySample {
  /** How far the run is, in a unit of its own: seconds, or deployments. */
  at: number;
  /** After garbage collection. */
  heapBytes: number;
  residentBytes: number;
}

/** What is left of the first samples: a process warms up (caches, compiled code). */
const WARM_UP_SHARE = 0.2;

export function takeSample(at: number): MemorySample {
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { at, heapBytes: heapUsed + external, residentBytes: rss };
}

let collector: (() => void) | undefined;

function collectGarbage(): void {
  if (collector === undefined) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
  }
  collector();
}

/**
 * By how much the memory grows in a span, by the line of least squares through the samples after the warm-up.
 * @param span in the unit of `at`
 * @throws Error for fewer than three samples, through which any line fits
 */
export function growthOf(samples: readonly MemorySample[], kind: 'heapBytes' | 'residentBytes', span: number): number {
  const used = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  if (used.length < 3) throw new Error(`Growth is measured with three samples or more, and there are ${used.length}.`);
  const meanAt = mean(used.map(({ at }) => at));
  const meanBytes = mean(used.map((sample) => sample[kind]));
  const covariance = mean(used.map((sample) => (sample.at - meanAt) * (sample[kind] - meanBytes)));
  const variance = mean(used.map(({ at }) => (at - meanAt) ** 2));
  return (covariance / variance) * span;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

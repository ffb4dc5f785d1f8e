import { expect } from '@jest/globals';

/** Below this, a run cannot be distinguished from noise. */
const MIN_MICROSECONDS = 2000;
const FACTOR = 8;
/** Between 8, which is proportion, and 64, which is its square. */
const MAX_GROWTH = 32;

/**
 * Fails if eight times the size takes more than four times the proportional time. Measured as CPU time of this
 * process, and by the least of three rounds taken in turns: whatever else the machine does makes a round longer, never
 * shorter.
 */
export async function expectLinear(size: number, work: (size: number) => unknown): Promise<void> {
  await work(size);
  const least = { one: Number.POSITIVE_INFINITY, many: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 3; round += 1) {
    least.one = Math.min(least.one, await processorTimeOf(() => work(size)));
    least.many = Math.min(least.many, await processorTimeOf(() => work(size * FACTOR)));
  }
  expect(least.many / Math.max(MIN_MICROSECONDS, least.one)).toBeLessThan(MAX_GROWTH);
}

/** In microseconds. */
async function processorTimeOf(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

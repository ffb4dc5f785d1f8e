/** GitHub's time is learned from its answers, whose dates have whole seconds. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createGitHubClock } from '../../src/github/clock.ts';

const NOW_MS = Date.parse('2026-01-02T03:04:05.600Z');
const dateOf = (ms: number) => new Date(ms).toUTCString();

/** A clock that has met answers of a GitHub that is so far ahead, each of which took so long. */
function clockAfter(aheadMs: number, tookMs: readonly number[], startMs = NOW_MS) {
  let nowMs = startMs;
  const clock = createGitHubClock(() => nowMs);
  for (const took of tookMs) {
    const sentAtMs = nowMs;
    nowMs += took;
    // Made on the way.
    clock.note(dateOf(sentAtMs + took / 2 + aheadMs), sentAtMs);
  }
  return { clock, nowMs };
}

test('until GitHub has answered, and if its answers have no date, the runner’s clock counts', () => {
  const clock = createGitHubClock(() => NOW_MS);
  for (const date of [undefined, '', 'yesterday', 12, null]) clock.note(date, NOW_MS);
  expect([clock.nowMs(), clock.toGitHubMs(5)]).toEqual([NOW_MS, 5]);
});

test('a runner’s clock that may be right counts as right, to the millisecond', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5000), { minLength: 1, maxLength: 8 }), fc.nat(999), (took, offset) => {
      expect(clockAfter(0, took, NOW_MS + offset).clock.toGitHubMs(NOW_MS)).toBe(NOW_MS);
    }),
  );
});

test('a clock that is off is corrected by GitHub’s answers, within a second and the time of an answer', () => {
  const far = fc.oneof(fc.integer({ min: 10_000, max: 1e9 }), fc.integer({ min: -1e9, max: -10_000 }));
  fc.assert(
    fc.property(far, fc.array(fc.nat(2000), { minLength: 1, maxLength: 8 }), (aheadMs, took) => {
      const { clock } = clockAfter(aheadMs, took);
      expect(Math.abs(clock.toGitHubMs(NOW_MS) - NOW_MS - aheadMs)).toBeLessThanOrEqual(1000 + Math.min(...took));
    }),
  );
});

test('if a clock is set meanwhile, the last answer counts', () => {
  let nowMs = NOW_MS;
  const clock = createGitHubClock(() => nowMs);
  clock.note(dateOf(nowMs + 300_000), nowMs);
  expect(clock.nowMs() - nowMs).toBeGreaterThan(298_000);
  nowMs += 300_000;
  clock.note(dateOf(nowMs), nowMs);
  expect(clock.nowMs()).toBe(nowMs);
});

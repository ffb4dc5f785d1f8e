/** GitHub's time. Its timestamps are compared with this one: the runner's own clock may be minutes off. */
export interface GitHubClock {
  /** Converts a moment of this runner's clock to GitHub's. Both in ms since 1970. */
  toGitHubMs(localMs: number): number;
  nowMs(): number;
}

export interface NotedClock extends GitHubClock {
  /**
   * An answer of GitHub's.
   * @param date its `Date` header
   * @param sentAtMs when the request was sent, by this runner's clock
   */
  note(date: unknown, sentAtMs: number): void;
}

/** A `Date` header has whole seconds (RFC 9110, section 5.6.7). */
const RESOLUTION_MS = 1000;

/**
 * Learns from answers how far GitHub's clock is from this one. Each answer gives bounds for it: it was made after its
 * request was sent and before it arrived, within the second that it names. Within these bounds the smallest difference
 * is assumed: if the runner's clock may be right, it counts as right.
 */
export function createGitHubClock(now: () => number = Date.now): NotedClock {
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  const toGitHubMs = (localMs: number) => localMs + Math.min(Math.max(0, least), most);
  return {
    toGitHubMs,
    nowMs: () => toGitHubMs(now()),
    note: (date, sentAtMs) => {
      const dateMs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
      if (Number.isNaN(dateMs)) return;
      const bounds = { least: dateMs - now(), most: dateMs + RESOLUTION_MS - sentAtMs };
      const both = { least: Math.max(least, bounds.least), most: Math.min(most, bounds.most) };
      // The answers contradict each other: one of the clocks was set. The last one counts.
      ({ least, most } = both.least <= both.most ? both : bounds);
    },
  };
}

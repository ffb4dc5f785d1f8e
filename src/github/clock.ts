/** GitHub's time. Its timestamps are compared with this one: the runner's own clock may be minutes off. */
export interface GitHubClock {
  /** A moment of this runner's clock, as GitHub's shows it. Both in ms since 1970. */
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
 * Learns by the answers how far GitHub's clock is from this one. Each says between which bounds that lies: the answer was
 * made after its request was sent and before it came, within the second that it names. Of what the answers leave open, the
 * least difference is taken: a runner whose clock may be right is taken to be right.
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
      // Answers that do not go together: one of the clocks was set. The last one counts.
      ({ least, most } = both.least <= both.most ? both : bounds);
    },
  };
}

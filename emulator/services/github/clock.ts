/** The time on the embedded GitHub, which may be another one than on the runner. */
export interface GitHubClock {
  /** Ms since 1970. */
  nowMs(): number;
}

/** @param aheadMs by how much it is before the runner's clock; behind it where negative */
export function createClock(aheadMs: number): GitHubClock {
  return { nowMs: () => Date.now() + aheadMs };
}

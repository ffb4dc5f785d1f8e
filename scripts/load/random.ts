export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** Whether something happens that has this probability. */
  isHit(probability: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** The same numbers for the same seed: Marsaglia's xorshift with 32 bits ("Xorshift RNGs", 2003, section 3). */
export function createRandom(seed: number): Random {
  // It must never be 0, and the first numbers of small seeds would be alike.
  let state = Math.imul(seed + 1, 0x9e37_79b9) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return {
    next,
    isHit: (probability) => next() < probability,
    pick: (from) => from[Math.floor(next() * from.length)] ?? from[0],
  };
}

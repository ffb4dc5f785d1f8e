/** A choice that is the same for the same seed. */
import { KINDS, type Mutant } from './mutant.ts';

/** Numbers from 0 up to 1, by the generator "mulberry32" of Tommy Ettinger (public domain). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Takes the kinds in turn, since three quarters of all mutants are of the same few; each mutant once. */
export function sampleMutants(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const random = createRandom(seed);
  const left = KINDS.map((kind) => mutants.filter((mutant) => mutant.kind === kind)).filter(({ length }) => length > 0);
  const chosen: Mutant[] = [];
  for (let turn = 0; chosen.length < count && left.some(({ length }) => length > 0); turn += 1) {
    const group = left[turn % left.length] ?? [];
    chosen.push(...group.splice(Math.floor(random() * group.length), 1));
  }
  return chosen;
}

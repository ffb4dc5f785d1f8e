import type { Cell } from './matrix.ts';

/** Cells with one of these texts in their names; all where none is given. */
export function chooseCells(
  cells: readonly Cell[],
  { only, sample, seed }: { only: readonly string[]; sample: number | undefined; seed: number },
): readonly Cell[] {
  const named = only.length === 0 ? cells : cells.filter(({ name }) => only.some((text) => name.includes(text)));
  return sample === undefined ? named : shuffle(named, seed).slice(0, sample);
}

/** In an order that follows from the seed alone. */
function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items];
  let state = seed;
  for (let index = shuffled.length - 1; index > 0; index -= 1) {
    // A linear congruential generator (Numerical Recipes, section 7.1): enough to choose samples.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (index + 1));
    [shuffled[index], shuffled[other]] = [shuffled[other] as T, shuffled[index] as T];
  }
  return shuffled;
}

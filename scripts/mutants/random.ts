/** A choice that is the same for the same seed. */
import { createHash } from 'node:crypto';
import { KINDS, type Mutant } from './mutant.ts';

/**
 * Takes the kinds in turn, since three quarters of all mutants are of the same few; each mutant once. The seed gives each
 * mutant its rank by its key alone, so a change of src/ changes the sample only by the mutants that come and go.
 */
export function sampleMutants(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const ranked = mutants
    .map((mutant) => ({ mutant, rank: createHash('sha256').update(`${seed} ${mutant.key}`).digest('hex') }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const left = KINDS.map((kind) => ranked.filter(({ mutant }) => mutant.kind === kind)).filter(
    ({ length }) => length > 0,
  );
  const chosen: Mutant[] = [];
  for (let turn = 0; chosen.length < count && left.some(({ length }) => length > 0); turn += 1) {
    chosen.push(...(left[turn % left.length] ?? []).splice(0, 1).map(({ mutant }) => mutant));
  }
  return chosen;
}

/** The statistics of the benchmark. */

/** The middle value, or the mean of the two middle ones. Throws for an empty list. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('an empty list has no median');
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = at(sorted, middle);
  return sorted.length % 2 === 1 ? upper : (at(sorted, middle - 1) + upper) / 2;
}

/** The smallest and the largest, for the spread. */
export function range(values: readonly number[]): { min: number; max: number } {
  return { min: Math.min(...values), max: Math.max(...values) };
}

/** The ratio of the medians of `own` and `peer`: below 1 means less. */
export function ratioOfMedians(own: readonly number[], peer: readonly number[]): number {
  return median(own) / median(peer);
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? Number.NaN;
}

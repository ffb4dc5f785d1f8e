/**
 * How many rows of each list are shown, from its start, where all of them together have only so much room: equal shares,
 * and what a short list leaves is for the longer ones.
 * @param sizes of each row of each list, in any unit
 */
export function countFitting(sizes: readonly (readonly number[])[], room: number): number[] {
  const counts = sizes.map(() => 0);
  let left = room;
  const shortestFirst = [...sizes.entries()].sort(([, one], [, other]) => one.length - other.length);
  for (const [place, [index, list]] of shortestFirst.entries()) {
    const share = Math.floor(left / (shortestFirst.length - place));
    let used = 0;
    const end = list.findIndex((size) => {
      used += size;
      return used > share;
    });
    counts[index] = end === -1 ? list.length : end;
    left -= Math.min(share, used);
  }
  return counts;
}

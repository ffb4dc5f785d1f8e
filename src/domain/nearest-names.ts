/** Which of many names somebody may have meant. Names are foreign text. Pure. */

/** What is longer, or comes later, is not compared: this takes a moment at most. */
const MAX_CHARS = 100;
const MAX_NAMES = 1000;

/**
 * The names that are nearest to the wanted one, the nearest first: equal but for case, a few characters away, or one a part
 * of the other. Takes time in proportion to the number of names.
 */
export function nearestNames(wanted: string, names: readonly string[], max: number): string[] {
  const target = wanted.toLowerCase();
  if (target.length > MAX_CHARS) return [];
  const longest = Math.max(target.length < 4 ? 1 : 2, Math.floor(target.length / 3));
  const near = [...new Set(names.slice(0, MAX_NAMES))].flatMap((name) => {
    const other = name.toLowerCase();
    if (other.length > MAX_CHARS || other.length === 0) return [];
    const distance = editDistance(target, other, longest);
    if (distance <= longest) return [{ name, distance }];
    // "shop" for "shop-production": after those that are a slip away.
    const isPart = target.length > 2 && other.length > 2 && (other.includes(target) || target.includes(other));
    return isPart ? [{ name, distance: longest + Math.abs(other.length - target.length) }] : [];
  });
  return near
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, max)
    .map(({ name }) => name);
}

/** How many characters are to be added, removed or replaced (Levenshtein); infinite where it is more than `longest`. */
function editDistance(one: string, other: string, longest: number): number {
  if (Math.abs(one.length - other.length) > longest) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > longest) return Number.POSITIVE_INFINITY;
    row = next;
  }
  return row.at(-1) ?? 0;
}

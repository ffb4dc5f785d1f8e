/**
 * Redirects of one site that are like those of a real store (API document, section 2, "Seen in the dump of a real store"):
 * 21,687 of them; 194 paths twice under different ids, always with the same target; 9 of products with the id 0; 215 pairs
 * of paths that differ in a final slash alone, and none that differ in case alone.
 */
import type { NewRedirect, RedirectTo } from '../emulator/services/redirects/records.ts';

export const DUMP = { redirects: 21_687, twice: 194, dead: 9, slashPairs: 215 } as const;

/** Old paths of the dump, each once. */
export const DUMP_PATHS = DUMP.redirects - DUMP.twice;

const SINGLE = DUMP_PATHS - 2 * DUMP.slashPairs - DUMP.dead;

/** In an order in which neither copies nor pairs are neighbours. */
export function makeDump(): NewRedirect[] {
  const singles = numbers(SINGLE).map((n) => ({
    fromPath: `/old/category-${n % 97}/product-${n}.html`,
    to: targetOf(n),
  }));
  const pairs = numbers(DUMP.slashPairs).map((n) => ({ fromPath: `/shop/range-${n}`, to: targetOf(n) }));
  const dead = numbers(DUMP.dead).map((n) => ({
    fromPath: `/deleted-${n}/`,
    to: { type: 'product', entity_id: 0 } as const,
  }));
  const copies = singles.slice(0, DUMP.twice).map((one) => ({ ...one, copy: true }));
  const slashed = pairs.map(({ fromPath, to }, n) => ({
    fromPath: `${fromPath}/`,
    to: n % 3 === 0 ? targetOf(n + 1) : to,
  }));
  return [...singles, ...pairs, ...copies, ...dead, ...slashed];
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

/** Products, categories, paths with what needs quotation marks or escapes, and URLs. */
function targetOf(n: number): RedirectTo {
  if (n % 5 === 4) return { type: n % 2 === 0 ? 'product' : 'category', entity_id: n + 1 };
  const path = `/new/${n % 7 === 1 ? 'größen, "x"' : 'sizes'}/product-${n}/`;
  return { type: 'url', url: n % 5 === 3 ? `https://else.example/${n}` : path };
}

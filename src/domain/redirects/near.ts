import type { Address } from './address.ts';
import { AddressIndex, type Ends, findLoops, type RedirectGraph } from './graph.ts';

/**
 * What redirects are like where neither case nor a final slash counts. Whether the platform takes such paths for the same
 * is not documented; redirects between them have looped storefronts (API document, section 2).
 */
export interface NearAddresses {
  /** By their indices: redirects whose old path another one further up (`first`) has but for case and final slash. */
  twins: ReadonlyMap<number, { first: number; differ: Difference }>;
  /** By their indices: redirects that lead to their own path but for case and final slash. */
  toThemselves: ReadonlyMap<number, Difference>;
  /** Circles of two and more that close only where case and final slashes do not count, each from its first redirect. */
  loops: readonly (readonly number[])[];
  /** The graph that has these. */
  next: Int32Array;
}

/** The final slash alone, or the case, whatever else. */
export type Difference = 'slash' | 'case';

/** Linear in the redirects. */
export function findNearAddresses({ old, target }: Ends, { next: exact, hidden }: RedirectGraph): NearAddresses {
  const index = new AddressIndex();
  const twins = new Map<number, { first: number; differ: Difference }>();
  for (const [at, address] of old.entries()) {
    if (address === undefined || hidden.has(at)) continue;
    const first = index.add(looseAddress(address), at);
    if (first !== undefined) twins.set(at, { first, differ: differenceOf(address.path, old[first]?.path) });
  }
  const next = exact.slice();
  const toThemselves = new Map<number, Difference>();
  for (const [at, to] of target.entries()) {
    const from = old[at];
    if (from === undefined || to === undefined || hidden.has(at)) continue;
    if (isNearlySame(from, to)) toThemselves.set(at, differenceOf(from.path, to.path));
    // What is written the same is what is meant.
    if (next[at] === -1) next[at] = index.find(looseAddress(to)) ?? -1;
  }
  const loops = findLoops({ next }).filter((loop) => loop.length > 1 && loop.some((at) => next[at] !== exact[at]));
  return { twins, toThemselves, loops, next };
}

/** The two differ, in case and a final slash alone. */
function isNearlySame(one: Address, other: Address): boolean {
  // Lengths tell most of them apart at no cost.
  if (one.host !== other.host || Math.abs(one.path.length - other.path.length) > 1 || one.path === other.path) {
    return false;
  }
  return loosePath(one.path) === loosePath(other.path);
}

function looseAddress({ host, path }: Address): Address {
  return { host, path: loosePath(path) };
}

function differenceOf(one: string, other = ''): Difference {
  return withoutFinalSlash(one) === withoutFinalSlash(other) ? 'slash' : 'case';
}

function loosePath(path: string): string {
  const whole = withoutFinalSlash(path);
  const query = whole.indexOf('?');
  return query < 0 ? whole.toLowerCase() : whole.slice(0, query).toLowerCase() + whole.slice(query);
}

/** The slash before the query counts: `/a/?b` is `/a?b`. */
function withoutFinalSlash(path: string): string {
  const query = path.indexOf('?');
  const end = query < 0 ? path.length : query;
  if (end < 2 || path[end - 1] !== '/') return path;
  return query < 0 ? path.slice(0, -1) : path.slice(0, end - 1) + path.slice(query);
}

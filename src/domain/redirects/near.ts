import type { Address } from './address.ts';
import { AddressIndex, type Ends, findLoops, type RedirectGraph } from './graph.ts';

/**
 * How redirects relate if neither case nor a final slash counts. It is not documented whether the platform treats such
 * paths as the same; redirects between them have looped storefronts (API document, section 2).
 */
export interface NearAddresses {
  /** By index: redirects whose old path equals that of an earlier one (`first`) except for case and final slash. */
  twins: ReadonlyMap<number, { first: number; differ: Difference }>;
  /** By index: redirects that lead to their own path except for case and final slash. */
  toThemselves: ReadonlyMap<number, Difference>;
  /** Loops of two or more that close only if case and final slashes do not count, each from its first redirect. */
  loops: readonly (readonly number[])[];
  /** The graph with these loops. */
  next: Int32Array;
}

/** Only the final slash; or the case, and possibly the slash. */
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
    // An exact match takes precedence.
    if (next[at] === -1) next[at] = index.find(looseAddress(to)) ?? -1;
  }
  const loops = findLoops({ next }).filter((loop) => loop.length > 1 && loop.some((at) => next[at] !== exact[at]));
  return { twins, toThemselves, loops, next };
}

/** Whether the two differ, but only in case or a final slash. */
function isNearlySame(one: Address, other: Address): boolean {
  // Lengths distinguish most of them at no cost.
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

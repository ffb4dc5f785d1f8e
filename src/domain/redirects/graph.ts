import { shown } from '../row-problems.ts';
import { type Address, oldAddress, targetAddress } from './address.ts';
import { type Redirect, targetText } from './redirect.ts';

/** Redirects by the address at which they apply. */
export class AddressIndex {
  // One map for each host: its keys are the file's own strings then, and need no further memory.
  readonly #byHost = new Map<string, Map<string, number>>();

  find({ host, path }: Address): number | undefined {
    return this.#byHost.get(host)?.get(path);
  }

  /** Adds a redirect, unless one has this address already: then returns the index of that. */
  add({ host, path }: Address, index: number): number | undefined {
    const paths = this.#byHost.get(host) ?? new Map<string, number>();
    const known = paths.get(path);
    if (known !== undefined) return known;
    if (paths.size === 0) this.#byHost.set(host, paths);
    paths.set(path, index);
    return undefined;
  }
}

/**
 * Redirects as a graph. Each leads to one other at most, so an array of numbers holds it: for each redirect the index
 * of the next one, -1 for none.
 */
export interface RedirectGraph {
  next: Int32Array;
  /** Those hidden by an earlier one of the same address. */
  hidden: Map<number, number>;
}

/**
 * Where each redirect applies, and where it leads; undefined where it never applies, or where the target is unknown.
 */
export interface Ends {
  old: readonly (Address | undefined)[];
  target: readonly (Address | undefined)[];
}

/** @param hostAt the host of a redirect, as `hostOf` spells it */
export function resolveEnds(redirects: readonly Redirect[], hostAt: (index: number) => string): Ends {
  return {
    old: redirects.map(({ fromPath }, at) => oldAddress(fromPath, hostAt(at))),
    target: redirects.map(({ target }, at) => targetAddress(target, hostAt(at))),
  };
}

export function createGraph({ old, target }: Ends): RedirectGraph {
  const index = new AddressIndex();
  const hidden = new Map<number, number>();
  const next = new Int32Array(old.length).fill(-1);
  for (const [at, address] of old.entries()) {
    const other = address === undefined ? undefined : index.add(address, at);
    if (other !== undefined) hidden.set(at, other);
  }
  for (const [at, address] of target.entries()) {
    if (address === undefined || old[at] === undefined || hidden.has(at)) continue;
    next[at] = index.find(address) ?? -1;
  }
  return { next, hidden };
}

/** Every loop once, each from its first redirect in the order of the list. Linear, and without recursion. */
export function findLoops({ next }: Pick<RedirectGraph, 'next'>): number[][] {
  const loops: number[][] = [];
  // The walk that first visited each redirect, from 1.
  const walks = new Uint32Array(next.length);
  for (let start = 0; start < next.length; start += 1) {
    let at = start;
    while (at >= 0 && walks[at] === 0) {
      walks[at] = start + 1;
      at = next[at] ?? -1;
    }
    if (at >= 0 && walks[at] === start + 1) loops.push(circleFrom(at, next));
  }
  return loops;
}

function circleFrom(start: number, next: Int32Array): number[] {
  let first = start;
  for (let at = next[start] ?? start; at !== start; at = next[at] ?? start) first = Math.min(first, at);
  const circle = [first];
  for (let at = next[first] ?? first; at !== first; at = next[at] ?? first) circle.push(at);
  return circle;
}

/**
 * The redirects to leave out so that the others form no loop: one of each loop, if possible one that is deleted anyway,
 * and with it those that it hides, which could close the loop again. Linear.
 * @param host of all of them, as `hostOf` spells it; '' where unknown
 * @returns indices
 */
export function findLoopClosers(
  redirects: readonly Redirect[],
  host: string,
  isGone: (index: number) => boolean,
): ReadonlySet<number> {
  const graph = createGraph(resolveEnds(redirects, () => host));
  const closers = new Set<number>();
  for (const loop of findLoops(graph)) {
    const closer = loop.findLast(isGone) ?? loop.at(-1);
    if (closer !== undefined) closers.add(closer);
  }
  for (const [at, first] of graph.hidden) if (closers.has(first)) closers.add(at);
  return closers;
}

/** A path through redirects, shortened for display: the first ones, the last ones, and how many are between them. */
export interface Route {
  /** Indices. */
  head: readonly number[];
  omitted: number;
  tail: readonly number[];
  /** Where the last one leads to. */
  end: string;
}

const HEAD = 5;
/** Redirects shown from the end of a long chain. */
export const TAIL = 3;
const MAX_SHOWN = HEAD + TAIL;

/** @param length how many redirects there are from `first` on @param tailStart the index `TAIL` before the end */
export function routeOf(
  graph: Pick<RedirectGraph, 'next'>,
  first: number,
  length: number,
  tailStart: number,
): Pick<Route, 'head' | 'omitted' | 'tail'> {
  const isCut = length > MAX_SHOWN;
  const head = walk(graph, first, isCut ? HEAD : length);
  return { head, omitted: isCut ? length - MAX_SHOWN : 0, tail: isCut ? walk(graph, tailStart, TAIL) : [] };
}

function walk({ next }: Pick<RedirectGraph, 'next'>, first: number, steps: number): number[] {
  const met = [first];
  for (let at = next[first] ?? -1; met.length < steps && at >= 0; at = next[at] ?? -1) met.push(at);
  return met;
}

/** `/a → /b (line 3) → /c`; in long ones `… 199,992 more …` stands for those between. @param describe what to call one */
export function routeText(
  { head, omitted, tail, end }: Route,
  describe: (index: number, isFirst: boolean) => string,
): string {
  return [
    ...head.map((index, position) => describe(index, position === 0)),
    ...(omitted > 0 ? [`… ${omitted.toLocaleString('en-US')} more …`] : []),
    ...tail.map((index) => describe(index, false)),
    end,
  ].join(' → ');
}

/** Where a redirect leads, as written in the file. */
export function endText(redirect: Redirect | undefined): string {
  return redirect === undefined ? '' : shown(targetText(redirect.target));
}

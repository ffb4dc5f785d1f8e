import { shown } from '../row-problems.ts';
import { type Address, oldAddress, targetAddress } from './address.ts';
import { type Redirect, targetText } from './redirect.ts';

/** Redirects by the address at which they are met. */
export class AddressIndex {
  // A map of its own for each host: the paths are then the very strings of the file, and cost nothing.
  readonly #byHost = new Map<string, Map<string, number>>();

  find({ host, path }: Address): number | undefined {
    return this.#byHost.get(host)?.get(path);
  }

  /** Adds one unless there is one of this address, whose index is returned then. */
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
 * Redirects as a graph. Each leads to one other at most, so that an array of numbers holds it: for each redirect the
 * index of the one that a visitor meets next, -1 for none.
 */
export interface RedirectGraph {
  next: Int32Array;
  /** Those that another one of the same address, further up, hides. */
  hidden: Map<number, number>;
}

/** Where each redirect is met, and where it leads; undefined where nothing meets it, or nobody knows. */
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

/** Every circle once, each from its first redirect in the order of the list. Linear, and without recursion. */
export function findLoops({ next }: Pick<RedirectGraph, 'next'>): number[][] {
  const loops: number[][] = [];
  // The walk that came by first, from 1.
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
 * Redirects that have to go so that the others make no loop: of each circle one, which is gone anyway where there is such
 * a one, and with it what it hides, which could close the circle again. Their indices. Linear.
 * @param host that of all of them, as `hostOf` spells it; '' where nobody knows
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

/** A way through redirects, for people: the first ones, the last ones, and how many are between them. */
export interface Route {
  /** Indices. */
  head: readonly number[];
  omitted: number;
  tail: readonly number[];
  /** Where the last one leads to. */
  end: string;
}

const HEAD = 5;
/** So many of the end of a long chain are told. */
export const TAIL = 3;
const MAX_TOLD = HEAD + TAIL;

/** @param length how many redirects there are from `first` on @param tailStart the index `TAIL` before the end */
export function routeOf(
  graph: Pick<RedirectGraph, 'next'>,
  first: number,
  length: number,
  tailStart: number,
): Pick<Route, 'head' | 'omitted' | 'tail'> {
  const isCut = length > MAX_TOLD;
  const head = walk(graph, first, isCut ? HEAD : length);
  return { head, omitted: isCut ? length - MAX_TOLD : 0, tail: isCut ? walk(graph, tailStart, TAIL) : [] };
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

/** Where a redirect leads, as the file says it. */
export function endText(redirect: Redirect | undefined): string {
  return redirect === undefined ? '' : shown(targetText(redirect.target));
}

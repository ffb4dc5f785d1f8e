import { findLoops, type RedirectGraph, TAIL } from './graph.ts';

/** A path through two or more redirects that ends: every visitor of the first is redirected more than once. */
export interface Chain {
  first: number;
  /** How many redirects a visitor goes through. */
  length: number;
  /** The redirect `TAIL` before the end, or `first` where there are fewer. */
  tailStart: number;
}

/**
 * Every chain that is not part of a longer one, in the order of their first redirects. What runs into a loop is not a
 * chain. Linear, even where many chains share a long tail, and without recursion.
 */
export function findChains(graph: RedirectGraph): Chain[] {
  const { next } = graph;
  const { lengths, tailStarts } = measure(graph);
  const isLedTo = new Uint8Array(next.length);
  for (const target of next) if (target >= 0) isLedTo[target] = 1;
  const chains: Chain[] = [];
  for (const [first, length] of lengths.entries()) {
    if (length >= 2 && isLedTo[first] === 0) chains.push({ first, length, tailStart: tailStarts[first] ?? first });
  }
  return chains;
}

/** For each redirect, how many a visitor goes through from there (0: without end), and where the last few begin. */
function measure(graph: RedirectGraph): { lengths: Int32Array; tailStarts: Int32Array } {
  const { next } = graph;
  const UNKNOWN = -1;
  const lengths = new Int32Array(next.length).fill(UNKNOWN);
  const tailStarts = new Int32Array(next.length);
  for (const loop of findLoops(graph)) for (const at of loop) lengths[at] = 0;
  const way: number[] = [];
  for (let start = 0; start < next.length; start += 1) {
    let at = start;
    while (at >= 0 && lengths[at] === UNKNOWN) {
      way.push(at);
      at = next[at] ?? -1;
    }
    // Backwards, each from what is known of the one after it.
    for (let here = way.pop(); here !== undefined; here = way.pop()) {
      const after = next[here] ?? -1;
      const rest = after < 0 ? 0 : (lengths[after] ?? 0);
      const length = after >= 0 && rest === 0 ? 0 : rest + 1;
      lengths[here] = length;
      tailStarts[here] = length <= TAIL ? here : (tailStarts[after] ?? here);
    }
  }
  return { lengths, tailStarts };
}

import type { RowProblem } from '../row-problems.ts';
import { RowProblems, shown } from '../row-problems.ts';
import { hostOf } from './address.ts';
import { findChains } from './chains.ts';
import { createGraph, endText, findLoops, type RedirectGraph, resolveEnds, routeOf, routeText, TAIL } from './graph.ts';
import { type Difference, findNearAddresses, type NearAddresses } from './near.ts';
import { addOddRow } from './odd-rows.ts';
import { Oddities, type OddRows } from './oddities.ts';
import { isSameTarget, type KnownRedirect, type Redirect, type RedirectRow } from './redirect.ts';

/** What is wrong, or odd, about rows that are valid by themselves. In the order of their lines; long lists are cut. */
export interface RedirectsCheck {
  problems: RowProblem[];
  /** How many problems there are, should `problems` hold fewer. */
  problemCount: number;
  /** How many of them are loops: only a look at the site shows whether the file adds them. */
  loopCount: number;
  /** By kind, the most serious first. */
  oddities: readonly OddRows[];
  /** Indices of rows that repeat an earlier one: nothing is lost without them. */
  repeated: ReadonlySet<number>;
}

/**
 * Checks all rows of a file together. Problems: a domain and old path twice with two targets, redirects to themselves,
 * loops (each once, in full). `oddities.ts` lists what is odd but not wrong.
 *
 * Targets are matched with old paths as a browser would: resolved against `https://` and the row's domain; the host is
 * case-insensitive, http and https are equal, the fragment is dropped, the query counts. Paths are compared as written:
 * `/a` and `/A` differ, and so do `/a` and `/a/`; where a storefront may not distinguish them, that is odd. Rows
 * without a domain get the one that the others name.
 *
 * Time and memory are linear in the rows, whatever the graph.
 */
export function checkRedirects(rows: readonly RedirectRow[]): RedirectsCheck {
  const problems = new RowProblems();
  const oddities = new Oddities();
  const hosts = hostsOf(rows, '');
  const hostAt = (index: number) => hosts.get(rows[index]?.domain ?? '') ?? '';
  const ends = resolveEnds(rows, hostAt);
  const graph = createGraph(ends);
  const repeated = addDuplicates(rows, graph, hostAt, problems, oddities);
  for (const [index, row] of rows.entries()) if (!repeated.has(index)) addOddRow(row, oddities);
  const describe = describer(rows, new Set(hosts.values()).size > 1);
  const loops = findLoops(graph);
  for (const loop of loops) {
    problems.add(rows[loop[0] ?? 0]?.line ?? 1, () => loopText(rows, graph, loop, describe));
  }
  addNearAddresses(rows, findNearAddresses(ends, graph), describe, oddities);
  for (const { first, length, tailStart } of findChains(graph)) {
    const row = rows[first];
    if (row === undefined) continue;
    oddities.add('chain', row.line, () => chainText(rows, graph, { first, length, tailStart }, describe));
  }
  return {
    problems: problems.sorted(),
    problemCount: problems.count,
    loopCount: loops.length,
    oddities: oddities.list(),
    repeated,
  };
}

/** Loops that a site would have. Each names its redirects, and which of them come from the file. */
export interface ResultingLoops {
  /** With a row of the file that the site does not have yet, at the line of the first row. */
  loops: RowProblem[];
  /** How many there are, should `loops` hold fewer. */
  loopCount: number;
  /** With rows of the file, all of which the site already has. */
  known: RowProblem[];
  knownCount: number;
  /** Only of redirects that stay: the file is not involved. Sentences. */
  staying: string[];
  stayingCount: number;
}

/**
 * The loops of a site once it has the rows of the file besides the redirects that stay. Compares as `checkRedirects`
 * does. Dynamic targets form no loops here: only the platform knows their addresses.
 * @param staying redirects of the site that the file does not overwrite
 * @param domain of the site; undefined where unknown: the rows' own is used, if they name one
 * @param isInPlace whether the site has exactly the redirect of a row
 */
export function findResultingLoops(
  rows: readonly RedirectRow[],
  staying: readonly KnownRedirect[],
  domain: string | undefined,
  isInPlace: (row: RedirectRow) => boolean,
): ResultingLoops {
  const all: readonly (RedirectRow | KnownRedirect)[] = [...rows, ...staying];
  const hosts = hostsOf(rows, domain ?? '');
  // Redirects that stay have no row at their index: they get the site's host.
  const hostAt = (index: number) => hosts.get(rows[index]?.domain ?? '') ?? '';
  const graph = createGraph(resolveEnds(all, hostAt));
  const describe = describer(all, new Set(hosts.values()).size > 1);
  const made = new RowProblems();
  const known = new RowProblems();
  const without = new RowProblems();
  for (const loop of findLoops(graph)) {
    // Rows come first in the list, and a loop begins with its first.
    const row = rows[loop[0] ?? 0];
    const isKnown = loop.every((at) => rows[at] === undefined || isInPlace(rows[at]));
    const kind = row === undefined ? without : isKnown ? known : made;
    kind.add(row?.line ?? 1, () => loopText(all, graph, loop, describe));
  }
  return {
    loops: made.sorted(),
    loopCount: made.count,
    known: known.sorted(),
    knownCount: known.count,
    staying: without.sorted().map(({ message }) => message),
    stayingCount: without.count,
  };
}

/** The host of each domain that rows name, and under '' the host of rows that name none. */
function hostsOf(rows: readonly RedirectRow[], home: string): Map<string, string> {
  const domains = new Set<string>();
  for (const { domain } of rows) domains.add(domain);
  const hosts = new Map([...domains].map((domain) => [domain, domain === '' ? '' : hostOf(domain)]));
  hosts.delete('');
  const named = new Set(hosts.values());
  const [only = ''] = named;
  return hosts.set('', home !== '' ? hostOf(home) : named.size === 1 ? only : '');
}

/**
 * The same old path with two targets is a problem; with the same target, a repeated row. Other spellings of an address
 * are odd.
 * @returns indices of the repeated rows
 */
function addDuplicates(
  rows: readonly RedirectRow[],
  { hidden }: RedirectGraph,
  hostAt: (index: number) => string,
  problems: RowProblems,
  oddities: Oddities,
): ReadonlySet<number> {
  const repeated = new Set<number>();
  // Only rows that are not the first of their address; an old path with a fragment has no address.
  const known = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const first = hidden.get(index);
    if (first === undefined && !row.fromPath.includes('#')) continue;
    const spelling = `${hostAt(index)} ${row.fromPath}`;
    const same = rows[rows[first ?? -1]?.fromPath === row.fromPath ? (first ?? -1) : (known.get(spelling) ?? -1)];
    if (same !== undefined) {
      const already = `${nameOf(row)} is already in line ${same.line}`;
      if (isSameTarget(same.target, row.target)) {
        repeated.add(index);
        oddities.add('repeated', row.line, () => `${already}, with the same target.`);
      } else {
        problems.add(row.line, () => `${already}, with another target: ${endText(same)}.`);
      }
      continue;
    }
    known.set(spelling, index);
    if (first === undefined) continue;
    oddities.add('spelling', row.line, () => `${nameOf(row)} is the same address as in line ${rows[first]?.line}.`);
  }
  return repeated;
}

function addNearAddresses(
  rows: readonly RedirectRow[],
  { twins, toThemselves, loops, next }: NearAddresses,
  describe: Describe,
  oddities: Oddities,
): void {
  for (const loop of loops) {
    oddities.add('nearLoop', rows[loop[0] ?? 0]?.line ?? 1, () => loopText(rows, { next }, loop, describe));
  }
  for (const [at, differ] of toThemselves) {
    const row = rows[at];
    if (row === undefined) continue;
    const kind = differ === 'slash' ? 'ownSlash' : 'ownCase';
    oddities.add(kind, row.line, () => `${nameOf(row)} leads to ${endText(row)}.`);
  }
  for (const [at, { first, differ }] of twins) {
    const [row, other] = [rows[at], rows[first]];
    if (row === undefined || other === undefined) continue;
    const isPair = isSameTarget(row.target, other.target);
    oddities.add(`${differ}${isPair ? 'Pair' : 'Twin'}`, row.line, () => twinText(row, other, differ));
  }
}

function twinText(row: RedirectRow, other: RedirectRow, differ: Difference): string {
  const how = differ === 'slash' ? 'except for the final slash' : 'in different case';
  const target = isSameTarget(row.target, other.target) ? '' : `, which leads to ${endText(other)}`;
  return `${nameOf(row)} is ${shown(other.fromPath)} of line ${other.line} ${how}${target}.`;
}

function nameOf({ domain, fromPath }: RedirectRow): string {
  return shown(domain + fromPath);
}

type Describe = (index: number, isFirst: boolean) => string;

/** `/a`, `/b (line 3)`, `/c (on the site)`; the line of the first is given anyway. */
function describer(all: readonly (RedirectRow | KnownRedirect)[], hasHosts: boolean): Describe {
  return (index, isFirst) => {
    const redirect = all[index];
    if (redirect === undefined) return '';
    if (!('line' in redirect)) return `${shown(redirect.fromPath)} (on the site)`;
    const name = shown(hasHosts ? redirect.domain + redirect.fromPath : redirect.fromPath);
    return isFirst ? name : `${name} (line ${redirect.line})`;
  };
}

function loopText(
  all: readonly Redirect[],
  graph: Pick<RedirectGraph, 'next'>,
  loop: readonly number[],
  describe: Describe,
): string {
  const [first = 0] = loop;
  if (loop.length === 1) return `${describe(first, true)} leads to itself: ${endText(all[first])}.`;
  const tailStart = loop.at(-TAIL) ?? first;
  const route = routeOf(graph, first, loop.length, tailStart);
  const text = routeText({ ...route, end: describe(first, true) }, describe);
  return `A loop of ${loop.length.toLocaleString('en-US')} redirects: ${text}.`;
}

function chainText(
  rows: readonly RedirectRow[],
  graph: RedirectGraph,
  { first, length, tailStart }: { first: number; length: number; tailStart: number },
  describe: Describe,
): string {
  const route = routeOf(graph, first, length, tailStart);
  const end = endText(rows[route.tail.at(-1) ?? route.head.at(-1) ?? first]);
  return `A chain of ${length.toLocaleString('en-US')} redirects: ${routeText({ ...route, end }, describe)}.`;
}

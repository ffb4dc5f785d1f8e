import type { RowProblem } from '../row-problems.ts';
import { RowProblems, shown } from '../row-problems.ts';
import { hostOf } from './address.ts';
import { findChains } from './chains.ts';
import { createGraph, endText, findLoops, type RedirectGraph, routeOf, routeText, TAIL } from './graph.ts';
import type { KnownRedirect, Redirect, RedirectRow } from './redirect.ts';

/** What is wrong, or odd, about rows that are sound by themselves. In the order of their lines; long lists are cut. */
export interface RedirectsCheck {
  problems: RowProblem[];
  /** How many problems there are, should `problems` hold fewer. */
  problemCount: number;
  warnings: RowProblem[];
  warningCount: number;
}

/**
 * All rows of a file together. Problems: a domain and old path twice, redirects to themselves, loops (each once, with
 * the whole circle). Warnings: chains (each once, with the whole chain, unless it is part of a longer one), old paths in
 * two spellings, old paths that nothing meets, and targets that are neither a path nor a URL.
 *
 * Whether a target is an old path of the file is decided as a browser would: it is resolved against `https://` and the
 * row's domain; the host counts in lower case, http and https are the same, the fragment is dropped, the query counts.
 * Letters of paths count as written: `/a` and `/A` are two. Rows that name no domain have the one that the others name.
 *
 * Takes time and memory in proportion to the rows, whatever the graph is like.
 */
export function checkRedirects(rows: readonly RedirectRow[]): RedirectsCheck {
  const problems = new RowProblems();
  const warnings = new RowProblems();
  const hosts = hostsOf(rows, '');
  const hostAt = (index: number) => hosts.get(rows[index]?.domain ?? '') ?? '';
  warnOfOddRows(rows, warnings);
  const graph = createGraph(rows, hostAt);
  tellDuplicates(rows, graph, hostAt, problems, warnings);
  const describe = describer(rows, new Set(hosts.values()).size > 1);
  for (const loop of findLoops(graph)) {
    problems.add(rows[loop[0] ?? 0]?.line ?? 1, () => loopText(rows, graph, loop, describe));
  }
  for (const { first, length, tailStart } of findChains(graph)) {
    const row = rows[first];
    if (row !== undefined) {
      warnings.add(row.line, () => chainText(rows, graph, { first, length, tailStart }, describe));
    }
  }
  return {
    problems: problems.sorted(),
    problemCount: problems.count,
    warnings: warnings.sorted(),
    warningCount: warnings.count,
  };
}

/** Loops that a site would have. Each names its redirects, and which of them the file brings. */
export interface ResultingLoops {
  /** With a row of the file in them, at the line of the first one. */
  loops: RowProblem[];
  /** How many there are, should `loops` hold fewer. */
  loopCount: number;
  /** Among the redirects that stay alone: the file has no part in them. Sentences. */
  staying: string[];
  stayingCount: number;
}

/**
 * The loops of a site once it has the rows of the file beside the redirects that stay. Compares as `checkRedirects`
 * does. What leads to a product and the like counts for no loop: its address is the platform's to know.
 * @param staying those of the site that the file does not write over
 * @param domain that of the site; undefined where it is not known: the rows' own, if they name one
 */
export function findResultingLoops(
  rows: readonly RedirectRow[],
  staying: readonly KnownRedirect[],
  domain: string | undefined,
): ResultingLoops {
  const all: readonly (RedirectRow | KnownRedirect)[] = [...rows, ...staying];
  const hosts = hostsOf(rows, domain ?? '');
  // Of what stays, the index is none of a row: it is of the site.
  const hostAt = (index: number) => hosts.get(rows[index]?.domain ?? '') ?? '';
  const graph = createGraph(all, hostAt);
  const describe = describer(all, new Set(hosts.values()).size > 1);
  const withRows = new RowProblems();
  const without = new RowProblems();
  for (const loop of findLoops(graph)) {
    // Rows come first in the list, and a loop begins with its first.
    const row = rows[loop[0] ?? 0];
    (row === undefined ? without : withRows).add(row?.line ?? 1, () => loopText(all, graph, loop, describe));
  }
  return {
    loops: withRows.sorted(),
    loopCount: withRows.count,
    staying: without.sorted().map(({ message }) => message),
    stayingCount: without.count,
  };
}

/** The host of each domain that rows name, and under '' that of rows that name none. */
function hostsOf(rows: readonly RedirectRow[], home: string): Map<string, string> {
  const domains = new Set<string>();
  for (const { domain } of rows) domains.add(domain);
  const hosts = new Map([...domains].map((domain) => [domain, domain === '' ? '' : hostOf(domain)]));
  hosts.delete('');
  const named = new Set(hosts.values());
  const [only = ''] = named;
  return hosts.set('', home !== '' ? hostOf(home) : named.size === 1 ? only : '');
}

function warnOfOddRows(rows: readonly RedirectRow[], warnings: RowProblems): void {
  for (const { line, fromPath, target } of rows) {
    if (fromPath.includes('#')) {
      warnings.add(
        line,
        () => `${shown(fromPath)} has a fragment (#…), which browsers do not send: this redirect never takes place.`,
      );
    }
    if (target.kind === 'manual' && !target.url.startsWith('/') && !/^https?:\/\//i.test(target.url)) {
      warnings.add(
        line,
        () => `${shown(target.url)} neither begins with "/" nor is it an http(s) URL: see whether it leads anywhere.`,
      );
    }
  }
}

/** Exact ones are problems, and other spellings of an address are odd. */
function tellDuplicates(
  rows: readonly RedirectRow[],
  { hidden }: RedirectGraph,
  hostAt: (index: number) => string,
  problems: RowProblems,
  warnings: RowProblems,
): void {
  // Of those alone that are not the first of their address; an old path with a fragment has no address.
  const known = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const first = hidden.get(index);
    if (first === undefined && !row.fromPath.includes('#')) continue;
    const spelling = `${hostAt(index)} ${row.fromPath}`;
    const same = rows[first ?? -1]?.fromPath === row.fromPath ? first : known.get(spelling);
    if (same !== undefined) {
      problems.add(row.line, () => `${nameOf(row)} stands in line ${rows[same]?.line} already.`);
      continue;
    }
    known.set(spelling, index);
    if (first === undefined) continue;
    warnings.add(row.line, () => `${nameOf(row)} is the address of line ${rows[first]?.line} in another spelling.`);
  }
}

function nameOf({ domain, fromPath }: RedirectRow): string {
  return shown(domain + fromPath);
}

type Describe = (index: number, isFirst: boolean) => string;

/** `/a`, `/b (line 3)`, `/c (of the site)`; the line of the first is told anyway. */
function describer(all: readonly (RedirectRow | KnownRedirect)[], hasHosts: boolean): Describe {
  return (index, isFirst) => {
    const redirect = all[index];
    if (redirect === undefined) return '';
    if (!('line' in redirect)) return `${shown(redirect.fromPath)} (of the site)`;
    const name = shown(hasHosts ? redirect.domain + redirect.fromPath : redirect.fromPath);
    return isFirst ? name : `${name} (line ${redirect.line})`;
  };
}

function loopText(all: readonly Redirect[], graph: RedirectGraph, loop: readonly number[], describe: Describe): string {
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
  const text = routeText({ ...route, end }, describe);
  return `A chain of ${length.toLocaleString('en-US')} redirects: ${text}. Let the first lead to the end at once.`;
}

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkRedirects } from '../../src/domain/redirects/check.ts';
import type { RedirectRow } from '../../src/domain/redirects/redirect.ts';

/** One redirect for each of /0 … /7 and of two hosts, or none: a graph in which loops and chains are frequent. */
const HOSTS = ['d.example', 'e.example'];
const node = fc.record({ host: fc.constantFrom(...HOSTS), path: fc.nat(6) });
const graphs = fc.uniqueArray(
  fc.record({
    from: node,
    to: fc.option(node, { freq: 6 }),
    spelling: fc.constantFrom<(host: string, path: number) => string>(
      (host, path) => `https://${host}/${path}`,
      (host, path) => `HTTP://${host.toUpperCase()}/x/../${path}#top`,
      (host, path) => `//${host}/${path}`,
    ),
    relative: fc.boolean(),
  }),
  // Longer paths are shown without their middle.
  { selector: ({ from }) => `${from.host}/${from.path}`, maxLength: 8 },
);

type Graph = typeof graphs extends fc.Arbitrary<infer Value> ? Value : never;
const nameOf = ({ host, path }: { host: string; path: number }) => `${host}/${path}`;

function rowsOf(graph: Graph): RedirectRow[] {
  return graph.map(({ from, to, spelling, relative }, index) => {
    const url = to === null ? '/out' : relative && to.host === from.host ? `/${to.path}` : spelling(to.host, to.path);
    return { domain: from.host, fromPath: `/${from.path}`, target: { kind: 'manual', url }, line: index + 1 };
  });
}

/** From every redirect step by step, with a look at all that was met: slow, and plainly right. */
function naive(graph: Graph): { loops: Set<string>; chains: Set<string> } {
  const targets = new Map(graph.map(({ from, to }) => [nameOf(from), to === null ? undefined : nameOf(to)]));
  const isMet = new Set(targets.values());
  const loops = new Set<string>();
  const chains = new Set<string>();
  for (const start of targets.keys()) {
    const way: string[] = [];
    let at: string | undefined = start;
    while (at !== undefined && targets.has(at) && !way.includes(at)) {
      way.push(at);
      at = targets.get(at);
    }
    const isLoop = at !== undefined && way.includes(at);
    if (isLoop)
      loops.add(
        way
          .slice(way.indexOf(at ?? ''))
          .sort()
          .join(' '),
      );
    else if (way.length > 1 && !isMet.has(start)) chains.add(way.join(' '));
  }
  return { loops, chains };
}

test('loops and chains are those of a naive search', () => {
  let loopsSeen = 0;
  let chainsSeen = 0;
  fc.assert(
    fc.property(graphs, (graph) => {
      const { problems, oddities } = checkRedirects(rowsOf(graph));
      const warnings = oddities.filter(({ title }) => title === 'Redirect chain').flatMap(({ rows }) => rows);
      const hasHosts = new Set(graph.map(({ from }) => from.host)).size > 1;
      const home = graph[0]?.from.host ?? '';
      const names = (text: string) =>
        [...text.matchAll(hasHosts ? /[de]\.example\/\d/g : /(?<=: |→ )\/\d/g)].map(([name]) =>
          hasHosts ? name : home + name,
        );
      const loops = problems.map(({ message }) =>
        message.includes('itself')
          ? nameOf(
              graph.find(({ from }) => message.startsWith(`${hasHosts ? nameOf(from) : `/${from.path}`} `))?.from ?? {
                host: '',
                path: 0,
              },
            )
          : names(message).slice(0, -1).sort().join(' '),
      );
      const lengths = warnings.map(({ message }) => Number(/of (\d+) redirects/.exec(message)?.[1]));
      const chains = warnings.map(({ message }, index) => names(message).slice(0, lengths[index]).join(' '));
      const expected = naive(graph);
      // As lists: each is reported once.
      expect(loops.sort()).toEqual([...expected.loops].sort());
      expect(chains.sort()).toEqual([...expected.chains].sort());
      loopsSeen += loops.length;
      chainsSeen += chains.length;
    }),
    { numRuns: 500 },
  );
  expect(Math.min(loopsSeen, chainsSeen)).toBeGreaterThan(50);
});

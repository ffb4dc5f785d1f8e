/** What has to change so that a site has the redirects of a file, even where the site has a path under several ids. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planRedirects } from '../../src/domain/redirects/plan.ts';
import {
  isSameTarget,
  type KnownRedirect,
  type RedirectRow,
  type RedirectTarget,
} from '../../src/domain/redirects/redirect.ts';

function targetOf(to: string): RedirectTarget {
  const [type, id] = to.split(' ');
  return type === 'Product' ? { kind: 'dynamic', type, id: Number(id) } : { kind: 'manual', url: to };
}

/** `/a > /x`, in the order of their ids, from 1. */
function siteOf(...lines: string[]): KnownRedirect[] {
  return lines.map((line, index) => {
    const [fromPath = '', to = ''] = line.split(' > ');
    return { id: index + 1, fromPath, target: targetOf(to), toUrl: undefined };
  });
}

function rowsOf(...lines: string[]): RedirectRow[] {
  return lines.map((line, index) => {
    const [fromPath = '', to = ''] = line.split(' > ');
    return { domain: 'd.example', fromPath, target: targetOf(to), line: index + 2 };
  });
}

function planned(site: readonly KnownRedirect[], rows: readonly RedirectRow[], deletes: boolean) {
  const { added, changed, removed, unchanged, split } = planRedirects(site, rows, { deletes });
  return {
    added: added.map(({ fromPath }) => fromPath),
    changed: changed.map(({ before, copies = [] }) => [before.id, copies.map(({ id }) => id)]),
    removed: removed.map(({ id }) => id),
    unchanged,
    split: split.map(({ fromPath }) => fromPath),
  };
}

const NOTHING = { added: [], changed: [], removed: [], unchanged: 0, split: [] };

describe('a path under several ids', () => {
  test.each([true, false])('is fine where all of them lead where the file says, with `delete: %s`', (deletes) => {
    const site = siteOf('/a > /x', '/p > Product 0', '/a > /x', '/p > Product 0', '/a > /x');
    expect(planned(site, rowsOf('/a > /x', '/p > Product 0'), deletes)).toEqual({ ...NOTHING, unchanged: 2 });
  });

  test('loses the copies that lead elsewhere, by their ids, whichever came first', () => {
    expect(planned(siteOf('/a > /old', '/a > /x'), rowsOf('/a > /x'), true)).toEqual({
      ...NOTHING,
      removed: [1],
      unchanged: 1,
      split: ['/a'],
    });
    expect(planned(siteOf('/a > /x', '/b > /b', '/a > /old', '/a > /x'), rowsOf('/a > /x'), true)).toMatchObject({
      removed: [2, 3],
      unchanged: 1,
    });
  });

  test('is written once more where nothing may be deleted, and nothing of it counts as removed', () => {
    expect(planned(siteOf('/a > /x', '/a > /old', '/z > /z'), rowsOf('/a > /x'), false)).toEqual({
      ...NOTHING,
      changed: [[2, [1]]],
      removed: [3],
      split: ['/a'],
    });
  });

  test('is written where no copy is right; with `delete`, all but one are to go', () => {
    const site = siteOf('/a > /1', '/a > /2', '/a > /1');
    expect(planned(site, rowsOf('/a > /x'), true)).toEqual({
      ...NOTHING,
      changed: [[1, [2, 3]]],
      removed: [2, 3],
      split: ['/a'],
    });
    expect(planned(site, rowsOf('/a > /x'), false)).toEqual({ ...NOTHING, changed: [[1, [2, 3]]], split: ['/a'] });
  });

  test('is removed under all of them where the file has it not', () => {
    expect(planned(siteOf('/a > /x', '/b > /x', '/a > /x'), rowsOf('/b > /x'), true)).toMatchObject({
      removed: [1, 3],
      unchanged: 1,
      split: [],
    });
  });
});

const targets = fc.constantFrom('/x', '/y', 'Product 0', 'Product 7').map(targetOf);
const paths = fc.nat(12).map((n) => `/${n}`);
const sites = fc
  .tuple(fc.array(fc.tuple(paths, targets), { maxLength: 20 }), fc.infiniteStream(fc.nat(1e6)))
  .map(([all, ids]) => {
    const free = new Set<number>();
    for (const id of ids) if (free.add(id).size === all.length + 13) break;
    const [...numbers] = free;
    const site = all.map(([fromPath, target], index): KnownRedirect => {
      return { id: numbers[index] ?? -1, fromPath, target, toUrl: undefined };
    });
    return { site, fresh: numbers.slice(all.length) };
  });
const desires = fc.uniqueArray(fc.record({ fromPath: paths, target: targets }), {
  selector: ({ fromPath }) => fromPath,
  maxLength: 12,
});
const overwriting = fc.constantFrom('first' as const, 'last' as const, 'all' as const);

/** As the platform does it: upserts by old path, and deletions by id. It is unknown which of several it overwrites. */
function upsert(site: KnownRedirect[], row: RedirectRow, which: 'first' | 'last' | 'all', freshId: () => number) {
  const copies = site.filter(({ fromPath }) => fromPath === row.fromPath);
  const chosen = which === 'all' ? copies : which === 'first' ? copies.slice(0, 1) : copies.slice(-1);
  for (const copy of chosen) copy.target = row.target;
  if (copies.length === 0) {
    site.push({ id: freshId(), fromPath: row.fromPath, target: row.target, toUrl: undefined });
  }
}

test('what is planned, done, gives what was desired, and no later plan of it is anything but empty', () => {
  fc.assert(
    fc.property(sites, desires, overwriting, ({ site: before, fresh }, desire, which) => {
      const desired = desire.map((redirect, index) => ({ ...redirect, domain: 'd.example', line: index + 2 }));
      const ids = [...fresh];
      let site = structuredClone(before);
      let rounds = 0;
      for (; rounds < 3; rounds += 1) {
        const plan = planRedirects(site, desired, { deletes: true });
        expect(plan.removed.map(({ id }) => id)).toEqual(plan.removed.map(({ id }) => id).sort((a, b) => a - b));
        if (plan.added.length + plan.changed.length + plan.removed.length === 0) break;
        for (const row of [...plan.added, ...plan.changed.map(({ after }) => after)]) {
          upsert(site, row, which, () => ids.pop() ?? -1);
        }
        // Of a path that was written, what is right by then stays: that is what `sync` looks up.
        const isRight = ({ fromPath, target }: KnownRedirect) =>
          desired.some((row) => row.fromPath === fromPath && isSameTarget(row.target, target));
        const doomed = new Set(plan.removed.map(({ id }) => id));
        site = site.filter((redirect) => !doomed.has(redirect.id) || isRight(redirect));
      }
      expect(rounds).toBeLessThan(3);
      expect(new Set(site.map(({ fromPath }) => fromPath))).toEqual(new Set(desired.map(({ fromPath }) => fromPath)));
      for (const { fromPath, target } of site) {
        const row = desired.find((one) => one.fromPath === fromPath);
        expect(row !== undefined && isSameTarget(row.target, target)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('without deletions, what is planned has each desired path written, and nothing of the site is to go', () => {
  fc.assert(
    fc.property(sites, desires, ({ site }, desire) => {
      const desired = desire.map((redirect, index) => ({ ...redirect, domain: 'd.example', line: index + 2 }));
      const plan = planRedirects(site, desired, { deletes: false });
      const paths = new Set(desired.map(({ fromPath }) => fromPath));
      expect(plan.removed.filter(({ fromPath }) => paths.has(fromPath))).toEqual([]);
      const written = new Set(
        [...plan.added, ...plan.changed.map(({ after }) => after)].map(({ fromPath }) => fromPath),
      );
      for (const { fromPath, target } of desired) {
        const copies = site.filter((one) => one.fromPath === fromPath);
        const isFine = copies.length > 0 && copies.every((copy) => isSameTarget(copy.target, target));
        expect([fromPath, written.has(fromPath)]).toEqual([fromPath, !isFine]);
      }
    }),
    { numRuns: 300 },
  );
});

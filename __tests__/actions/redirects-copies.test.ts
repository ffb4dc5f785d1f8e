/** A site that has paths under several ids, and answers that say that a part was done: `sync` reports the truth. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planSite } from '../../src/actions/redirects/plan.ts';
import { syncSite } from '../../src/actions/redirects/sync.ts';
import type { Redirect, RedirectTarget } from '../../src/domain/redirects/redirect.ts';
import { httpError } from '../http-error.ts';
import { endOf } from './end-of.ts';
import { createWorld, FILE, makeRow } from './redirects-helpers.ts';
import { createStore, type Fault, type StoreOptions } from './redirects-store.ts';

const SITE = 7;

type Store = ReturnType<typeof createStore>;

function targetOf(to: string): RedirectTarget {
  return to === 'Product 0' ? { kind: 'dynamic', type: 'Product', id: 0 } : { kind: 'manual', url: to };
}

/** `/a > /x`, each under an id of its own, from 1. */
function fill(lines: readonly string[], options: StoreOptions = {}): Store {
  const store = createStore({ maxUpserts: 50, ...options });
  for (const line of lines) {
    const [fromPath = '', to = ''] = line.split(' > ');
    store.insert(SITE, { fromPath, target: targetOf(to) });
  }
  return store;
}

interface Given {
  deletes?: boolean;
  maxDeletes?: number;
  command?: 'plan' | 'sync';
}

async function run(
  store: Store,
  desired: readonly string[],
  { deletes = true, maxDeletes = 100, command = 'sync' }: Given = {},
) {
  const rows = desired.map((line, index) => {
    const [path = '', to = ''] = line.split(' > ');
    return { ...makeRow(path, to, index + 2), target: targetOf(to) };
  });
  const { dependencies, report } = createWorld({ client: store.client, rows });
  const task = { command, siteId: SITE, delete: deletes, maxDeletes } as const;
  const work = command === 'plan' ? planSite : syncSite;
  const error = await endOf(work({ file: FILE, timeoutMs: 60_000, task }, dependencies));
  return { error, report, warnings: report.warnings.join('\n') };
}

test.each([true, false])('an export of such a store plans empty, with `delete: %s`', async (deletes) => {
  const lines = ['/a > /x', '/b > /y', '/a > /x', '/p > Product 0', '/p > Product 0'];
  const store = fill(lines);
  const { error, report, warnings } = await run(store, lines, { deletes, maxDeletes: 0 });
  expect({ error, writes: store.writes, warnings }).toEqual({ error: undefined, writes: 0, warnings: '' });
  expect(report.results.at(-1)).toBe('0 to add, 0 to change, 0 to remove, 3 unchanged');
  expect(report.eventsOf('rows-odd').map(({ title, rows }) => [title, rows.map(({ line }) => line)])).toEqual([
    ['Repeated row', [4, 6]],
    ['Target with the id 0', [5]],
  ]);
});

test('copies that lead elsewhere are deleted by their ids, and only once another one is right', async () => {
  const mixed = fill(['/a > /old', '/a > /x']);
  expect((await run(mixed, ['/a > /x'])).error).toBeUndefined();
  expect([mixed.listOf(SITE), mixed.deleted, mixed.writes]).toEqual([['/a → /x'], [1], 1]);
  for (const overwrites of ['first', 'last', 'all'] as const) {
    const wrong = fill(['/a > /1', '/a > /2', '/a > /1'], { overwrites });
    const { error, report, warnings } = await run(wrong, ['/a > /x']);
    expect(error).toBeUndefined();
    expect([overwrites, new Set(wrong.listOf(SITE))]).toEqual([overwrites, new Set(['/a → /x'])]);
    const deleted = overwrites === 'first' ? [2, 3] : overwrites === 'last' ? [1, 2] : [];
    expect([overwrites, wrong.deleted]).toEqual([overwrites, deleted]);
    expect(report.eventsOf('applied').at(-1)).toMatchObject({
      changed: 1,
      removed: deleted.length,
      toDo: 1 + deleted.length,
    });
    expect(warnings).toContain('has 1 old path of the file (/a) under several ids that do not all lead where');
    expect(warnings.includes('2 further ids of paths in the file (/a) were not deleted')).toBe(overwrites === 'all');
    const { report: again } = await run(wrong, ['/a > /x']);
    expect(again.notes()).toHaveLength(1);
  }
});

test('none of them is deleted where the platform made another target, nor what somebody has added meanwhile', async () => {
  const other = fill(['/a > /1', '/a > /2']);
  other.client.upsertRedirects = async () => ({
    kind: 'done',
    redirects: [other.put(SITE, { fromPath: '/a', target: targetOf('/x/') })],
  });
  const { warnings } = await run(other, ['/a > /x']);
  expect([other.listOf(SITE), other.deleted]).toEqual([['/a → /x/', '/a → /2'], []]);
  expect(warnings).toContain('2 redirects (/a, /a) lead elsewhere than the file says, under ids of their own.');
  let isAdded = false;
  const late: Store = fill(['/a > /1', '/a > /2'], {
    afterWrite: () => {
      if (!isAdded) late.insert(SITE, { fromPath: '/a', target: targetOf('/late') });
      isAdded = true;
    },
  });
  await run(late, ['/a > /x']);
  expect([late.listOf(SITE), late.deleted]).toEqual([['/a → /x', '/a → /late'], [2]]);
});

test('they count for `max-deletes`', async () => {
  const store = fill(['/a > /1', '/a > /2', '/a > /3']);
  expect((await run(store, ['/a > /x'], { maxDeletes: 1 })).error).toMatchObject({
    title: 'More deletions than allowed',
  });
  expect(store.writes).toBe(0);
  expect((await run(store, ['/a > /x'], { maxDeletes: 2 })).error).toBeUndefined();
});

test('without `delete` the path is written, and what leads elsewhere still is warned of', async () => {
  const reached = fill(['/a > /old', '/a > /x']);
  expect((await run(reached, ['/a > /x'], { deletes: false })).warnings).not.toContain('elsewhere than the file says');
  expect(reached.listOf(SITE)).toEqual(['/a → /x', '/a → /x']);
  const missed = fill(['/a > /old', '/a > /x'], { overwrites: 'last' });
  const { warnings } = await run(missed, ['/a > /x'], { deletes: false });
  expect(missed.listOf(SITE)).toEqual(['/a → /old', '/a → /x']);
  expect(warnings).toContain('1 redirect (/a) leads elsewhere than the file says, under an id of its own.');
  expect(warnings).toContain('`delete: true` removes it');
  expect(missed.deleted).toEqual([]);
});

test('a target with the id 0 that the site has not is an error, at its line', async () => {
  for (const before of [[], ['/p > /x'], ['/q > Product 0']]) {
    const store = fill(before);
    const { error } = await run(store, ['/a > /x', '/p > Product 0']);
    expect(error?.message).toBe(
      'redirects.csv has 1 redirect with the target id 0 that the site does not have.\n' +
        '- line 3: /p leads to Product 0, and the site has no such redirect: nothing has the id 0.',
    );
    expect(store.writes).toBe(0);
  }
});

test('a loop that the site has just so plans empty, and is warned of; one that it has not is an error', async () => {
  const lines = ['/a > /b', '/b > /a', '/s > /s', '/c > /d'];
  const store = fill(lines);
  const { error, report } = await run(store, lines);
  expect({ error, writes: store.writes }).toEqual({ error: undefined, writes: 0 });
  expect(report.eventsOf('rows-odd').map(({ title, rows }) => [title, rows.map(({ line }) => line)])).toEqual([
    ['Loop that the site already has', [2, 4]],
  ]);
  const closed = await run(store, [...lines, '/d > /c']);
  expect(closed.error?.title).toBe('The site would have loops');
  expect(closed.error?.message).toContain('line 5: A loop of 2 redirects: /c → /d (line 6) → /c.');
  expect(closed.error?.message).not.toContain('/s');
  expect(store.writes).toBe(0);
});

test('what the platform says it took and did not write (201 without a word of it) is no success', async () => {
  const store = fill(['/a > /old'], { answers: false });
  store.client.upsertRedirects = async () => ({ kind: 'done', redirects: [] });
  const { error, report } = await run(store, ['/a > /x']);
  expect(error).toMatchObject({ title: 'Redirects are missing after the write', outcome: 'partial' });
  expect(report.eventsOf('applied').at(-1)).toMatchObject({ changed: 0, uncertain: 1 });
});

const many = Array.from({ length: 20 }, (_, index) => `/${index} > /to`);

test('207: what was not written is sent once more by itself, and named by its lines where it fails again', async () => {
  const passing = fill([], { faults: ['partial'] });
  expect((await run(passing, many)).error).toBeUndefined();
  expect([passing.listOf(SITE).length, passing.writes]).toEqual([20, 2]);
  // As long as each time some more go in.
  const slow = fill([], { faults: ['partial', 'partial', 'partial'] });
  expect((await run(slow, many)).error).toBeUndefined();
  expect([slow.listOf(SITE).length, slow.writes]).toEqual([20, 4]);
  const failing = fill(['/old > /x'], { rejects: ['/3', '/7'] });
  const { error, report } = await run(failing, many);
  expect(error?.outcome).toBe('partial');
  expect(error?.message).toBe(
    'A part. Not written: line 5 (/3), line 9 (/7). 18 of 21 changes were made: 18 added, 0 changed, 0 deleted. 3 were not made.',
  );
  expect(report.eventsOf('applied').at(-1)).toMatchObject({ added: 18, uncertain: 0 });
  expect(failing.deleted).toEqual([]);
});

test('207 on a deletion: what is left is deleted, and named where it stays', async () => {
  const passing = fill(['/a > /x', '/b > /x', '/c > /x'], { faults: ['partial', 'partial'] });
  expect((await run(passing, [])).error).toBeUndefined();
  expect(passing.listOf(SITE)).toEqual([]);
  const failing = fill(['/a > /x', '/b > /x']);
  const part = httpError(207, 'A part.');
  failing.client.deleteRedirects = async () => ({ uncertain: part });
  expect((await run(failing, [])).error?.message).toContain('A part. Not deleted: /a, /b. None of 2 changes was made.');
});

test('507: what went in before the limit is counted, nothing is sent again, and what is missing is named', async () => {
  const store = fill([], { faults: ['plan-limit'] });
  const { error } = await run(store, many);
  expect(store.writes).toBe(1);
  expect(error?.message).toMatch(/^A fault\. Not written: line 12 \(\/10\), .* 10 of 20 changes were made: 10 added/);
});

const paths = ['/a', '/b', '/c', '/d', '/e', '/f'];
const lines = fc.array(fc.tuple(fc.constantFrom(...paths), fc.constantFrom('/1', '/2', 'Product 0')), {
  maxLength: 12,
});
const desires = fc.uniqueArray(fc.tuple(fc.constantFrom(...paths), fc.constantFrom('/1', '/2', '/3')), {
  selector: ([path]) => path,
});
const faults = fc.array(
  fc.constantFrom<Fault>('none', 'lost-before', 'lost-after', 'half', 'rejected', 'partial', 'plan-limit'),
  { maxLength: 6 },
);

test('from any state with copies to any desired one, whatever goes wrong: a rerun finishes it, and then there is no more to do', async () => {
  const lineOf = ([path, to]: [string, string]) => `${path} > ${to}`;
  await fc.assert(
    fc.asyncProperty(
      lines,
      desires,
      fc.constantFrom('first' as const, 'last' as const, 'all' as const),
      fc.boolean(),
      faults,
      fc.integer({ min: 1, max: 4 }),
      async (before, desire, overwrites, answers, given, maxUpserts) => {
        let look: () => void = () => {};
        const options = { overwrites, answers, faults: given, maxUpserts, afterWrite: () => look() };
        const store = fill(before.map(lineOf), options);
        const desired = desire.map(lineOf);
        const there = new Set(before.map(([path]) => path));
        look = () => {
          for (const [path] of desire) if (there.has(path)) expect(store.find(SITE, path)).toBeDefined();
        };
        const first = await run(store, desired);
        if (first.error === undefined) {
          const { added, changed, removed, toDo } = first.report.eventsOf('applied').at(-1) ?? {
            added: 0,
            changed: 0,
            removed: 0,
            toDo: 0,
          };
          expect(added + changed + removed).toBe(toDo);
        }
        for (let rerun = 0; rerun <= given.length; rerun += 1) await run(store, desired);
        const expected = new Set(desire.map(([path, to]) => `${path} → ${to}`));
        expect(new Set(store.listOf(SITE))).toEqual(expected);
        const { writes } = store;
        const again = await run(store, desired);
        expect([again.error, store.writes, again.report.notes().length]).toEqual([undefined, writes, 1]);
      },
    ),
    { numRuns: 300 },
  );
});

test('a backup is accepted by `sync`, with what it can contain; a second one changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(lines, desires, fc.boolean(), async (before, desire, deletes) => {
      const store = fill(before.map(([path, to]) => `${path} > ${to}`));
      const { report } = await run(
        store,
        desire.map(([path, to]) => `${path} > ${to}`),
        { deletes },
      );
      const [backup] = report.backups;
      if (backup === undefined) return;
      const kept = backup.redirects.map(lineOfRedirect);
      // All but what no file can restore, which is a warning.
      const lost = before.length - kept.length;
      expect(report.warnings.some((text) => text.startsWith(`The backup lacks ${lost} `))).toBe(lost > 0);
      const restored = await run(store, kept);
      expect(restored.error).toBeUndefined();
      expect(new Set(store.listOf(SITE))).toEqual(
        new Set(
          backup.redirects.map(
            ({ fromPath, target }) => `${fromPath} → ${target.kind === 'manual' ? target.url : 'Product 0'}`,
          ),
        ),
      );
      expect((await run(store, kept)).report.notes()).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
});

function lineOfRedirect({ fromPath, target }: Redirect): string {
  return `${fromPath} > ${target.kind === 'manual' ? target.url : 'Product 0'}`;
}

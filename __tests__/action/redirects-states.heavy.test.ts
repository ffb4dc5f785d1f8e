/** Any state of a site becomes any desired one, over the real client and the embedded platform, without processes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Emulator } from '../../emulator/emulator.ts';
import type { AnswerFault } from '../../emulator/fault-types.ts';
import { startEmulator } from '../../emulator/server.ts';
import { planSite } from '../../src/actions/redirects/plan.ts';
import { syncSite } from '../../src/actions/redirects/sync.ts';
import { createRedirectsClient } from '../../src/bigcommerce/redirects-client.ts';
import type { RedirectRow } from '../../src/domain/redirects/redirect.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http.ts';
import { endOf } from '../actions/end-of.ts';
import { createWorld, FILE } from '../actions/redirects-helpers.ts';
import { expectRedirectRequestsAsDocumented } from '../bigcommerce/redirects-openapi.ts';
import { DOMAIN, SITE_ID } from './redirects-harness.ts';
import { addAll, type Site, siteOf, writesTo } from './redirects-sync-harness.ts';

const OTHER_SITE = SITE_ID + 1;

let http: HttpClient;
beforeAll(() => {
  http = createHttpClient({ userAgent: 'test/1', correlationId: 'c' });
});
afterAll(() => http.close());

/** A platform for one run of a property. */
async function withPlatform(options: Parameters<typeof startEmulator>[0], work: (emulator: Emulator) => Promise<void>) {
  const emulator = await startEmulator(options);
  try {
    await work(emulator);
    await expectRedirectRequestsAsDocumented(emulator);
    for (const { call, query } of writesTo(emulator)) {
      if (call === 'deleteRedirects') expect(Object.keys(query)).toEqual(['id:in']);
    }
  } finally {
    await emulator.close();
  }
}

function toRows(site: Site): RedirectRow[] {
  return Object.entries(site).map(([fromPath, to], index) => {
    const [type, id] = to.split(' ');
    const target =
      id === undefined
        ? ({ kind: 'manual', url: to } as const)
        : ({ kind: 'dynamic', type: type === 'product' ? 'Product' : 'Category', id: Number(id) } as const);
    return { domain: DOMAIN, fromPath, target, line: index + 2 };
  });
}

/** Carries a command out. @param deletes whether `delete` is given */
async function carryOut(emulator: Emulator, command: 'plan' | 'sync', desired: Site, deletes: boolean) {
  const { origin: apiOrigin, storeHash, accessToken } = emulator;
  const signal = new AbortController().signal;
  const client = createRedirectsClient({ http, apiOrigin, storeHash, accessToken, signal, onRetry: () => {} });
  const { dependencies, report } = createWorld({ client, rows: toRows(desired) });
  const work = command === 'plan' ? planSite : syncSite;
  const task = { command, siteId: SITE_ID, delete: deletes, maxDeletes: 10_000 } as const;
  const error = await endOf(work({ file: FILE, timeoutMs: 60_000, task }, dependencies));
  return { error, report };
}

const NOTHING_LEFT = /^0 to add, 0 to change, 0 to remove,/;
const letters = fc.constantFrom('a', 'B', 'é', '%20', '?q=1', '&', ',', '"', "'", '|', '日', '.html', '/', '~');
const paths = fc.array(letters, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('')}`);
// Their hosts and paths lead out of the file, so that no loop comes about.
const targets = fc.oneof(
  fc.webUrl({ validSchemes: ['https'] }),
  fc.constantFrom('/to/1', '/to/2?x=1', 'product 12', 'category 3', 'https://else.example/3'),
);
const sites = fc
  .uniqueArray(fc.tuple(paths, targets), { selector: ([path]) => path, maxLength: 40 })
  .map((entries) => Object.fromEntries(entries) as Site);

test('from any state to any desired state: a second plan is empty, and other sites stay as they were', async () => {
  await fc.assert(
    fc.asyncProperty(sites, sites, sites, fc.boolean(), async (before, desired, other, deletes) => {
      await withPlatform({ redirects: { maxLimit: 7 } }, async (emulator) => {
        fill(emulator, before);
        fill(emulator, other, OTHER_SITE);
        const plan = await carryOut(emulator, 'plan', desired, deletes);
        expect(plan.error).toBeUndefined();
        expect(writesTo(emulator)).toEqual([]);
        expect((await carryOut(emulator, 'sync', desired, deletes)).error).toBeUndefined();
        expect(siteOf(emulator)).toEqual(deletes ? desired : { ...before, ...desired });
        expect(siteOf(emulator, OTHER_SITE)).toEqual(other);
        const writes = writesTo(emulator).length;
        const again = await carryOut(emulator, 'plan', siteOf(emulator), true);
        expect(again.report.results.at(-1)).toMatch(NOTHING_LEFT);
        expect((await carryOut(emulator, 'sync', desired, deletes)).error).toBeUndefined();
        expect(writesTo(emulator)).toHaveLength(writes);
      });
    }),
    { numRuns: 60 },
  );
});

function fill(emulator: Emulator, site: Site, siteId = SITE_ID): void {
  for (const { fromPath, target } of toRows(site)) {
    const to =
      target.kind === 'manual' ? target.url : ({ type: target.type.toLowerCase(), entity_id: target.id } as never);
    emulator.redirects.add({ fromPath, to, siteId });
  }
}

// All that a request may meet without being tried for long.
const effects = fc.constantFrom<AnswerFault>(
  { effect: 'lost-answer' },
  { effect: 'status-after-work', status: 502 },
  { effect: 'status', status: 503 },
  { effect: 'reset-before' },
  { effect: 'reset-in-body' },
  { effect: 'status', status: 403 },
);
const faults = fc.array(
  fc.record({
    call: fc.constantFrom('upsertRedirects', 'deleteRedirects', 'listRedirects'),
    skip: fc.nat(2),
    fault: effects,
  }),
  { maxLength: 3 },
);

test('whatever goes wrong on the way, what is report is true, and a rerun finishes it', async () => {
  await fc.assert(
    fc.asyncProperty(
      sites,
      sites,
      faults,
      fc.integer({ min: 1, max: 9 }),
      async (before, desired, given, upsertItems) => {
        await withPlatform({ redirects: { upsertItems } }, async (emulator) => {
          fill(emulator, before);
          for (const { call, skip, fault } of given)
            emulator.addFault({ call: call as 'listRedirects', skip, ...fault });
          const { error, report } = await carryOut(emulator, 'sync', desired, true);
          const now = siteOf(emulator);
          const { added, changed, removed, uncertain } = report.eventsOf('applied').at(-1) ?? {
            added: 0,
            changed: 0,
            removed: 0,
            uncertain: 0,
          };
          const written = Object.keys(desired).filter(
            (path) => before[path] !== desired[path] && now[path] === desired[path],
          );
          const gone = Object.keys(before).filter((path) => !(path in now));
          const done = written.length + gone.length;
          expect(done).toBeGreaterThanOrEqual(added + changed + removed);
          expect(done).toBeLessThanOrEqual(added + changed + removed + uncertain);
          if (error === undefined) expect(now).toEqual(desired);
          else expect(error.outcome).toBe(added + changed + removed + uncertain === 0 ? 'error' : 'partial');
          // Each is met as often as it is to be, which may be later.
          for (let rerun = 0; rerun <= given.length; rerun += 1) await carryOut(emulator, 'sync', desired, true);
          expect(siteOf(emulator)).toEqual(desired);
        });
      },
    ),
    { numRuns: 40 },
  );
});

const fold = (path: string) => path.toLowerCase().replace(/(.)\/$/, '$1');
const spelled = fc.uniqueArray(fc.constantFrom('/a', '/A', '/b/', '/B', '/b', '/c', '/C/', '/d', '/D'), {
  selector: fold,
});

test.each(['as it is sent', 'in lower case'] as const)(
  'a platform that folds paths and keeps one %s never loses a desired path, with `delete`',
  async (keeps) => {
    await fc.assert(
      fc.asyncProperty(spelled, spelled, async (old, wanted) => {
        const keepAs = (redirect: { fromPath: string; to: never }) =>
          keeps === 'in lower case' ? { ...redirect, fromPath: fold(redirect.fromPath) } : redirect;
        await withPlatform({ redirects: { pathKey: fold, keepAs: keepAs as never } }, async (emulator) => {
          const before = Object.fromEntries(old.map((path, index) => [path, `/to/${index % 3}`]));
          addAll(emulator, before);
          const desired = Object.fromEntries(wanted.map((path, index) => [path, `/to/${index % 2}`]));
          for (let run = 0; run < 3; run += 1) {
            await carryOut(emulator, 'sync', desired, true);
            const now = Object.fromEntries(Object.entries(siteOf(emulator)).map(([path, to]) => [fold(path), to]));
            for (const [path, to] of Object.entries(desired)) expect([path, now[fold(path)]]).toEqual([path, to]);
          }
        });
      }),
      { numRuns: 40 },
    );
  },
);

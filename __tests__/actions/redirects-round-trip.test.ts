/** Whatever a store has, its export plans empty and imports clean: over the real client, disk and embedded platform. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Emulator } from '../../emulator/emulator.ts';
import type { NewRedirect } from '../../emulator/redirects/records.ts';
import { startEmulator } from '../../emulator/server.ts';
import { importRedirects } from '../../src/actions/redirects/import.ts';
import { planSite } from '../../src/actions/redirects/plan.ts';
import { syncSite } from '../../src/actions/redirects/sync.ts';
import { createRedirectsClient } from '../../src/bigcommerce/redirects-client.ts';
import { createRedirectsDisk } from '../../src/compose/redirects-disk.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { endOf } from './end-of.ts';
import { createWorld } from './redirects-helpers.ts';

const SITE_ID = 1000;
const HEADER = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';

let http: HttpClient;
let folder: string;
beforeAll(() => {
  http = createHttpClient({ userAgent: 'test/1', correlationId: 'c' });
  folder = mkdtempSync(join(tmpdir(), 'redirects-round-trip-'));
});
afterAll(async () => {
  await http.close();
  rmSync(folder, { recursive: true, force: true });
});

async function carryOut(emulator: Emulator, command: 'plan' | 'sync' | 'import', csv: string, deletes = true) {
  const file = join(folder, 'redirects.csv');
  writeFileSync(file, csv);
  const { origin: apiOrigin, storeHash, accessToken } = emulator;
  const { signal } = new AbortController();
  const client = createRedirectsClient({ http, apiOrigin, storeHash, accessToken, signal, onRetry: () => {} });
  const world = createWorld({ client });
  const disk = createRedirectsDisk(signal, createRedactor());
  const writeBackup: typeof disk.writeBackup = async (...given) => {
    backup = await disk.writeBackup(...given);
    return backup;
  };
  let backup: string | undefined;
  const dependencies = { ...world.dependencies, disk: { ...disk, writeBackup } };
  const inputs = { file, timeoutMs: 60_000 };
  const task = { siteId: SITE_ID, delete: deletes, maxDeletes: 1000 };
  const work =
    command === 'plan'
      ? planSite({ ...inputs, task: { ...task, command } }, dependencies)
      : command === 'sync'
        ? syncSite({ ...inputs, task: { ...task, command } }, dependencies)
        : importRedirects({ ...inputs, task: { command, allowFailedRows: 0 } }, dependencies);
  return { error: await endOf(work), report: world.report, backup };
}

async function exportOf({ redirects }: Emulator): Promise<string> {
  const { jobId } = redirects.startExport({ siteId: SITE_ID });
  const { csv = '' } = await redirects.waitForJob((job) => job.jobId === jobId && job.csv !== undefined);
  return csv;
}

const listOf = ({ redirects }: Emulator) =>
  redirects.list.map(({ siteId, fromPath, to }) => ({ siteId, fromPath, to }));

// Twins by case and final slash, near loops and loops, what needs quotation marks, invisible characters, and what looks like a pattern.
const paths = fc.constantFrom('/a', '/A', '/a/', '/b', '/b,"c"', '/d?e=1', '/f\u200bg', '/h/*', '//i', '/ä', '/k#l');
const targets = fc.constantFrom<NewRedirect['to']>(
  '/a',
  '/b/',
  '/x?y=1',
  'https://else.example/"q",z',
  'https://store.example.com/A',
  { type: 'product', entity_id: 0 },
  { type: 'category', entity_id: 7 },
);
const stores = fc
  .uniqueArray(fc.record({ fromPath: paths, to: targets, copies: fc.constantFrom(0, 0, 1, 2) }), {
    selector: ({ fromPath }) => fromPath,
    minLength: 1,
  })
  .map((all): NewRedirect[] => {
    const firsts = all.map(({ fromPath, to }) => ({ fromPath, to }));
    const copies = all.flatMap(({ fromPath, to, copies: many }) => Array(many).fill({ fromPath, to, copy: true }));
    return [...firsts, ...copies];
  });

async function withStore(
  redirects: readonly NewRedirect[],
  work: (emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator({ stepMs: 0, redirects: { redirects: [...redirects], steps: 1 } });
  // Without it, the platform would not say what its domain is.
  emulator.redirects.add({ fromPath: '/inside', to: '/anywhere' });
  try {
    await work(emulator);
    expect(emulator.violations).toEqual([]);
  } finally {
    await emulator.close();
  }
}

test('an export plans empty and is synced already, with `delete` and without', async () => {
  await fc.assert(
    fc.asyncProperty(stores, fc.boolean(), async (redirects, deletes) => {
      await withStore(redirects, async (emulator) => {
        const before = listOf(emulator);
        const csv = await exportOf(emulator);
        const { error, report } = await carryOut(emulator, 'plan', csv, deletes);
        expect(error).toBeUndefined();
        expect(report.results.at(-1)).toMatch(/^0 to add, 0 to change, 0 to remove, /);
        expect((await carryOut(emulator, 'sync', csv, deletes)).report.notes()).toHaveLength(1);
        expect(listOf(emulator)).toEqual(before);
      });
    }),
    { numRuns: 60 },
  );
});

test('an export imports clean, unless it has loops, and changes nothing', async () => {
  let imports = 0;
  await fc.assert(
    fc.asyncProperty(stores, async (redirects) => {
      await withStore(redirects, async (emulator) => {
        const before = listOf(emulator);
        const { error, report } = await carryOut(emulator, 'import', await exportOf(emulator));
        if (error === undefined) {
          imports += 1;
          expect(report.eventsOf('rows-rejected').flatMap(({ rows }) => rows)).toEqual([]);
        } else expect(error.message).toMatch(/leads to itself|A loop of/);
        expect(listOf(emulator)).toEqual(before);
      });
    }),
    { numRuns: 60 },
  );
  expect(imports).toBeGreaterThan(20);
});

test('a backup brings back what it has, by `sync` and by `import`', async () => {
  await fc.assert(
    fc.asyncProperty(stores, fc.boolean(), async (redirects, byImport) => {
      // A loop that is gone cannot be made again.
      const sound = redirects.filter(({ to }) => to !== '/a' && to !== '/b/' && to !== 'https://store.example.com/A');
      await withStore(sound, async (emulator) => {
        const before = listOf(emulator).filter(({ to }) => to.type === 'url' || to.entity_id !== 0);
        const { error, backup } = await carryOut(emulator, 'sync', `${HEADER}\nstore.example.com,/new,/anywhere,,\n`);
        expect(error).toBeUndefined();
        const csv = readFileSync(backup ?? '', 'utf8');
        if (backup !== undefined) rmSync(backup);
        expect((await carryOut(emulator, byImport ? 'import' : 'sync', csv)).error).toBeUndefined();
        const now = new Set(listOf(emulator).map((one) => JSON.stringify(one)));
        const expected = new Set(before.map((one) => JSON.stringify(one)));
        if (byImport)
          now.delete(JSON.stringify({ siteId: SITE_ID, fromPath: '/new', to: { type: 'url', url: '/anywhere' } }));
        expect(now).toEqual(expected);
      });
    }),
    { numRuns: 40 },
  );
});

/** A store like a real one: what it exports plans empty, over the real client and the embedded platform. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/server.ts';
import { planSite } from '../../src/actions/redirects/plan.ts';
import { createRedirectsClient } from '../../src/bigcommerce/redirects-client.ts';
import { readRedirectFile } from '../../src/files/redirects/read-redirect-file.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http.ts';
import { DUMP, DUMP_PATHS, makeDump } from '../redirects-dump.ts';
import { endOf } from './end-of.ts';
import { createWorld, FILE } from './redirects-helpers.ts';

const SITE_ID = 1000;

let http: HttpClient;
let folder: string;
beforeAll(() => {
  http = createHttpClient({ userAgent: 'test/1', correlationId: 'c' });
  folder = mkdtempSync(join(tmpdir(), 'redirects-dump-'));
});
afterAll(async () => {
  await http.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the dump is what was seen', () => {
  const dump = makeDump();
  expect(dump).toHaveLength(DUMP.redirects);
  const byPath = Map.groupBy(dump, ({ fromPath }) => fromPath);
  const copies = [...byPath.values()].filter(({ length }) => length > 1);
  expect(copies.map((all) => [all.length, new Set(all.map(({ to }) => JSON.stringify(to))).size])).toEqual(
    Array(DUMP.twice).fill([2, 1]),
  );
  expect(dump.filter(({ to }) => typeof to === 'object' && to.type === 'product' && to.entity_id === 0)).toHaveLength(
    9,
  );
  expect([...byPath.keys()].filter((path) => byPath.has(`${path}/`))).toHaveLength(DUMP.slashPairs);
  expect(new Set([...byPath.keys()].map((path) => path.toLowerCase())).size).toBe(byPath.size);
});

test.each([true, false])('its export plans empty, with `delete: %s`, and its oddities are counted', async (deletes) => {
  const emulator = await startEmulator({ stepMs: 1, redirects: { redirects: makeDump() } });
  try {
    const { jobId } = emulator.redirects.startExport({ siteId: SITE_ID });
    const { csv = '' } = await emulator.redirects.waitForJob((job) => job.jobId === jobId && job.csv !== undefined);
    const path = join(folder, 'redirects.csv');
    writeFileSync(path, csv);
    const { rows, problemCount } = await readRedirectFile(path, { siteId: SITE_ID });
    expect([rows.length, problemCount]).toEqual([DUMP.redirects, 0]);

    const { origin: apiOrigin, storeHash, accessToken } = emulator;
    const signal = new AbortController().signal;
    const client = createRedirectsClient({ http, apiOrigin, storeHash, accessToken, signal, onRetry: () => {} });
    const { dependencies, report } = createWorld({ client, rows });
    // Nothing is to go, so that none may.
    const task = { command: 'plan', siteId: SITE_ID, delete: deletes, maxDeletes: 0 } as const;
    expect(await endOf(planSite({ file: FILE, timeoutMs: 60_000, task }, dependencies))).toBeUndefined();
    expect(report.results.at(-1)).toBe(
      `0 to add, 0 to change, 0 to remove, ${DUMP_PATHS.toLocaleString('en-US')} unchanged`,
    );
    expect(report.warnings).toEqual([]);
    expect(report.eventsOf('rows-odd').map(({ title, rows: odd }) => `${odd.length} × ${title}`)).toEqual([
      `${Math.ceil(DUMP.slashPairs / 3)} × Old paths that differ in the final slash, with two targets`,
      `${Math.floor((2 * DUMP.slashPairs) / 3)} × Old paths that differ in the final slash, with one target`,
      `${DUMP.twice} × Repeated row`,
      `${DUMP.dead} × Target with the id 0`,
    ]);
  } finally {
    await emulator.close();
  }
});

/** The client's own requests are those that the vendor describes, and the embedded platform understands them. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { REDIRECT_CALLS } from '../../emulator/redirects/calls.ts';
import { startEmulator } from '../../emulator/server.ts';
import { findJob } from '../../src/bigcommerce/redirect-jobs.ts';
import { createRedirectsClient } from '../../src/bigcommerce/redirects-client.ts';
import type { RedirectJobKind } from '../../src/domain/redirects/job.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http.ts';
import { expectRedirectRequestsAsDocumented } from './redirects-openapi.ts';

const SITE = 1000;
let emulator: Emulator;
let http: HttpClient;
let folder = '';

beforeEach(async () => {
  emulator = await startEmulator({ stepMs: 1 });
  http = createHttpClient({ userAgent: 'test/1', correlationId: 'c' });
  folder = mkdtempSync(join(tmpdir(), 'redirects-client-'));
});

afterEach(async () => {
  await http.close();
  await emulator.close();
  rmSync(folder, { recursive: true });
});

test('each call of the client is as the vendor describes it', async () => {
  const { signal } = new AbortController();
  const { origin: apiOrigin, storeHash, accessToken } = emulator;
  const api = { http, apiOrigin, storeHash, accessToken, signal, onRetry: () => {} };
  const client = createRedirectsClient(api);
  const follow = async (kind: RedirectJobKind, jobId: string) => {
    const states = client.followJob(kind, jobId, { signal, onReconnect: () => {}, onSkipped: () => {} });
    for await (const state of states) if (state.status === 'complete') return state;
    return undefined;
  };

  await client.upsertRedirects(SITE, [
    { fromPath: '/a', target: { kind: 'manual', url: '/b' } },
    { fromPath: '/p', target: { kind: 'dynamic', type: 'Product', id: 12 } },
  ]);
  const path = join(folder, 'r.csv');
  const header = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID\n';
  writeFileSync(path, `${header}store.example.com,/c,/d,,\nstore.example.com,/e,,,\n`);
  const imported = await client.startImport({ path, sizeBytes: statSync(path).size }, { sent: () => {} });
  if (imported.kind !== 'started') throw new Error(imported.kind);
  expect(await follow('import', imported.jobId)).toMatchObject({ completed: 1, rejected: [{ row: 2 }] });
  expect(await findJob(api, 'import', imported.jobId)).toMatchObject({ status: 'complete' });
  const list = await client.listRedirects(SITE, () => {});
  expect(list.map(({ fromPath }) => fromPath)).toEqual(['/a', '/p', '/c']);
  expect(await client.deleteRedirects(list.slice(0, 1).map(({ id }) => id))).toBe('deleted');
  const exported = await client.startExport({ siteId: SITE, includeDynamicTargetUrls: true });
  if (exported.kind !== 'started') throw new Error(exported.kind);
  await follow('export', exported.jobId);
  await client.downloadExport(exported.jobId, join(folder, 'export.csv'), () => {});
  expect(readFileSync(join(folder, 'export.csv'), 'utf8')).toContain('store.example.com,/c,/d,,');

  await expectRedirectRequestsAsDocumented(emulator);
  expect(new Set(emulator.requests.map(({ call }) => call))).toEqual(new Set(REDIRECT_CALLS));
});

import { expect, test } from '@jest/globals';
import { timeoutMs } from '../timeouts.ts';
import { useEmulator } from './helpers.ts';
import {
  callRedirects,
  createCsv,
  finishJob,
  idOf,
  listRedirects,
  openJobEvents,
  putRedirects,
  readJobEvents,
  sendExport,
  sendImport,
} from './redirects-helpers.ts';

const ROWS = 200_000;
/** It takes a tenth of this; work that grows with the square of the rows takes minutes. */
const LIMIT_MS = timeoutMs(30_000);

test(
  '200,000 redirects are imported, listed, changed and exported in seconds',
  async () => {
    await using emulator = await useEmulator();
    const rows = Array.from(
      { length: ROWS },
      (_, index) => `store.example.com,/old-${index},/new-${index}-${'x'.repeat(50)},,`,
    );
    const csv = createCsv(rows.join('\n'));
    expect(csv.length).toBeGreaterThan(18_000_000);
    const importId = await idOf(sendImport(emulator, csv));
    expect((await readJobEvents(openJobEvents(emulator, 'import', importId))).at(-1)).toMatchObject({
      status: 'complete',
      completed_items: ROWS,
    });
    let listed = 0;
    for (let page = 1; page <= ROWS / 250; page += 1) {
      listed += (await listRedirects(emulator, `?limit=250&page=${page}&sort=from_path&include=to_url`)).data.length;
    }
    expect(listed).toBe(ROWS);
    for (let batch = 0; batch < 100; batch += 1) {
      const paths = Array.from({ length: 100 }, (_, index) => `/old-${batch * 100 + index}`);
      const items = paths.map((path) => ({ from_path: path, site_id: 1000, to: { type: 'url', url: '/changed' } }));
      expect((await putRedirects(emulator, items)).status).toBe(201);
      const ids = paths.map((_, index) => ROWS - batch * 100 - index);
      expect((await callRedirects(emulator, `?id:in=${ids}`, { method: 'DELETE' })).status).toBe(204);
    }
    const { csv: exported = '' } = await finishJob(emulator, await idOf(sendExport(emulator)));
    expect(exported.split('\n')).toHaveLength(ROWS - 10_000 + 2);
  },
  LIMIT_MS,
);

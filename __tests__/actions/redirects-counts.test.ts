/** What a run makes of a job whose counts do not add up. */
import { expect, test } from '@jest/globals';
import { importRedirects } from '../../src/actions/redirects/import.ts';
import type { RedirectsClient } from '../../src/bigcommerce/redirects.ts';
import { endOf } from './end-of.ts';
import { createWorld, FILE, makeRow } from './redirects-helpers.ts';

const ROWS = [makeRow('/a', '/1', 2), makeRow('/b', '/2', 3), makeRow('/c', '/3', 4)];

async function importWith(completed: number, failed: number, total: number, allowFailedRows = 0) {
  const client: Partial<RedirectsClient> = {
    startImport: async () => ({ kind: 'started', jobId: 'one' }),
    followJob: async function* () {
      yield { jobId: 'one', status: 'complete', completed, failed, total, rejected: [] };
    },
  };
  const { dependencies, report } = createWorld({ client, rows: ROWS });
  const task = { command: 'import', allowFailedRows } as const;
  const error = await endOf(importRedirects({ file: FILE, timeoutMs: 60_000, task }, dependencies));
  return { error, warnings: report.warnings, total: report.jobs().at(-1)?.total };
}

test.each([
  [3, 0, 3, []],
  [2, 1, 3, []],
  // Of this the platform counted fewer than were sent: the total is what was sent.
  [2, 0, 2, ['2 rows as carried out and 0 as rejected, of 3']],
  // All that were sent are accounted for: what else is in the total (a header, say) is no row that is missing.
  [3, 0, 4, []],
  [2, 1, 5, []],
  [3, 1, 3, ['3 rows as carried out and 1 as rejected, of 3']],
])('%d carried out, %d rejected of %d', async (completed, failed, total, warnings) => {
  const found = await importWith(completed, failed, total, 1);
  expect(found.error).toBeUndefined();
  expect(found.total).toBe(3);
  expect(found.warnings).toEqual(warnings.map((text) => expect.stringContaining(text)));
});

test.each([
  [0, 0, 0, 3],
  [2, 0, 2, 1],
  [1, 0, 3, 2],
  [1, 1, 3, 1],
])('a row that no count of a complete job has is no success: %d carried out, %d rejected of %d', async (...counts) => {
  const [completed, failed, total, missing] = counts;
  const { error } = await importWith(completed, failed, total);
  const rows = missing === 1 ? '1 row' : `${missing} rows`;
  expect(error).toMatchObject({ outcome: 'partial', title: `${rows} not accounted for` });
  expect(error?.message).toContain(`${rows} may not be in place.`);
  // With the rejected ones, as many as are allowed.
  expect((await importWith(completed, failed, total, missing + failed)).error).toBeUndefined();
});

test.each([
  [2, 1, 'The platform rejected 1 of 3 rows; the others are in place.'],
  [0, 3, 'The platform rejected 3 of 3 rows, and counts 0 as carried out.'],
])(
  'that the other rows are in place is said only where the counts say so: %d carried out, %d rejected',
  async (completed, failed, message) => {
    expect((await importWith(completed, failed, 3)).error?.message).toBe(message);
  },
);

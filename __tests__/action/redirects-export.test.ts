import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  annotationsOf,
  expectEnd,
  HEADER,
  jobsOf,
  redirectsPlatform,
  runExport,
  storeCallsOf,
  workspaceWith,
} from './redirects-harness.ts';

test("a store's redirects take the place of the file that was there", async () => {
  const redirects = [
    { fromPath: '/old', to: '/new' },
    { fromPath: '/a, "b"', to: { type: 'product', entity_id: 12 } as const },
    { fromPath: '/outlet', to: '/sale', siteId: 1001 },
  ];
  const emulator = await redirectsPlatform({ redirects: { redirects } });
  const workspace = workspaceWith({ 'redirects/all.csv': 'what was there before\n' });
  const run = await runExport({ emulator, workspace, inputs: { file: 'redirects/all.csv' } });
  const [job] = jobsOf(emulator, 'export');
  const file = join(workspace, 'redirects/all.csv');
  expectEnd(run, 'complete', { completed: '3', failed: '0', total: '3', 'job-id': job?.jobId, file });
  expect(readFileSync(file, 'utf8')).toBe(
    [
      HEADER,
      'store.example.com,/old,/new,,',
      'store.example.com,"/a, ""b""",,Product,12',
      'outlet.example.com,/outlet,/sale,,',
      '',
    ].join('\n'),
  );
  expect(readdirSync(dirname(file))).toEqual(['all.csv']);
  expect(job?.request).toEqual({ siteId: undefined, redirectIds: [], includeDynamicTargetUrls: false });
  expect(storeCallsOf(emulator)).toEqual(['exportRedirects', 'exportEvents', 'downloadExport']);
  expect(run.summary).toContain('## ✅ Exported 3 redirects');
});

test('with nothing to export (409) the file contains only the header, and a notice says why', async () => {
  const emulator = await redirectsPlatform();
  const workspace = workspaceWith({ 'redirects.csv': 'what was there before\n' });
  const run = await runExport({ emulator, workspace });
  const file = join(workspace, 'redirects.csv');
  expectEnd(run, 'complete', { completed: '0', failed: '0', total: '0', file });
  expect(readFileSync(file, 'utf8')).toBe(`${HEADER}\n`);
  expect(annotationsOf(run, 'notice').map(({ message }) => message)).toEqual([
    'The store has no redirects: redirects.csv contains only the header.',
  ]);
  expect(run.summary).toContain('## ✅ Nothing to export');
  expect(storeCallsOf(emulator)).toEqual(['exportRedirects']);
});

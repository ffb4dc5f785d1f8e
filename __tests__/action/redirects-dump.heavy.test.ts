/** A store like a real one, through whole processes: exported, planned, imported, emptied, and brought back. */
import { expect, test } from '@jest/globals';
import { DUMP, DUMP_PATHS, makeDump } from '../redirects-dump.ts';
import { warningsOf } from './harness.ts';
import {
  annotationsOf,
  expectEnd,
  redirectsPlatform,
  runExport,
  runImport,
  storeCallsOf,
  storedRedirects,
  workspaceWith,
} from './redirects-harness.ts';
import { readBackup, runPlan, runSync } from './redirects-sync-harness.ts';

const DELETES = { delete: 'true', 'max-deletes': '1000000' };

test('what it exports plans empty, imports clean, and does not drown the log', async () => {
  const emulator = await redirectsPlatform({ redirects: { redirects: makeDump() } });
  const before = storedRedirects(emulator);
  const workspace = workspaceWith({});
  expectEnd(await runExport({ emulator, workspace }), 'complete', { completed: String(DUMP.redirects) });
  const planned = await runPlan({ emulator, workspace, inputs: { delete: 'true' } });
  expectEnd(planned, 'unchanged', { removed: '0', unchanged: String(DUMP_PATHS) });
  const log = planned.lines.join('\n');
  expect(log).toContain(
    'Old paths that differ in the final slash, with two targets, 72 ×. It is not documented whether the platform treats',
  );
  expect(log).toContain(
    'Old paths that differ in the final slash, with one target, 143 ×. It is not documented whether the platform treats',
  );
  expect(log).toContain(`Repeated row, ${DUMP.twice} ×. It counts once.`);
  expect(log).toContain(`Target with the id 0, ${DUMP.dead} ×.`);
  expect(planned.lines.length).toBeLessThan(90);
  expect(annotationsOf(planned, 'warning').length).toBeLessThanOrEqual(4);
  expect(planned.summary).toMatch(/143 × Old paths that differ in the final slash/);

  const imported = await runImport({ emulator, workspace });
  const sent = String(DUMP_PATHS - DUMP.dead);
  expectEnd(imported, 'complete', { completed: sent, failed: '0', total: sent });
  expect(storedRedirects(emulator)).toEqual(before);
  expect(planned.peakMemoryBytes).toBeLessThan(350_000_000);
});

test('emptied to one redirect, its backup brings back all but what no file can', async () => {
  const emulator = await redirectsPlatform({ redirects: { redirects: makeDump() } });
  const before = storedRedirects(emulator);
  const csv = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID\nstore.example.com,/one,/two,,\n';
  const emptied = await runSync({ emulator, csv, inputs: DELETES });
  expectEnd(emptied, 'complete', { added: '1', removed: String(DUMP.redirects) });
  expect(storedRedirects(emulator)).toEqual(['/one → /two']);
  expect(warningsOf(emptied)).toContain(`The backup lacks ${DUMP.dead} redirects that no file can restore`);
  const backup = readBackup(emptied);
  expect(backup.trimEnd().split('\n')).toHaveLength(1 + DUMP.redirects - DUMP.dead);
  const calls = storeCallsOf(emulator).length;
  expectEnd(await runPlan({ emulator, csv: backup, inputs: DELETES }), 'planned', { removed: '1' });
  expect(storeCallsOf(emulator).slice(calls)).toEqual(['listRedirects']);
  const restored = await runSync({ emulator, csv: backup, inputs: DELETES });
  expectEnd(restored, 'complete', { added: String(DUMP_PATHS - DUMP.dead), removed: '1' });
  const alive = before.filter((line) => !line.endsWith(' → product 0'));
  expect(new Set(storedRedirects(emulator))).toEqual(new Set(alive));
  // Once each: a copy is of no use.
  expect(storedRedirects(emulator)).toHaveLength(DUMP_PATHS - DUMP.dead);
  expectEnd(await runSync({ emulator, csv: backup, inputs: DELETES }), 'unchanged');
});

/** What the tests of the redirects' report share: records as runs leave them. */
import type { RedirectPlan } from '../../src/domain/redirects/plan.ts';
import type { KnownRedirect, RedirectRow, RedirectTarget } from '../../src/domain/redirects/redirect.ts';
import type { RejectedRow } from '../../src/files/redirects/redirect-file.ts';
import type { JobRecord, PlanRecord, RedirectsRecord } from '../../src/report/redirects-record.ts';
import { FAILURE, numbers, RUN } from './run-records.ts';

export const RUN_URL = 'https://github.com/acme/shop/actions/runs/7/attempts/1';

export function manual(url: string): RedirectTarget {
  return { kind: 'manual', url };
}

export function row(line: number, fromPath = `/old-${line}`, target = manual(`/new-${line}`)): RedirectRow {
  return { line, fromPath, target, domain: 'shop.example' };
}

export function known(id: number, fromPath = `/gone-${id}`, target = manual(`/was-${id}`)): KnownRedirect {
  return { id, fromPath, target, toUrl: undefined };
}

export function rejectedRow(line: number, message = 'The old path is not valid.'): RejectedRow {
  return { row: row(line), line, message };
}

export function job(changes: Partial<JobRecord> = {}): JobRecord {
  const counts = { completed: 1198, failed: 2, total: 1200 };
  return { jobId: 'cfccdd6e-956e-4484', status: 'complete', kind: 'import', part: 1, parts: 1, ...counts, ...changes };
}

/** So many added, changed and removed. */
export function planOf(added: number, changed: number, removed: number, unchanged = 1194): RedirectPlan {
  return {
    added: numbers(added).map((n) => row(n + 1)),
    changed: numbers(changed).map((n) => ({ before: known(n, `/old-${n}`), after: row(added + n + 1, `/old-${n}`) })),
    removed: numbers(removed).map((n) => known(1000 + n)),
    unchanged,
    split: [],
  };
}

export function planRecord(plan: Omit<RedirectPlan, 'split'>): PlanRecord {
  const { added, changed, removed, unchanged } = plan;
  const counts = { added: added.length, changed: changed.length, removed: removed.length, unchanged };
  return { ...counts, first: { added, changed, removed } };
}

export function record(changes: Partial<RedirectsRecord> = {}): RedirectsRecord {
  return {
    ...RUN,
    phases: [
      { title: 'Check the file', startMs: 0, endMs: 1200, state: 'done', result: '1,200 rows' },
      { title: 'Read the redirects', startMs: 1200, endMs: 60_000, state: 'done', result: '1,197 redirects' },
    ],
    outcome: 'complete',
    command: 'import',
    file: 'config/redirects.csv',
    jobs: [],
    rejected: { named: 0, unnamed: 0, first: [] },
    oddities: [],
    ...changes,
  };
}

const shortPlan = planRecord(planOf(3, 1, 2));
const twoRejected = { named: 2, unnamed: 0, first: [rejectedRow(12), rejectedRow(847)] };
const sync = { command: 'sync', siteId: 1000, plan: shortPlan } as const;
const applied = { added: 3, changed: 1, removed: 2, toDo: 6, uncertain: 0 };

/** Each way in which a run ends: the summary's heading, words of the log's last lines, the record. */
export const ENDS: readonly (readonly [string, string, RedirectsRecord])[] = [
  [
    '✅ Imported 1,200 redirects',
    'complete (imported 1,200 redirects)',
    record({ jobs: [job({ completed: 1200, failed: 0 })] }),
  ],
  [
    '⚠️ Imported 1,198 of 1,200 redirects, 2 rejected',
    'partial (imported 1,198 of 1,200 redirects, 2 rejected)',
    record({ outcome: 'partial', jobs: [job()], rejected: twoRejected, failedRowsFile: '/tmp/failed-rows.csv' }),
  ],
  [
    '❌ Imported 1,198 of 1,200 redirects, 2 rejected',
    'Rejected rows: /tmp/failed-rows.csv',
    record({
      outcome: 'partial',
      jobs: [job()],
      rejected: twoRejected,
      failedRowsFile: '/tmp/failed-rows.csv',
      failure: FAILURE,
    }),
  ],
  [
    // Two parts of three are through, and the third came to nothing: what those did is no heading.
    '❌ Redirects: Its title',
    'partial (a part was done; the platform reports 2,396 of 2,400 rows done in 2 of 3 parts)',
    record({
      outcome: 'partial',
      jobs: [job({ parts: 3 }), job({ jobId: 'second', part: 2, parts: 3 })],
      rejected: twoRejected,
      failure: FAILURE,
    }),
  ],
  [
    '✅ Nothing to import',
    'unchanged (nothing to import)',
    record({ outcome: 'unchanged', note: 'The file has a header alone.' }),
  ],
  [
    '✅ Exported 1,200 redirects',
    'complete (exported 1,200 redirects)',
    record({ command: 'export', jobs: [job({ kind: 'export', completed: 1200, failed: 0 })] }),
  ],
  ['✅ Nothing to export', 'complete (nothing to export)', record({ command: 'export' })],
  [
    '📋 Redirects of site 1000: +3&nbsp;~1&nbsp;−2',
    'planned (plan for site 1000: 3 to add, 1 to change, 2 to remove)',
    record({ ...sync, command: 'plan', outcome: 'planned' }),
  ],
  [
    '📋 Redirects of shop.example: +3&nbsp;~1',
    '2 redirects that the file does not have stay: `delete` is off.',
    record({ ...sync, domain: 'shop.example', command: 'plan', outcome: 'planned', keepsRemoved: true }),
  ],
  [
    '✅ Redirects of shop.example: +3&nbsp;~1&nbsp;−2',
    'complete (synced shop.example: 3 added, 1 changed, 2 removed)',
    record({ ...sync, domain: 'shop.example', applied }),
  ],
  [
    '✅ Redirects of site 1000: +3&nbsp;~1&nbsp;−2',
    'Backup: /tmp/backup.csv',
    record({ ...sync, applied, backupFile: '/tmp/backup.csv' }),
  ],
  [
    '✅ Redirects of site 1000: nothing to change',
    'unchanged (nothing to change on site 1000)',
    record({ ...sync, outcome: 'unchanged', plan: planRecord(planOf(0, 0, 0)) }),
  ],
  [
    '❌ Redirects of site 1000: Its title',
    'It is not known whether 1 more was made.',
    record({
      ...sync,
      outcome: 'partial',
      applied: { added: 2, changed: 1, removed: 0, toDo: 6, uncertain: 1 },
      failure: FAILURE,
    }),
  ],
  [
    '❌ Redirects of site 1000: Its title',
    'partial (a part may be done)',
    record({
      ...sync,
      outcome: 'partial',
      applied: { added: 0, changed: 0, removed: 0, toDo: 6, uncertain: 3 },
      failure: FAILURE,
    }),
  ],
  [
    '❌ Redirects: Its title',
    'failed (the platform failed or aborted the job',
    record({ outcome: 'failed', jobs: [job({ status: 'aborted' })], failure: FAILURE }),
  ],
  [
    '❓ Redirects: Its title',
    'unknown (no verdict',
    record({ outcome: 'unknown', jobs: [job({ status: 'working', completed: 5 })], failure: FAILURE }),
  ],
  [
    // Nothing was heard of the job yet.
    '❓ Redirects: Its title',
    'unknown (no verdict: the platform may still be working on it)',
    record({ outcome: 'unknown', jobs: [job({ status: 'new', completed: 0, failed: 0, total: 0 })], failure: FAILURE }),
  ],
  ['🚫 Redirects: Its title', 'cancelled (the run was cancelled)', record({ outcome: 'cancelled', failure: FAILURE })],
  ['❌ Redirects: Its title', 'error (nothing was changed)', record({ outcome: 'error', failure: FAILURE })],
  [
    '⏭️ Skipped',
    'skipped (this run gets no access token',
    record({ outcome: 'skipped', skipped: { reason: 'fork', message: 'A fork.' } }),
  ],
];

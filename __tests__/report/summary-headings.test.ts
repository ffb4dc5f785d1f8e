/** What a reader of a summary sees first, and where a bundle came from. */
import { expect, test } from '@jest/globals';
import type { DeployRecord } from '../../src/report/deploy-record.ts';
import { renderDeploySummary } from '../../src/report/deploy-summary.ts';
import type { LogsRecord } from '../../src/report/logs-record.ts';
import { renderLogsSummary } from '../../src/report/logs-summary.ts';
import { DEPLOY } from './full-records.ts';

test.each<[Partial<LogsRecord>, string]>([
  [{ outcome: 'complete', entries: 2 }, '📜 Worker log: 2 entries, no errors'],
  [{ outcome: 'complete', entries: 0 }, '📜 Worker log: no entries'],
  [{ outcome: 'truncated', entries: 2 }, '⚠️ Worker log: 2 entries, no errors'],
  [{ outcome: 'complete', entries: 2, errors: 1 }, '⚠️ Worker log: 2 entries, 1 error'],
  [{ outcome: 'failed', entries: 2, exceptions: 1 }, '❌ Worker log: 1 exception in 2 entries'],
  [{ outcome: 'skipped' }, '⏭️ Skipped: log not read'],
  [{ outcome: 'cancelled' }, '🚫 cancelled'],
  [{ outcome: 'error' }, '❌ Worker log not read: error'],
])('the summary of a log of %j begins with "%s"', (known, heading) => {
  const record = {
    ...{ entries: 0, errors: 0, exceptions: 0, problems: [], moreProblems: 0, isCut: false, project: {} },
    ...{ connections: { opened: 0, broken: 0 }, warnings: [], phases: [], durationMs: 1, startedAt: new Date(0) },
    ...known,
  } as unknown as LogsRecord;
  expect(renderLogsSummary(record).split('\n')[0]).toMatch(new RegExp(`^## ${heading}`));
});

test('a bundle that no GitHub deployment names is known by its artifact', () => {
  const { failure: _, restored: _restored, ...known } = DEPLOY as unknown as DeployRecord;
  const source = { kind: 'rollback', deployment: undefined, artifactId: 7 } as unknown as DeployRecord['source'];
  const summary = renderDeploySummary({ ...known, ...(source !== undefined && { source }) });
  expect(summary).toContain('which no GitHub deployment names');
  expect(summary).not.toContain('succeeded');
});

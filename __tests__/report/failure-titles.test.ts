/** What an error without a title of its own is called: each action says what it did not do. */
import { expect, test } from '@jest/globals';
import { createBatchReport } from '../../src/report/batch-report.ts';
import { createCleanupReport } from '../../src/report/cleanup-report.ts';
import { DEPLOY_REPORT } from '../../src/report/deploy-report.ts';
import { GATE_REPORT } from '../../src/report/gate-report.ts';
import { createLogsReport } from '../../src/report/logs-report.ts';
import { createRedirectsReport } from '../../src/report/redirects-report.ts';

test.each([
  [DEPLOY_REPORT, 'Deployment not started'],
  [createRedirectsReport, 'Redirects failed'],
  [createBatchReport, 'Batch upload failed'],
  [createCleanupReport, 'Cleanup failed'],
  [GATE_REPORT, 'Preview gate failed'],
  [createLogsReport, 'Log not read'],
])('%#: %s', (report, title) => {
  expect((typeof report === 'function' ? (report as () => { failureTitle: string })() : report).failureTitle).toBe(
    title,
  );
});

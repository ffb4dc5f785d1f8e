/** What an error without a title of its own is called: each action says what it did not do. */
import { expect, test } from '@jest/globals';
import { createBatchReport } from '../../src/report/batch-report.ts';
import { createCleanupReport } from '../../src/report/cleanup-report.ts';
import { DEPLOY_REPORT } from '../../src/report/deploy-report.ts';
import { GATE_REPORT } from '../../src/report/gate-report.ts';
import { createLogsReport } from '../../src/report/logs-report.ts';
import { createRedirectsReport } from '../../src/report/redirects-report.ts';

test.each([
  ['Deployment not started', DEPLOY_REPORT],
  ['Redirects failed', createRedirectsReport],
  ['Batch upload failed', createBatchReport],
  ['Cleanup failed', createCleanupReport],
  ['Preview gate failed', GATE_REPORT],
  ['Log not read', createLogsReport],
])('%s', (title, report) => {
  expect((typeof report === 'function' ? (report as () => { failureTitle: string })() : report).failureTitle).toBe(
    title,
  );
});

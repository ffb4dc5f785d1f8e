/** What later steps read of a verification, and what the record makes of a deployment that is brought back. */
import { expect, test } from '@jest/globals';
import { createRun } from '../../src/report/create-run.ts';
import type { DeployEvent, DeployRecord } from '../../src/report/deploy-record.ts';
import { DEPLOY_REPORT } from '../../src/report/deploy-report.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { captureReport } from './captured-report.ts';
import { BROKEN, bad, GOOD, HEALTHY, URL, verified } from './verifications.ts';

const report = captureReport();

async function outputsOf(...events: DeployEvent[]): Promise<Record<string, string>> {
  const run = createRun(DEPLOY_REPORT, { log: createJobLog(), redactor: createRedactor(), correlationId: 'c' });
  for (const event of events) run.emit(event);
  run.end(undefined);
  await run.finish();
  return report.outputs();
}
const DEPLOYED: DeployEvent[] = [
  { type: 'created', deploymentUuid: 'd-1' },
  { type: 'deployed', urls: [URL], atMs: 1 },
];

test('the outputs have what came of each page, without what is not known', async () => {
  const page = { ...bad('/old', { hasFailedBefore: true }), advice: 'Not an output.' };
  const verification = verified('unhealthy', [page, { path: '/', state: 'inconclusive', attempts: 1 }]);
  const outputs = await outputsOf(...DEPLOYED, { type: 'verified', verification });
  expect(outputs['verification']).toBe('unhealthy');
  expect(JSON.parse(outputs['verification-results'] ?? '')).toEqual([
    {
      path: '/old',
      state: 'unhealthy',
      status: 500,
      bytes: 81_234,
      attempts: 2,
      'first-byte-ms': 640,
      'warm-first-byte-ms': 38,
      problem: 'answers 500',
      'failed-before': true,
    },
    { path: '/', state: 'inconclusive', attempts: 1 },
  ]);
});

test('what is brought back does not change them', async () => {
  const restored = { ...GOOD, state: 'live', verification: HEALTHY } as const;
  const outputs = await outputsOf(
    ...[...DEPLOYED, { type: 'verified', verification: BROKEN } as const],
    ...[{ type: 'restored', restored } as const],
  );
  expect(outputs).toMatchObject({ verification: 'unhealthy' });
});

test('a deployment that was not to be verified is skipped', async () => {
  expect(await outputsOf(...DEPLOYED)).toMatchObject({ verification: 'skipped', 'verification-results': '[]' });
});

test.each<[string, DeployEvent[]]>([
  ['cut off while verifying', [...DEPLOYED, { type: 'verifying', url: URL }]],
  ['never deployed', []],
  ['without a verdict', DEPLOYED.slice(0, 1)],
])('no output: %s', async (_, events) => {
  expect(await outputsOf(...events)).not.toHaveProperty('verification');
});

test('a deployment that completes while the last good bundle is brought back makes that live, whatever comes next', () => {
  const run = createRun(DEPLOY_REPORT, { log: createJobLog(), redactor: createRedactor(), correlationId: 'c' });
  const seen: DeployRecord[] = [];
  run.attach({ failing: '', receive: (occurrence) => void seen.push(occurrence.record) });
  const events: DeployEvent[] = [
    ...DEPLOYED,
    { type: 'verified', verification: BROKEN },
    { type: 'restored', restored: { ...GOOD, state: 'restoring' } },
    { type: 'created', deploymentUuid: 'd-2' },
    { type: 'deployed', urls: [URL], atMs: 2 },
  ];
  for (const event of events) run.emit(event);
  expect(seen.at(-1)).toMatchObject({
    restored: { state: 'live' },
    deployments: [{ uuid: 'd-1' }, { uuid: 'd-2', isRollback: true }],
  });
});

import { expect, test } from '@jest/globals';
import { ActionError, CancelledError } from '../../src/errors.ts';
import { type DeployRecord, deployOutcomeOf, INITIAL_DEPLOY_RECORD } from '../../src/report/deploy-record.ts';

const RUN = {
  startedAt: new Date(0),
  durationMs: 0,
  correlationId: 'c',
  networkUsed: true,
  phases: [],
  warnings: [],
};
const record = (change: Partial<DeployRecord>): DeployRecord => ({ ...RUN, ...INITIAL_DEPLOY_RECORD, ...change });
const failed = { uuid: 'a', failure: { code: '30', meaning: 'It failed.' } };

test.each([
  ['a success', record({ deployments: [{ uuid: 'a' }] }), undefined, 'deployed'],
  ['a dry run', record({ dryRun: true }), undefined, 'dry-run'],
  ['a skipped run', record({ skipped: { reason: 'fork', message: 'A fork.' } }), undefined, 'skipped'],
  ['an error before a deployment', record({}), new ActionError('No.'), 'error'],
  [
    'an error while a deployment has no verdict',
    record({ deployments: [{ uuid: 'a' }] }),
    new ActionError('No.'),
    'unknown',
  ],
  ['an error after a deployment that failed', record({ deployments: [failed] }), new ActionError('No.'), 'error'],
  [
    'an error in the second attempt',
    record({ deployments: [failed, { uuid: 'b' }] }),
    new ActionError('No.'),
    'unknown',
  ],
  ['a conflict', record({}), new ActionError('Busy.', { outcome: 'conflict' }), 'conflict'],
  ['a failed deployment', record({ deployments: [failed] }), new ActionError('No.', { outcome: 'failed' }), 'failed'],
  ['a cancelled run', record({ deployments: [{ uuid: 'a' }] }), new CancelledError('Stopped.'), 'cancelled'],
  ['an outcome of another action', record({}), new ActionError('No.', { outcome: 'partial' }), 'error'],
] as const)('%s', (_name, known, error, outcome) => {
  expect(deployOutcomeOf(known, error)).toBe(outcome);
});

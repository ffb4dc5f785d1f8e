/** What a run may say of the storefront, wherever it ended or was cut off. */
import { expect, test } from '@jest/globals';
import { cancelledIn } from '../../src/domain/cancelled-run.ts';
import {
  BEING_VERIFIED,
  closingDescription,
  closingState,
  type EndOfRun,
  isLiveThoughNoSuccess,
  LIVE_BUT,
  liveSince,
} from '../../src/domain/github-deployment.ts';
import type { RemoteStage } from '../../src/domain/remote-state.ts';
import { DEPLOYING, type Live, liveAfter, type RunStep } from '../../src/domain/run-step.ts';

const SHA = `abc1234${'0'.repeat(33)}`;
const REHEARSING: RunStep = { kind: 'rehearsing', project: 'shop-rehearsal' };
const VERIFYING: RunStep = { kind: 'verifying' };
const BROKEN: RunStep = { kind: 'broken' };
const RESTORING: RunStep = { kind: 'restoring', sha: SHA };
const RESTORED: RunStep = { kind: 'restored', sha: SHA };
const at = (stage: RemoteStage) => ({ stage, deploymentUuid: 'd-1' });

test.each<[RemoteStage, RunStep, Live]>([
  ['nothing-sent', DEPLOYING, 'as-before'],
  ['not-created', DEPLOYING, 'as-before'],
  ['failed', DEPLOYING, 'as-before'],
  ['creating', DEPLOYING, 'unknown'],
  ['created', DEPLOYING, 'unknown'],
  ['completed', DEPLOYING, 'this'],
  ['nothing-sent', REHEARSING, 'as-before'],
  ['completed', VERIFYING, 'this'],
  ['completed', BROKEN, 'this'],
  ['completed', RESTORING, 'this'],
  ['not-created', RESTORING, 'this'],
  ['failed', RESTORING, 'this'],
  ['creating', RESTORING, 'unknown'],
  ['created', RESTORING, 'unknown'],
  ['completed', RESTORED, 'restored'],
])('%s, %j: %s is live', (stage, step, live) => {
  expect(liveAfter(at(stage), step)).toBe(live);
});

test.each([DEPLOYING, RESTORING])('what the platform deployed although it calls it failed may be live: %j', (step) => {
  expect(liveAfter(at('failed'), step, '60')).toBe('unknown');
});

test.each<[RunStep, RemoteStage, RegExp, RegExp]>([
  [REHEARSING, 'nothing-sent', /storefront is as it was.*"shop-rehearsal" may continue there/, /nothing was deployed/],
  [VERIFYING, 'completed', /completed deployment d-1 before: it is live, and whether it works was not/, /not verified/],
  [BROKEN, 'completed', /is live, and does not work: it was not rolled back/, /does not work/],
  [RESTORING, 'completed', /is live, and does not work: it was not rolled back/, /does not work/],
  [RESTORING, 'not-created', /is live, and does not work: it was not rolled back/, /does not work/],
  [RESTORING, 'created', /abc1234 was under way \(deployment d-1\).*either build may be live/, /may continue/],
  [
    RESTORED,
    'completed',
    /the build of commit abc1234 is live again. Whether it works was not/,
    /rolled back to abc1234/,
  ],
])('cancelled at %j, %s', (step, stage, message, inShort) => {
  const error = cancelledIn(at(stage), undefined, step);
  expect(error).toMatchObject({ outcome: 'cancelled', title: 'Deployment cancelled' });
  expect(error.message).toMatch(message);
  expect(error.inShort).toMatch(inShort);
  expect(error.fix).not.toBe('');
});

const END: EndOfRun = {
  outcome: 'deployed',
  deploymentUuid: 'd-1',
  isOpen: false,
  isUncertain: false,
  live: 'this',
  doubt: undefined,
  restored: undefined,
  title: 'Its title',
  duration: '42.0 s',
};
const GOOD = { sha: SHA, githubDeploymentId: 12, isBroken: false };

test.each<[Partial<EndOfRun>, string, string]>([
  [{}, 'success', 'Deployed in 42.0 s: deployment d-1'],
  [{ doubt: 'not known to work' }, 'success', 'Deployed in 42.0 s, but not known to work: deployment d-1'],
  [{ outcome: 'unhealthy', doubt: '1 of 1 page fails' }, 'error', 'Live, but 1 of 1 page fails: deployment d-1'],
  [
    { outcome: 'unhealthy', doubt: '1 of 1 page fails', restored: GOOD },
    'error',
    // The last deployment known is that of the other bundle.
    'Live, but 1 of 1 page fails',
  ],
  [
    { outcome: 'unhealthy', live: 'unknown', isOpen: true, restored: GOOD },
    'error',
    'Live, but broken, or rolled back to abc1234: the rollback has no verdict',
  ],
  [
    { outcome: 'rolled-back', live: 'restored', restored: GOOD },
    'failure',
    'Rolled back to abc1234 (GitHub deployment 12)',
  ],
  [
    { outcome: 'rolled-back', live: 'restored', restored: { ...GOOD, isBroken: true } },
    'failure',
    'Rolled back to abc1234 (GitHub deployment 12), which is broken, too',
  ],
  [{ outcome: 'rejected', live: 'as-before', deploymentUuid: undefined }, 'failure', 'Its title'],
  [{ outcome: 'failed', live: 'as-before' }, 'failure', 'Its title: deployment d-1'],
  [{ outcome: 'failed', live: 'unknown' }, 'error', 'Its title: deployment d-1'],
  [{ outcome: 'unknown', live: 'unknown', isOpen: true }, 'error', 'Its title: deployment d-1'],
  [
    { outcome: 'cancelled', doubt: 'not verified' },
    'error',
    'Live, but not verified: the run was cancelled: deployment d-1',
  ],
  [
    { outcome: 'cancelled', live: 'restored', restored: GOOD },
    'failure',
    'Rolled back to abc1234 (GitHub deployment 12); the run was cancelled before that was verified',
  ],
  [
    { outcome: 'cancelled', live: 'unknown', isOpen: true, restored: GOOD },
    'error',
    'Live, but broken, or rolled back to abc1234: the rollback has no verdict',
  ],
  [{ outcome: 'cancelled', live: 'as-before', deploymentUuid: undefined }, 'inactive', 'Its title'],
  [
    { outcome: 'cancelled', live: 'unknown', isOpen: true },
    'error',
    'Its title: deployment d-1, it continues remotely',
  ],
])('%j closes as %s', (change, state, description) => {
  const end = { ...END, ...change };
  expect(closingState(end)).toBe(state);
  expect(closingDescription(end)).toBe(description);
  const status = { state, description, createdAt: '' };
  // Later runs take it for live exactly where the platform showed it last.
  expect(isLiveThoughNoSuccess([status])).toBe(state === 'error' && description.startsWith(LIVE_BUT));
});

test('a deployment is live since its verification began, where that is known', () => {
  const begun = { state: 'in_progress', description: 'Deploying', createdAt: '1' };
  const verifying = { state: 'in_progress', description: BEING_VERIFIED, createdAt: '2' };
  const success = { state: 'success', description: 'Deployed in 3 s', createdAt: '3' };
  const broken = { state: 'error', description: 'Live, but 1 of 1 page fails', createdAt: '3' };
  const failed = { state: 'error', description: 'Its title', createdAt: '3' };
  const replaced = { state: 'inactive', createdAt: '4' };
  expect(liveSince([success, verifying, begun])).toBe('2');
  expect(liveSince([replaced, success, begun])).toBe('3');
  expect(liveSince([broken, verifying, begun])).toBe('2');
  expect(liveSince([broken, begun])).toBe('3');
  for (const states of [[], [begun], [verifying, begun], [failed, verifying, begun], [replaced, broken]]) {
    expect(liveSince(states)).toBeUndefined();
  }
});

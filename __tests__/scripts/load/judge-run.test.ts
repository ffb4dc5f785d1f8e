/** What a run says is held against what happened on the platform. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../../emulator/emulator.ts';
import type { FinishedRun } from '../../../scripts/action-runner.ts';
import { judgeDeployment } from '../../../scripts/load/judge-run.ts';

function platformWith(status: string, state: string, sha256 = 'ab'): Emulator {
  return {
    deployments: [
      { projectUuid: 'p', uploadUuid: 'old', status: 'failed' },
      { projectUuid: 'p', uploadUuid: 'new', status },
      { projectUuid: 'other', uploadUuid: 'x', status: 'failed' },
    ],
    uploads: [
      { uploadUuid: 'old', sha256: 'cd' },
      { uploadUuid: 'new', sha256 },
    ],
    github: { deployments: [{ id: 5, state }] },
  } as unknown as Emulator;
}

function runThat(outcome: string, change: Partial<FinishedRun> = {}): FinishedRun {
  const outputs = { outcome, 'bundle-sha256': 'ab', 'github-deployment-id': '5' };
  return { exitCode: outcome === 'deployed' ? 0 : 1, stderr: '', outputs, ...change } as FinishedRun;
}

test.each([
  ['deployed', 'completed', 'success'],
  ['failed', 'failed', 'failure'],
])('"%s" is right where the platform says %s', (outcome, status, state) => {
  expect(judgeDeployment(runThat(outcome), platformWith(status, state), 'p')).toBeUndefined();
});

test.each([
  ['a false green', runThat('deployed'), platformWith('failed', 'success'), /outcome "deployed".*is failed/],
  ['a false red', runThat('failed'), platformWith('completed', 'failure'), /outcome "failed".*is completed/],
  ['no verdict', runThat('unknown'), platformWith('completed', 'error'), /outcome "unknown"/],
  ['a green exit code', runThat('failed', { exitCode: 0 }), platformWith('failed', 'failure'), /exit code 0/],
  ["another run's bundle", runThat('deployed'), platformWith('completed', 'success', 'ef'), /not that of the run/],
  ['a GitHub deployment left open', runThat('deployed'), platformWith('completed', 'in_progress'), /"in_progress"/],
  ['a stack', runThat('deployed', { stderr: 'Error: x' }), platformWith('completed', 'success'), /stderr: Error: x/],
])('%s is found', (_, run, emulator, message) => {
  expect(judgeDeployment(run, emulator, 'p')).toMatch(message);
});

test('"unknown" is right where the creation got no answer twice, and only there', () => {
  expect(judgeDeployment(runThat('unknown'), platformWith('completed', 'error', 'ef'), 'p', true)).toBeUndefined();
  expect(judgeDeployment(runThat('unknown'), platformWith('completed', 'success'), 'p', true)).toMatch(/"success"/);
  expect(judgeDeployment(runThat('deployed'), platformWith('failed', 'success'), 'p', true)).toMatch(/is failed/);
});

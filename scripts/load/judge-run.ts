import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../action-runner.ts';

const STATES: Readonly<Record<string, string>> = { deployed: 'success', failed: 'failure', unknown: 'error' };

/**
 * Holds what a run of the deploy action says against what happened on the platform: the outcome is that of the last
 * deployment of its project, which has this run's bundle, and GitHub shows the same.
 * @param mayBeUnknown the creation got no answer twice, after which the action does not guess
 * @returns what is wrong, or undefined
 */
export function judgeDeployment(
  run: FinishedRun,
  emulator: Emulator,
  projectUuid: string,
  mayBeUnknown = false,
): string | undefined {
  const last = emulator.deployments.findLast((one) => one.projectUuid === projectUuid);
  const bundle = emulator.uploads.find(({ uploadUuid }) => uploadUuid === last?.uploadUuid)?.sha256;
  const { outcome = 'none', 'bundle-sha256': sha256, 'github-deployment-id': shown } = run.outputs;
  const isUnknown = mayBeUnknown && outcome === 'unknown';
  const expected = isUnknown ? 'unknown' : last?.status === 'completed' ? 'deployed' : 'failed';
  const exitCode = expected === 'deployed' ? 0 : 1;
  const state = emulator.github.deployments.find(({ id }) => String(id) === shown)?.state;
  if (!isUnknown && bundle !== sha256) {
    return `the platform's last bundle is not that of the run, which ended with "${outcome}"`;
  }
  if (outcome !== expected) return `outcome "${outcome}", and on the platform the deployment is ${last?.status}`;
  if (run.exitCode !== exitCode) return `exit code ${run.exitCode} with the outcome "${outcome}"`;
  if (run.stderr !== '') return `something was written to stderr: ${run.stderr.slice(0, 200)}`;
  if (state !== STATES[outcome]) return `GitHub shows "${state}" with the outcome "${outcome}"`;
  return undefined;
}

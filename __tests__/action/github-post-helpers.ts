/** What the tests share of runs whose end GitHub does not take at once. */
import { expect } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { type GitHubRun, onGitHub } from './github-harness.ts';

export function failAtPlatform(emulator: Emulator): void {
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
}

/** Ends what is left open, in a post step that has no fault to meet. */
export async function postOf(run: GitHubRun, main: FinishedRun): Promise<FinishedRun> {
  run.emulator.clearFaults();
  return await onGitHub({ ...run, postOf: main.state });
}

export function expectNoNewVerdict(after: FinishedRun): void {
  expect(after.exitCode).toBe(0);
  expect(after.annotations).toEqual([]);
  expect(after.everything).not.toMatch(/cancelled/i);
}

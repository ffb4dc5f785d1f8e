/** What the tests of GitHub's deployments and of its faults share. */
import { expect } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { RecordedRequest } from '../../emulator/recorder.ts';
import type { Call } from '../../emulator/services.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { earlierPayload as payloadOf } from '../../scripts/earlier-payload.ts';
import { PULL_REQUEST } from './github-harness.ts';

/** Each warning annotation of a run. */
export function warningList(run: FinishedRun): string[] {
  return run.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
}

export function requestsTo(emulator: Emulator, call: Call): RecordedRequest[] {
  return emulator.requests.filter((request) => request.call === call);
}

/** What was sent as the body of each such request. */
export function bodiesOf(emulator: Emulator, call: Call): Record<string, unknown>[] {
  return requestsTo(emulator, call).map(({ body }) => body as Record<string, unknown>);
}

/** The storefront is live, and nothing of GitHub's has made the job red. */
export function expectDeployed(run: FinishedRun): void {
  const errors = run.annotations.filter(({ level }) => level === 'error');
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'], stderr: run.stderr, errors }).toEqual({
    exitCode: 0,
    outcome: 'deployed',
    stderr: '',
    errors: [],
  });
}

/** An event that says nothing of the pull request, with the inputs that name it. */
export const ON_DISPATCH = {
  event: { name: 'workflow_dispatch', payload: {} },
  inputs: { 'pull-request': String(PULL_REQUEST) },
} as const;

/** The payload that an earlier run of this action has left. */
export function earlierPayload(emulator: Emulator, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return payloadOf({ project_uuid: emulator.projects[0]?.uuid, ...changes });
}

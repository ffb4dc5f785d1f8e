import { runUrlOf, type WorkflowEvent } from '../github/event.ts';
import { createCheckRunStatus, type OpenCheckRun } from '../github-status/check-run.ts';
import type { CheckRunInputs } from '../inputs/github.ts';
import type { RunContext } from '../run-context.ts';
import type { DeployRun } from './deploying.ts';
import { createConnect } from './github.ts';

/** The name of the state by which the `post` step knows that a check run is open. */
export const CHECK_RUN_STATE = 'check-run';

/**
 * Has the step close the check run that it was given, if any, when the run ends.
 * @param resumed in a `post` step: what the main step left open; otherwise the check run is set to in progress
 */
export function attachCheckRun(
  run: DeployRun,
  { token, checkRunId }: CheckRunInputs,
  event: WorkflowEvent,
  { state, redactor, signal, reportSignal }: Pick<RunContext, 'state' | 'redactor' | 'signal' | 'reportSignal'>,
  resumed?: OpenCheckRun,
): void {
  if (checkRunId === undefined) return;
  if (token === undefined) {
    run.warn(
      `Check run ${checkRunId} stays open: without a \`github-token\` nothing is shown on GitHub.`,
      'Check run stays open',
    );
    return;
  }
  const checkRun = createCheckRunStatus({
    checkRunId,
    connect: createConnect({ token, writesComments: false, event, report: run, redactor }),
    run,
    reportSignal,
    runUrl: runUrlOf(event),
    save: (open) => state.save(CHECK_RUN_STATE, open === undefined ? '' : JSON.stringify(open)),
    resumed,
  });
  run.attach(checkRun);
  if (resumed === undefined) void checkRun.begin(signal);
}

import { runUrlOf, type WorkflowEvent } from '../github/event.ts';
import { type CheckRunStatus, createCheckRunStatus, type OpenCheckRun } from '../github-status/check-run.ts';
import { readCheckRun } from '../inputs/github.ts';
import type { InputSource } from '../inputs/source.ts';
import type { DeployReport } from '../report/deploy-report.ts';
import type { RunContext } from '../run.ts';
import { createConnect } from './github.ts';

/** The name of the state by which the `post` step knows that a check run is open. */
export const CHECK_RUN_STATE = 'check-run';

/**
 * The check run that the step has to close; undefined if there is none, or no token for it. Its inputs are read by
 * themselves, since it has to be closed whatever is wrong with the others.
 */
export function createCheckRun(
  source: InputSource,
  event: WorkflowEvent,
  {
    report,
    state,
    redactor,
    resumed,
  }: { report: DeployReport; resumed?: OpenCheckRun } & Pick<RunContext, 'state' | 'redactor'>,
): CheckRunStatus | undefined {
  const { token, checkRunId } = readCheckRun(source);
  if (checkRunId === undefined) return undefined;
  if (token === undefined) {
    report.warn(`Check run ${checkRunId} stays open: without a \`github-token\` nothing is shown on GitHub.`);
    return undefined;
  }
  return createCheckRunStatus({
    checkRunId,
    connect: createConnect({ token, writesComments: false, event, report, redactor }),
    reporter: report,
    runUrl: runUrlOf(event),
    save: (open) => state.save(CHECK_RUN_STATE, open === undefined ? '' : JSON.stringify(open)),
    resumed,
  });
}

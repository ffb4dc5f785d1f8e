import { cancelledIn, createRemoteState, type RemoteState } from '../domain/remote-state.ts';
import { ActionError } from '../errors.ts';
import { readWorkflowEvent } from '../github/event.ts';
import { type CheckRunStatus, parseOpenCheckRun } from '../github-status/check-run.ts';
import type { GitHubStatus } from '../github-status/github-status.ts';
import { type GitHubStatusState, parseState } from '../github-status/state.ts';
import { readOtherApiHost } from '../inputs/api-host.ts';
import { readGitHubStatusInputs } from '../inputs/deploy.ts';
import { createInputSource } from '../inputs/source.ts';
import { DeployReport } from '../report/deploy-report.ts';
import type { RunContext, Running } from '../run.ts';
import { CHECK_RUN_STATE, createCheckRun } from './check-run.ts';
import { connectGitHubStatus, STATE_NAME } from './github-status.ts';

/**
 * The `post` step of the deploy action: closes what the main step left open on GitHub because it was killed or could not
 * reach GitHub, and writes the summary if that step did not get to it. Logs nothing if nothing is open.
 */
export async function createDeployPostRun(context: RunContext): Promise<Running> {
  const { log, redactor, maskSecret, correlationId, state } = context;
  const left = parseState(state.read(STATE_NAME));
  const isSettled = left === undefined || (left.isClosed && left.isReported);
  const check = parseOpenCheckRun(state.read(CHECK_RUN_STATE));
  if (isSettled && check === undefined) return NOTHING_TO_DO;
  const isEndKnown = left?.end !== undefined || check?.text !== undefined;
  const report = new DeployReport({ log, redactor, correlationId });
  let githubStatus: GitHubStatus | undefined;
  let checkRun: CheckRunStatus | undefined;
  return {
    work: async () => {
      const event = await readWorkflowEvent();
      const eventPullRequest = event?.pullRequest?.number;
      const source = createInputSource({ env: process.env, maskSecret, eventPullRequest });
      const inputs = readGitHubStatusInputs(source);
      if (event !== undefined && check !== undefined) {
        checkRun = createCheckRun(source, event, { report, state, redactor, resumed: check });
      }
      const remote = createRemoteState(() => {});
      Object.assign(remote, left?.remote);
      if (left !== undefined) {
        resume(report, left);
        if (!isSettled) report.apiHost(readOtherApiHost(source));
      }
      if (inputs !== undefined && event !== undefined && left !== undefined && !isSettled) {
        githubStatus = connectGitHubStatus({ context, inputs, event, report, remote, resumed: left }).githubStatus;
      }
      const end = isEndKnown ? undefined : endOf(remote);
      if (end !== undefined) throw end;
    },
    finish: async (error, signal) => {
      // The main step has reported it already, and may have got as far as the summary.
      if (left?.end !== undefined) report.replayed(left.end);
      else if (!isEndKnown) report.ended(error);
      await Promise.all([githubStatus?.closed(signal), checkRun?.end(signal)]);
      if (left !== undefined && !left.isReported) await report.finish();
      githubStatus?.reported();
    },
    close: async () => {},
  };
}

const NOTHING_TO_DO: Running = { work: async () => {}, finish: async () => {}, close: async () => {} };

function resume(report: DeployReport, left: GitHubStatusState) {
  const { projectUuid, projectName, remote, urls, githubDeploymentId, startedAtMs, completedAtMs } = left;
  if (startedAtMs !== undefined) report.resumed(startedAtMs, completedAtMs);
  if (projectUuid !== '') {
    report.project({ uuid: projectUuid, ...(projectName === undefined ? {} : { name: projectName }) });
  }
  if (remote.deploymentUuid !== undefined) report.created(remote.deploymentUuid);
  if (remote.stage === 'completed') report.deployed(urls);
  if (githubDeploymentId !== undefined) report.githubDeploymentCreated(githubDeploymentId);
}

/** How the main step would have ended, as far as is known; undefined for a success. */
function endOf(remote: RemoteState): ActionError | undefined {
  if (remote.stage === 'completed') return undefined;
  const why = new ActionError(
    'The step was ended before it could say how: the job was cancelled, or its runner gave up.',
  );
  return cancelledIn(remote, why);
}

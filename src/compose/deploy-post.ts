import { CancelledError } from '../errors.ts';
import { readWorkflowEvent, type WorkflowEvent } from '../github/event.ts';
import { parseOpenCheckRun } from '../github-status/check-run.ts';
import { parseLeftBundle, type SupportBundleFile } from '../github-status/left-bundle.ts';
import { type GitHubStatusState, parseState } from '../github-status/state.ts';
import { readOtherApiHost } from '../inputs/api-host.ts';
import { readDeployRun } from '../inputs/deploy.ts';
import { createInputSource } from '../inputs/source.ts';
import { DEPLOY_REPORT } from '../report/deploy-report.ts';
import { supportBundleLine } from '../report/support-bundle.ts';
import { runStepOf } from '../report/verification-record.ts';
import type { RunContext, Running } from '../run-context.ts';
import { attachCheckRun, CHECK_RUN_STATE } from './check-run.ts';
import { type DeployRun, describeCancelled } from './deploying.ts';
import { connectGitHubStatus, STATE_NAME } from './github-status.ts';
import { SUPPORT_BUNDLE_STATE, storeSupportBundle } from './support-bundle.ts';

/**
 * The `post` step of the deploy action: closes what the main step left open on GitHub because it was killed or could not
 * reach GitHub, and writes the summary if that step did not get to it. Logs nothing if nothing is open.
 */
export async function createDeployPostRun(context: RunContext): Promise<Running> {
  const { maskSecret, state } = context;
  const left = parseState(state.read(STATE_NAME));
  const isSettled = left === undefined || (left.isClosed && left.isReported);
  const check = parseOpenCheckRun(state.read(CHECK_RUN_STATE));
  const leftBundle = parseLeftBundle(state.read(SUPPORT_BUNDLE_STATE));
  const isOpen = !isSettled || check !== undefined;
  if (!isOpen && leftBundle === undefined) return NOTHING_TO_DO;
  // The check run's text is stored a moment before the end: the main step may have been killed in between.
  const isEndKnown = !isOpen || (left === undefined ? check?.text : left.end) !== undefined;
  const run = context.begin(DEPLOY_REPORT, begunOf(left));
  let event: WorkflowEvent | undefined;
  return {
    work: async () => {
      event = await readWorkflowEvent();
      const eventPullRequest = event?.pullRequest?.number;
      const source = createInputSource({ env: process.env, maskSecret, eventPullRequest });
      const { github: inputs, checkRun } = readDeployRun(source);
      if (event !== undefined && check !== undefined) attachCheckRun(run, checkRun, event, context, check);
      if (leftBundle !== undefined) {
        const { name, path } = leftBundle;
        run.emit({ type: 'support-bundle-made', supportBundle: { state: 'left', name, path } });
      }
      if (left !== undefined) {
        resume(run, left);
        if (!isSettled) run.emit({ type: 'api-host-found', other: readOtherApiHost(source) });
      }
      if (inputs !== undefined && event !== undefined && left !== undefined && !isSettled) {
        connectGitHubStatus({ context, inputs, event, run, resumed: left });
      }
      if (!isEndKnown) requireCompleted(left);
    },
    finish: async (error) => {
      // If the main step has reported the end already, it may have got as far as the summary.
      if (isOpen && isEndKnown) run.emit({ type: 'replayed', end: left?.end });
      else if (isOpen) run.end(error, describeCancelled);
      await run.settle();
      if (leftBundle !== undefined) await storeLeft(leftBundle, event, run, context);
      if (left !== undefined && !left.isReported) await run.finish();
      else await run.settle();
    },
    close: async () => {},
  };
}

async function storeLeft(
  left: SupportBundleFile,
  event: WorkflowEvent | undefined,
  run: DeployRun,
  context: RunContext,
): Promise<void> {
  const supportBundle = await storeSupportBundle(left, event, run, context, true);
  run.emit({ type: 'support-bundle-made', supportBundle });
  const line = supportBundleLine({ supportBundle });
  if (line !== undefined) run.info(line);
}

const NOTHING_TO_DO: Running = { work: async () => {}, finish: async () => {}, close: async () => {} };

/** Another process began this run, and may have ended it: the duration does not begin here. */
function begunOf(left: GitHubStatusState | undefined): { at: Date; elapsedMs: number } | undefined {
  if (left?.startedAtMs === undefined) return undefined;
  const { startedAtMs, completedAtMs = Date.now() } = left;
  return { at: new Date(startedAtMs), elapsedMs: completedAtMs - startedAtMs };
}

function resume(run: DeployRun, { projectUuid, projectName, remote, urls, ...left }: GitHubStatusState): void {
  const { githubDeploymentId: id, completedAtMs } = left;
  const { stage, deploymentUuid } = remote;
  if (projectUuid !== '') {
    run.emit({ type: 'project-found', uuid: projectUuid, ...(projectName === undefined ? {} : { name: projectName }) });
  }
  if (deploymentUuid !== undefined) run.emit({ type: 'created', deploymentUuid });
  // Also where the last good bundle was about to be brought back: what is live has these addresses.
  if (stage === 'completed' || completedAtMs !== undefined) {
    run.emit({ type: 'deployed', urls, atMs: completedAtMs ?? 0 });
  }
  resumeVerified(run, left, urls);
  run.emit({ type: 'resumed', remote: { stage, deploymentUuid } });
  if (id !== undefined) run.emit({ type: 'github-deployment-created', id });
}

function resumeVerified(
  run: DeployRun,
  { verified }: Pick<GitHubStatusState, 'verified'>,
  [url = '']: readonly string[],
) {
  const { isVerifying, verification, rehearsal, restored } = verified ?? {};
  if (rehearsal !== undefined) run.emit({ type: 'rehearsed', rehearsal });
  if (isVerifying === true) run.emit({ type: 'verifying', url });
  if (verification !== undefined) run.emit({ type: 'verified', verification });
  if (restored !== undefined) run.emit({ type: 'restored', restored });
}

/**
 * How the main step would have ended, as far as is known. Where a storefront was found broken, only an input says whether
 * that is a failure, so it is none that this step may call a success.
 * @throws CancelledError unless it succeeded
 */
function requireCompleted(left: GitHubStatusState | undefined): void {
  const step = runStepOf(left?.verified ?? {});
  if (left?.remote.stage === 'completed' && step.kind === 'deploying') return;
  throw new CancelledError(
    'The step was ended before it could say how: the job was cancelled, or its runner gave up.',
    { topic: 'cancelled', title: 'Deployment cancelled' },
  );
}

import { mayBeForks, mismatchWarning } from '../actions/workspace-check.ts';
import { SHARED_PREVIEW } from '../domain/comment-marker.ts';
import type { RemoteState } from '../domain/remote-state.ts';
import { createArtifactStore } from '../github/artifact-store.ts';
import { commitUrlOf, deploymentsUrlOf, pullRequestUrlOf, runUrlOf, type WorkflowEvent } from '../github/event.ts';
import type { WorkspaceCommit } from '../github/workspace.ts';
import { createGitHubStatus, type GitHubStatus } from '../github-status/github-status.ts';
import { type GitHubStatusState, renderState } from '../github-status/state.ts';
import { type StatusTarget, targetOf } from '../github-status/target.ts';
import type { GitHubStatusInputs } from '../inputs/deploy.ts';
import type { DeployReport } from '../report/deploy-report.ts';
import type { RunContext } from '../run.ts';
import { createConnect } from './github.ts';

/** The name of the state that the main step leaves to the `post` step. */
export const STATE_NAME = 'github-status';

export interface ConnectOptions {
  context: RunContext;
  inputs: GitHubStatusInputs;
  event: WorkflowEvent;
  report: DeployReport;
  remote: RemoteState;
  resumed?: GitHubStatusState | undefined;
  /** What the run is for, if neither the inputs nor the event say so. */
  target?: StatusTarget | undefined;
  /** The GitHub deployment whose bundle is rolled back to or promoted. */
  sourceDeploymentId?: number | undefined;
}

/** Creates the GitHub status of a run, and reports what the run is for. */
export function connectGitHubStatus(options: ConnectOptions): {
  githubStatus: GitHubStatus | undefined;
  /** Warns when the workspace holds another commit than the one that is shown, as soon as that one is known. */
  checkCommits: (held: readonly WorkspaceCommit[]) => void;
} {
  const { context, inputs, event, report, remote, resumed } = options;
  const { github } = inputs;
  // The inputs of a `post` step may read otherwise: the environment and the files of the workspace have changed since.
  const target = withoutCredentials(resumed?.target ?? options.target ?? targetOf(github, event), context.redactor);
  const deploymentsUrl = deploymentsUrlOf(event, target.environment);
  report.target({ environment: target.environment, deploymentsUrl });
  const { sha, origin } = target;
  let held: readonly WorkspaceCommit[] = [];
  const isShown = github.githubDeployment || (github.comment && target.pullRequest !== undefined);
  const warnOfMismatch = () => {
    if (githubStatus === undefined || !isShown) return;
    const warning = mismatchWarning(target.sha, held, mayBeForks(event));
    if (warning !== undefined) report.warn(warning);
  };
  if (sha !== undefined) {
    report.commit({ sha, url: commitUrlOf(event, sha), ...(origin === undefined ? {} : { origin }) });
  }
  const githubStatus = inputs.dryRun
    ? undefined
    : createGitHubStatus({
        inputs: github,
        event,
        target,
        projectKey: resumed?.projectKey ?? projectKeyOf(inputs),
        sourceDeploymentId: options.sourceDeploymentId,
        workingDirectory: inputs.workingDirectory,
        runUrl: runUrlOf(event),
        commitUrlOf: (commit) => commitUrlOf(event, commit),
        pullRequestUrlOf: (number) => pullRequestUrlOf(event, number),
        connect: createConnect({
          token: github.token ?? '',
          writesComments: github.comment,
          event,
          report,
          redactor: context.redactor,
        }),
        artifacts: createArtifactStore({ ...event, maskSecret: context.maskSecret, debug: context.log.debug }),
        reporter: report,
        shaFound: warnOfMismatch,
        remote,
        save: (state) => context.state.save(STATE_NAME, renderState(state)),
        resumed,
      });
  if (githubStatus !== undefined && resumed === undefined && isShown) warnOfUnreadableEvent(event, target, report);
  const checkCommits = (commits: readonly WorkspaceCommit[]) => {
    held = commits;
    warnOfMismatch();
  };
  return { githubStatus, checkCommits };
}

function warnOfUnreadableEvent(event: WorkflowEvent, target: StatusTarget, report: DeployReport): void {
  if (!event.isPullRequest || event.pullRequest !== undefined || target.pullRequest !== undefined) return;
  report.warn(
    'The payload of the event (GITHUB_EVENT_PATH) cannot be read, so that nothing is shown on its pull request. `pull-request` would name it.',
  );
}

/** Later runs look for the environment by its name, so it has to be the same wherever it is shown. */
function withoutCredentials(target: StatusTarget, { redactPublic }: RunContext['redactor']): StatusTarget {
  return { ...target, environment: redactPublic(target.environment) };
}

/** Identifies the comment for later runs. */
function projectKeyOf({ github, project }: GitHubStatusInputs): string | undefined {
  if (github.preview === 'shared') return SHARED_PREVIEW;
  return project?.kind === 'uuid' ? project.uuid : project?.name;
}

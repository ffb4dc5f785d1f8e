import { mayBeForks, mismatchWarning } from '../actions/workspace-check.ts';
import { SHARED_PREVIEW } from '../domain/comment-marker.ts';
import { createArtifactStore } from '../github/artifact-store.ts';
import { commitUrlOf, deploymentsUrlOf, pullRequestUrlOf, runUrlOf, type WorkflowEvent } from '../github/event.ts';
import { GitHubStatus } from '../github-status/github-status.ts';
import { type GitHubStatusState, renderState } from '../github-status/state.ts';
import { type StatusTarget, targetOf } from '../github-status/target.ts';
import type { GitHubStatusInputs } from '../inputs/deploy.ts';
import { renderFooter } from '../report/comment-footer.ts';
import type { DeployEvent, DeployRecord } from '../report/deploy-record.ts';
import type { Sink } from '../report/run-events.ts';
import type { RunContext } from '../run-context.ts';
import type { DeployRun } from './deploying.ts';
import { createConnect } from './github.ts';

/** The name of the state that the main step leaves to the `post` step. */
export const STATE_NAME = 'github-status';

export interface ConnectOptions {
  context: RunContext;
  inputs: GitHubStatusInputs;
  event: WorkflowEvent;
  run: DeployRun;
  resumed?: GitHubStatusState | undefined;
  /** What the run is for, if neither the inputs nor the event say so. */
  target?: StatusTarget | undefined;
  /** The GitHub deployment whose bundle is rolled back to or promoted. */
  sourceDeploymentId?: number | undefined;
}

/** Has the run shown on GitHub from now on, and reports what it is for. Undefined if nothing is to be shown. */
export function connectGitHubStatus(options: ConnectOptions): GitHubStatus | undefined {
  const { context, inputs, event, run, resumed } = options;
  const { github } = inputs;
  // The inputs of a `post` step may differ: the environment and the files of the workspace have changed since.
  const target = withoutCredentials(resumed?.target ?? options.target ?? targetOf(github, event), context.redactor);
  const githubStatus = createStatus(options, target);
  const isShown = github.githubDeployment || (github.comment && target.pullRequest !== undefined);
  if (githubStatus !== undefined) {
    run.attach(githubStatus);
    if (isShown) run.attach(createMismatchSink(run, mayBeForks(event)));
    if (isShown && resumed === undefined) warnOfUnreadableEvent(event, target, run);
  }
  const { environment, sha, origin } = target;
  run.emit({ type: 'target-found', environment, deploymentsUrl: deploymentsUrlOf(event, environment) });
  if (sha !== undefined) {
    const commit = { sha, url: commitUrlOf(event, sha), ...(origin === undefined ? {} : { origin }) };
    run.emit({ type: 'commit-found', commit });
  }
  return githubStatus;
}

/** Undefined if nothing is to be shown. */
function createStatus(
  { context, inputs, event, run, resumed, sourceDeploymentId }: ConnectOptions,
  target: StatusTarget,
): GitHubStatus | undefined {
  const { github, workingDirectory, storeHash } = inputs;
  const { token } = github;
  if (inputs.dryRun) return undefined;
  if (token === undefined) {
    if (github.uploadArtifact === true) {
      run.warn(
        'The bundle is not stored as an artifact: `github-token` is empty, so nothing is shown or stored on GitHub.',
        'Bundle not stored',
      );
    }
    return undefined;
  }
  const { maskSecret, redactor, reportSignal, state } = context;
  return new GitHubStatus({
    inputs: github,
    event,
    target,
    projectKey: resumed?.projectKey ?? projectKeyOf(inputs),
    storeHash,
    sourceDeploymentId,
    commentFooter: github.commentFooter === undefined ? undefined : renderFooter(redactor.redact(github.commentFooter)),
    workingDirectory,
    runUrl: runUrlOf(event),
    commitUrlOf: (commit) => commitUrlOf(event, commit),
    pullRequestUrlOf: (number) => pullRequestUrlOf(event, number),
    connect: createConnect({ token, writesComments: github.comment, event, report: run, redactor }),
    artifacts: createArtifactStore({ ...event, maskSecret, debug: (text) => run.debug(text) }),
    run,
    reportSignal,
    save: (open) => state.save(STATE_NAME, renderState(open)),
    resumed,
  });
}

/** Warns if the workspace holds another commit than the one that is shown, as soon as both are known. */
function createMismatchSink(run: DeployRun, isForksPossible: boolean): Sink<DeployEvent, DeployRecord> {
  return {
    failing: 'The commit of the workspace could not be checked',
    receive: (occurrence) => {
      if (occurrence.type !== 'commit-found' && occurrence.type !== 'workspace-read') return;
      const { commit, workspace = [] } = occurrence.record;
      const warning = mismatchWarning(commit?.sha, workspace, isForksPossible);
      if (warning !== undefined) run.warn(warning, 'Another commit in the workspace');
    },
  };
}

function warnOfUnreadableEvent(event: WorkflowEvent, target: StatusTarget, run: DeployRun): void {
  if (!event.isPullRequest || event.pullRequest !== undefined || target.pullRequest !== undefined) return;
  run.warn(
    'The payload of the event (GITHUB_EVENT_PATH) cannot be read, so that nothing is shown on its pull request. `pull-request` would name it.',
    'Event not readable',
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

import { type Announcer, createAnnouncer } from '../actions/announcement/announcer.ts';
import { type AnnouncementState, renderState } from '../actions/announcement/state.ts';
import { type AnnouncementTarget, targetOf } from '../actions/announcement/target.ts';
import type { RemoteState } from '../actions/remote-state.ts';
import { mayBeForks, mismatchWarning } from '../actions/workspace-check.ts';
import { SHARED_PREVIEW } from '../domain/comment-marker.ts';
import { createArtifactStore } from '../github/artifact-store.ts';
import { commitUrlOf, deploymentsUrlOf, pullRequestUrlOf, runUrlOf, type WorkflowEvent } from '../github/event.ts';
import type { WorkspaceCommit } from '../github/workspace.ts';
import type { AnnouncementInputs } from '../inputs/deploy.ts';
import type { DeployReport } from '../report/deploy-report.ts';
import type { RunContext } from '../run.ts';
import { createConnect } from './github.ts';

/** The name under which the main step leaves its state to the `post` step. */
export const STATE_NAME = 'announcement';

export interface AnnouncingOptions {
  context: RunContext;
  inputs: AnnouncementInputs;
  event: WorkflowEvent;
  report: DeployReport;
  remote: RemoteState;
  resumed?: AnnouncementState | undefined;
  /** What the run is about, where neither the inputs nor the event say it. */
  target?: AnnouncementTarget | undefined;
  /** The GitHub deployment whose bundle is brought back or promoted. */
  sourceDeploymentId?: number | undefined;
}

/** Puts an announcer together, and tells the report what the run is about. */
export function createAnnouncing(options: AnnouncingOptions): {
  announcer: Announcer | undefined;
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
    if (announcer === undefined || !isShown) return;
    const warning = mismatchWarning(target.sha, held, mayBeForks(event));
    if (warning !== undefined) report.warn(warning);
  };
  if (sha !== undefined) {
    report.commit({ sha, url: commitUrlOf(event, sha), ...(origin === undefined ? {} : { origin }) });
  }
  const announcer = inputs.dryRun
    ? undefined
    : createAnnouncer({
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
  const isUnreadable = event.isPullRequest && event.pullRequest === undefined;
  if (announcer !== undefined && resumed === undefined && isShown && isUnreadable && target.pullRequest === undefined) {
    report.warn(
      'The payload of the event (GITHUB_EVENT_PATH) cannot be read, so that nothing is shown on its pull request. `pull-request` would name it.',
    );
  }
  const checkCommits = (commits: readonly WorkspaceCommit[]) => {
    held = commits;
    warnOfMismatch();
  };
  return { announcer, checkCommits };
}

/** The environment is looked for by its name again: it has the same name wherever it is told. */
function withoutCredentials(target: AnnouncementTarget, { redactPublic }: RunContext['redactor']): AnnouncementTarget {
  return { ...target, environment: redactPublic(target.environment) };
}

/** By what the comment is found again. */
function projectKeyOf({ github, project }: AnnouncementInputs): string | undefined {
  if (github.preview === 'shared') return SHARED_PREVIEW;
  return project?.kind === 'uuid' ? project.uuid : project?.name;
}

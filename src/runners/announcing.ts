import { type AnnouncementState, renderState } from '../actions/announcement-state.ts';
import { targetOf } from '../actions/announcement-target.ts';
import { type Announcer, createAnnouncer } from '../actions/announcer.ts';
import type { RemoteState } from '../actions/remote-state.ts';
import { mismatchWarning } from '../actions/workspace-check.ts';
import { createArtifactStore } from '../github/artifact-store.ts';
import { createGitHubClient } from '../github/client.ts';
import { commitUrlOf, runUrlOf, type WorkflowEvent } from '../github/event.ts';
import type { WorkspaceCommit } from '../github/workspace.ts';
import type { AnnouncementInputs } from '../inputs/deploy.ts';
import type { DeployReport } from '../report/deploy-report.ts';
import { formatDuration } from '../report/format.ts';
import type { RunContext } from '../run.ts';
import { USER_AGENT } from '../version.ts';

/** The name under which the main step leaves its state to the `post` step. */
export const STATE_NAME = 'announcement';

export interface AnnouncingOptions {
  context: RunContext;
  inputs: AnnouncementInputs;
  event: WorkflowEvent;
  report: DeployReport;
  remote: RemoteState;
  resumed?: AnnouncementState | undefined;
}

/** Puts an announcer together, and tells the report what the run is about. */
export function createAnnouncing(options: AnnouncingOptions): {
  announcer: Announcer | undefined;
  /** Warns when the workspace holds another commit than the one that is shown, as soon as that one is known. */
  checkCommit: (held: WorkspaceCommit | undefined) => void;
} {
  const { context, inputs, event, report, remote, resumed } = options;
  const { github, project } = inputs;
  const target = targetOf(github, event);
  const deploymentsUrl = `${event.serverUrl}/${event.repository}/deployments/${encodeURIComponent(target.environment)}`;
  report.target({ environment: target.environment, deploymentsUrl });
  const { sha, origin } = target;
  let held: WorkspaceCommit | undefined;
  const warnOfMismatch = () => {
    const warning = mismatchWarning(target.sha, held);
    if (warning !== undefined) report.warn(warning);
  };
  if (sha !== undefined) {
    report.commit({ sha, url: commitUrlOf(event, sha), ...(origin === undefined ? {} : { origin }) });
  }
  const announcer = createAnnouncer({
    inputs: github,
    event,
    target,
    projectKey: project?.kind === 'uuid' ? project.uuid : project?.name,
    workingDirectory: inputs.workingDirectory,
    runUrl: runUrlOf(event),
    commitUrlOf: (commit) => commitUrlOf(event, commit),
    connect: (signal) => connect(github.token ?? '', options, signal),
    artifacts: createArtifactStore({ ...event, maskSecret: context.maskSecret, debug: context.log.debug }),
    reporter: report,
    shaFound: warnOfMismatch,
    remote,
    save: (state) => context.state.save(STATE_NAME, renderState(state)),
    resumed,
  });
  const checkCommit = (commit: WorkspaceCommit | undefined) => {
    held = commit;
    warnOfMismatch();
  };
  return { announcer: inputs.dryRun ? undefined : announcer, checkCommit };
}

async function connect(token: string, { event, report }: AnnouncingOptions, signal: AbortSignal) {
  return await createGitHubClient({
    token,
    signal,
    repository: event.repository,
    userAgent: USER_AGENT,
    debug: (text) => report.debug(text),
    onRetry: ({ error, delayMs, attempt }) =>
      report.info(`${error.message} Trying again in ${formatDuration(delayMs)} (try ${attempt + 1}).`),
  });
}

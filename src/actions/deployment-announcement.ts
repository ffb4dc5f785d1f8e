import type { DeploymentPayload } from '../domain/announcement.ts';
import type { GitHub } from '../github/github.ts';
import { formatDuration } from '../report/format.ts';
import type { AnnouncementState } from './announcement-state.ts';
import type { AnnouncerOptions } from './announcer-options.ts';
import {
  closeGitHubDeployment,
  deactivateReplaced,
  findGitHubDeployment,
  openGitHubDeployment,
} from './github-deployment.ts';
import type { Surface } from './surface.ts';

/** The GitHub deployment of a run: opened, and closed with what became of it. Never throws. */
export interface DeploymentAnnouncement {
  open(github: GitHub, payload: DeploymentPayload, signal: AbortSignal): Promise<void>;
  close(github: GitHub, remote: RemoteEnd, signal: AbortSignal): Promise<void>;
}

export interface RemoteEnd {
  isOpen: boolean;
  isUncertain: boolean;
  deploymentUuid: string | undefined;
}

export function createDeploymentAnnouncement(
  { target, reporter, runUrl, event, resumed }: AnnouncerOptions,
  surface: Surface,
  save: (change: Partial<AnnouncementState>) => void,
): DeploymentAnnouncement {
  let id = resumed?.githubDeploymentId;
  let opened: DeploymentPayload | undefined;
  const known = (found: number) => {
    id = found;
    save({ githubDeploymentId: found });
    reporter.githubDeploymentCreated(found);
    reporter.info(`GitHub deployment ${found} in the environment ${target.environment}`);
  };
  /** The run was cut off while it was made: it may be there all the same, and would stay open for ever. */
  const findLost = async (github: GitHub, signal: AbortSignal) => {
    const { environment, sha, pullRequest } = target;
    const projectUuid = opened?.projectUuid ?? resumed?.projectUuid;
    if (sha === undefined || projectUuid === undefined) return;
    const run = { runId: event.runId, runAttempt: event.runAttempt, projectUuid, pullRequest };
    const found = await surface.attempt(signal, () => findGitHubDeployment(github, { environment, sha }, run));
    if (found !== undefined) known(found);
  };
  return {
    open: async (github, payload, signal) => {
      const { sha, environment, isProduction } = target;
      if (sha === undefined) return;
      opened = payload;
      const isTransient = target.isPreview;
      const request = { sha, environment, isProduction, isTransient, payload, logUrl: runUrl };
      await surface.attempt(signal, () => openGitHubDeployment(github, request, known));
    },
    close: async (github, remote, signal) => {
      const isCutOff = opened !== undefined || resumed !== undefined;
      if (id === undefined && isCutOff) await findLost(github, signal);
      if (id === undefined) return;
      const closing: number = id;
      const { outcome, failure, durationMs, urls } = reporter.snapshot();
      if (outcome === 'dry-run' || outcome === 'skipped') return;
      const end = { ...remote, outcome, title: failure?.title, duration: formatDuration(durationMs) };
      const request = { id: closing, end, environmentUrl: urls[0], logUrl: runUrl };
      const closed = await surface.attempt(signal, async () => {
        const state = await closeGitHubDeployment(github, request);
        reporter.info(`GitHub deployment ${closing}: ${state}`);
        return true;
      });
      if (closed === undefined || outcome !== 'deployed' || opened === undefined) return;
      const { environment, pullRequestCreatedAt: notBefore } = target;
      const replaced = { id: closing, environment, payload: opened, notBefore };
      await surface.attempt(signal, () => deactivateReplaced(github, replaced));
    },
  };
}

import { REMOTE_STAGES, type RemoteStage, type RemoteState } from './remote-state.ts';

/** What a run has opened on GitHub and has to close: handed to the `post` step, should this process be killed. */
export interface AnnouncementState {
  projectUuid: string;
  projectName: string | undefined;
  githubDeploymentId: number | undefined;
  commentId: number | undefined;
  remote: { stage: RemoteStage; deploymentUuid: string | undefined };
  /** Addresses of the storefront, once it is deployed. */
  urls: readonly string[];
  /** When the run began, and when the platform had completed its deployment: ms since 1970. */
  startedAtMs: number | undefined;
  completedAtMs: number | undefined;
  isClosed: boolean;
}

export function createOpenState(
  project: { uuid: string; name: string | undefined },
  { stage, deploymentUuid }: RemoteState,
): AnnouncementState {
  return {
    projectUuid: project.uuid,
    projectName: project.name,
    githubDeploymentId: undefined,
    commentId: undefined,
    remote: { stage, deploymentUuid },
    urls: [],
    startedAtMs: undefined,
    completedAtMs: undefined,
    isClosed: false,
  };
}

export function renderState(state: AnnouncementState): string {
  return JSON.stringify(state);
}

/** Undefined when there is none, or none that is understood: then there is nothing to close. */
export function parseState(text: string): AnnouncementState | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? stateOf(found as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function stateOf(found: Record<string, unknown>): AnnouncementState | undefined {
  const { projectUuid, projectName, githubDeploymentId, commentId, urls, startedAtMs, completedAtMs, isClosed } = found;
  const remote = (found['remote'] ?? {}) as Record<string, unknown>;
  const stage = REMOTE_STAGES.find((known) => known === remote['stage']);
  if (typeof projectUuid !== 'string' || stage === undefined) return undefined;
  return {
    projectUuid,
    projectName: textOf(projectName),
    githubDeploymentId: numberOf(githubDeploymentId),
    commentId: numberOf(commentId),
    remote: { stage, deploymentUuid: textOf(remote['deploymentUuid']) },
    urls: Array.isArray(urls) ? urls.filter((url) => typeof url === 'string') : [],
    startedAtMs: numberOf(startedAtMs),
    completedAtMs: numberOf(completedAtMs),
    isClosed: isClosed === true,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

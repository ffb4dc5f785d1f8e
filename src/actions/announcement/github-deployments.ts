import {
  closingDescription,
  closingState,
  type DeploymentPayload,
  type EndOfRun,
  type GitHubDeploymentState,
  isReplacedBy,
  limitDescription,
} from '../../domain/announcement.ts';
import type { GitHub, NewDeployment } from '../../github/github.ts';

export interface OpenRequest extends Omit<NewDeployment, 'description'> {
  logUrl: string | undefined;
}

/** Makes the GitHub deployment and sets it to in_progress. @throws ActionError */
export async function openGitHubDeployment(
  github: GitHub,
  { logUrl, ...request }: OpenRequest,
  created: (id: number) => void,
): Promise<void> {
  const { projectName, projectUuid } = request.payload;
  const description = limitDescription(`Storefront ${projectName ?? projectUuid}`);
  const id = await createOnce(github, { ...request, description });
  created(id);
  await github.createDeploymentStatus(id, { state: 'in_progress', description: 'Deploying', logUrl });
}

/** What tells the GitHub deployment of one run from all others of its commit. */
export type RunIdentity = Pick<DeploymentPayload, 'runId' | 'runAttempt' | 'projectUuid' | 'pullRequest'>;

/**
 * The GitHub deployment that a run has made without getting to know of it: it has no status yet. One that has is of
 * another step of the job. @throws ActionError
 */
export async function findGitHubDeployment(
  github: GitHub,
  { environment, sha }: { environment: string; sha: string },
  run: RunIdentity,
): Promise<number | undefined> {
  for await (const { id, payload } of github.listDeployments({ environment, sha })) {
    const isSameRun = payload?.runId === run.runId && payload.runAttempt === run.runAttempt;
    if (isSameRun && isReplacedBy(payload, run, environment) && !(await hasStatus(github, id))) return id;
  }
  return undefined;
}

async function hasStatus(github: GitHub, id: number): Promise<boolean> {
  for await (const _ of github.listDeploymentStates(id)) return true;
  return false;
}

/** After an answer that was lost it is looked for first: it cannot be told from a second one later. */
async function createOnce(github: GitHub, request: NewDeployment): Promise<number> {
  const made = await github.createDeployment(request);
  if (!('uncertain' in made)) return made.id;
  const found = await findGitHubDeployment(github, request, request.payload);
  if (found !== undefined) return found;
  const again = await github.createDeployment(request);
  if ('uncertain' in again) throw again.uncertain;
  return again.id;
}

export interface CloseRequest {
  id: number;
  end: EndOfRun;
  environmentUrl: string | undefined;
  logUrl: string | undefined;
}

/** Sets the closing status, and gives it back. @throws ActionError */
export async function closeGitHubDeployment(
  github: GitHub,
  { id, end, environmentUrl, logUrl }: CloseRequest,
): Promise<GitHubDeploymentState> {
  const state = closingState(end);
  await github.createDeploymentStatus(id, {
    state,
    description: closingDescription(end),
    // Elsewhere it would say that the address shows this deployment.
    environmentUrl: state === 'success' ? environmentUrl : undefined,
    logUrl,
  });
  return state;
}

export interface ReplaceRequest {
  id: number;
  environment: string;
  payload: DeploymentPayload;
  /** ISO 8601. Nothing of this pull request is older; undefined where that is not known. */
  notBefore: string | undefined;
}

/** Further back than that, nothing is active any more, or it is no history of this action's. */
const MAX_SEARCHED = 500;

/**
 * Sets the deployments that this one has replaced to `inactive`: those of the same project, and in previews of the same
 * pull request. Newer ones, too: the platform runs deployments of a project one after the other, so that the one that
 * ends last is live. An older one that was replaced before ends the search, since all before it were with it.
 * @throws ActionError
 */
export async function deactivateReplaced(
  github: GitHub,
  { id, environment, payload, notBefore }: ReplaceRequest,
): Promise<void> {
  let searched = 0;
  for await (const other of github.listDeployments({ environment })) {
    searched += 1;
    if (searched > MAX_SEARCHED) return;
    if (notBefore !== undefined && Date.parse(other.createdAt) < Date.parse(notBefore)) return;
    if (other.id === id || other.payload === undefined || !isReplacedBy(other.payload, payload, environment)) continue;
    const states: string[] = [];
    for await (const state of github.listDeploymentStates(other.id)) states.push(state);
    if (states[0] === 'success') {
      const description = `Replaced by deployment ${id}`;
      await github.createDeploymentStatus(other.id, { state: 'inactive', description });
    } else if (other.id < id && states[0] === 'inactive' && states.includes('success')) return;
  }
}

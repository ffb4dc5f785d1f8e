import {
  closingDescription,
  closingState,
  type DeploymentPayload,
  type EndOfRun,
  type GitHubDeploymentState,
  isSameSlot,
  limitDescription,
  type Slot,
} from '../domain/github-deployment.ts';
import type { DeploymentStatus, GitHub, NewDeployment } from '../github/github.ts';

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
    if (
      isSameRun &&
      isSameSlot({ ...run, preview: undefined }, payload, environment) &&
      (await readState(github, id)) === undefined
    )
      return id;
  }
  return undefined;
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

/** Its newest state; undefined when it has had none. @throws ActionError */
export async function readState(github: GitHub, id: number): Promise<string | undefined> {
  for await (const { state } of github.listDeploymentStates(id)) return state;
  return undefined;
}

/** This action sets three at most; whatever else has set more than this is not read to its end. */
const MAX_STATES = 300;

/** Its states, the newest first. @throws ActionError */
export async function readStates(github: GitHub, id: number): Promise<DeploymentStatus[]> {
  const states: DeploymentStatus[] = [];
  for await (const state of github.listDeploymentStates(id)) {
    states.push(state);
    // Before the next page is asked for.
    if (states.length === MAX_STATES) break;
  }
  return states;
}

export interface ReplaceRequest {
  id: number;
  environment: string;
  slot: Slot;
  /** When the platform had completed the deployment, by this runner's clock: ms since 1970. */
  completedAtMs: number;
  /** It is told some time after that, by a `post` step. */
  isLate: boolean;
  /** ISO 8601. Older deployments are not looked at: in previews, nothing of a pull request is older than that itself. */
  notBefore: string | undefined;
}

/** Further back than that, it is no history of this action's. */
const MAX_SEARCHED = 500;
/** GitHub tells times in whole seconds. A deployment that ran before this one ended well before. */
const CLOCK_MS = 1000;
/** So many in a row that were replaced before end the search: more than one, since runs may overtake each other. */
const ENOUGH_REPLACED = 3;

/**
 * Sets the deployments that this one has replaced to `inactive`, and this one itself where another has replaced it by
 * now. The platform runs deployments of a project one after the other, so that the one that ended last is live.
 * @returns the pull requests of those that this one has replaced
 * @throws ActionError
 */
export async function deactivateReplaced(github: GitHub, request: ReplaceRequest): Promise<number[]> {
  const { id, completedAtMs, isLate } = request;
  const active = await findActive(github, request);
  // Asked of GitHub before: its clock is known by now, and that of the runner may be minutes off.
  const endedAtMs = github.clock.toGitHubMs(completedAtMs);
  // An older one is told late rather than live, unless it is this one that is told late.
  const newer = active.find(
    (other) => (isLate || other.id > id) && Date.parse(other.succeededAt) > endedAtMs - CLOCK_MS,
  );
  const replaced = newer === undefined ? active : [{ id }];
  // The oldest first: were this cut off, the next run would meet what is left among the newest.
  for (const one of replaced.toReversed()) {
    const description = `Replaced by deployment ${newer?.id ?? id}`;
    await github.createDeploymentStatus(one.id, { state: 'inactive', description });
  }
  if (newer !== undefined) return [];
  return active.map(({ pullRequest }) => pullRequest).filter((pullRequest) => pullRequest !== undefined);
}

/** The others of this slot that are a success still, the newest first. */
async function findActive(github: GitHub, { id, environment, slot, notBefore }: ReplaceRequest) {
  const active: { id: number; succeededAt: string; pullRequest: number | undefined }[] = [];
  let searched = 0;
  let replaced = 0;
  for await (const other of github.listDeployments({ environment })) {
    if (notBefore !== undefined && Date.parse(other.createdAt) < Date.parse(notBefore)) break;
    if (other.id !== id && other.payload !== undefined && isSameSlot(slot, other.payload, environment)) {
      const states = await readStates(github, other.id);
      const [newest] = states;
      if (newest?.state === 'success') {
        active.push({ id: other.id, succeededAt: newest.createdAt, pullRequest: other.payload.pullRequest });
        replaced = 0;
      } else if (newest?.state === 'inactive' && states.some(({ state }) => state === 'success')) replaced += 1;
    }
    searched += 1;
    // Before the next page is asked for.
    if (searched === MAX_SEARCHED || replaced === ENOUGH_REPLACED) break;
  }
  return active;
}

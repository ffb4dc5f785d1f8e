import type { DeploymentPayload } from '../deployment-payload.ts';
import {
  BEING_VERIFIED,
  closingDescription,
  closingState,
  type EndOfRun,
  type GitHubDeploymentState,
  isLiveThoughNoSuccess,
  isSameSlot,
  liveSince,
  type Slot,
} from '../domain/github-deployment.ts';
import type { DeploymentStatus, GitHub, NewDeployment } from '../github/github.ts';
import { limitChars } from '../report/format.ts';

/** GitHub refuses a longer one with 422. */
const MAX_DESCRIPTION_CHARS = 140;

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

/** Says that it is live and about to be judged, and where people can look. @throws ActionError */
export async function showVerifying(
  github: GitHub,
  { id, environmentUrl, logUrl }: Omit<CloseRequest, 'end'>,
): Promise<void> {
  await github.createDeploymentStatus(id, {
    state: 'in_progress',
    description: BEING_VERIFIED,
    environmentUrl,
    logUrl,
  });
}

/** A description on one line, of the length that GitHub allows. */
export function limitDescription(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_DESCRIPTION_CHARS ? line : `${limitChars(line, MAX_DESCRIPTION_CHARS - 1)}…`;
}

/** What distinguishes the GitHub deployment of one run from all others of its commit. */
export type RunIdentity = Pick<DeploymentPayload, 'runId' | 'runAttempt' | 'projectUuid' | 'pullRequest'>;

/**
 * A GitHub deployment that a run created without getting the answer. It has no status yet: one that has a status belongs
 * to another step of the job. @throws ActionError
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

/** After a lost answer, looks for it first: later, it could not be distinguished from a second one. */
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

/** Sets the closing status. @returns its state @throws ActionError */
export async function closeGitHubDeployment(
  github: GitHub,
  { id, end, environmentUrl, logUrl }: CloseRequest,
): Promise<GitHubDeploymentState> {
  const state = closingState(end);
  await github.createDeploymentStatus(id, {
    state,
    description: limitDescription(closingDescription(end)),
    // Elsewhere it would say that the address shows this deployment.
    environmentUrl: end.live === 'this' ? environmentUrl : undefined,
    logUrl,
  });
  return state;
}

/** Its newest state; undefined if it has none. @throws ActionError */
export async function readState(github: GitHub, id: number): Promise<string | undefined> {
  return (await readNewest(github, id))?.state;
}

/** Its newest status; undefined if it has none. @throws ActionError */
export async function readNewest(github: GitHub, id: number): Promise<DeploymentStatus | undefined> {
  for await (const status of github.listDeploymentStates(id)) return status;
  return undefined;
}

/** This action sets four at most: a longer list is another tool's, and not read to its end. */
const MAX_STATES = 300;

/** Its states, the newest first. @throws ActionError */
export async function readStates(github: GitHub, id: number): Promise<DeploymentStatus[]> {
  const states: DeploymentStatus[] = [];
  for await (const state of github.listDeploymentStates(id)) {
    states.push(state);
    // Before the next page is requested.
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
  /** A `post` step shows it, some time after that. */
  isLate: boolean;
  /** ISO 8601. Older deployments are ignored: in previews, none is older than its pull request. */
  notBefore: string | undefined;
  /** Successes stay as they are: this one is none, and one of them is what to go back to, or is live again. */
  keepsSuccesses: boolean;
}

/** How far back to look: a longer history is not this action's. */
const MAX_SEARCHED = 500;
/** GitHub gives times in whole seconds. A deployment that ran before this one ended well before it. */
const CLOCK_MS = 1000;
/** So many replaced ones in a row end the search: more than one, since runs may overtake each other. */
const ENOUGH_REPLACED = 3;

/**
 * Sets the deployments that this one has replaced to `inactive`, or this one itself if another has replaced it already.
 * The platform runs the deployments of a project one after the other, so the one that ended last is live. Those that were
 * live without being a success are replaced, too: later runs would take them for live.
 * @returns the pull requests of those that this one has replaced
 * @throws ActionError
 */
export async function deactivateReplaced(github: GitHub, request: ReplaceRequest): Promise<number[]> {
  const { id, completedAtMs, isLate, keepsSuccesses } = request;
  const active = (await findActive(github, request)).filter(({ isSuccess }) => !keepsSuccesses || !isSuccess);
  // The requests above give GitHub's clock; the runner's may be minutes off.
  const endedAtMs = github.clock.toGitHubMs(completedAtMs);
  // An older one with a later time was shown late rather than went live last, unless this one is shown late itself.
  const isNewer = (other: (typeof active)[number]) =>
    (isLate || other.id > id) && Date.parse(other.liveSince) > endedAtMs - CLOCK_MS;
  // One that is no success replaces none: this one is what to go back to.
  const newer = active.find((other) => other.isSuccess && isNewer(other));
  const older = active.filter((other) => !isNewer(other));
  const replaced = newer === undefined ? older : [{ id }];
  // The oldest first: after an interruption, the next run finds the remaining ones among the newest.
  for (const one of replaced.toReversed()) {
    const description = `Replaced by deployment ${newer?.id ?? id}`;
    await github.createDeploymentStatus(one.id, { state: 'inactive', description });
  }
  if (newer !== undefined) return [];
  return older.map(({ pullRequest }) => pullRequest).filter((pullRequest) => pullRequest !== undefined);
}

/** The others of this slot that are still shown as live, the newest first. */
async function findActive(github: GitHub, { id, environment, slot, notBefore }: ReplaceRequest) {
  const active: { id: number; isSuccess: boolean; liveSince: string; pullRequest: number | undefined }[] = [];
  let searched = 0;
  let replaced = 0;
  for await (const other of github.listDeployments({ environment })) {
    if (notBefore !== undefined && Date.parse(other.createdAt) < Date.parse(notBefore)) break;
    if (other.id !== id && other.payload !== undefined && isSameSlot(slot, other.payload, environment)) {
      const states = await readStates(github, other.id);
      const [newest] = states;
      const isSuccess = newest?.state === 'success';
      if (newest !== undefined && (isSuccess || isLiveThoughNoSuccess(states))) {
        const since = liveSince(states) ?? newest.createdAt;
        active.push({ id: other.id, isSuccess, liveSince: since, pullRequest: other.payload.pullRequest });
        replaced = 0;
      } else if (newest?.state === 'inactive' && states.some(({ state }) => state === 'success')) replaced += 1;
    }
    searched += 1;
    // Before the next page is requested.
    if (searched === MAX_SEARCHED || replaced === ENOUGH_REPLACED) break;
  }
  return active;
}

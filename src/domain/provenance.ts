import { isPullRequestEvent, mayBuildPullRequest } from './workflow-events.ts';

/** The rules on who may have built a bundle that is deployed again. What GitHub says of a run counts, not a payload. Pure. */

/** What GitHub says of the run of a workflow. */
export interface BuildRun {
  id: number;
  /** The event that started it: `push`, `pull_request`. */
  event: string;
  /** Name of the branch or the tag that it was for; undefined where GitHub names none. */
  headBranch: string | undefined;
  headSha: string;
  /** Its code is another repository's. */
  isFork: boolean;
  /** The open pull requests of its head, as far as GitHub shows them: none of forks, none that are closed. */
  pullRequests: readonly number[];
}

/** What a payload says of the bundle, and what is requested. */
export interface BuildClaim {
  /** The run that the payload of the GitHub deployment names; undefined where none names this artifact. */
  runId: string | undefined;
  /** The pull request whose preview is requested. */
  pullRequest: number | undefined;
  isProduction: boolean;
  /** A bundle of another environment or project is requested. */
  isPromotion: boolean;
}

export type BuildRefusal = 'fork' | 'other-run' | 'pull-request' | 'other-pull-request';

/** Why a bundle must not be deployed; undefined if it may be. */
export function refuseBuild(run: BuildRun, claim: BuildClaim): BuildRefusal | undefined {
  if (run.isFork) return 'fork';
  if (claim.runId !== undefined && claim.runId !== String(run.id)) return 'other-run';
  if (!mayBuildPullRequest(run.event)) return undefined;
  if (claim.isProduction && !claim.isPromotion) return 'pull-request';
  const { pullRequest } = claim;
  // A comment's run is for the default branch: GitHub names the pull requests that have that one as their head.
  if (pullRequest === undefined || !isPullRequestEvent(run.event) || run.pullRequests.length === 0) return undefined;
  return run.pullRequests.includes(pullRequest) ? undefined : 'other-pull-request';
}

/** Runs of these events deploy the commit that they are for, unless an input names another one. */
const OWN_COMMIT_EVENTS: readonly string[] = ['push', 'pull_request', 'release', 'schedule'];

/** The GitHub deployment and the run that built its bundle name different commits, and no rollback explains it. */
export function hasOtherCommit(
  { event, headSha }: Pick<BuildRun, 'event' | 'headSha'>,
  deployment: { sha: string; payload: { sourceDeploymentId: number | undefined } },
): boolean {
  const isRollback = deployment.payload.sourceDeploymentId !== undefined;
  return !isRollback && OWN_COMMIT_EVENTS.includes(event) && headSha !== deployment.sha.toLowerCase();
}

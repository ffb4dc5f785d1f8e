import type { DeploymentPayload } from '../deployment-payload.ts';
import type { Live } from './run-step.ts';

/**
 * The rules for GitHub deployments: which deployment belongs to which environment, and what each outcome is called
 * there. Pure.
 */

/** States of a GitHub deployment that this action sets (GitHub's REST API, "Create a deployment status"). */
export type GitHubDeploymentState = 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

/** How a run of the deploy action ended that was not a dry run, and not skipped. */
export const SHOWN_OUTCOMES = [
  ...(['deployed', 'unhealthy', 'rolled-back', 'rejected'] as const),
  ...(['failed', 'conflict', 'unknown', 'cancelled', 'error'] as const),
] as const;
export type ShownOutcome = (typeof SHOWN_OUTCOMES)[number];

export const PRODUCTION = 'production';
export const PREVIEW = 'preview';

/** What decides which deployments a deployment replaces. */
export type Slot = Pick<DeploymentPayload, 'projectUuid' | 'pullRequest' | 'preview'> &
  Partial<Pick<DeploymentPayload, 'sourceDeploymentId'>>;

/**
 * Whether only one of two deployments of an environment can be active: they belong to the same project. Previews must also
 * belong to the same pull request, unless the project is known to be shared: only then does the last one replace those of
 * other pull requests. A rollback belongs to no pull request, and replaces whatever the project shows.
 */
export function isSameSlot(one: Slot, other: Slot, environment: string): boolean {
  const isRollback = [one, other].some(({ sourceDeploymentId }) => sourceDeploymentId !== undefined);
  const isOneForAll = isProduction(environment) || one.preview === 'shared' || isRollback;
  return one.projectUuid === other.projectUuid && (isOneForAll || one.pullRequest === other.pullRequest);
}

/** Environment names are compared without regard to case, as GitHub does. */
export function isProduction(environment: string): boolean {
  return environment.toLowerCase() === PRODUCTION;
}

/** A status of a GitHub deployment, as far as it is read. */
export interface ShownStatus {
  state: string;
  /** ISO 8601. */
  createdAt: string;
  description?: string | undefined;
}

/**
 * How the description of a status begins that says of a deployment which is no success that it is live nevertheless:
 * broken, or not verified. Later runs read it.
 */
export const LIVE_BUT = 'Live, but';

/** The description of the status that is set when the platform has completed the deployment. */
export const BEING_VERIFIED = 'Deployed, being verified';

/** The last that is known is that it is live, though it is no success. @param states the newest first */
export function isLiveThoughNoSuccess([newest]: readonly ShownStatus[]): boolean {
  return newest?.state === 'error' && newest.description?.startsWith(LIVE_BUT) === true;
}

/**
 * Since when it is or was live, ISO 8601; undefined if it never was, as far as is known. A success is shown only after the
 * verification, which begins when the deployment goes live.
 * @param states the newest first
 */
export function liveSince(states: readonly ShownStatus[]): string | undefined {
  const shown =
    states.find(({ state }) => state === 'success') ?? (isLiveThoughNoSuccess(states) ? states[0] : undefined);
  if (shown === undefined) return undefined;
  const isBegin = ({ state, description }: ShownStatus) => state === 'in_progress' && description === BEING_VERIFIED;
  return (states.findLast(isBegin) ?? shown).createdAt;
}

export interface EndOfRun {
  outcome: ShownOutcome;
  /** The platform's deployment; undefined if this run is not known to have created one. */
  deploymentUuid: string | undefined;
  /** The remote side may have been changed, or may yet be. */
  isOpen: boolean;
  /** It is unknown whether the platform has started it. */
  isUncertain: boolean;
  /** What the project shows now. */
  live: Live;
  /** A few words on what is wrong with what was deployed, the end of a sentence; undefined if nothing is known. */
  doubt: string | undefined;
  /** The last good build that was brought back, or was to be. */
  restored: { sha: string; githubDeploymentId: number; isBroken: boolean } | undefined;
  /** A few words on the failure. */
  title: string | undefined;
  duration: string;
}

/**
 * The state that closes a GitHub deployment. Only `deployed` is success. `failure` means that the storefront certainly does
 * not show it, which a rollback relies on; `inactive`, that nothing was deployed and nothing is wrong.
 */
export function closingState({ outcome, live }: EndOfRun): Exclude<GitHubDeploymentState, 'in_progress'> {
  switch (outcome) {
    case 'deployed':
      return 'success';
    case 'rolled-back':
    case 'rejected':
      return 'failure';
    case 'failed':
      return live === 'unknown' ? 'error' : 'failure';
    case 'cancelled':
      return live === 'as-before' ? 'inactive' : live === 'restored' ? 'failure' : 'error';
    default:
      return 'error';
  }
}

/** The description of the closing status. It names the platform's deployment, since the payload cannot be changed. */
export function closingDescription(end: EndOfRun): string {
  const { outcome, deploymentUuid, title, duration, isOpen, isUncertain, live, doubt, restored } = end;
  const uuid = deploymentUuid === undefined ? '' : `: deployment ${deploymentUuid}`;
  if (outcome === 'deployed') return `Deployed in ${duration}${doubt === undefined ? '' : `, but ${doubt}`}${uuid}`;
  if (live === 'restored' && restored !== undefined) return rolledBackTo(restored, end);
  // A rollback without a verdict: whichever is live, the last success is what to go back to.
  if (live === 'unknown' && restored !== undefined) {
    return `${LIVE_BUT} broken, or rolled back to ${restored.sha.slice(0, 7)}: the rollback has no verdict`;
  }
  if (live === 'this') {
    const cut = outcome === 'cancelled' ? ': the run was cancelled' : '';
    return `${LIVE_BUT} ${doubt ?? 'not verified'}${cut}${restored === undefined ? uuid : ''}`;
  }
  const known = isUncertain ? ': the platform may or may not have started it' : ', it continues remotely';
  const openly = isOpen && outcome === 'cancelled' ? known : '';
  return `${title ?? outcome}${uuid}${openly}`;
}

function rolledBackTo({ sha, githubDeploymentId, isBroken }: NonNullable<EndOfRun['restored']>, end: EndOfRun): string {
  const also = isBroken ? ', which is broken, too' : '';
  const cut = end.outcome === 'cancelled' ? '; the run was cancelled before that was verified' : '';
  return `Rolled back to ${sha.slice(0, 7)} (GitHub deployment ${githubDeploymentId})${also}${cut}`;
}

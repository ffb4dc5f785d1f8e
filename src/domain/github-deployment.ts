import type { DeploymentPayload } from '../deployment-payload.ts';

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

export interface EndOfRun {
  outcome: ShownOutcome;
  /** The platform's deployment; undefined if this run is not known to have created one. */
  deploymentUuid: string | undefined;
  /** The remote side may have been changed, or may yet be. */
  isOpen: boolean;
  /** It is unknown whether the platform has started it. */
  isUncertain: boolean;
  /** The platform calls it failed, but says that it was deployed. */
  mayBeLive: boolean;
  /** A few words on the failure. */
  title: string | undefined;
  duration: string;
}

/**
 * The state that closes a GitHub deployment. Only `deployed` is success. `failure` means that the storefront is certainly
 * unchanged, which a rollback relies on; `inactive`, that nothing was deployed and nothing is wrong.
 */
export function closingState({ outcome, isOpen, mayBeLive }: EndOfRun): Exclude<GitHubDeploymentState, 'in_progress'> {
  if (outcome === 'deployed') return 'success';
  if (outcome === 'failed') return mayBeLive ? 'error' : 'failure';
  return outcome === 'cancelled' && !isOpen ? 'inactive' : 'error';
}

/** The description of the closing status. It names the platform's deployment, since the payload cannot be changed. */
export function closingDescription(end: EndOfRun): string {
  const { outcome, deploymentUuid, title, duration, isOpen, isUncertain } = end;
  const uuid = deploymentUuid === undefined ? '' : `: deployment ${deploymentUuid}`;
  const known = isUncertain ? ': the platform may or may not have started it' : ', it continues remotely';
  const openly = isOpen && outcome === 'cancelled' ? known : '';
  const what = outcome === 'deployed' ? `Deployed in ${duration}` : (title ?? outcome);
  return `${what}${uuid}${openly}`;
}

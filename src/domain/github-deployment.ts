/**
 * The rules of what is told on GitHub: which deployment belongs to which environment, and what each outcome is called
 * there. Pure.
 */

/** States of a GitHub deployment that this action sets (GitHub's REST API, "Create a deployment status"). */
export type GitHubDeploymentState = 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

/** How a run of the deploy action ended that was to send something. */
export const SHOWN_OUTCOMES = ['deployed', 'failed', 'conflict', 'unknown', 'cancelled', 'error'] as const;
export type ShownOutcome = (typeof SHOWN_OUTCOMES)[number];

export const PRODUCTION = 'production';
export const PREVIEW = 'preview';

/** GitHub cuts nothing: it refuses a longer one with 422. */
const MAX_DESCRIPTION_CHARS = 140;

/** `shared`: all pull requests deploy into one project; `isolated`: each has one of its own. */
export const PREVIEW_KINDS = ['shared', 'isolated'] as const;
export type PreviewKind = (typeof PREVIEW_KINDS)[number];

/** What a GitHub deployment keeps for later runs: it cannot be changed once it is made. */
export interface DeploymentPayload {
  bundleBytes: number;
  bundleFiles: number;
  /** Lower-case hex. */
  bundleSha256: string;
  /** The artifact that keeps the bundle, in the run below; undefined where none was kept. */
  artifactId: number | undefined;
  artifactName: string | undefined;
  runId: string;
  runAttempt: string;
  projectUuid: string;
  projectName: string | undefined;
  pullRequest: number | undefined;
  /** Relative to the workspace, with `/`: the storefronts of one repository are told apart by it. */
  workingDirectory: string;
  /** Undefined for what is no preview of these kinds. */
  preview: PreviewKind | undefined;
  /** The GitHub deployment whose bundle this one brought back, or promoted. */
  sourceDeploymentId: number | undefined;
}

/** What a deployment takes the place of others by. */
export type Slot = Pick<DeploymentPayload, 'projectUuid' | 'pullRequest' | 'preview'> &
  Partial<Pick<DeploymentPayload, 'sourceDeploymentId'>>;

/**
 * Whether of two deployments of an environment only one can be active: they are of one project. In previews they are of
 * one pull request, too, unless it is known that the project is shared: which of several pull requests it shows is for
 * one of them to tell only then. A rollback is of no pull request, and takes the place of whatever the project shows.
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
  /** The platform's deployment; undefined when this run created none that is known of. */
  deploymentUuid: string | undefined;
  /** The remote side may have been changed, or may yet be. */
  isOpen: boolean;
  /** Nobody knows whether the platform has started it. */
  isUncertain: boolean;
  /** The platform calls it failed, and says that it was deployed. */
  mayBeLive: boolean;
  /** A few words on the failure. */
  title: string | undefined;
  duration: string;
}

/**
 * The state that closes a GitHub deployment. Only `deployed` is success; `failure` says for sure that the storefront is
 * as it was, which a rollback goes by; `inactive` says that nothing came of it and nothing is wrong.
 */
export function closingState({ outcome, isOpen, mayBeLive }: EndOfRun): Exclude<GitHubDeploymentState, 'in_progress'> {
  if (outcome === 'deployed') return 'success';
  if (outcome === 'failed') return mayBeLive ? 'error' : 'failure';
  return outcome === 'cancelled' && !isOpen ? 'inactive' : 'error';
}

/** The closing status's description: the platform's deployment is named here, since the payload cannot be changed. */
export function closingDescription(end: EndOfRun): string {
  const { outcome, deploymentUuid, title, duration, isOpen, isUncertain } = end;
  const uuid = deploymentUuid === undefined ? '' : `: deployment ${deploymentUuid}`;
  const known = isUncertain ? ': the platform may or may not have started it' : ', it goes on remotely';
  const openly = isOpen && outcome === 'cancelled' ? known : '';
  const what = outcome === 'deployed' ? `Deployed in ${duration}` : (title ?? outcome);
  return limitDescription(`${what}${uuid}${openly}`);
}

export function limitDescription(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_DESCRIPTION_CHARS ? line : `${limitChars(line, MAX_DESCRIPTION_CHARS - 1)}…`;
}

/** The first so many UTF-16 units, and never half of a character that takes two. */
export function limitChars(value: string, maxChars: number): string {
  return value.slice(0, maxChars).replace(/[\ud800-\udbff]$/, '');
}

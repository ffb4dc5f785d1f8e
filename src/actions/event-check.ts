import { isProduction, PRODUCTION } from '../domain/github-deployment.ts';
import { eventMeaning, mayBuildPullRequest } from '../domain/workflow-events.ts';
import { ActionError } from '../errors.ts';
import type { WorkflowEvent } from '../github/event.ts';
import type { StatedPurpose } from '../inputs/purpose.ts';

/** What an action does, for the words. */
export interface Doing {
  /** What does not happen: `nothing is deployed`. */
  nothingDone: string;
  /** It has the input `pull-request`. */
  takesPullRequest: boolean;
  /** How to run it for such an event without changing anything. */
  harmless: string;
}

export const DEPLOYING: Doing = {
  nothingDone: 'nothing is deployed',
  takesPullRequest: true,
  harmless: '`dry-run: true` checks the bundle and deploys nothing',
};

export const ROLLING_BACK: Doing = {
  nothingDone: 'nothing is deployed',
  takesPullRequest: false,
  harmless: '`dry-run: true` finds and checks the bundle, and deploys nothing',
};

/** `import` and `sync`. */
export const WRITING_REDIRECTS: Doing = {
  nothingDone: 'nothing is changed',
  takesPullRequest: false,
  harmless: '`command: plan` says what would change, and changes nothing',
};

/**
 * Production is deployed to only on purpose: by an event that can mean it, or by an input that says what the run is for.
 * @throws ActionError that names the input
 */
export function requirePurpose(event: WorkflowEvent, stated: StatedPurpose, doing: Doing): void {
  const isNamed = stated.environment !== undefined || (doing.takesPullRequest && stated.pullRequest !== undefined);
  if (isNamed || stated.dryRun) return;
  const { means, because, keepOut } = eventMeaning(event);
  if (means !== 'nothing') return;
  const name = event.name === '' ? 'An event that GITHUB_EVENT_NAME does not name' : `The event \`${event.name}\``;
  const inputs = doing.takesPullRequest ? 'neither `environment` nor `pull-request`' : 'no `environment`';
  throw new ActionError(
    `${name} started this run, which does not mean ${PRODUCTION}: ${because}. The step gives ${inputs}, so ${doing.nothingDone}.`,
    { topic: 'not-known-what-this-run-is-for', title: 'Not known what this run is for', fix: fixOf(doing, keepOut) },
  );
}

const TAKE_OUT = "Take the event out of the workflow's `on:`, or keep this step from it by an `if:`";

function fixOf({ takesPullRequest, harmless }: Doing, keepOut = TAKE_OUT): string {
  const preview = takesPullRequest ? ', or `pull-request` with the number of the one that this is a preview of' : '';
  return `${keepOut} (${harmless}). If it is meant, say what the run is for: \`environment\` with a name, such as \`staging\` or \`${PRODUCTION}\`${preview}.`;
}

/**
 * A warning if a branch that is not the default one is shown as production; undefined if it is not, or if that is unknown.
 */
export function branchWarning(event: WorkflowEvent, stated: StatedPurpose): string | undefined {
  const { branch, defaultBranch } = event;
  if (stated.environment !== undefined || stated.pullRequest !== undefined || stated.dryRun) return undefined;
  if (branch === undefined || defaultBranch === undefined || branch === defaultBranch) return undefined;
  if (eventMeaning(event).means !== 'production') return undefined;
  return `This run is for \`${branch}\`, which is not the default branch (\`${defaultBranch}\`), and no \`environment\` is given: it counts as ${PRODUCTION}, is shown as that on GitHub, and a rollback may go back to its bundle. Give \`environment\` a name of its own, such as \`staging\`, or \`${PRODUCTION}\` where that is what it is.`;
}

/** The same for redirects, which are written to the store whatever the branch. */
export function redirectsWarning(event: WorkflowEvent, stated: StatedPurpose): string | undefined {
  const { branch, defaultBranch, isPullRequest, pullRequest } = event;
  if (stated.environment !== undefined) return undefined;
  const meant = 'Use `plan` there, or say by `environment` that it is meant, with any name.';
  if (isPullRequest) {
    const which = pullRequest === undefined ? 'a pull request' : `pull request #${pullRequest.number}`;
    return `The store's redirects are changed now, for ${which}, and not once it is merged. ${meant}`;
  }
  if (branch === undefined || defaultBranch === undefined || branch === defaultBranch) return undefined;
  return `The store's redirects are changed for \`${branch}\`, which is not the default branch (\`${defaultBranch}\`). ${meant}`;
}

/** A warning if production is rolled back for a pull request, of which this can be no preview; else undefined. */
export function rollbackWarning({ isPullRequest }: WorkflowEvent, stated: StatedPurpose): string | undefined {
  if (!isPullRequest || stated.environment !== undefined || stated.dryRun) return undefined;
  return `A pull request's event started this run, and yet the deployment goes to ${PRODUCTION}. Keep the step from such events by an \`if:\`, or say by \`environment: ${PRODUCTION}\` that it is meant.`;
}

/** A warning if the deployment is shown as a preview of a pull request that is closed; else undefined. */
export function closedWarning(event: WorkflowEvent, stated: StatedPurpose): string | undefined {
  const { pullRequest } = event;
  if (stated.environment !== undefined || !isClosing(event) || pullRequest === undefined) return undefined;
  if (stated.pullRequest !== undefined && stated.pullRequest !== String(pullRequest.number)) return undefined;
  const advice = pullRequest.isMerged
    ? `To deploy to ${PRODUCTION} what was merged, use \`on: push\` to the branch; \`environment: ${PRODUCTION}\` does it here, too, but a rollback does not take back what a pull request's run has built.`
    : "Leave `closed` out of the workflow's `types`, or keep this step from it by `if: github.event.action != 'closed'`.";
  return `Pull request #${pullRequest.number} is ${pullRequest.isMerged ? 'merged' : 'closed'}, and this deployment is shown as a preview of it. ${advice}`;
}

/** A warning if a bundle is stored in vain: it goes to production, and a rollback would refuse it; else undefined. */
export function noRollbackWarning({ name }: WorkflowEvent, { environment }: StatedPurpose): string | undefined {
  if (environment === undefined || !isProduction(environment) || !mayBuildPullRequest(name)) return undefined;
  return `\`${name}\` started this run, so \`rollback\` will not take ${PRODUCTION} back to this bundle: it may hold a pull request's code. Deploy ${PRODUCTION} by \`on: push\` to keep that way open, or set \`upload-artifact: false\` where nobody needs it.`;
}

/** The pull request of the event is closed by it, or was before. */
export function isClosing({ pullRequest, action, isPullRequest }: WorkflowEvent): boolean {
  return pullRequest?.isClosed === true || (isPullRequest && action === 'closed');
}

/** A run that must not be green without deploying: it is for production, or for the default branch. */
export function isForProduction(event: WorkflowEvent, { environment, pullRequest, dryRun }: StatedPurpose): boolean {
  if (dryRun || eventMeaning(event).means !== 'production') return false;
  if (environment === undefined) return pullRequest === undefined;
  const { branch, defaultBranch } = event;
  return isProduction(environment) || branch === undefined || defaultBranch === undefined || branch === defaultBranch;
}

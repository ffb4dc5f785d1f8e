import { DEPENDABOT } from '../domain/dependabot.ts';
import type { PREVIEW_KINDS, PreviewKind } from '../domain/preview-name.ts';
import { ActionError } from '../errors.ts';
import type { WorkflowEvent } from '../github/event.ts';
import type { StatedPurpose } from '../inputs/purpose.ts';
import { isClosing, isForProduction } from './event-check.ts';

/** Why a run has nothing to do, which is right. */
export interface Skip {
  /** The output `skipped-reason`. */
  reason: 'fork' | 'dependabot' | 'closed';
  /** For the log and the summary. */
  message: string;
}

/**
 * Runs for forks and for Dependabot get no secrets (API document, section 4): without an access token they skip, and
 * the job stays green. One that nevertheless has a token (Dependabot's own secrets, a private fork's) goes on.
 */
function skipReasonOf(event: WorkflowEvent, hasAccessToken: boolean): 'fork' | 'dependabot' | undefined {
  if (hasAccessToken) return undefined;
  const { name, pullRequest, actor } = event;
  if (pullRequest?.isFork === true && name !== 'pull_request_target') return 'fork';
  return actor === DEPENDABOT ? 'dependabot' : undefined;
}

/** Dependabot's branches begin with its name, whatever separator is set for them. */
const DEPENDABOT_BRANCH = /^dependabot\b/;

/**
 * A green run that leaves production unchanged: allowed on Dependabot's own branches, but not for what it merges.
 * @param stale what stays as it was
 * @throws ActionError
 */
function refuseStale(event: WorkflowEvent, stated: StatedPurpose, stale: string): void {
  if (!isForProduction(event, stated)) return;
  const { branch, defaultBranch, name } = event;
  const isKnown = branch !== undefined && branch === defaultBranch;
  if (!isKnown && branch !== undefined && DEPENDABOT_BRANCH.test(branch) && stated.environment === undefined) return;
  const what =
    name === 'push' && branch !== undefined
      ? `Dependabot pushed to \`${branch}\``
      : `Dependabot started this run (${name})`;
  throw new ActionError(
    `${what}, and its runs get none of the repository's Actions secrets: there is no access token. ${stale}`,
    {
      topic: 'skipped',
      title: "No secrets in Dependabot's run",
      fix: "Dependabot's secrets are a list of their own: add the access token, and the other secrets of this workflow, under Settings › Secrets and variables › Dependabot. For this commit start the workflow by hand (`workflow_dispatch`), or push again: a run that is run again as Dependabot's gets no more than before.",
    },
  );
}

/**
 * For a deployment.
 * @throws ActionError where production would stay as it was though something was merged
 */
export function skipOf(event: WorkflowEvent, hasAccessToken: boolean, stated: StatedPurpose): Skip | undefined {
  const reason = skipReasonOf(event, hasAccessToken);
  if (reason === 'fork') {
    return {
      reason,
      message: `Pull request #${event.pullRequest?.number} comes from a fork, and GitHub gives runs for forks no secrets: there is no access token to deploy with. Nothing was deployed, and nothing is wrong. To deploy it, push its branch to this repository.`,
    };
  }
  if (reason === undefined) return undefined;
  refuseStale(event, stated, 'What is live is still the commit before.');
  return {
    reason,
    message:
      "Dependabot started this run, and GitHub gives it none of the repository's Actions secrets: there is no access token to deploy with. Nothing was deployed, and nothing is wrong. To deploy its pull requests, give it the token among the repository's Dependabot secrets.",
  };
}

/**
 * For a preview of a closed pull request: another deployment would make an isolated one anew, and take a shared one from
 * those that are open.
 * @param preview as it is given; what is wrong with it is reported elsewhere
 */
export function skipClosedOf(event: WorkflowEvent, preview: PreviewKind | false | undefined, stated: StatedPurpose) {
  if (preview === undefined || preview === false) return undefined;
  const number = closedPullRequestOf(event);
  if (number === undefined || (stated.pullRequest !== undefined && stated.pullRequest !== String(number))) {
    return undefined;
  }
  return {
    reason: 'closed',
    message: `Pull request #${number} is closed: nothing was deployed, and nothing is wrong. ${CLOSED_ADVICE[preview]}`,
  } satisfies Skip;
}

const CLOSED_ADVICE: Readonly<Record<(typeof PREVIEW_KINDS)[number], string>> = {
  isolated: "The action `preview-cleanup` deletes the preview's project; a deployment would make it anew.",
  shared: 'The shared preview is left to the pull requests that are open.',
};

function closedPullRequestOf(event: WorkflowEvent): number | undefined {
  const { pullRequest, commentedPullRequest } = event;
  if (isClosing(event)) return pullRequest?.number;
  return commentedPullRequest?.isClosed === true ? commentedPullRequest.number : undefined;
}

/** For a deletion of previews. */
export function skipCleanupOf(event: WorkflowEvent, hasAccessToken: boolean): Skip | undefined {
  const reason = skipReasonOf(event, hasAccessToken);
  if (reason === 'fork') {
    return {
      reason,
      message: `Pull request #${event.pullRequest?.number} comes from a fork, and GitHub gives runs for forks no secrets: it had none to deploy a preview with either. Nothing was deleted, and nothing is wrong.`,
    };
  }
  if (reason === undefined) return undefined;
  return {
    reason,
    message:
      "Dependabot started this run, and GitHub gives it none of the repository's Actions secrets: there is no access token to delete a preview with. Nothing was deleted, and nothing is wrong. If the pull request had a preview, a scheduled run of this action deletes it.",
  };
}

/** For the worker's log. */
export function skipLogsOf(event: WorkflowEvent, hasAccessToken: boolean): Skip | undefined {
  const reason = skipReasonOf(event, hasAccessToken);
  if (reason === undefined) return undefined;
  return {
    reason,
    message: `${noSecretsOf(event, reason)}: there is no access token to read the log with. Nothing was read, and nothing is wrong.`,
  };
}

/** Why a run has no access token. */
function noSecretsOf(event: WorkflowEvent, reason: 'fork' | 'dependabot'): string {
  return reason === 'fork'
    ? `Pull request #${event.pullRequest?.number} comes from a fork, and GitHub gives runs for forks no secrets`
    : "Dependabot started this run, and GitHub gives it none of the repository's Actions secrets";
}

/**
 * For redirects.
 * @param stated undefined where nothing is written to the store
 * @param checksFile whether the command has a file, which is still checked; `export` has none
 * @throws ActionError where the store's redirects would stay as they were though something was merged
 */
export function skipRedirectsOf(
  event: WorkflowEvent,
  hasAccessToken: boolean,
  stated: StatedPurpose | undefined,
  checksFile = true,
): Skip | undefined {
  const reason = skipReasonOf(event, hasAccessToken);
  if (reason === undefined) return undefined;
  if (reason === 'dependabot' && stated !== undefined) {
    refuseStale(event, stated, 'What this commit changed is not in the store.');
  }
  const what = checksFile
    ? 'The file was checked as far as that goes without it; nothing was read from the store or changed'
    : 'No file was written, and nothing was read from the store';
  return {
    reason,
    message: `${noSecretsOf(event, reason)}: there is no access token to ask the store with. ${what}, and nothing is wrong.`,
  };
}

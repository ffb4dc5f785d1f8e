import { DEPENDABOT } from '../domain/dependabot.ts';
import type { WorkflowEvent } from '../github/event.ts';

/** Why a run has nothing to do, and is right so. */
export interface Skip {
  /** The output `skipped-reason`. */
  reason: 'fork' | 'dependabot';
  /** For the log and the summary. */
  message: string;
}

/**
 * Runs for forks and for Dependabot get no secrets (API document, section 4): without an access token they skip, and
 * the job stays green. One that has a token all the same (Dependabot's own secrets, a private fork's) goes on.
 */
function skipReasonOf(event: WorkflowEvent, hasAccessToken: boolean): Skip['reason'] | undefined {
  if (hasAccessToken) return undefined;
  const { name, pullRequest, actor } = event;
  if (pullRequest?.isFork === true && name !== 'pull_request_target') return 'fork';
  return actor === DEPENDABOT ? 'dependabot' : undefined;
}

/** Of a deployment. */
export function skipOf(event: WorkflowEvent, hasAccessToken: boolean): Skip | undefined {
  const reason = skipReasonOf(event, hasAccessToken);
  if (reason === 'fork') {
    return {
      reason,
      message: `Pull request #${event.pullRequest?.number} comes from a fork, and GitHub gives runs for forks no secrets: there is no access token to deploy with. Nothing was deployed, and nothing is wrong. To deploy it, push its branch to this repository.`,
    };
  }
  if (reason === undefined) return undefined;
  return {
    reason,
    message:
      "Dependabot started this run, and GitHub gives it none of the repository's Actions secrets: there is no access token to deploy with. Nothing was deployed, and nothing is wrong. To deploy its pull requests, give it the token among the repository's Dependabot secrets.",
  };
}

/** Of a deletion of previews. */
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

/** Of redirects. @param checksFile it is looked at all the same; `export` has none to look at */
export function skipRedirectsOf(event: WorkflowEvent, hasAccessToken: boolean, checksFile = true): Skip | undefined {
  const reason = skipReasonOf(event, hasAccessToken);
  if (reason === undefined) return undefined;
  const why =
    reason === 'fork'
      ? `Pull request #${event.pullRequest?.number} comes from a fork, and GitHub gives runs for forks no secrets`
      : "Dependabot started this run, and GitHub gives it none of the repository's Actions secrets";
  const what = checksFile
    ? 'The file was checked as far as that goes without it; nothing was read from the store or changed'
    : 'No file was written, and nothing was read from the store';
  return { reason, message: `${why}: there is no access token to ask the store with. ${what}, and nothing is wrong.` };
}

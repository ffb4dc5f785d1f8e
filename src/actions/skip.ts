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
 * the job stays green. One that has a token all the same (Dependabot's own secrets, a private fork's) deploys.
 */
export function skipOf(event: WorkflowEvent, hasAccessToken: boolean): Skip | undefined {
  if (hasAccessToken) return undefined;
  const { name, pullRequest, actor } = event;
  if (pullRequest?.isFork === true && name !== 'pull_request_target') {
    return {
      reason: 'fork',
      message: `Pull request #${pullRequest.number} comes from a fork, and GitHub gives runs for forks no secrets: there is no access token to deploy with. Nothing was deployed, and nothing is wrong. To deploy it, push its branch to this repository.`,
    };
  }
  if (actor !== DEPENDABOT) return undefined;
  return {
    reason: 'dependabot',
    message:
      "Dependabot started this run, and GitHub gives it none of the repository's Actions secrets: there is no access token to deploy with. Nothing was deployed, and nothing is wrong. To deploy its pull requests, give it the token among the repository's Dependabot secrets.",
  };
}

import { ActionError } from '../../errors.ts';
import type { WorkflowEvent } from '../../github/event.ts';
import type { GitHub, PullRequestState } from '../../github/github.ts';
import { statusOf } from '../../net/errors.ts';

/**
 * What GitHub knows of a pull request. `unknown`: it knows none of this number, or does not show it to this token.
 */
export type PullRequestStatus =
  | { kind: 'open' }
  | { kind: 'closed'; createdAt: string | undefined }
  | { kind: 'unknown'; error: ActionError };

export interface PullRequestStatusSource {
  /** Undefined without a token. */
  github: GitHub | undefined;
  event: WorkflowEvent;
  signal: AbortSignal;
}

const NOT_FOUND = 404;

/**
 * Whether a pull request is closed. Without a token only the event says so: the inputs make sure that only the event's own
 * pull request is asked about then.
 * @throws ActionError when GitHub cannot be asked, or answers neither that it is open nor that it is closed
 */
export async function readPullRequestStatus(
  pullRequest: number,
  { github, event, signal }: PullRequestStatusSource,
): Promise<PullRequestStatus> {
  if (github === undefined) {
    const known = event.pullRequest;
    const isClosed = known?.number === pullRequest && known.isClosed;
    return isClosed ? { kind: 'closed', createdAt: known.createdAt } : { kind: 'open' };
  }
  try {
    return judge(pullRequest, await github.readPullRequestState(pullRequest));
  } catch (error) {
    if (signal.aborted || !(error instanceof ActionError)) throw error;
    if (statusOf(error) === NOT_FOUND) return { kind: 'unknown', error };
    throw notAsked(pullRequest, error);
  }
}

/**
 * Only an unambiguous answer about this very number counts: a deletion cannot be undone, and a preview that stays for no
 * known reason is no success.
 * @throws ActionError
 */
function judge(pullRequest: number, answer: PullRequestState): PullRequestStatus {
  const { number, state, isPullRequest, createdAt } = answer;
  if (number === pullRequest && isPullRequest) {
    if (state === 'open') return { kind: 'open' };
    if (state === 'closed') return { kind: 'closed', createdAt };
  }
  throw new ActionError(`Its answer ${oddityOf(pullRequest, answer)}.`, {
    fix: 'Check what answers at GITHUB_API_URL; there may be a proxy in between.',
  });
}

/** The rest of a sentence that begins with "GitHub's answer". */
function oddityOf(pullRequest: number, { number, state, isPullRequest }: PullRequestState): string {
  if (number === undefined) return 'names no number';
  if (number !== pullRequest) return `is about #${number}`;
  if (!isPullRequest) return 'is about an issue and no pull request';
  return state === undefined ? 'names no state' : 'names a state that GitHub does not document';
}

/** The preview stays: it is not known whether its pull request is closed. */
export function notAsked(pullRequest: number, cause: ActionError): ActionError {
  return new ActionError(
    `GitHub does not say whether pull request #${pullRequest} is closed, so its preview stays. ${cause.message}`,
    {
      topic: 'preview-not-deleted',
      title: 'Preview not deleted: GitHub could not be asked',
      ...fixOf(cause),
      lastResort: cause.lastResort,
      cause,
    },
  );
}

export function fixOf({ fix }: ActionError): { fix?: string } {
  return fix === undefined ? {} : { fix };
}

import { ActionError } from '../../errors.ts';
import type { WorkflowEvent } from '../../github/event.ts';
import type { GitHub, PullRequestState } from '../../github/github.ts';
import { statusOf } from '../../net/errors.ts';

/**
 * What GitHub knows of a pull request. `unknown`: it knows none of this number, or does not show it to this token;
 * `unclear`: it answered something that says neither that it is open nor that it is closed.
 */
export type PullRequestStatus =
  | { kind: 'open' }
  | { kind: 'closed'; createdAt: string | undefined }
  | { kind: 'unknown'; error: ActionError }
  /** `why` is the rest of a sentence that begins with "GitHub's answer". */
  | { kind: 'unclear'; why: string };

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
 * @throws ActionError when GitHub cannot be asked
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

/** Only an unambiguous answer about this very number counts as closed: a deletion cannot be undone. */
function judge(pullRequest: number, { number, state, isPullRequest, createdAt }: PullRequestState): PullRequestStatus {
  if (number !== pullRequest) {
    return { kind: 'unclear', why: number === undefined ? 'names no number' : `is about #${number}` };
  }
  if (!isPullRequest) return { kind: 'unclear', why: 'is about an issue and no pull request' };
  if (state === 'open') return { kind: 'open' };
  if (state === 'closed') return { kind: 'closed', createdAt };
  return {
    kind: 'unclear',
    why: state === undefined ? 'names no state' : 'names a state that GitHub does not document',
  };
}

/** What to say of a preview that stays because GitHub's answer is unclear. */
export function unclearText(pullRequest: number, why: string): string {
  return `GitHub's answer to whether pull request #${pullRequest} is closed ${why}: its preview stays. Check what answers at GITHUB_API_URL; a proxy may stand in between.`;
}

/** The preview stays: it is not known whether its pull request is closed. */
export function notAsked(pullRequest: number, cause: ActionError): ActionError {
  return new ActionError(
    `GitHub does not say whether pull request #${pullRequest} is closed, so its preview stays. ${cause.message}`,
    { title: 'Preview not deleted: GitHub could not be asked', ...fixOf(cause), cause },
  );
}

export function fixOf({ fix }: ActionError): { fix?: string } {
  return fix === undefined ? {} : { fix };
}

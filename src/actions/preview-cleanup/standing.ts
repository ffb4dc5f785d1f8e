import { ActionError } from '../../errors.ts';
import type { WorkflowEvent } from '../../github/event.ts';
import type { GitHub } from '../../github/github.ts';
import { statusOf } from '../announcement/surface.ts';

/** What GitHub knows of a pull request; `unknown`: it knows none of this number, or does not show it to this token. */
export type Standing =
  | { kind: 'open' }
  | { kind: 'closed'; createdAt: string | undefined }
  | { kind: 'unknown'; error: ActionError };

export interface StandingSource {
  /** Undefined without a token. */
  github: GitHub | undefined;
  event: WorkflowEvent;
  signal: AbortSignal;
}

const NOT_FOUND = 404;

/**
 * Whether a pull request is closed. Without a token only the event says so: the inputs see to it that it is asked about
 * the event's own pull request alone then.
 * @throws ActionError when nobody says so
 */
export async function readStanding(pullRequest: number, { github, event, signal }: StandingSource): Promise<Standing> {
  if (github === undefined) {
    const known = event.pullRequest;
    const isClosed = known?.number === pullRequest && known.isClosed;
    return isClosed ? { kind: 'closed', createdAt: known.createdAt } : { kind: 'open' };
  }
  try {
    const { isOpen, createdAt } = await github.readPullRequest(pullRequest);
    return isOpen ? { kind: 'open' } : { kind: 'closed', createdAt };
  } catch (error) {
    if (signal.aborted || !(error instanceof ActionError)) throw error;
    if (statusOf(error) === NOT_FOUND) return { kind: 'unknown', error };
    throw notAsked(pullRequest, error);
  }
}

/** The preview stays: nobody knows whether its pull request is closed. */
export function notAsked(pullRequest: number, cause: ActionError): ActionError {
  return new ActionError(
    `GitHub does not say whether pull request #${pullRequest} is closed, so its preview stays. ${cause.message}`,
    { title: 'Preview not deleted: GitHub could not be asked', ...fixOf(cause), cause },
  );
}

export function fixOf({ fix }: ActionError): { fix?: string } {
  return fix === undefined ? {} : { fix };
}

/** How far a run got on the remote side: what a cancelled run may say for certain. */
export const REMOTE_STAGES = ['nothing-sent', 'creating', 'not-created', 'created', 'failed', 'completed'] as const;

export type RemoteStage = (typeof REMOTE_STAGES)[number];

export interface RemoteState {
  readonly stage: RemoteStage;
  readonly deploymentUuid: string | undefined;
}

/** What happens on the remote side. Times are ms since 1970, by this runner's clock. */
export type RemoteEvent =
  /** The request to create a deployment is being sent, or may have been carried out. */
  | { type: 'creating' }
  /** It is certain that this run has no deployment: the request was refused, or has not been sent yet. */
  | { type: 'not-created' }
  | { type: 'created'; deploymentUuid: string }
  /** The platform's verdict. */
  | { type: 'failed'; code: string | undefined; meaning: string }
  | { type: 'deployed'; urls: readonly string[]; atMs: number };

export const NOTHING_SENT: RemoteState = { stage: 'nothing-sent', deploymentUuid: undefined };

/** The state after an event. */
export function foldRemoteEvent(state: RemoteState, event: RemoteEvent): RemoteState {
  switch (event.type) {
    case 'creating':
    case 'not-created':
      // A deployment of an earlier, failed attempt says nothing about this one.
      return { stage: event.type, deploymentUuid: undefined };
    case 'created':
      return { stage: 'created', deploymentUuid: event.deploymentUuid };
    case 'failed':
      return { ...state, stage: 'failed' };
    case 'deployed':
      return { ...state, stage: 'completed' };
  }
}

/** The platform may have changed the storefront for this run, or may yet do so: the outcome is unknown here. */
export function isOpenRemotely({ stage }: RemoteState): boolean {
  return stage === 'creating' || stage === 'created';
}

import { ActionError, CancelledError } from '../errors.ts';

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

interface Words {
  /** For the log's last line. */
  short: string;
  long: (deploymentUuid: string) => string;
  fix: string;
}

const AS_IT_WAS: Words = {
  short: 'nothing was deployed',
  long: () => 'Nothing was deployed: the storefront is as it was.',
  fix: 'Run the job again when you want to deploy.',
};

const WORDS: Readonly<Record<RemoteStage, Words>> = {
  'nothing-sent': AS_IT_WAS,
  'not-created': AS_IT_WAS,
  creating: {
    short: 'a deployment may have been started',
    long: () => 'The request to create the deployment was under way: the platform may or may not have started it.',
    fix: 'Look at the project in the control panel before you deploy again.',
  },
  created: {
    short: 'the deployment continues remotely',
    long: (deploymentUuid) =>
      `Deployment ${deploymentUuid} continues remotely: the platform has no call that cancels one, so the storefront may still change.`,
    fix: 'Wait until it is over before you deploy again: a second deployment is refused with 409 meanwhile.',
  },
  failed: {
    short: 'the platform had failed the deployment before',
    long: () => 'The platform had failed the deployment before; no further attempt was made.',
    fix: 'Run the job again.',
  },
  completed: {
    short: 'the platform had completed the deployment',
    long: (deploymentUuid) =>
      `The platform had completed deployment ${deploymentUuid} before: the storefront shows it.`,
    fix: 'Nothing: only the end of this step was cut off.',
  },
};

/** The end of a run that was cancelled in this state. */
export function cancelledIn({ stage, deploymentUuid = '' }: RemoteState, reason: unknown): CancelledError {
  const why = reason instanceof ActionError ? reason.message : 'The job was cancelled.';
  const { short, long, fix } = WORDS[stage];
  return new CancelledError(`${why} ${long(deploymentUuid)}`, {
    title: 'Deployment cancelled',
    fix,
    inShort: short,
    cause: reason,
  });
}

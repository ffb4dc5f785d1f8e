import { ActionError, CancelledError } from '../errors.ts';

/** How far a run got on the remote side: what a cancelled run may say for certain. */
export const REMOTE_STAGES = ['nothing-sent', 'creating', 'not-created', 'created', 'failed', 'completed'] as const;

export type RemoteStage = (typeof REMOTE_STAGES)[number];

export interface RemoteState {
  stage: RemoteStage;
  deploymentUuid: string | undefined;
}

/** @param onChange called after each change of the stage */
export function createRemoteState(onChange: (state: RemoteState) => void): RemoteState {
  let stage: RemoteStage = 'nothing-sent';
  return {
    deploymentUuid: undefined,
    get stage() {
      return stage;
    },
    set stage(next) {
      const isNews = next !== stage;
      stage = next;
      if (isNews) onChange(this);
    },
  };
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
    short: 'the deployment goes on remotely',
    long: (deploymentUuid) =>
      `Deployment ${deploymentUuid} goes on remotely: the platform has no call that cancels one, so the storefront may still change.`,
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
  return new CancelledError(`${why} ${long(deploymentUuid)}`, { fix, inShort: short, cause: reason });
}

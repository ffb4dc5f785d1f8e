import { ActionError, CancelledError } from '../errors.ts';
import type { RemoteStage, RemoteState } from './remote-state.ts';
import { DEPLOYING, type RunStep } from './run-step.ts';

/** What a run that was cancelled says for certain of the storefront. */

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

const GO_BACK =
  'Look at the storefront. To have the former build back now, run the rollback action for this environment.';

const LIVE_UNVERIFIED: Words = {
  short: 'it is live, and was not verified',
  long: (deploymentUuid) =>
    `The platform had completed deployment ${deploymentUuid} before: it is live, and whether it works was not verified.`,
  fix: GO_BACK,
};

const LIVE_BROKEN: Words = {
  short: 'it is live, and does not work',
  long: () => 'What this run deployed is live, and does not work: it was not rolled back.',
  fix: GO_BACK,
};

function settingSiteUrl(channelId: number, isSent: boolean): Words {
  const what = `the site URL of channel ${channelId}`;
  const short = isSent ? `${what} may or may not be updated` : `${what} is as it was`;
  return {
    short: `it is live; ${short}`,
    long: (deploymentUuid) =>
      `The platform had completed deployment ${deploymentUuid} before: it is live, and ${short}.`,
    fix: "Look at the channel's settings in the control panel, or run the job again.",
  };
}

const rehearsing = (project: string): Words => ({
  short: 'nothing was deployed to the project itself',
  long: () =>
    `Nothing was deployed to the project itself: the storefront is as it was. What the rehearsal began in the project "${project}" may continue there.`,
  fix: `${AS_IT_WAS.fix} While a deployment of the rehearsal is in progress, another one of that project is refused with 409.`,
});

function restoring({ stage }: Pick<RemoteState, 'stage'>, sha: string): Words {
  const build = `the build of commit ${sha.slice(0, 7)}`;
  if (stage !== 'creating' && stage !== 'created') return LIVE_BROKEN;
  return {
    short: 'the rollback may continue remotely',
    long: (deploymentUuid) =>
      `What this run deployed does not work. The rollback to ${build} was under way${deploymentUuid === '' ? '' : ` (deployment ${deploymentUuid})`} and may continue remotely, so either build may be live.`,
    fix: 'Look at the project in the control panel, and at the storefront, before you deploy again.',
  };
}

const restored = (sha: string): Words => ({
  short: `rolled back to ${sha.slice(0, 7)}`,
  long: () =>
    `What this run deployed did not work, and was rolled back: the build of commit ${sha.slice(0, 7)} is live again. Whether it works was not verified.`,
  fix: 'Look at the storefront, find out what broke, and deploy the mended build.',
});

function wordsFor(remote: RemoteState, step: RunStep): Words {
  switch (step.kind) {
    case 'deploying':
      return WORDS[remote.stage];
    case 'rehearsing':
      return rehearsing(step.project);
    case 'verifying':
      return LIVE_UNVERIFIED;
    case 'site-url':
      return settingSiteUrl(step.channelId, step.isSent);
    case 'broken':
      return LIVE_BROKEN;
    case 'restoring':
      return restoring(remote, step.sha);
    case 'restored':
      return restored(step.sha);
  }
}

/** The end of a run that was cancelled in this state, and at this step. */
export function cancelledIn(remote: RemoteState, reason: unknown, step: RunStep = DEPLOYING): CancelledError {
  const { deploymentUuid = '' } = remote;
  const why = reason instanceof ActionError ? reason.message : 'The job was cancelled.';
  const { short, long, fix } = wordsFor(remote, step);
  return new CancelledError(`${why} ${long(deploymentUuid)}`, {
    topic: 'cancelled',
    title: 'Deployment cancelled',
    fix,
    inShort: short,
    cause: reason,
  });
}

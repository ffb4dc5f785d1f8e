import { setTimeout as sleep } from 'node:timers/promises';
import type { DeploymentRequest, HostingClient } from '../bigcommerce/hosting.ts';
import { ActionError } from '../errors.ts';
import type { DeployInputs } from '../inputs/deploy.ts';
import type { Phase } from '../report/deploy-report.ts';
import { formatDuration } from '../report/format.ts';

/** A lost answer or a 5xx is followed by one more request, after this pause. */
const RESEND_PAUSE_MS = 2000;
/** The first retry after a conflict comes within 5 s, jitter included. */
const FIRST_CONFLICT_PAUSE_MS = 4000;
const LONGEST_CONFLICT_PAUSE_MS = 30_000;
const MAX_UPLOADS_AGAIN = 2;

export interface CreateRequest extends DeploymentRequest {
  /** Signs and uploads anew, when the platform no longer has the upload. */
  uploadAgain: () => Promise<string>;
}

export interface CreateDependencies {
  hosting: HostingClient;
  signal: AbortSignal;
  phase: Phase;
  warn: (message: string) => void;
}

type ConflictPolicy = Pick<DeployInputs, 'onConflict' | 'conflictTimeoutMs'>;

/**
 * Creates the deployment: waits out a conflict where the user asked for it, sends once more after a lost answer, and
 * uploads again when the upload is gone.
 * @returns the deployment's UUID
 * @throws ActionError with the outcome `conflict`, `unknown` or `error`
 */
export async function createDeployment(
  request: CreateRequest,
  policy: ConflictPolicy,
  { hosting, signal, phase, warn }: CreateDependencies,
): Promise<string> {
  const conflict = createConflictWait(policy);
  let { uploadUuid } = request;
  let uploadsAgain = 0;
  /** The failure after which this run's own deployment may be running. */
  let doubt: ActionError | undefined;
  let resent = false;
  for (;;) {
    const answer = await hosting.createDeployment({ ...request, uploadUuid });
    switch (answer.kind) {
      case 'created':
        return answer.deploymentUuid;
      case 'uncertain':
        if (resent) throw noAnswer(answer.error);
        doubt = answer.error;
        resent = true;
        warn(`${answer.error.message} It may have been carried out all the same; sending it once more.`);
        await sleep(RESEND_PAUSE_MS, undefined, { signal });
        break;
      case 'upload-gone':
        if (uploadsAgain >= MAX_UPLOADS_AGAIN) throw answer.error;
        uploadsAgain += 1;
        warn(`${answer.error.message} Uploading the bundle again.`);
        uploadUuid = await request.uploadAgain();
        break;
      case 'conflict':
        await conflict.wait(doubt, { signal, phase });
        // The platform has spoken: should the next answer be lost, that is a new doubt with a new second chance.
        resent = false;
    }
  }
}

interface ConflictWait {
  /** Waits before the next try. @throws ActionError when the user does not want to wait (any longer) */
  wait(doubt: ActionError | undefined, context: { signal: AbortSignal; phase: Phase }): Promise<void>;
}

function createConflictWait({ onConflict, conflictTimeoutMs }: ConflictPolicy): ConflictWait {
  let deadlineMs: number | undefined;
  let pauseMs = FIRST_CONFLICT_PAUSE_MS;
  return {
    wait: async (doubt, { signal, phase }) => {
      if (onConflict === 'fail') throw doubt === undefined ? conflictError() : ownConflict(doubt);
      deadlineMs ??= performance.now() + conflictTimeoutMs;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw doubt === undefined ? conflictError(conflictTimeoutMs) : ownConflict(doubt);
      const jittered = pauseMs * (0.75 + Math.random() / 2);
      const waitMs = Math.min(jittered, leftMs);
      phase.status(`waiting for another deployment of the project, ${formatDuration(leftMs)} left`);
      phase.info(
        `Another deployment of this project is in progress (409). Next try in ${formatDuration(waitMs)}; giving up in ${formatDuration(leftMs)}.`,
      );
      pauseMs = Math.min(LONGEST_CONFLICT_PAUSE_MS / 1.25, pauseMs * 2);
      await sleep(waitMs, undefined, { signal });
    },
  };
}

function conflictError(waitedMs?: number): ActionError {
  const waited = waitedMs === undefined ? '' : ` It was still so after ${formatDuration(waitedMs)} of waiting.`;
  return new ActionError(
    `Another deployment of this project is in progress; the platform allows one at a time (409).${waited}`,
    {
      title: 'Another deployment is in progress',
      outcome: 'conflict',
      fix:
        waitedMs === undefined
          ? 'Run the job again when the other deployment is done, or set `on-conflict: wait`. A `concurrency` group in the workflow keeps two jobs from deploying at once.'
          : 'Run the job again when the other deployment is done, or raise `conflict-timeout-minutes`. A `concurrency` group in the workflow keeps two jobs from deploying at once.',
    },
  );
}

function ownConflict(doubt: ActionError): ActionError {
  return new ActionError(
    'The answer to the first request was lost or a server fault, and the second one was refused with 409: the deployment that is in progress may well be this very one.',
    {
      title: 'No verdict: the deployment may be running',
      outcome: 'unknown',
      fix: 'Look at the project in the control panel. If the storefront did not change, run the job again; `on-conflict: wait` would have waited and deployed the same bytes again.',
      cause: doubt,
    },
  );
}

function noAnswer(error: ActionError): ActionError {
  return new ActionError(`${error.message} This was the second try: the deployment may or may not have been started.`, {
    title: 'No verdict: no answer to the request',
    outcome: 'unknown',
    fix: 'Look at the project in the control panel. If the storefront did not change, run the job again.',
    cause: error,
  });
}

import type { CreateAnswer, DeploymentRequest, HostingClient } from '../bigcommerce/hosting.ts';
import { ActionError } from '../errors.ts';
import type { DeployInputs } from '../inputs/deploy.ts';
import { pause } from '../pause.ts';
import type { DeployEvent } from '../report/deploy-record.ts';
import { formatDuration } from '../report/format.ts';
import type { Phase, Run } from '../report/run-events.ts';

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
  run: Pick<Run<DeployEvent>, 'emit' | 'warn'>;
}

type ConflictPolicy = Pick<DeployInputs, 'onConflict' | 'conflictTimeoutMs'>;

/** The longest wait that the platform may ask for: for a conflict, the rest of its own time; else `timeoutMs`. */
type CreatePolicy = ConflictPolicy & Pick<DeployInputs, 'timeoutMs'>;

/**
 * Creates the deployment: waits for the end of a conflict if the user wants that, sends once more after a lost answer, and
 * uploads again when the upload is gone.
 * @returns the deployment's UUID
 * @throws ActionError with the outcome `conflict`, `unknown` or `error`
 */
export async function createDeployment(
  request: CreateRequest,
  policy: CreatePolicy,
  dependencies: CreateDependencies,
): Promise<string> {
  const doubt: Doubt = { failure: undefined };
  try {
    return await tryToCreate(request, policy, dependencies, doubt);
  } catch (error) {
    if (dependencies.signal.aborted || doubt.failure === undefined) throw error;
    if (!(error instanceof ActionError) || error.outcome === 'unknown') throw error;
    throw afterLostAnswer(doubt.failure, error, policy);
  }
}

/** The failure after which the deployment of this run may be running, or may have run. */
interface Doubt {
  failure: ActionError | undefined;
}

async function tryToCreate(
  request: CreateRequest,
  policy: CreatePolicy,
  { hosting, signal, phase, run }: CreateDependencies,
  doubt: Doubt,
): Promise<string> {
  const conflict = createConflictWait(policy);
  let { uploadUuid } = request;
  let uploadsAgain = 0;
  let resent = false;
  /** What the platform may ask for in all, apart from the waits for a conflict. */
  let waitLeftMs = policy.timeoutMs;
  for (;;) {
    const answer = await send({ ...request, uploadUuid }, { hosting, signal, run }, doubt);
    switch (answer.kind) {
      case 'created':
        return answer.deploymentUuid;
      case 'uncertain':
        if (resent) throw noAnswer(answer.error);
        if (answer.namedWaitMs > waitLeftMs) throw waitTooLong(answer, policy);
        waitLeftMs -= answer.namedWaitMs;
        doubt.failure = answer.error;
        resent = true;
        run.warn(
          `${answer.error.message} It may still have been carried out; sending it once more.`,
          'No answer to the request',
        );
        await pause(Math.max(RESEND_PAUSE_MS, answer.namedWaitMs), signal);
        break;
      case 'upload-gone':
        if (uploadsAgain >= MAX_UPLOADS_AGAIN) throw answer.error;
        uploadsAgain += 1;
        run.warn(`${answer.error.message} Uploading the bundle again.`, 'Upload no longer there');
        uploadUuid = await request.uploadAgain();
        break;
      case 'conflict':
        await conflict.wait(answer.namedWaitMs, { signal, phase });
        // Should the next answer be lost, that is a new doubt with a new second chance.
        resent = false;
    }
  }
}

/**
 * Sends the request once, and reports what is certain then.
 * @throws ActionError when it is refused; the signal's reason
 */
async function send(
  request: CreateRequest,
  { hosting, signal, run }: Pick<CreateDependencies, 'hosting' | 'signal' | 'run'>,
  doubt: Doubt,
): Promise<CreateAnswer> {
  // After a refusal it is certain that nothing was started, unless that may have happened before.
  const refused = () => {
    if (doubt.failure === undefined) run.emit({ type: 'not-created' });
  };
  try {
    const answer = await hosting.createDeployment(request, (stage) => {
      run.emit({ type: stage === 'sending' || doubt.failure !== undefined ? 'creating' : 'not-created' });
    });
    if (answer.kind === 'conflict' || answer.kind === 'upload-gone') refused();
    return answer;
  } catch (error) {
    if (!signal.aborted && error instanceof ActionError) refused();
    throw error;
  }
}

interface ConflictWait {
  /** Waits before the next try. @throws ActionError when the user does not want to wait (any longer) */
  wait(namedWaitMs: number, context: { signal: AbortSignal; phase: Phase }): Promise<void>;
}

function createConflictWait({ onConflict, conflictTimeoutMs }: ConflictPolicy): ConflictWait {
  let deadlineMs: number | undefined;
  let pauseMs = FIRST_CONFLICT_PAUSE_MS;
  return {
    wait: async (namedWaitMs, { signal, phase }) => {
      if (onConflict === 'fail') throw conflictError();
      deadlineMs ??= performance.now() + conflictTimeoutMs;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw conflictError(stillSo(conflictTimeoutMs));
      if (namedWaitMs > leftMs) throw conflictError(askedTooMuch(namedWaitMs, leftMs));
      const jittered = Math.max(namedWaitMs, pauseMs * (0.75 + Math.random() / 2));
      const waitMs = Math.min(jittered, leftMs);
      phase.status(`waiting for another deployment of the project, ${formatDuration(leftMs)} left`);
      phase.info(
        `Another deployment of this project is in progress (409). Next try in ${formatDuration(waitMs)}; giving up in ${formatDuration(leftMs)}.`,
      );
      pauseMs = Math.min(LONGEST_CONFLICT_PAUSE_MS / 1.25, pauseMs * 2);
      await pause(waitMs, signal);
    },
  };
}

function stillSo(waitedMs: number): string {
  return ` It was still so after ${formatDuration(waitedMs)} of waiting.`;
}

function askedTooMuch(namedWaitMs: number, leftMs: number): string {
  return ` It asks to wait ${formatDuration(namedWaitMs)} before the next try, which is more than the ${formatDuration(leftMs)} that are left.`;
}

/** @param waited what came of waiting, where the user wanted it */
function conflictError(waited?: string): ActionError {
  const instead = waited === undefined ? 'set `on-conflict: wait`' : 'raise `conflict-timeout-minutes`';
  return new ActionError(
    `Another deployment of this project is in progress; the platform allows one at a time (409).${waited ?? ''}`,
    {
      topic: 'another-deployment-is-in-progress',
      title: 'Another deployment is in progress',
      outcome: 'conflict',
      fix: `Run the job again when the other deployment is done, or ${instead}. A \`concurrency\` group in the workflow keeps two jobs from deploying at once.`,
    },
  );
}

/** What a second failure means if the first request may have been carried out. */
function afterLostAnswer(doubt: ActionError, failure: ActionError, { onConflict }: ConflictPolicy): ActionError {
  const second =
    failure.outcome === 'conflict'
      ? 'the second one was refused with 409, so the deployment that is in progress may well be this very one'
      : `what was tried after it failed: ${failure.message}`;
  const advice =
    failure.outcome === 'conflict' && onConflict === 'fail'
      ? ' `on-conflict: wait` would have waited, and deployed the same bytes again.'
      : '';
  return new ActionError(
    `The answer to the first request to create the deployment was lost or a server fault, and ${second.replace(/\.?$/, '.')}`,
    {
      topic: 'no-verdict',
      title: 'No verdict: the deployment may be running',
      outcome: 'unknown',
      fix: `Look at the project in the control panel. If the storefront did not change, run the job again.${advice}`,
      cause: new Error(failure.message, { cause: doubt }),
    },
  );
}

function waitTooLong(
  { error, namedWaitMs }: { error: ActionError; namedWaitMs: number },
  { timeoutMs }: CreatePolicy,
): ActionError {
  const asked = `It asks to wait ${formatDuration(namedWaitMs)} before the next request, which is more than the ${formatDuration(timeoutMs)} of \`timeout-minutes\``;
  return new ActionError(`${error.message} ${asked}: the deployment may or may not have been started.`, {
    topic: 'no-verdict',
    title: 'No verdict: the platform asks to wait for too long',
    outcome: 'unknown',
    fix: 'Look at the project in the control panel. If the storefront did not change, run the job again when that time is over.',
    cause: error,
  });
}

function noAnswer(error: ActionError): ActionError {
  return new ActionError(`${error.message} This was the second try: the deployment may or may not have been started.`, {
    topic: 'no-verdict',
    title: 'No verdict: no answer to the request',
    outcome: 'unknown',
    fix: 'Look at the project in the control panel. If the storefront did not change, run the job again.',
    cause: error,
  });
}

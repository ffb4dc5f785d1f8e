import type { HostingClient } from '../bigcommerce/hosting.ts';
import {
  applyEvent,
  type DeploymentState,
  explainFailureCode,
  INITIAL_STATE,
  isDeployedAllTheSame,
  verdictOf,
} from '../domain/deployment.ts';
import { ActionError } from '../errors.ts';
import type { HelpTopic } from '../help-topics.ts';
import { timeoutSignal } from '../pause.ts';
import { formatDuration } from '../report/format.ts';
import { stepText } from '../report/phrases.ts';
import type { Logger, Phase } from '../report/run-events.ts';
import { createSkipWarning } from './skip-warning.ts';

const SLOW_ADVICE = 'If deployments of this project take long, raise `timeout-minutes`.';
/** More time would not help. */
const FAULT_ADVICE = 'The event stream was interrupted: fix what is named here before the next run.';

/** The platform's verdict was `failed`. */
export class DeploymentFailedError extends ActionError {
  override name = 'DeploymentFailedError';
  readonly code: string | undefined;
  readonly meaning: string;
  readonly worthAnotherTry: boolean;

  constructor(deploymentUuid: string, state: DeploymentState) {
    const { meaning, fix, worthAnotherTry } = explainFailureCode(state.errorCode);
    const code = state.errorCode === undefined ? 'without a code' : `with code ${state.errorCode}`;
    const where = state.step === undefined ? '' : ` at the step "${state.step}"`;
    const noAddress = isDeployedAllTheSame(state.errorCode);
    const how = noAddress ? 'ended' : `failed${where}`;
    super(`Deployment ${deploymentUuid} ${how} ${code}: ${meaning}.`, {
      title: `${noAddress ? 'Deployed, but without an address' : 'Deployment failed'}${state.errorCode === undefined ? '' : ` (code ${state.errorCode})`}`,
      outcome: 'failed',
      topic: topicOfCode(state.errorCode),
      fix,
    });
    this.code = state.errorCode;
    this.meaning = meaning;
    this.worthAnotherTry = worthAnotherTry;
  }
}

const CODES = ['10', '20', '30', '40', '50', '60'] as const;

function topicOfCode(code: string | undefined): HelpTopic {
  const known = CODES.find((one) => one === code);
  return `deployment-failed-${known === undefined ? 'another-code' : (`code-${known}` as const)}`;
}

export interface FollowDependencies {
  hosting: HostingClient;
  signal: AbortSignal;
  phase: Phase;
  timeoutMs: number;
  run: Pick<Logger, 'debug' | 'warn'>;
}

/**
 * Follows a deployment to its verdict. Only the status `completed` is success.
 * @returns the addresses of the storefront
 * @throws DeploymentFailedError; ActionError with the outcome `unknown` when no verdict came in time
 */
export async function followDeployment(
  deploymentUuid: string,
  dependencies: FollowDependencies,
): Promise<readonly string[]> {
  const { hosting, phase, run } = dependencies;
  const deadline = timeoutSignal(dependencies.timeoutMs);
  const startMs = performance.now();
  let state = INITIAL_STATE;
  /** The last problem with the stream, if no event has come since. */
  let fault: string | undefined;
  try {
    const events = hosting.followDeployment(deploymentUuid, {
      signal: AbortSignal.any([dependencies.signal, deadline]),
      timeLeftMs: () => startMs + dependencies.timeoutMs - performance.now(),
      onReconnect: ({ isFault, reason }) => {
        run.debug(reason);
        if (!isFault) return;
        if (fault === undefined) phase.info(`Trouble with the event stream, which is opened again: ${reason}`);
        fault = reason;
      },
      onSkipped: createSkipWarning(run, "deployment's event stream"),
    });
    for await (const event of events) {
      const next = applyEvent(state, event);
      state = next.state;
      fault = undefined;
      phase.status(stepText(state));
      if (next.isNews) phase.info(`${formatDuration(performance.now() - startMs).padStart(7)}  ${stepText(state)}`);
      const verdict = verdictOf(event);
      if (verdict === 'failed') throw failed(deploymentUuid, state, phase);
      if (verdict === 'completed') return complete(state, dependencies);
    }
  } catch (error) {
    if (dependencies.signal.aborted || error instanceof DeploymentFailedError) throw error;
    if (deadline.aborted) {
      const why = `no verdict came within ${formatDuration(dependencies.timeoutMs)}${fault === undefined ? '' : ` (${fault})`}`;
      throw noVerdict(deploymentUuid, why, state, fault === undefined ? SLOW_ADVICE : FAULT_ADVICE);
    }
    if (!(error instanceof ActionError)) throw error;
    throw noVerdict(deploymentUuid, `the event stream was refused. ${error.message}`, state, error.fix ?? '', error);
  }
  throw noVerdict(deploymentUuid, 'the event stream is over', state, '');
}

function failed(deploymentUuid: string, state: DeploymentState, phase: Phase): DeploymentFailedError {
  phase.result(`${stepText(state)}, ${state.errorCode === undefined ? 'no code' : `code ${state.errorCode}`}`);
  return new DeploymentFailedError(deploymentUuid, state);
}

function complete(state: DeploymentState, { phase, run }: FollowDependencies): readonly string[] {
  if (state.errorCode !== undefined) {
    run.warn(
      `The deployment is completed, and yet the platform gave code ${state.errorCode}: ${explainFailureCode(state.errorCode).meaning}.`,
      'Completed with an error code',
    );
  }
  phase.result(`completed${state.urls.length === 0 ? '' : `: ${state.urls.join(', ')}`}`);
  return state.urls;
}

function noVerdict(
  deploymentUuid: string,
  why: string,
  state: DeploymentState,
  advice: string,
  cause?: ActionError,
): ActionError {
  const storefront = state.urls[0] === undefined ? 'the storefront' : `the storefront (${state.urls[0]})`;
  return new ActionError(
    `No verdict on deployment ${deploymentUuid}: ${why.replace(/\.?$/, '.')} Last seen: ${stepText(state)}. It continues remotely, and may still succeed or fail.`,
    {
      topic: 'no-verdict',
      title: 'No verdict on the deployment',
      outcome: 'unknown',
      fix: `Look at the project in the control panel, or open ${storefront}, before you deploy again. ${advice}`.trim(),
      cause,
    },
  );
}

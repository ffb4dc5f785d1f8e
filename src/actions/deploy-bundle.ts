import type { HostingClient } from '../bigcommerce/hosting.ts';
import type { Bundle } from '../domain/bundle.ts';
import type { FlowInputs } from '../inputs/flow.ts';
import { pause } from '../pause.ts';
import type { DeployEvent } from '../report/deploy-record.ts';
import { uploadProgressText } from '../report/phrases.ts';
import type { Phase, Run } from '../report/run-events.ts';
import { createDeployment } from './create-deployment.ts';
import { DeploymentFailedError, followDeployment } from './follow-deployment.ts';

export interface DeployBundleDependencies {
  hosting: HostingClient;
  run: Run<DeployEvent>;
  signal: AbortSignal;
  /** What has to be over before a deployment is created, and may go on during the upload. Never rejects. */
  untilCreating?: Promise<unknown>;
}

/** How it is deployed. */
type Policy = Omit<FlowInputs, 'dryRun' | 'verification'>;

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Uploads a bundle, creates the deployment and follows it, and repeats that while the platform fails it with a code that
 * is worth another try.
 * @returns the addresses of the storefront
 * @throws ActionError with the outcome of the run
 */
export async function deployBundle(
  bundle: Bundle,
  projectUuid: string,
  inputs: Policy,
  dependencies: DeployBundleDependencies,
): Promise<readonly string[]> {
  const { run, signal } = dependencies;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const urls = await deployOnce({ bundle, projectUuid, attempt }, inputs, dependencies);
      run.emit({ type: 'deployed', urls, atMs: Date.now() });
      if (urls.length === 0)
        run.warn(
          'The platform completed the deployment but named no address for it.',
          'Deployed, but without an address',
        );
      return urls;
    } catch (error) {
      if (!(error instanceof DeploymentFailedError)) throw error;
      run.emit({ type: 'failed', code: error.code, meaning: error.meaning });
      if (!error.worthAnotherTry || attempt >= inputs.maxAttempts) throw error;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      run.warn(
        `${error.message} Trying again in ${pauseMs / 1000} s (attempt ${attempt + 1} of ${inputs.maxAttempts}).`,
        'Deployment failed, next attempt follows',
      );
      await pause(pauseMs, signal);
    }
  }
}

interface Attempt {
  bundle: Bundle;
  projectUuid: string;
  attempt: number;
}

/** @returns the addresses of the storefront */
async function deployOnce(
  { bundle, projectUuid, attempt }: Attempt,
  inputs: Policy,
  { hosting, run, signal, untilCreating }: DeployBundleDependencies,
): Promise<readonly string[]> {
  const suffix = attempt === 1 ? '' : ` (attempt ${attempt})`;
  const upload = async (phase: Phase) => {
    const uploadUuid = await hosting.upload(bundle, {
      sent: (bytes) => phase.status(uploadProgressText(bytes, bundle.sizeBytes)),
    });
    run.emit({ type: 'uploaded', uploadUuid });
    phase.info(`Upload ${uploadUuid}`);
    return uploadUuid;
  };
  const uploadUuid = await run.phase(`Upload${suffix}`, async (phase) => {
    const uuid = await upload(phase);
    phase.result(uploadProgressText(bundle.sizeBytes, bundle.sizeBytes));
    return uuid;
  });
  await untilCreating;
  signal.throwIfAborted();
  const deploymentUuid = await run.phase(`Create deployment${suffix}`, async (phase) => {
    const request = { projectUuid, variables: inputs.variables, uploadUuid, uploadAgain: () => upload(phase) };
    const created = await createDeployment(request, inputs, { hosting, signal, phase, run });
    run.emit({ type: 'created', deploymentUuid: created });
    phase.info(`Deployment ${created}`);
    phase.result(created);
    return created;
  });
  return await run.phase(`Follow deployment${suffix}`, (phase) =>
    followDeployment(deploymentUuid, {
      hosting,
      signal,
      phase,
      timeoutMs: inputs.timeoutMs,
      run,
    }),
  );
}

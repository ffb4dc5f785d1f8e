import type { HostingClient } from '../bigcommerce/hosting.ts';
import type { Bundle } from '../domain/bundle.ts';
import type { BundleSource, ProjectReference } from '../inputs/deploy.ts';
import type { FlowInputs } from '../inputs/flow.ts';
import { pause } from '../pause.ts';
import type { DeployEvent } from '../report/deploy-record.ts';
import { bundleResult, uploadProgressText } from '../report/phrases.ts';
import type { Phase, Run } from '../report/run-events.ts';
import { createDeployment } from './create-deployment.ts';
import { DeploymentFailedError, followDeployment } from './follow-deployment.ts';
import { resolveProject } from './resolve-project.ts';

/** What a deployment takes: the inputs of the deploy action, or of another that brings a ready zip. */
export interface DeployOrder extends FlowInputs {
  project: ProjectReference;
  source: Pick<BundleSource, 'kind'>;
}

export interface DeployDependencies {
  hosting: HostingClient;
  run: Run<DeployEvent>;
  /** Packages the build output, or checks the ready zip. Nothing is sent before it has succeeded. */
  prepareBundle: () => Promise<Bundle>;
  /** Shows the deployment on GitHub and stores the bundle there, before anything is uploaded. Throws only when cancelled. */
  openStatus: (bundle: Bundle, projectUuid: string) => Promise<void>;
  signal: AbortSignal;
}

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Deploys a storefront: packages it and finds the project, then uploads, creates and follows the deployment, and repeats
 * that while the platform fails it with a code that is worth another try.
 * @throws ActionError with the outcome of the run; a return is success
 */
export async function deploy(inputs: DeployOrder, dependencies: DeployDependencies): Promise<void> {
  const { signal } = dependencies;
  try {
    const bundle = await prepare(inputs, dependencies);
    if (inputs.dryRun) return;
    const projectUuid = await resolveProject(inputs.project, dependencies);
    await dependencies.openStatus(bundle, projectUuid);
    signal.throwIfAborted();
    await deployBundle(bundle, projectUuid, inputs, dependencies);
  } catch (error) {
    // Whatever fails after a cancellation is a consequence of it.
    signal.throwIfAborted();
    throw error;
  }
}

async function prepare(inputs: DeployOrder, { run, prepareBundle }: DeployDependencies): Promise<Bundle> {
  return await run.phase(inputs.source.kind === 'zip' ? 'Check bundle' : 'Package', async (phase) => {
    const bundle = await prepareBundle();
    const { summary, lines } = bundleResult(bundle);
    for (const line of lines) phase.info(line);
    for (const warning of bundle.warnings) run.warn(warning);
    run.emit({ type: 'packaged', bundle });
    phase.result(summary);
    return bundle;
  });
}

async function deployBundle(
  bundle: Bundle,
  projectUuid: string,
  inputs: DeployOrder,
  dependencies: DeployDependencies,
): Promise<void> {
  const { run, signal } = dependencies;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const urls = await deployOnce({ bundle, projectUuid, attempt }, inputs, dependencies);
      run.emit({ type: 'deployed', urls, atMs: Date.now() });
      if (urls.length === 0) run.warn('The platform completed the deployment but named no address for it.');
      return;
    } catch (error) {
      if (!(error instanceof DeploymentFailedError)) throw error;
      run.emit({ type: 'failed', code: error.code, meaning: error.meaning });
      if (!error.worthAnotherTry || attempt >= inputs.maxAttempts) throw error;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      run.warn(
        `${error.message} Trying again in ${pauseMs / 1000} s (attempt ${attempt + 1} of ${inputs.maxAttempts}).`,
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
  inputs: DeployOrder,
  { hosting, run, signal }: DeployDependencies,
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

import type { HostingClient } from '../bigcommerce/hosting.ts';
import type { Bundle } from '../domain/bundle.ts';
import { cancelledIn, type RemoteState } from '../domain/remote-state.ts';
import type { BundleSource, ProjectReference } from '../inputs/deploy.ts';
import type { FlowInputs } from '../inputs/flow.ts';
import { pause } from '../pause.ts';
import { bundleResult, uploadProgressText } from '../report/phrases.ts';
import type { DeployReporter, Phase } from '../report/reporters.ts';
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
  reporter: DeployReporter;
  /** Packages the build output, or checks the ready zip. Nothing is sent before it has succeeded. */
  prepareBundle: () => Promise<Bundle>;
  /** Called when there is a bundle and a project to deploy it to, before anything is uploaded. */
  announce: (bundle: Bundle, projectUuid: string) => Promise<void>;
  /** Kept up to date with what is known of the remote side. */
  remote: RemoteState;
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
  const { remote, signal } = dependencies;
  try {
    const bundle = await prepare(inputs, dependencies);
    if (inputs.dryRun) return;
    const projectUuid = await resolveProject(inputs.project, dependencies);
    await dependencies.announce(bundle, projectUuid);
    signal.throwIfAborted();
    await deployBundle(bundle, projectUuid, inputs, dependencies);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw cancelledIn(remote, signal.reason);
  }
}

async function prepare(inputs: DeployOrder, { reporter, prepareBundle }: DeployDependencies): Promise<Bundle> {
  return await reporter.phase(inputs.source.kind === 'zip' ? 'Check bundle' : 'Package', async (phase) => {
    const bundle = await prepareBundle();
    const { summary, lines } = bundleResult(bundle);
    for (const line of lines) phase.info(line);
    for (const warning of bundle.warnings) reporter.warn(warning);
    reporter.packaged(bundle);
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
  const { reporter, signal, remote } = dependencies;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const urls = await deployOnce({ bundle, projectUuid, attempt }, inputs, dependencies);
      reporter.deployed(urls);
      remote.stage = 'completed';
      if (urls.length === 0) reporter.warn('The platform completed the deployment but named no address for it.');
      return;
    } catch (error) {
      if (!(error instanceof DeploymentFailedError)) throw error;
      remote.stage = 'failed';
      reporter.failed(error);
      if (!error.worthAnotherTry || attempt >= inputs.maxAttempts) throw error;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      reporter.warn(
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
  { hosting, reporter, signal, remote }: DeployDependencies,
): Promise<readonly string[]> {
  const suffix = attempt === 1 ? '' : ` (attempt ${attempt})`;
  const upload = async (phase: Phase) => {
    const uploadUuid = await hosting.upload(bundle, {
      sent: (bytes) => phase.status(uploadProgressText(bytes, bundle.sizeBytes)),
    });
    reporter.uploaded(uploadUuid);
    phase.info(`Upload ${uploadUuid}`);
    return uploadUuid;
  };
  const uploadUuid = await reporter.phase(`Upload${suffix}`, async (phase) => {
    const uuid = await upload(phase);
    phase.result(uploadProgressText(bundle.sizeBytes, bundle.sizeBytes));
    return uuid;
  });
  const warn = reporter.warn.bind(reporter);
  const deploymentUuid = await reporter.phase(`Create deployment${suffix}`, async (phase) => {
    const request = { projectUuid, variables: inputs.variables, uploadUuid, uploadAgain: () => upload(phase) };
    const created = await createDeployment(request, inputs, { hosting, signal, phase, warn, remote });
    remote.deploymentUuid = created;
    remote.stage = 'created';
    reporter.created(created);
    phase.info(`Deployment ${created}`);
    phase.result(created);
    return created;
  });
  return await reporter.phase(`Follow deployment${suffix}`, (phase) =>
    followDeployment(deploymentUuid, {
      hosting,
      signal,
      phase,
      timeoutMs: inputs.timeoutMs,
      debug: reporter.debug.bind(reporter),
      warn,
    }),
  );
}

import type { ChannelsClient } from '../bigcommerce/channels.ts';
import type { DomainsClient } from '../bigcommerce/domains.ts';
import type { HostingClient } from '../bigcommerce/hosting.ts';
import type { Bundle } from '../domain/bundle.ts';
import { missingVariablesWarning } from '../domain/catalyst-variables.ts';
import type { VerificationRecord } from '../domain/verification/checks.ts';
import type { BundleSource, ProjectReference } from '../inputs/deploy.ts';
import type { FlowInputs } from '../inputs/flow.ts';
import type { SiteUrlInputs } from '../inputs/site-url.ts';
import type { DeployEvent } from '../report/deploy-record.ts';
import { bundleResult } from '../report/phrases.ts';
import type { Run } from '../report/run-events.ts';
import { deployBundle } from './deploy-bundle.ts';
import { beginDomainLook } from './domains.ts';
import { resolveProject } from './resolve-project.ts';
import { planSiteUrl, updateSiteUrl } from './site-url.ts';
import { beginLook } from './verification/before.ts';
import { rehearse } from './verification/rehearse.ts';
import type { Deployed, Verifying } from './verification/verify.ts';
import { verifyDeployment } from './verification/verify-deployment.ts';

/** What a deployment takes: the inputs of the deploy action, or of another that brings a ready zip. */
export interface DeployOrder extends FlowInputs {
  project: ProjectReference;
  source: Pick<BundleSource, 'kind'>;
  siteUrl?: SiteUrlInputs | 'off';
}

export interface DeployDependencies {
  hosting: HostingClient;
  run: Run<DeployEvent>;
  /** Packages the build output, or checks the ready zip. Nothing is uploaded before it has succeeded. */
  prepareBundle: () => Promise<Bundle>;
  /** Shows the deployment on GitHub and stores the bundle there, before anything is uploaded. Throws only when cancelled. */
  openStatus: (bundle: Bundle, projectUuid: string) => Promise<void>;
  verifying: Verifying;
  /** Undefined where neither the domains of the project nor the site URL of a channel matter. */
  sites?: { channels: ChannelsClient; domains: DomainsClient };
  signal: AbortSignal;
}

/**
 * Deploys a storefront: packages it and finds the project, rehearses the deployment if that is wished for, deploys, and
 * verifies that the storefront works; then a channel may get its address. What is live before is looked at meanwhile.
 * @throws ActionError with the outcome of the run; a return is success
 */
export async function deploy(inputs: DeployOrder, dependencies: DeployDependencies): Promise<void> {
  const { signal, run, hosting } = dependencies;
  const look = beginLook(inputs, dependencies);
  try {
    const bundle = await prepare(inputs, dependencies);
    const { siteUrl = 'off', dryRun } = inputs;
    if (dryRun) return siteUrl === 'off' ? undefined : planSiteUrl(siteUrl, run);
    const projectUuid = await resolveProject(inputs.project, { hosting, run, firstLook: look.projects });
    await dependencies.openStatus(bundle, projectUuid);
    signal.throwIfAborted();
    await rehearse({ bundle, projectUuid }, inputs, dependencies);
    const untilCreating = look.before;
    const urls = await deployBundle(bundle, projectUuid, inputs, { ...dependencies, untilCreating });
    const deployed = { bundle, projectUuid, urls, before: await look.before };
    const verification = await verifyWithDomains(deployed, inputs, dependencies);
    const { sites } = dependencies;
    if (siteUrl !== 'off' && sites !== undefined)
      await updateSiteUrl(siteUrl, { urls, verification }, { ...sites, run, signal });
  } catch (error) {
    // Whatever fails after a cancellation is a consequence of it.
    signal.throwIfAborted();
    throw error;
  } finally {
    look.stop();
  }
}

/** Warns of domains of the project that do not lead to the storefront, whether or not it works. */
async function verifyWithDomains(
  deployed: Deployed,
  inputs: FlowInputs,
  dependencies: DeployDependencies,
): Promise<VerificationRecord | undefined> {
  const { sites, run, signal } = dependencies;
  const isLooked = sites !== undefined && inputs.verification !== 'off';
  const warnOfDomains = isLooked ? beginDomainLook(deployed.projectUuid, { ...sites, run, signal }) : undefined;
  try {
    return await verifyDeployment(deployed, inputs, dependencies);
  } finally {
    await warnOfDomains?.();
  }
}

async function prepare(inputs: DeployOrder, { run, prepareBundle }: DeployDependencies): Promise<Bundle> {
  return await run.phase(inputs.source.kind === 'zip' ? 'Check bundle' : 'Package', async (phase) => {
    const bundle = await prepareBundle();
    const { summary, lines } = bundleResult(bundle);
    for (const line of lines) phase.info(line);
    const missing = missingVariablesWarning(bundle, inputs.variables);
    for (const warning of [...bundle.warnings, ...(missing === undefined ? [] : [missing])])
      run.warn(warning, 'Look at the bundle');
    run.emit({ type: 'packaged', bundle });
    phase.result(summary);
    return bundle;
  });
}

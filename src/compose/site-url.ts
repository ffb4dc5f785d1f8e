import { createChannelsClient } from '../bigcommerce/channels.ts';
import { createDomainsClient } from '../bigcommerce/domains.ts';
import type { WorkflowEvent } from '../github/event.ts';
import { targetOf } from '../github-status/target.ts';
import type { DeployInputs } from '../inputs/deploy.ts';
import { createApiOptions, type HostingParts } from './deploying.ts';

/** The clients for channels and domains. */
export function createSites(parts: HostingParts) {
  const api = createApiOptions(parts);
  return { channels: createChannelsClient(api), domains: createDomainsClient(api) };
}

/**
 * What is to be done about the site URL in a run for this event: for a pull request, nothing, whichever inputs say so. The
 * shoppers of a channel are not sent to what is being reviewed.
 * @returns with a warning where it is not what the inputs say
 */
export function siteUrlFor(
  { siteUrl, github }: Pick<DeployInputs, 'siteUrl' | 'github'>,
  event: WorkflowEvent | undefined,
): { siteUrl: DeployInputs['siteUrl']; warning?: string } {
  const target = event === undefined ? undefined : targetOf(github, event);
  if (siteUrl === 'off' || target === undefined || !target.isPreview || target.isProduction) return { siteUrl };
  const whose = target.pullRequest === undefined ? 'a pull request' : `pull request #${target.pullRequest}`;
  return {
    siteUrl: 'off',
    warning: `update-site-url: it is ignored, since this run is for ${whose}. Set it to \`true\` for production alone.`,
  };
}

import type { ChannelSite, ChannelsClient } from '../bigcommerce/channels.ts';
import { isOtherMainDomain, isSameUrl } from '../domain/site-url.ts';
import type { VerificationRecord } from '../domain/verification/checks.ts';
import { ActionError } from '../errors.ts';
import type { SiteUrlInputs } from '../inputs/site-url.ts';
import { isUncertain } from '../net/errors.ts';
import type { DeployEvent } from '../report/deploy-record.ts';
import type { Phase, Run } from '../report/run-events.ts';
import type { SiteUrlRecord } from '../report/site-url-record.ts';
import { siteUrlLine } from '../report/site-url-words.ts';

export interface SiteUrlDependencies {
  channels: ChannelsClient;
  run: Run<DeployEvent>;
  signal: AbortSignal;
}

/** What was deployed, and is live. */
export interface LiveStorefront {
  /** The canonical one first. */
  urls: readonly string[];
  /** Undefined: it was not asked for. */
  verification: Pick<VerificationRecord, 'state'> | undefined;
}

/** Says what would be done: a dry run asks nobody. */
export function planSiteUrl({ channelId, url }: SiteUrlInputs, run: Run<DeployEvent>): void {
  const siteUrl: SiteUrlRecord = { channelId, state: 'planned', url };
  run.emit({ type: 'site-url', siteUrl });
  run.info(`Site URL of ${siteUrlLine(siteUrl)}, unless it is that already.`);
}

/**
 * Makes the address of what is live the site URL of a channel. Nothing is sent where it is that already, or where the
 * storefront does not work.
 * @throws ActionError with the outcome `deployed`: whatever goes wrong here, the storefront is live
 */
export async function updateSiteUrl(
  { channelId, url: wanted }: SiteUrlInputs,
  { urls, verification }: LiveStorefront,
  dependencies: SiteUrlDependencies,
): Promise<void> {
  const { run, signal } = dependencies;
  const url = wanted ?? urls[0];
  if (verification?.state === 'unhealthy') {
    run.emit({ type: 'site-url', siteUrl: { channelId, state: 'kept', url } });
    run.warn(
      `The site URL of channel ${channelId} was not updated, since the storefront does not work.`,
      'Site URL not updated',
    );
    return;
  }
  let siteUrl: SiteUrlRecord = { channelId, state: 'reading', url };
  const note = (change: Partial<SiteUrlRecord>) => {
    siteUrl = { ...siteUrl, ...change };
    run.emit({ type: 'site-url', siteUrl });
  };
  try {
    await run.phase('Update site URL', async (phase) => {
      note({});
      if (url === undefined) {
        throw new ActionError('The platform named no address of the deployment.', { fix: 'Give one as `site-url`.' });
      }
      await update({ channelId, url }, { ...dependencies, phase, note });
      phase.result(siteUrlLine(siteUrl));
    });
  } catch (error) {
    signal.throwIfAborted();
    // Only what was sent may have been carried out.
    const isUnclear = siteUrl.state === 'updating' && (isUncertain(error) || error instanceof OtherUrlError);
    note({ state: isUnclear ? 'unknown' : 'failed' });
    throw notUpdated(siteUrl, urls[0], error);
  }
}

interface Updating extends SiteUrlDependencies {
  phase: Phase;
  note: (change: Partial<SiteUrlRecord>) => void;
}

async function update(
  { channelId, url }: { channelId: number; url: string },
  { channels, run, phase, note }: Updating,
): Promise<void> {
  const site = await channels.readSite(channelId);
  const before = site.url;
  phase.info(`Channel ${channelId} is at ${before}`);
  if (isSameUrl(before, url)) return note({ state: 'unchanged', before });
  note({ state: 'updating', before });
  const after = await setOrAsk(channelId, url, channels);
  if (!isSameUrl(after.url, url)) throw new OtherUrlError(after.url);
  note({ state: 'updated' });
  const warning = checkoutWarning(channelId, site, url);
  if (warning !== undefined) run.warn(warning, 'Checkout on another domain');
}

/** Where it is not known whether the request was carried out, the site says so. @throws the request's own error if not */
async function setOrAsk(channelId: number, url: string, channels: ChannelsClient): Promise<ChannelSite> {
  try {
    return await channels.updateSite(channelId, url);
  } catch (error) {
    if (!isUncertain(error)) throw error;
    const site = await channels.readSite(channelId).catch(() => undefined);
    if (site === undefined || !isSameUrl(site.url, url)) throw error;
    return site;
  }
}

/** The request was accepted, and something else came of it. */
class OtherUrlError extends ActionError {
  constructor(url: string) {
    super(`The platform took the new site URL, and answered that it is ${url}.`, {
      fix: 'Look at the channel in the control panel.',
    });
  }
}

/** The checkout stays where it is when the storefront moves. */
function checkoutWarning(
  channelId: number,
  { customCheckoutUrl: checkout }: ChannelSite,
  url: string,
): string | undefined {
  if (checkout === undefined || !isOtherMainDomain(checkout, url)) return undefined;
  return `The checkout of channel ${channelId} stays at ${checkout}, which has no main domain in common with ${url}: in browsers that restrict cookies of other sites, a cart may not get there. Set a checkout URL on the new domain (\`catalyst channels update --channel-id ${channelId} --checkout-url …\`).`;
}

function notUpdated(
  { channelId, url, state }: SiteUrlRecord,
  liveUrl: string | undefined,
  cause: unknown,
): ActionError {
  const isUnclear = state === 'unknown';
  const live = `The storefront is live${liveUrl === undefined ? '' : ` at ${liveUrl}`}`;
  const what = isUnclear
    ? `whether the site URL of channel ${channelId} was updated is not known`
    : `the site URL of channel ${channelId} was not updated`;
  const why = cause instanceof Error ? cause.message : String(cause);
  const fix = cause instanceof ActionError && cause.fix !== undefined ? `${cause.fix} ` : '';
  const host = url === undefined ? 'HOST' : new URL(url).host;
  return new ActionError(`${live}, and ${what}. ${why}`, {
    topic: 'site-url-not-updated',
    title: isUnclear ? 'Site URL may not have been updated' : 'Site URL not updated',
    outcome: 'deployed',
    fix: `${fix}To set it by hand, use the channel's settings in the control panel, or run \`catalyst channels update --channel-id ${channelId} --hostname ${host}\`.`,
    cause,
  });
}

import { repeatAlways } from '../net/retry.ts';
import { type ApiOptions, callEndpoint } from './endpoint.ts';
import { explainSiteRefusal } from './refusals.ts';
import { type ChannelSite, parseSite } from './site-schemas.ts';

export type { ChannelSite };

/** The sites of the store's channels (API document, section 1, table of calls). */
export interface ChannelsClient {
  /** @throws ActionError when it is refused (401, 403: scopes; 404: channel) or not answered */
  readSite(channelId: number): Promise<ChannelSite>;
  /**
   * Sets the address of the channel's site. Sent again after transient faults: it does the same however often it is done.
   * @returns the site as the platform has it from now on; this answer does not know about the checkout
   * @throws ActionError; one that `isUncertain` may have been carried out
   */
  updateSite(channelId: number, url: string): Promise<ChannelSite>;
}

export function createChannelsClient(api: ApiOptions): ChannelsClient {
  return {
    readSite: (channelId) =>
      callEndpoint(api, {
        ...site(channelId),
        what: `Reading the site of channel ${channelId}`,
        method: 'GET',
      }),
    updateSite: (channelId, url) =>
      callEndpoint(api, {
        ...site(channelId),
        what: `Setting the site URL of channel ${channelId}`,
        method: 'PUT',
        body: { url },
      }),
  };
}

/** `/channels/{channel_id}/site` */
function site(channelId: number) {
  return {
    path: `channels/${channelId}/site`,
    scope: 'channel-site',
    explain: explainSiteRefusal,
    parse: parseSite,
    mayRepeat: repeatAlways,
  } as const;
}

/** What a record knows of the site URL of a channel, where this run is to update it. */
export interface SiteUrlRecord {
  channelId: number;
  /**
   * `planned`: a dry run. `reading`: what it is now is being asked. `updating`: the request is under way. `kept`: it was not
   * to be updated after all. `failed`: it is as it was, as far as is known. `unknown`: either may hold.
   */
  state: 'planned' | 'reading' | 'updating' | 'updated' | 'unchanged' | 'kept' | 'failed' | 'unknown';
  /** What it was to be, or is now; undefined where that depends on the deployment. */
  url: string | undefined;
  /** What it was before; undefined if it is not known. */
  before?: string | undefined;
}

/** What a record of a deployment has of it. */
export interface WithSiteUrl {
  siteUrl?: SiteUrlRecord;
}

export type SiteUrlEvent = { type: 'site-url'; siteUrl: SiteUrlRecord };

export const SITE_URL_FIELDS = { state: 'own', url: 'public', before: 'public' } as const;

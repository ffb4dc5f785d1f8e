/** A storefront channel of the store, with its site. */
export interface Channel {
  id: number;
  name: string;
  platform: string;
  siteId: number;
  /** Where its storefront is. */
  siteUrl: string;
  /** The platform's own permanent address. */
  canonicalUrl: string;
  /** Undefined: checkout is at the default channel's site. */
  checkoutUrl: string | undefined;
}

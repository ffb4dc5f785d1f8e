import { hostOf, siteDomainOf } from './address.ts';
import type { KnownRedirect } from './redirect.ts';

/** A site of the store, as its redirects show it. */
export interface FoundSite {
  siteId: number;
  /** Its domain; none where no redirect shows it, several where they disagree (`siteDomainOf`). */
  domains: readonly string[];
  redirects: readonly KnownRedirect[];
}

/** The sites that have redirects, by their ids. Redirects for which the platform names no site belong to none. */
export function sitesOf(redirects: readonly KnownRedirect[]): FoundSite[] {
  return [...Map.groupBy(redirects, ({ siteId }) => siteId)]
    .flatMap(([siteId, own]) =>
      siteId === undefined ? [] : [{ siteId, domains: [...(siteDomainOf(own) ?? [])], redirects: own }],
    )
    .sort((one, other) => one.siteId - other.siteId);
}

/** The sites whose redirects show this domain. */
export function sitesOfDomain(sites: readonly FoundSite[], domain: string): FoundSite[] {
  const host = hostOf(domain);
  return sites.filter(({ domains }) => domains.includes(host));
}

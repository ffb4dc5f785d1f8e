import type { KnownRedirect, RedirectRow } from '../../domain/redirects/redirect.ts';
import { type FoundSite, sitesOf, sitesOfDomain } from '../../domain/redirects/sites.ts';
import { ActionError } from '../../errors.ts';
import { count, formatCount } from '../../report/format.ts';
import { DeadlineError } from '../deadline.ts';
import type { Connected, RedirectsDependencies } from './dependencies.ts';

const MAX_SITES_SHOWN = 20;

export interface SiteWithRedirects {
  siteId: number;
  current: readonly KnownRedirect[];
}

interface SiteInputs {
  file: string;
  /** Undefined where `site-id` is not given. */
  siteId: number | undefined;
}

type SiteDependencies = Pick<RedirectsDependencies, 'run' | 'shownPathOf'>;

/**
 * The site of a file with its redirects: that of `site-id`, else of the file's own `site_id`, else the one whose
 * redirects show the file's domain. The scope for redirects is enough; listing sites would need another.
 * @throws ActionError where that does not tell the site
 */
export async function readSite(
  rows: readonly RedirectRow[],
  inputs: SiteInputs,
  connected: Connected,
  dependencies: SiteDependencies,
): Promise<SiteWithRedirects> {
  const { run } = dependencies;
  const siteId = inputs.siteId ?? rows.find((row) => row.siteId !== undefined)?.siteId;
  if (siteId !== undefined) {
    if (inputs.siteId === undefined) run.emit({ type: 'site-known', siteId });
    return { siteId, current: await readRedirects(siteId, connected, dependencies) };
  }
  const all = await readRedirects(undefined, connected, dependencies);
  const domain = rows.find((row) => row.domain !== '')?.domain ?? '';
  const sites = sitesOf(all);
  const found = findSite(all, sites, domain);
  if (typeof found === 'string') {
    const name = dependencies.shownPathOf(inputs.file);
    throw siteNotFound(`${name} ${found}`, sites, domain, connected.client.sitesUrl);
  }
  run.emit({ type: 'site-known', siteId: found.siteId });
  run.info(
    `${found.domains.join(', ')} is site ${found.siteId}, which has ${count(found.redirects.length, 'redirect')}.`,
  );
  return { siteId: found.siteId, current: found.redirects };
}

async function readRedirects(
  siteId: number | undefined,
  { client }: Connected,
  { run }: Pick<RedirectsDependencies, 'run'>,
): Promise<KnownRedirect[]> {
  const whose = siteId === undefined ? 'the store' : `site ${siteId}`;
  return await run.phase(`Read the ${siteId === undefined ? 'store' : 'site'}'s redirects`, async (phase) => {
    const onProgress = (read: number, total: number) =>
      phase.status(`${formatCount(read)} of ${formatCount(total)} read`);
    const current = await client.listRedirects(siteId, onProgress).catch((error: unknown) => {
      throw error instanceof DeadlineError ? notReadInTime(whose, error) : error;
    });
    phase.result(`${count(current.length, 'redirect')} of ${whose}`);
    return current;
  });
}

/** A bare timeout would not say what was done by then. */
function notReadInTime(whose: string, cause: DeadlineError): ActionError {
  const message = `${cause.message} Not all redirects of ${whose} were read by then, and nothing was changed.`;
  return new ActionError(message, { title: cause.title, topic: cause.topic, fix: cause.fix ?? '', cause });
}

/**
 * Only a site that shows the domain and no other, and only one: with `delete`, another site would lose its redirects.
 * @returns why there is none, as what the file is or does
 */
function findSite(all: readonly KnownRedirect[], sites: readonly FoundSite[], domain: string): FoundSite | string {
  if (domain === '') return 'names no domain that would say which site it is for.';
  const matching = sitesOfDomain(sites, domain);
  const [only] = matching;
  if (only === undefined) return `is for ${domain}, and no site is known to have that domain.`;
  if (matching.length > 1) return `is for ${domain}, and ${matching.length} sites seem to have that domain.`;
  // One of the domains may be another site's, which has no redirects by now.
  if (only.domains.length > 1)
    return `is for ${domain}, and the redirects of site ${only.siteId} show other domains, too.`;
  // One without a site may be of this one, and the plan would lack it.
  const hasStray = all.some(({ siteId }) => siteId === undefined);
  return hasStray ? `is for ${domain}, but the platform does not name the site of every redirect.` : only;
}

function siteNotFound(message: string, sites: readonly FoundSite[], domain: string, sitesUrl: string): ActionError {
  const first = domain === '' ? 'Give' : 'Correct the domain in the file, or give';
  return new ActionError(`${message} ${sitesText(sites)}`, {
    topic: 'site-not-found',
    title: 'Site not found: site-id is needed',
    fix: `${first} the id of the site as \`site-id\`. All ids and domains are listed by \`curl -H "X-Auth-Token: $TOKEN" ${sitesUrl}\`, with a token that has the scope Sites & Routes: read-only (\`store_sites_read_only\`).`,
  });
}

function sitesText(sites: readonly FoundSite[]): string {
  if (sites.length === 0) return 'The store has no redirects yet that would show its sites.';
  const shown = sites
    .slice(0, MAX_SITES_SHOWN)
    .map(({ siteId, domains }) => `${siteId} (${domains.length === 0 ? 'domain unknown' : domains.join(', ')})`);
  const rest = sites.length > shown.length ? ` and ${sites.length - shown.length} more` : '';
  return `Sites that have redirects: ${shown.join(', ')}${rest}.`;
}

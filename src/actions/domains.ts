import type { DnsRecord, DomainsClient, ProjectDomain } from '../bigcommerce/domains.ts';
import { describeError } from '../errors.ts';
import { endedBy, timeoutSignal } from '../pause.ts';
import type { Logger } from '../report/run-events.ts';

/** How long a run waits for the answer once all else is over. */
const LAST_WAIT_MS = 3_000;
/** GitHub shows ten annotations of a kind for each step, and others have to warn, too. */
const MAX_WARNINGS = 4;
const MAX_NAMED = 20;

export interface DomainDependencies {
  domains: DomainsClient;
  run: Pick<Logger, 'debug' | 'warn'>;
  signal: AbortSignal;
  lastWaitMs?: number;
}

/**
 * Begins to look at the custom domains of a project: who comes by one that is not verified does not get to the storefront.
 * @returns to be called when all else is over: warns of those. Where they cannot be read, nothing is said, since nothing
 * depends on it. Neither throws
 */
export function beginDomainLook(projectUuid: string, dependencies: DomainDependencies): () => Promise<void> {
  const { domains, run, signal } = dependencies;
  const found = domains.listDomains(projectUuid);
  found.catch(() => {}); // Reported below.
  return async () => {
    try {
      signal.throwIfAborted();
      const end = AbortSignal.any([signal, timeoutSignal(dependencies.lastWaitMs ?? LAST_WAIT_MS)]);
      const all = await endedBy(end, found);
      for (const warning of warningsOf(all.filter(({ status }) => status !== 'verified')))
        run.warn(warning, 'Domain not verified');
    } catch (error) {
      run.debug(`The domains of the project were not read: ${describeError(error)}`);
    }
  };
}

function warningsOf(unverified: readonly ProjectDomain[]): string[] {
  const shown = unverified.slice(0, unverified.length > MAX_WARNINGS + 1 ? MAX_WARNINGS : unverified.length);
  const rest = unverified.slice(shown.length);
  const warnings = shown.map(describeDomain);
  if (rest.length === 0) return warnings;
  const names = rest.slice(0, MAX_NAMED).map(({ domain, status }) => `${domain} (${status})`);
  const more = rest.length > MAX_NAMED ? `, and ${rest.length - MAX_NAMED} more` : '';
  return [...warnings, `${rest.length} more domains of the project are not verified: ${names.join(', ')}${more}.`];
}

const STATES: ReadonlyMap<string, string> = new Map([
  ['pending', 'is not verified yet'],
  ['failed', 'could not be verified'],
  ['unknown', 'is not known to be verified'],
]);

function describeDomain({ domain, status, records }: ProjectDomain): string {
  const state = STATES.get(status) ?? `has the status "${status}"`;
  const pointing = records.filter(({ type }) => type !== 'TXT').map(describeRecord);
  const others = records.filter(({ type }) => type === 'TXT').map(describeRecord);
  // A subdomain takes the CNAME, an apex domain the A record.
  const needed = [...(pointing.length === 0 ? [] : [pointing.join(' or ')]), ...others];
  const advice =
    needed.length > 0
      ? `Its DNS needs: ${needed.join('; and ')}.`
      : 'Make sure that its DNS has the records that were shown when it was added (`catalyst domains add`): the platform does not give them again.';
  return `The domain ${domain} of the project ${state}, so it may not show the storefront. ${advice}`;
}

/** `CNAME shop.example.com → host.example` */
function describeRecord({ type, name, value }: DnsRecord): string {
  return `${type} ${name} → ${value}`;
}

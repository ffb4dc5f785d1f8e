import { createHash } from 'node:crypto';
import { Waiters } from '../../waiters.ts';
import type { Project } from '../hosting/records.ts';

export const DOMAIN_STATUSES = ['pending', 'verified', 'failed', 'unknown'] as const;

export type DomainStatus = (typeof DOMAIN_STATUSES)[number];

/** A custom domain that is bound to a project of the store. */
export interface Domain {
  domain: string;
  projectUuid: string;
  status: DomainStatus;
}

/** The DNS record that shows whose a domain is. */
export interface OwnershipRecord {
  type: 'TXT';
  name: string;
  value: string;
}

interface DomainsParts {
  findProject: (uuid: string) => Project | undefined;
  /** A pending domain is verified after so long; undefined: when it is told so. */
  verifyMs: number | undefined;
}

/** The custom domains of the store's projects, and those that other stores have. */
export class Domains {
  readonly #all = new Map<string, Domain>();
  /** Of other stores: whether the ownership record is in the DNS. */
  readonly #foreign = new Map<string, boolean>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #parts: DomainsParts;
  readonly #waiters = new Waiters<Domain>('domain');

  constructor(parts: DomainsParts) {
    this.#parts = parts;
  }

  /** In the order in which they were bound. A deleted project has taken its domains along. */
  get list(): readonly Domain[] {
    return [...this.#all.values()].filter(({ projectUuid }) => this.#parts.findProject(projectUuid) !== undefined);
  }

  find(domain: string): Domain | undefined {
    return this.list.find((one) => one.domain === domain);
  }

  isForeign(domain: string): boolean {
    return this.#foreign.has(domain);
  }

  isOwnershipPublished(domain: string): boolean {
    return this.#foreign.get(domain) === true;
  }

  /** Binds a domain, which is pending at first. */
  bind(domain: string, projectUuid: string): Domain {
    this.remove(domain);
    this.#foreign.delete(domain);
    const bound: Domain = { domain, projectUuid, status: 'pending' };
    this.#all.set(domain, bound);
    this.#verifyLater(bound);
    this.#waiters.notify(bound);
    return bound;
  }

  remove(domain: string): void {
    const bound = this.#all.get(domain);
    if (bound === undefined) return;
    this.#all.delete(domain);
    this.#detach(bound);
  }

  /** Its status is kept: the records in the DNS are the same. */
  transfer(bound: Domain, projectUuid: string): void {
    this.#detach(bound);
    bound.projectUuid = projectUuid;
    this.#attach(bound);
    this.#waiters.notify(bound);
  }

  setStatus(bound: Domain, status: DomainStatus): void {
    bound.status = status;
    if (status === 'verified') this.#attach(bound);
    else this.#detach(bound);
    this.#waiters.notify(bound);
  }

  waitFor(matches: (domain: Domain) => boolean): Promise<Domain> {
    return this.#waiters.waitFor(this.list, matches);
  }

  addForeign(domain: string): OwnershipRecord {
    this.remove(domain);
    this.#foreign.set(domain, false);
    return ownershipRecordOf(domain);
  }

  publishOwnership(domain: string): void {
    if (!this.isForeign(domain)) throw new Error(`No other store has the domain ${domain}.`);
    this.#foreign.set(domain, true);
  }

  /** Gives a project that has just been deployed the hostnames of its verified domains. */
  attachAll({ uuid }: Project): void {
    for (const bound of this.#all.values()) if (bound.projectUuid === uuid) this.#attach(bound);
  }

  close(): void {
    this.#waiters.close();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** The canonical host comes first: a project without one gets its domains with its first deployment. */
  #attach({ domain, status, projectUuid }: Domain): void {
    const hostnames = this.#parts.findProject(projectUuid)?.deploymentHostnames ?? [];
    if (status === 'verified' && hostnames.length > 0 && !hostnames.includes(domain)) hostnames.push(domain);
  }

  #detach({ domain, projectUuid }: Domain): void {
    const hostnames = this.#parts.findProject(projectUuid)?.deploymentHostnames ?? [];
    const index = hostnames.indexOf(domain);
    if (index > 0) hostnames.splice(index, 1);
  }

  #verifyLater(bound: Domain): void {
    if (this.#parts.verifyMs === undefined) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const isCurrent = this.#all.get(bound.domain) === bound && bound.status === 'pending';
      if (isCurrent) this.setStatus(bound, 'verified');
    }, this.#parts.verifyMs);
    this.#timers.add(timer);
  }
}

export function ownershipRecordOf(domain: string): OwnershipRecord {
  const value = createHash('sha256').update(domain).digest('hex').slice(0, 32);
  return { type: 'TXT', name: `_ownership.${domain}`, value };
}

import { pathProblem } from './checks.ts';
import type { KeptRedirect, RedirectsSettings } from './options.ts';
import type { NewRedirect, RedirectTo, Site, StoredRedirect } from './records.ts';

/** The folders under which things are shown; made up, as the domains are. */
const FOLDERS: Readonly<Record<Exclude<RedirectTo['type'], 'url'>, string>> = {
  product: 'products',
  brand: 'brands',
  category: 'categories',
  page: 'pages',
  post: 'posts',
};

/** The redirects of a store, by their ids and by site and old path: each site has one of a path at most. */
export class RedirectStore {
  readonly sites: Site[] = [];
  /** Grows by one with each change. */
  version = 0;
  readonly #settings: Pick<RedirectsSettings, 'pathKey' | 'keepAs'>;
  /** In the order of the ids: a Map keeps the place of what is overwritten. */
  readonly #byId = new Map<number, StoredRedirect>();
  readonly #byPath = new Map<string, StoredRedirect>();
  #nextId = 1;

  constructor(settings: Pick<RedirectsSettings, 'sites' | 'redirects' | 'pathKey' | 'keepAs'>) {
    this.#settings = settings;
    for (const { id, domain } of settings.sites) this.addSite(domain, id);
    for (const redirect of settings.redirects) this.add(redirect);
  }

  /** In the order of their ids. */
  get list(): StoredRedirect[] {
    return [...this.#byId.values()];
  }

  find(id: number): StoredRedirect | undefined {
    return this.#byId.get(id);
  }

  findSite(id: unknown): Site | undefined {
    return this.sites.find((site) => site.id === id);
  }

  findDomain(domain: string): Site | undefined {
    return this.sites.find((site) => site.domain === domain.toLowerCase());
  }

  addSite(domain: string, id = Math.max(999, ...this.sites.map((site) => site.id)) + 1): Site {
    const site = { id, domain: domain.toLowerCase() };
    this.sites.push(site);
    return site;
  }

  /** Throws for one that no store could have. */
  add({ fromPath, to, siteId = this.sites[0]?.id }: NewRedirect): StoredRedirect {
    const site = this.findSite(siteId);
    if (site === undefined) throw new Error(`There is no site ${siteId}.`);
    const problem = pathProblem(fromPath);
    if (problem !== undefined) throw new Error(`The old path '${fromPath}' ${problem}.`);
    return this.upsert(site.id, { fromPath, to: typeof to === 'string' ? { type: 'url', url: to } : to });
  }

  /** Adds a redirect, or overwrites the one of that path, which keeps its id. */
  upsert(siteId: number, redirect: KeptRedirect): StoredRedirect {
    const { fromPath, to } = this.#settings.keepAs(redirect);
    const key = this.#keyOf(siteId, fromPath);
    const known = this.#byPath.get(key);
    const stored = { id: known?.id ?? this.#nextId, siteId, fromPath, to };
    this.#byId.set(stored.id, stored);
    this.#byPath.set(key, stored);
    if (known === undefined) this.#nextId += 1;
    this.version += 1;
    return stored;
  }

  /** Ids that are not there are passed over. */
  remove(ids: Iterable<number>): void {
    for (const id of ids) {
      const redirect = this.#byId.get(id);
      if (redirect === undefined) continue;
      this.#byId.delete(id);
      this.#byPath.delete(this.#keyOf(redirect.siteId, redirect.fromPath));
    }
    this.version += 1;
  }

  removeSite(siteId: number): void {
    this.remove(this.list.filter((redirect) => redirect.siteId === siteId).map(({ id }) => id));
  }

  /** The full address that a redirect leads to. */
  renderToUrl({ siteId, to }: StoredRedirect): string {
    const origin = `https://${this.findSite(siteId)?.domain ?? 'unknown.example.com'}`;
    if (to.type !== 'url') return `${origin}/${FOLDERS[to.type]}/${to.entity_id}`;
    return to.url.startsWith('/') ? `${origin}${to.url}` : to.url;
  }

  #keyOf(siteId: number, path: string): string {
    return `${siteId} ${this.#settings.pathKey(path)}`;
  }
}

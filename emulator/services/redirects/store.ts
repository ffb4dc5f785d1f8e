import { pathProblem } from './checks.ts';
import type { RedirectsSettings } from './options.ts';
import type { NewRedirect, RedirectContent, RedirectTo, Site, StoredRedirect } from './records.ts';

/** The folders under which things are shown; made up, as the domains are. */
const FOLDERS: Readonly<Record<Exclude<RedirectTo['type'], 'url'>, string>> = {
  product: 'products',
  brand: 'brands',
  category: 'categories',
  page: 'pages',
  post: 'posts',
};

/**
 * The redirects of a store, by their ids and by site and old path. Whatever is written through the API makes one of a
 * path at most; a real store was seen to have 194 paths under two ids each (API document, section 2).
 */
export class RedirectStore {
  readonly sites: Site[] = [];
  /** Grows by one with each change. */
  version = 0;
  readonly #settings: Pick<RedirectsSettings, 'pathKey' | 'storeAs' | 'overwrites'>;
  /** In the order of the ids: a Map keeps the place of what is overwritten. */
  readonly #byId = new Map<number, StoredRedirect>();
  /** Ids, in their order. */
  readonly #byPath = new Map<string, readonly number[]>();
  #nextId = 1;

  constructor(settings: Pick<RedirectsSettings, 'sites' | 'redirects' | 'pathKey' | 'storeAs' | 'overwrites'>) {
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
  add({ fromPath, to, siteId = this.sites[0]?.id, copy = false }: NewRedirect): StoredRedirect {
    const site = this.findSite(siteId);
    if (site === undefined) throw new Error(`There is no site ${siteId}.`);
    const problem = pathProblem(fromPath);
    if (problem !== undefined) throw new Error(`The old path '${fromPath}' ${problem}.`);
    const content: RedirectContent = { fromPath, to: typeof to === 'string' ? { type: 'url', url: to } : to };
    return copy ? this.#insert(site.id, this.#settings.storeAs(content)) : this.upsert(site.id, content);
  }

  /** Adds a redirect, or overwrites what the site has of that path, under the id that it has. */
  upsert(siteId: number, redirect: RedirectContent): StoredRedirect {
    const content = this.#settings.storeAs(redirect);
    const known = this.#byPath.get(this.#keyOf(siteId, content.fromPath)) ?? [];
    const { overwrites } = this.#settings;
    const chosen = overwrites === 'all' ? known : known.slice(...(overwrites === 'first' ? [0, 1] : [-1]));
    const [first] = chosen.map((id) => this.#put({ id, siteId, ...content }));
    return first ?? this.#insert(siteId, content);
  }

  #insert(siteId: number, content: RedirectContent): StoredRedirect {
    const key = this.#keyOf(siteId, content.fromPath);
    const id = this.#nextId;
    this.#nextId += 1;
    this.#byPath.set(key, [...(this.#byPath.get(key) ?? []), id]);
    return this.#put({ id, siteId, ...content });
  }

  #put(stored: StoredRedirect): StoredRedirect {
    this.#byId.set(stored.id, stored);
    this.version += 1;
    return stored;
  }

  /** Ids that are not there are passed over. */
  remove(ids: Iterable<number>): void {
    for (const id of ids) {
      const redirect = this.#byId.get(id);
      if (redirect === undefined) continue;
      this.#byId.delete(id);
      const key = this.#keyOf(redirect.siteId, redirect.fromPath);
      const left = (this.#byPath.get(key) ?? []).filter((known) => known !== id);
      if (left.length === 0) this.#byPath.delete(key);
      else this.#byPath.set(key, left);
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

/** A store in memory that has redirects of several sites, and that can go wrong at any request. */
import type { RedirectsClient } from '../../src/bigcommerce/redirects.ts';
import type { KnownRedirect, Redirect } from '../../src/domain/redirects/redirect.ts';
import { ActionError } from '../../src/errors.ts';

/** `lost-before`: no answer, and nothing was done; `lost-after`: no answer, and all was done; `half`: and a part was. */
export type Fault = 'none' | 'lost-before' | 'lost-after' | 'half' | 'refused' | 'too-large';

export interface StoreOptions {
  /** What the platform takes for the same path. */
  fold?: (path: string) => string;
  /** Whose spelling stays when a path is written again in another one. */
  keepsSpelling?: boolean;
  /** An answer to an upsert says what was written. */
  answers?: boolean;
  /** For each write in turn; none after the last one. */
  faults?: readonly Fault[];
  /** For each reading in turn: whether it fails. */
  listFaults?: readonly boolean[];
  maxUpserts?: number;
  afterWrite?: () => void;
}

type Stored = KnownRedirect & { siteId: number };

export function createStore(options: StoreOptions = {}) {
  const { fold = (path: string) => path, keepsSpelling = false, answers = true, maxUpserts = 4 } = options;
  const redirects = new Map<number, Stored>();
  const faults = [...(options.faults ?? [])];
  const listFaults = [...(options.listFaults ?? [])];
  const deleted: number[] = [];
  let lastId = 0;
  let writes = 0;
  const find = (siteId: number, path: string) =>
    [...redirects.values()].find((one) => one.siteId === siteId && fold(one.fromPath) === fold(path));
  const put = (siteId: number, { fromPath, target }: Redirect): KnownRedirect => {
    const known = find(siteId, fromPath);
    if (known === undefined) lastId += 1;
    const id = known?.id ?? lastId;
    const stored = { id, siteId, fromPath: (keepsSpelling && known?.fromPath) || fromPath, target, toUrl: undefined };
    redirects.set(id, stored);
    return stored;
  };
  /** Does a write as far as the fault lets it. */
  const carryOut = <T>(all: readonly T[], work: (part: readonly T[]) => void): Fault => {
    const fault = faults.shift() ?? 'none';
    writes += 1;
    if (fault === 'none' || fault === 'lost-after') work(all);
    if (fault === 'half') work(all.slice(0, Math.ceil(all.length / 2)));
    options.afterWrite?.();
    return fault;
  };
  const error = new ActionError('A fault.', { title: 'Fault' });
  const client: Partial<RedirectsClient> = {
    listRedirects: async (siteId) => {
      if (listFaults.shift() === true) throw new ActionError('The list could not be read.');
      return [...redirects.values()].filter((one) => one.siteId === siteId).map(({ siteId: _, ...known }) => known);
    },
    upsertRedirects: async (siteId, rows) => {
      if (rows.length > maxUpserts) return { kind: 'too-large', error };
      const written: KnownRedirect[] = [];
      const fault = carryOut(rows, (part) => void written.push(...part.map((row) => put(siteId, row))));
      if (fault === 'none') return { kind: 'done', redirects: answers ? written : [] };
      if (fault === 'refused' || fault === 'too-large') return { kind: fault, error };
      return { kind: 'uncertain', error };
    },
    deleteRedirects: async (ids) => {
      const fault = carryOut(ids, (part) => {
        for (const id of part) redirects.delete(id);
        deleted.push(...part);
      });
      if (fault === 'none') return 'deleted';
      return fault === 'refused' || fault === 'too-large' ? { refused: error } : { uncertain: error };
    },
    deleteBatchSize: () => 3,
  };
  return {
    client,
    put,
    find,
    deleted,
    get writes() {
      return writes;
    },
    /** By their old paths. */
    targetsOf: (siteId: number): Record<string, string> =>
      Object.fromEntries(
        [...redirects.values()]
          .filter((one) => one.siteId === siteId)
          .map(({ fromPath, target }) => [fromPath, target.kind === 'manual' ? target.url : '']),
      ),
  };
}

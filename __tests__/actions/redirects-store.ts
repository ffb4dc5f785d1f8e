/** A store in memory that has redirects of several sites, and that can go wrong at any request. */
import type { RedirectsClient } from '../../src/bigcommerce/redirects.ts';
import { type KnownRedirect, type Redirect, targetText } from '../../src/domain/redirects/redirect.ts';
import { ActionError } from '../../src/errors.ts';

/**
 * `lost-before`: no answer, and nothing was done; `lost-after`: no answer, and all was done; `half`: and a part was.
 * `partial` (207) and `plan-limit` (507): a part was done, and the answer says only that it is so.
 */
export type Fault =
  | 'none'
  | 'lost-before'
  | 'lost-after'
  | 'half'
  | 'rejected'
  | 'too-large'
  | 'partial'
  | 'plan-limit';

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
  /** Of a path under several ids, which one is overwritten. */
  overwrites?: 'first' | 'last' | 'all';
  /** Paths that are never written: what has one of them is partly done (207). */
  rejects?: readonly string[];
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
  const findAll = (siteId: number, path: string) =>
    [...redirects.values()].filter((one) => one.siteId === siteId && fold(one.fromPath) === fold(path));
  const find = (siteId: number, path: string) => findAll(siteId, path)[0];
  const store = (id: number, siteId: number, { fromPath, target }: Redirect, known?: Stored): KnownRedirect => {
    const stored = { id, siteId, fromPath: (keepsSpelling && known?.fromPath) || fromPath, target, toUrl: undefined };
    redirects.set(id, stored);
    return stored;
  };
  const insert = (siteId: number, redirect: Redirect): KnownRedirect => {
    lastId += 1;
    return store(lastId, siteId, redirect);
  };
  const put = (siteId: number, redirect: Redirect): KnownRedirect => {
    const known = findAll(siteId, redirect.fromPath);
    const { overwrites = 'first' } = options;
    const chosen = overwrites === 'all' ? known : overwrites === 'first' ? known.slice(0, 1) : known.slice(-1);
    const [written] = chosen.map((one) => store(one.id, siteId, redirect, one));
    return written ?? insert(siteId, redirect);
  };
  /** Does a write as far as the fault lets it. */
  const carryOut = <T>(all: readonly T[], work: (part: readonly T[]) => void): Fault => {
    const fault = faults.shift() ?? 'none';
    writes += 1;
    if (fault === 'none' || fault === 'lost-after') work(all);
    if (['half', 'partial', 'plan-limit'].includes(fault)) work(all.slice(0, Math.ceil(all.length / 2)));
    options.afterWrite?.();
    return fault;
  };
  const error = new ActionError('A fault.', { title: 'Fault' });
  const part = Object.assign(new ActionError('A part.', { title: 'Fault' }), { status: 207 });
  const client: Partial<RedirectsClient> = {
    listRedirects: async (siteId) => {
      if (listFaults.shift() === true) throw new ActionError('The list could not be read.');
      return [...redirects.values()].filter((one) => one.siteId === siteId).map(({ siteId: _, ...known }) => known);
    },
    upsertRedirects: async (siteId, rows) => {
      if (rows.length > maxUpserts) return { kind: 'too-large', error };
      const written: KnownRedirect[] = [];
      const sound = rows.filter(({ fromPath }) => options.rejects?.includes(fromPath) !== true);
      const fault = carryOut(sound, (some) => void written.push(...some.map((row) => put(siteId, row))));
      if (fault === 'partial' || sound.length < rows.length) return { kind: 'partial', error: part };
      if (fault === 'plan-limit') return { kind: fault, error };
      if (fault === 'none') return { kind: 'done', redirects: answers ? written : [] };
      if (fault === 'rejected' || fault === 'too-large') return { kind: fault, error };
      return { kind: 'uncertain', error };
    },
    deleteRedirects: async (ids) => {
      const fault = carryOut(ids, (some) => {
        for (const id of some) redirects.delete(id);
        deleted.push(...some);
      });
      if (fault === 'none') return 'deleted';
      if (fault === 'partial') return { uncertain: part };
      return fault === 'rejected' || fault === 'too-large' ? { rejected: error } : { uncertain: error };
    },
    deleteBatchSize: () => 3,
  };
  return {
    client,
    put,
    /** Under an id of its own, whatever there is of the path. */
    insert,
    /** `/a → /x`, in the order of their ids. */
    listOf: (siteId: number): string[] =>
      [...redirects.values()]
        .filter((one) => one.siteId === siteId)
        .map(({ fromPath, target }) => `${fromPath} → ${targetText(target)}`),
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

import type { BodyAnswer } from '../../answers.ts';
import { createDataAnswer, createErrorAnswer } from '../../answers.ts';
import type { Errors } from '../../query.ts';
import { readInteger, readIntegers, readWord } from '../../query.ts';
import type { RedirectsSettings } from './options.ts';
import { cutPage, readPaging } from './paging.ts';
import type { StoredRedirect } from './records.ts';
import { renderRedirect } from './render.ts';
import type { RedirectStore } from './store.ts';

const SORTS = ['from_path', 'type', 'site_id', 'id'] as const;

type Sort = (typeof SORTS)[number];

interface Query {
  siteId: number | undefined;
  ids: readonly number[] | undefined;
  min: number | undefined;
  max: number | undefined;
  keyword: string | undefined;
  sort: Sort;
  isDescending: boolean;
}

/** `GET /storefront/redirects` (API document, section 2). */
export class RedirectLists {
  readonly #store: RedirectStore;
  readonly #settings: Pick<RedirectsSettings, 'defaultLimit' | 'maxLimit'>;
  /** The last list, sorted: a client asks for it page by page. */
  #last: { key: string; items: readonly StoredRedirect[] } | undefined;

  constructor(store: RedirectStore, settings: Pick<RedirectsSettings, 'defaultLimit' | 'maxLimit'>) {
    this.#store = store;
    this.#settings = settings;
  }

  answer(query: URLSearchParams): BodyAnswer {
    const errors: Errors = {};
    const paging = readPaging(query, this.#settings.defaultLimit, this.#settings.maxLimit, errors);
    const asked: Query = {
      siteId: readInteger(query, 'site_id', errors),
      ids: readIntegers(query, 'id:in', errors),
      min: readInteger(query, 'id:min', errors),
      max: readInteger(query, 'id:max', errors),
      keyword: query.get('keyword') ?? undefined,
      sort: readWord(query, 'sort', SORTS, errors) ?? 'id',
      isDescending: readWord(query, 'direction', ['asc', 'desc'], errors) === 'desc',
    };
    const withUrl = readWord(query, 'include', ['to_url'], errors) !== undefined;
    if (Object.keys(errors).length > 0) return createErrorAnswer(422, 'Invalid query parameters.', errors);
    const { data, meta } = cutPage(this.#find(asked), paging);
    return createDataAnswer(
      data.map((redirect) => renderRedirect(redirect, this.#store, withUrl)),
      meta,
    );
  }

  #find(query: Query): readonly StoredRedirect[] {
    const key = JSON.stringify([this.#store.version, query]);
    if (this.#last?.key !== key) this.#last = { key, items: select(this.#store.list, query) };
    return this.#last.items;
  }
}

function select(list: readonly StoredRedirect[], query: Query): StoredRedirect[] {
  const { siteId, ids, min = 0, max = Number.POSITIVE_INFINITY, keyword, sort, isDescending } = query;
  const wanted = ids === undefined ? undefined : new Set(ids);
  // "Will only search from the beginning of a URL path": `blue` finds `/blue-shirt`.
  const start = keyword === undefined ? '' : `/${keyword.replace(/^\//, '')}`;
  const found = list.filter(
    ({ id, siteId: site, fromPath }) =>
      (siteId === undefined || site === siteId) &&
      wanted?.has(id) !== false &&
      id >= min &&
      id <= max &&
      fromPath.startsWith(start),
  );
  const readValue = VALUES[sort];
  // The list is in the order of the ids already, and a sort keeps the order of what is equal.
  if (sort !== 'id') found.sort((one, other) => compare(readValue(one), readValue(other)));
  return isDescending ? found.reverse() : found;
}

const VALUES: Readonly<Record<Sort, (redirect: StoredRedirect) => string | number>> = {
  from_path: ({ fromPath }) => fromPath,
  type: ({ to }) => to.type,
  site_id: ({ siteId }) => siteId,
  id: ({ id }) => id,
};

function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

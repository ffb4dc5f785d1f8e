/** `MetaPaginationObject` of the vendor's description. */
import type { Errors } from '../../query.ts';
import { readInteger } from '../../query.ts';

export interface Page {
  limit: number;
  page: number;
}

export function readPaging(query: URLSearchParams, defaultLimit: number, maxLimit: number, errors: Errors): Page {
  const limit = readInteger(query, 'limit', errors) ?? defaultLimit;
  const page = readInteger(query, 'page', errors) ?? 1;
  if (limit < 1) errors['limit'] = 'must be 1 or more';
  if (page < 1) errors['page'] = 'must be 1 or more';
  return { limit: Math.min(limit, maxLimit), page };
}

/** The items of a page, and the description of the list. The links have no filters, as in the vendor's examples. */
export function cutPage<T>(items: readonly T[], { limit, page }: Page) {
  const data = items.slice((page - 1) * limit, page * limit);
  const totalPages = Math.ceil(items.length / limit);
  const pagination = {
    total: items.length,
    count: data.length,
    per_page: limit,
    current_page: page,
    total_pages: totalPages,
    links: {
      ...(page < totalPages && { next: `?limit=${limit}&page=${page + 1}` }),
      current: `?limit=${limit}&page=${page}`,
    },
  };
  return { data, meta: { pagination } };
}

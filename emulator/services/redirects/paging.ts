/** `MetaPaginationObject` of the vendor's description, and parameters that more than one list has. */

export type Errors = Record<string, string>;

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

export function readInteger(query: URLSearchParams, name: string, errors: Errors): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = parseInteger(text);
  if (value === undefined) errors[name] = 'must be an integer';
  return value;
}

/** Comma-separated; undefined where the parameter is not given. */
export function readIntegers(query: URLSearchParams, name: string, errors: Errors): number[] | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const values = text.split(',').map(parseInteger);
  const integers = values.filter((value) => value !== undefined);
  if (integers.length < values.length) errors[name] = 'must be a list of integers';
  return integers;
}

/** Undefined where the parameter is not given, or is none of the words. */
export function readWord<W extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly W[],
  errors: Errors,
): W | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const word = words.find((known) => known === text);
  if (word === undefined) errors[name] = `must be one of ${words.join(', ')}`;
  return word;
}

function parseInteger(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

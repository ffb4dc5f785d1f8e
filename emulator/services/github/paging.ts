import type { GitHubRequest } from './endpoint.ts';

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

export interface Page<T> {
  items: readonly T[];
  /** `Link`, if there is more than one page. */
  headers: Record<string, string>;
}

/**
 * One page of a list, and the links to the others (GitHub's documentation, "Using pagination in the REST API"). A number
 * that makes no sense is ignored, and one over the maximum is the maximum.
 */
export function paginate<T>(all: readonly T[], { url }: GitHubRequest): Page<T> {
  const perPage = Math.min(readNumber(url, 'per_page') ?? DEFAULT_PER_PAGE, MAX_PER_PAGE);
  const page = readNumber(url, 'page') ?? 1;
  const last = Math.max(Math.ceil(all.length / perPage), 1);
  const links: string[] = [];
  const add = (target: number, relation: string) => links.push(`<${linkTo(url, target)}>; rel="${relation}"`);
  if (page > 1) add(Math.min(page - 1, last), 'prev');
  if (page < last) add(page + 1, 'next');
  if (page < last) add(last, 'last');
  if (page > 1) add(1, 'first');
  return {
    items: all.slice((page - 1) * perPage, page * perPage),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}

function readNumber(url: URL, name: string): number | undefined {
  const text = url.searchParams.get(name) ?? '';
  return /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

function linkTo(url: URL, page: number): string {
  const target = new URL(url);
  target.searchParams.set('page', `${page}`);
  return target.href;
}

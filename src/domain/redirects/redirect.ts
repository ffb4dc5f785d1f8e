import { escapeInvisible } from '../invisible.ts';

/** 301 redirects in the platform's words (API document, section 2). Pure. */

/** The exact header that an import requires. */
export const REDIRECT_COLUMNS = [
  'Domain',
  'Old Path',
  'Manual URL/Path',
  'Dynamic Target Type',
  'Dynamic Target ID',
] as const;

/** As a CSV writes them; the REST API writes them in lower case. */
export const DYNAMIC_TYPES = ['Product', 'Brand', 'Category', 'Page', 'Post'] as const;

export type DynamicType = (typeof DYNAMIC_TYPES)[number];

/** The maximum length of a manual target. */
export const MAX_URL_CHARS = 2048;

export type RedirectTarget =
  /** A path of the same storefront, or a URL. */
  | { kind: 'manual'; url: string }
  /** Whatever address the entity has at the time. */
  | { kind: 'dynamic'; type: DynamicType; id: number };

/**
 * The id that a redirect seems to get once its product or the like is deleted: real stores have such redirects, and
 * export them (API document, section 2). They lead nowhere.
 */
export const NO_ENTITY_ID = 0;

export interface Redirect {
  /** Begins with `/`. A site may have it under several ids. */
  fromPath: string;
  target: RedirectTarget;
}

/** A row of a file: a desired redirect. */
export interface RedirectRow extends Redirect {
  /** Lower case. '' where the file names none: a list need not, and a backup cannot where it is unknown. */
  domain: string;
  /** Of a list without the input `site-id`: the site that it names for this row. */
  siteId?: number;
  /** The line where it begins in the file, from 1. */
  line: number;
}

/** A redirect that a site has. */
export interface KnownRedirect extends Redirect {
  id: number;
  /** The address that it leads to at present; undefined where the platform does not say. */
  toUrl: string | undefined;
  /** In a list of several sites: its site, where the platform names it. */
  siteId?: number | undefined;
}

export function isSameTarget(one: RedirectTarget, other: RedirectTarget): boolean {
  if (one.kind === 'manual') return other.kind === 'manual' && one.url === other.url;
  return other.kind === 'dynamic' && one.type === other.type && one.id === other.id;
}

export function isDead(target: RedirectTarget): boolean {
  return target.kind === 'dynamic' && target.id === NO_ENTITY_ID;
}

/** `/new` or `Product 12`, for people: invisible characters are escaped. */
export function targetText(target: RedirectTarget): string {
  return target.kind === 'manual' ? escapeInvisible(target.url) : `${target.type} ${target.id}`;
}

/** An old path, for people. */
export function pathText({ fromPath }: Redirect): string {
  return escapeInvisible(fromPath);
}

/** The cells of a row, in the order of the columns. */
export function cellsOf(domain: string, { fromPath, target }: Redirect): string[] {
  return target.kind === 'manual'
    ? [domain, fromPath, target.url, '', '']
    : [domain, fromPath, '', target.type, String(target.id)];
}

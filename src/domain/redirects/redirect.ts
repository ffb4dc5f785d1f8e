/** 301 redirects in the platform's words (API document, section 2). Pure. */

/** The header that an import demands, exactly. */
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

/** A manual target may have at most so many characters. */
export const MAX_URL_CHARS = 2048;

export type RedirectTarget =
  /** A path of the same storefront, or a URL. */
  | { kind: 'manual'; url: string }
  /** Whatever address the thing has at the time. */
  | { kind: 'dynamic'; type: DynamicType; id: number };

export interface Redirect {
  /** Begins with `/`. Of a site, each has one redirect at most. */
  fromPath: string;
  target: RedirectTarget;
}

/** A row of a file: a redirect as somebody wishes it. */
export interface RedirectRow extends Redirect {
  /** Lower case. '' in a list (JSON, YAML) that names none. */
  domain: string;
  /** Where it begins in the file, from 1. */
  line: number;
}

/** A redirect that a site has. */
export interface KnownRedirect extends Redirect {
  id: number;
  /** The address that it leads to at present; undefined where the platform does not say. */
  toUrl: string | undefined;
}

export function isSameTarget(one: RedirectTarget, other: RedirectTarget): boolean {
  if (one.kind === 'manual') return other.kind === 'manual' && one.url === other.url;
  return other.kind === 'dynamic' && one.type === other.type && one.id === other.id;
}

/** `/new` or `Product 12`. */
export function targetText(target: RedirectTarget): string {
  return target.kind === 'manual' ? target.url : `${target.type} ${target.id}`;
}

/** The cells of a row, in the order of the columns. */
export function cellsOf(domain: string, { fromPath, target }: Redirect): string[] {
  return target.kind === 'manual'
    ? [domain, fromPath, target.url, '', '']
    : [domain, fromPath, '', target.type, String(target.id)];
}

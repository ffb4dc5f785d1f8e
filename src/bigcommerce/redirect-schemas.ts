import * as z from 'zod/mini';
import { escapeInvisible } from '../domain/invisible.ts';
import { DYNAMIC_TYPES, type KnownRedirect, type RedirectTarget } from '../domain/redirects/redirect.ts';
import { mapped, nonNegativeInt, orMissing } from '../schema.ts';
import { word } from './schemas.ts';

/**
 * Answers about redirects, from unknown to typed (API document, section 2). Unknown fields are ignored: the API may
 * grow. snake_case ends here.
 *
 * A redirect that is not understood is neither left out nor guessed at: a plan would add it again or remove it, and no
 * backup could restore it. It becomes an `UnreadableRedirect`, which the caller has to turn into an error.
 */

export interface ReadRedirect {
  redirect: KnownRedirect;
  /** Undefined: the answer names no site. */
  siteId: number | undefined;
}

export interface UnreadableRedirect {
  /** Which one it is and what is wrong with it: `/old (id 7): its target has the type "video"`. */
  unreadable: string;
}

export interface RedirectPage {
  redirects: (ReadRedirect | UnreadableRedirect)[];
  /** Of the whole list. */
  total: number;
  currentPage: number;
  totalPages: number;
}

const MAX_QUOTED_CHARS = 200;
const MAX_ID_CHARS = 40;

/** A count or an id, which may come as text. */
export const wholeNumber = z.pipe(
  z.union([z.number(), mapped(z.string().check(z.regex(/^\d{1,15}$/)), Number)]),
  nonNegativeInt,
);

const pagination = z.object({ total: wholeNumber, current_page: wholeNumber, total_pages: wholeNumber });

const target = z.object({ type: word, entity_id: z.optional(z.unknown()), url: z.optional(z.unknown()) });

const redirect = z.object({
  id: wholeNumber,
  site_id: orMissing(wholeNumber),
  from_path: z.string(),
  to: z.optional(z.unknown()),
  to_url: orMissing(z.string()),
});

const page = z.object({ data: z.array(z.unknown()), meta: z.object({ pagination }) });
/** That the answer to an upsert has data is documented; whether it always has is not. */
const upserted = z.optional(z.object({ data: z.nullish(z.array(z.unknown())) }));
/** Deleted ones are looked up by their ids, and nothing else is needed. */
const ids = z.object({ data: z.array(z.object({ id: wholeNumber })) });

/** @throws where the answer is not a page of a list; an unreadable redirect is returned as such */
export function parseRedirectPage(value: unknown): RedirectPage {
  const { data, meta } = page.parse(value);
  const { total, current_page: currentPage, total_pages: totalPages } = meta.pagination;
  return { redirects: data.map(parseRedirect), total, currentPage, totalPages };
}

export const parseUpserted = (value: unknown) => (upserted.parse(value)?.data ?? []).map(parseRedirect);

export const parseRedirectIds = (value: unknown) => ids.parse(value).data.map(({ id }) => id);

function parseRedirect(value: unknown): ReadRedirect | UnreadableRedirect {
  const { data } = redirect.safeParse(value);
  if (data === undefined) return { unreadable: `${nameOf(value)}: it has no usable id or no old path` };
  const to = parseTarget(data.to);
  if ('unreadable' in to) return { unreadable: `${nameOf(value)}: ${to.unreadable}` };
  const known = { id: data.id, fromPath: data.from_path, target: to, toUrl: data.to_url ?? undefined };
  return { redirect: known, siteId: data.site_id ?? undefined };
}

function parseTarget(value: unknown): RedirectTarget | UnreadableRedirect {
  const { data } = target.safeParse(value);
  if (data === undefined) return { unreadable: 'it has no usable target' };
  const name = data.type.toLowerCase();
  if (name === 'url') {
    return typeof data.url === 'string' ? { kind: 'manual', url: data.url } : { unreadable: 'its target has no URL' };
  }
  const type = DYNAMIC_TYPES.find((one) => one.toLowerCase() === name);
  if (type === undefined) return { unreadable: `its target has the type "${data.type}"` };
  const id = wholeNumber.safeParse(data.entity_id).data;
  return id === undefined ? { unreadable: `its target, a ${name}, has no id` } : { kind: 'dynamic', type, id };
}

/** `/old (id 7)`, as far as there is any of it. */
function nameOf(value: unknown): string {
  const { id, from_path: fromPath } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const path =
    typeof fromPath === 'string' ? escapeInvisible(shorten(fromPath, MAX_QUOTED_CHARS)) : 'a redirect without a path';
  return typeof id === 'number' || typeof id === 'string' ? `${path} (id ${shorten(String(id), MAX_ID_CHARS)})` : path;
}

/** The ellipsis marks the cut, for people and for the redactor, which recognises the beginning of a secret by it. */
export function shorten(text: string, maxChars: number): string {
  return text.length > maxChars ? `${text.slice(0, maxChars)}…` : text;
}

import type { BodyAnswer } from '../../answers.ts';
import { createEmptyAnswer, createErrorAnswer, createJsonAnswer } from '../../answers.ts';
import type { Errors } from '../../query.ts';
import { readInteger, readIntegers } from '../../query.ts';
import { parseTo, pathProblem } from './checks.ts';
import type { PartFailsFault } from './faults.ts';
import type { RedirectsSettings } from './options.ts';
import { cutPage } from './paging.ts';
import type { RedirectContent } from './records.ts';
import { renderRedirect } from './render.ts';
import type { RedirectStore } from './store.ts';

/**
 * `PUT /storefront/redirects` (API document, section 2): all of the items are written, or none, unless a fault says
 * which of them are not.
 */
export function answerUpsert(
  body: unknown,
  store: RedirectStore,
  { upsertItems }: Pick<RedirectsSettings, 'upsertItems'>,
  fault?: PartFailsFault,
): BodyAnswer {
  if (!Array.isArray(body)) return createErrorAnswer(422, 'The request body must be an array of redirects.');
  if (upsertItems !== undefined && body.length > upsertItems) {
    return createErrorAnswer(413, `No more than ${upsertItems} redirects can be upserted at once.`);
  }
  const errors: Errors = {};
  const items = body.map((item: unknown, index) => parseItem(item, `${index}`, store, errors));
  if (Object.keys(errors).length > 0) return createErrorAnswer(422, 'The redirects could not be upserted.', errors);
  const carriedOut = items.filter((_, index) => fault?.items.includes(index + 1) !== true);
  const written = carriedOut.flatMap((item) => (item === undefined ? [] : [store.upsert(item.siteId, item)]));
  if (fault !== undefined) return createPartAnswer(fault, items.length);
  const { data, meta } = cutPage(written, { limit: Math.max(written.length, 1), page: 1 });
  return createJsonAnswer(201, { data: data.map((redirect) => renderRedirect(redirect, store, false)), meta });
}

function parseItem(
  item: unknown,
  place: string,
  store: RedirectStore,
  errors: Errors,
): (RedirectContent & { siteId: number }) | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    errors[place] = 'must be an object';
    return undefined;
  }
  const fields: Readonly<Record<string, unknown>> = { ...item };
  const problem = pathProblem(fields['from_path']);
  if (problem !== undefined) errors[`${place}.from_path`] = problem;
  const site = store.findSite(fields['site_id']);
  if (site === undefined) errors[`${place}.site_id`] = 'must be the id of a site of this store';
  const to = parseTo(fields['to'], `${place}.to`, errors);
  if (problem !== undefined || site === undefined || to === undefined) return undefined;
  return { fromPath: String(fields['from_path']), siteId: site.id, to };
}

/**
 * `DELETE /storefront/redirects` (API document, section 2). "To delete all redirects for a given site, provide the site
 * ID": whatever ids the request has.
 */
export function answerDelete(query: URLSearchParams, store: RedirectStore, fault?: PartFailsFault): BodyAnswer {
  const errors: Errors = {};
  const ids = readIntegers(query, 'id:in', errors);
  const siteId = readInteger(query, 'site_id', errors);
  if (ids === undefined && siteId === undefined) errors['id:in'] = 'is required';
  if (Object.keys(errors).length > 0) return createErrorAnswer(422, 'Invalid query parameters.', errors);
  store.remove((ids ?? []).filter((_, index) => fault?.items.includes(index + 1) !== true));
  if (fault !== undefined) return createPartAnswer(fault, ids?.length ?? 0);
  if (siteId !== undefined) store.removeSite(siteId);
  return createEmptyAnswer(204);
}

/**
 * The answer to a list of which a part has failed. That 207 means this is known (API document, section 1, "Errors"); its
 * body is not, so it is that of any error.
 */
function createPartAnswer({ items, status = 207 }: PartFailsFault, total: number): BodyAnswer {
  const failed = items.filter((position) => position <= total).length;
  return createErrorAnswer(status, `${failed} of ${total} items could not be processed.`);
}

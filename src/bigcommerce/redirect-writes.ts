import type { Redirect, RedirectTarget } from '../domain/redirects/redirect.ts';
import type { ActionError } from '../errors.ts';
import { HttpError, isUncertain, NetworkError } from '../net/errors.ts';
import { repeatAlways } from '../net/retry.ts';
import { type ApiOptions, callEndpoint, type Endpoint, urlOf } from './endpoint.ts';
import { notUnderstood } from './redirect-list.ts';
import { parseRedirectIds, parseUpserted } from './redirect-schemas.ts';
import type { DeleteAnswer, UpsertAnswer } from './redirects.ts';
import { PARTIAL, PLAN_LIMIT } from './refusals.ts';

const PATH = 'storefront/redirects';
/** What servers and proxies accept for sure. */
const MAX_REQUEST_URL_CHARS = 2000;
/** What a page holds without a `limit`, as far as pages of these APIs are documented. */
const IDS_A_LOOKUP = 50;
const NOT_FOUND = 404;
const TOO_LARGE = 413;

/** A call that failed, as far as is known. Anything else is thrown. */
type Failure = { rejected: HttpError | NetworkError } | { uncertain: ActionError };

/** `PUT /storefront/redirects`: 201, with the stored redirects or without a body. */
export async function upsertRedirects(
  api: ApiOptions,
  siteId: number,
  redirects: readonly Redirect[],
): Promise<UpsertAnswer> {
  const answer = await write(api, {
    what: `Writing ${countOf(redirects)}`,
    method: 'PUT',
    path: PATH,
    body: redirects.map(({ fromPath, target }) => ({ from_path: fromPath, site_id: siteId, to: bodyOf(target) })),
    scope: 'content-modify',
    parse: parseUpserted,
    mayBeEmpty: true,
  });
  if (!('done' in answer)) return failedUpsert(answer);
  // The written ids have to be known, so that none of them is deleted afterwards.
  const unreadable = answer.done.flatMap((one) => ('unreadable' in one ? [one.unreadable] : []));
  if (unreadable.length > 0) return { kind: 'uncertain', error: notUnderstood(unreadable) };
  return { kind: 'done', redirects: answer.done.flatMap((one) => ('redirect' in one ? [one.redirect] : [])) };
}

function failedUpsert(failure: Failure): UpsertAnswer {
  const error = 'rejected' in failure ? failure.rejected : failure.uncertain;
  const status = error instanceof HttpError ? error.status : undefined;
  if (status === PARTIAL) return { kind: 'partial', error };
  if (status === PLAN_LIMIT) return { kind: 'plan-limit', error };
  if ('uncertain' in failure) return { kind: 'uncertain', error };
  return { kind: status === TOO_LARGE ? 'too-large' : 'rejected', error };
}

function countOf({ length }: readonly unknown[]): string {
  return length === 1 ? '1 redirect' : `${length} redirects`;
}

function bodyOf(target: RedirectTarget): unknown {
  if (target.kind === 'manual') return { type: 'url', url: target.url };
  return { type: target.type.toLowerCase(), entity_id: target.id };
}

/**
 * `DELETE /storefront/redirects?id:in=`. Never with a `site_id`, which would delete all redirects of the site. An empty
 * list sends nothing: what a request without ids would delete is unknown.
 */
export async function deleteRedirects(api: ApiOptions, ids: readonly number[]): Promise<DeleteAnswer> {
  if (ids.length === 0) return 'deleted';
  const answer = await write(api, {
    what: `Deleting ${countOf(ids)}`,
    method: 'DELETE',
    path: PATH,
    query: { 'id:in': ids.join(',') },
    scope: 'content-modify',
    parse: () => undefined,
    mayBeEmpty: true,
  });
  if ('done' in answer) return 'deleted';
  const error = 'rejected' in answer ? answer.rejected : answer.uncertain;
  return error instanceof HttpError && error.status === NOT_FOUND ? await deleteRemaining(api, ids, error) : answer;
}

/**
 * After a 404: some may be gone already, deleted by somebody else, or by an attempt whose answer was lost. Looks up
 * what is left, and deletes it if that is fewer.
 */
async function deleteRemaining(api: ApiOptions, ids: readonly number[], notFound: ActionError): Promise<DeleteAnswer> {
  const left = await readIds(api, ids, notFound);
  if (!Array.isArray(left)) return left;
  if (left.length === ids.length) return { rejected: notFound };
  const answer = await deleteRedirects(api, left);
  // The others are gone in any case.
  return typeof answer === 'object' && 'rejected' in answer ? { uncertain: answer.rejected } : answer;
}

/**
 * Which of these ids the store has. A redirect left out by paging would pass for deleted, so each answer has to fit
 * into one page.
 */
async function readIds(
  api: ApiOptions,
  ids: readonly number[],
  notFound: ActionError,
): Promise<number[] | { uncertain: ActionError }> {
  const found = new Set<number>();
  try {
    for (let at = 0; at < ids.length; at += IDS_A_LOOKUP) {
      const some = ids.slice(at, at + IDS_A_LOOKUP);
      const answer = await callEndpoint(api, {
        what: 'Looking up redirects that may be gone',
        method: 'GET',
        path: PATH,
        query: { 'id:in': some.join(','), limit: String(some.length) },
        scope: 'content-read',
        parse: parseRedirectIds,
        mayRepeat: repeatAlways,
      });
      // Other ids mean that the filter was ignored: then one that this page lacks need not be gone.
      if (answer.some((id) => !some.includes(id))) return { uncertain: notFound };
      for (const id of answer) found.add(id);
    }
    return ids.filter((id) => found.has(id));
  } catch (error) {
    if (error instanceof HttpError || error instanceof NetworkError) return { uncertain: error };
    throw error;
  }
}

/** How many of these ids fit into the URL of one DELETE as it is really sent, at least one. */
export function deleteBatchSize(api: ApiOptions, ids: readonly number[]): number {
  const lengthOf = (count: number) => urlOf(api, PATH, { 'id:in': ids.slice(0, count).join(',') }).href.length;
  let size = Math.min(1, ids.length);
  const room = MAX_REQUEST_URL_CHARS - lengthOf(size);
  // A comma is sent as `%2C`.
  for (let used = 0; size < ids.length; size += 1) {
    used += '%2C'.length + String(ids[size]).length;
    if (used > room) break;
  }
  return size;
}

/**
 * Sends a write that may be repeated freely. Any of several attempts may have been carried out, whatever happened to
 * the last.
 * @throws the signal's reason
 */
async function write<T>(api: ApiOptions, endpoint: Omit<Endpoint<T>, 'mayRepeat'>): Promise<{ done: T } | Failure> {
  let isDoubtful = false;
  const mayRepeat = (error: HttpError | NetworkError) => {
    isDoubtful ||= isUncertain(error);
    return repeatAlways(error);
  };
  try {
    return { done: await callEndpoint(api, { ...endpoint, mayRepeat }) };
  } catch (error) {
    if (!(error instanceof HttpError || error instanceof NetworkError)) throw error;
    return isDoubtful || isUncertain(error) ? { uncertain: error } : { rejected: error };
  }
}

import { type KnownRedirect, pathText } from '../domain/redirects/redirect.ts';
import { ActionError } from '../errors.ts';
import { repeatAlways } from '../net/retry.ts';
import { pause } from '../pause.ts';
import { type ApiOptions, callEndpoint } from './endpoint.ts';
import { parseRedirectPage, type RedirectPage } from './redirect-schemas.ts';

const WHAT = 'Reading the redirects';
/** Of 2 KB of path and 2 KB of target each: well within what an answer may have. */
const REDIRECTS_A_PAGE = 250;
/** Half a million redirects, even with only 50 of them a page. */
const MAX_PAGES = 10_000;
const MAX_READINGS = 3;
/** Gives whoever changes the list time to finish. */
const PAUSE_BETWEEN_READINGS_MS = 500;
const NAMED_REDIRECTS = 5;

type OnProgress = (read: number, total: number) => void;

/**
 * `GET /storefront/redirects?site_id=`, all pages; without a site, the redirects of all sites. The pages of a list that
 * changes meanwhile may miss or repeat a redirect, so their number must match the platform's count, which must be the
 * same on each page; else all of it is read again.
 */
export async function listRedirects(
  api: ApiOptions,
  siteId: number | undefined,
  onProgress: OnProgress,
): Promise<KnownRedirect[]> {
  for (let reading = 1; ; reading += 1) {
    const found = await readAll(api, siteId, onProgress);
    if (!('changed' in found)) return found;
    if (reading === MAX_READINGS) throw restless(found.changed);
    await pause(PAUSE_BETWEEN_READINGS_MS, api.signal);
  }
}

async function readAll(
  api: ApiOptions,
  siteId: number | undefined,
  onProgress: OnProgress,
): Promise<KnownRedirect[] | { changed: string }> {
  const byId = new Map<number, KnownRedirect>();
  const unreadable: string[] = [];
  let read = 0;
  let firstTotal: number | undefined;
  for (let page = 1; ; page += 1) {
    const answer = await readPage(api, siteId, page);
    const { total, currentPage, totalPages } = answer;
    firstTotal ??= total;
    if (total !== firstTotal)
      return { changed: `it had ${firstTotal} redirects at first, and ${total} on page ${page}` };
    if (currentPage !== page) return { changed: `page ${page} was requested, but page ${currentPage} came` };
    for (const entry of answer.redirects) {
      if ('unreadable' in entry) unreadable.push(entry.unreadable);
      else if (siteId === undefined) byId.set(entry.redirect.id, { ...entry.redirect, siteId: entry.siteId });
      else if (entry.siteId === siteId) byId.set(entry.redirect.id, entry.redirect);
      else throw foreign(entry.redirect, siteId, entry.siteId);
    }
    read += answer.redirects.length;
    onProgress(Math.min(read, total), total);
    if (page >= totalPages) break;
    if (page >= MAX_PAGES || totalPages > MAX_PAGES) throw endless(total, totalPages);
    if (answer.redirects.length === 0) return { changed: `page ${page} of ${totalPages} was empty` };
    if (read > total) return { changed: `more redirects came than the ${total} that it has` };
  }
  // Counted and named at the end, so that all of them are.
  if (unreadable.length > 0) throw notUnderstood(unreadable);
  return byId.size === firstTotal
    ? [...byId.values()]
    : { changed: `${byId.size} redirects came, but it has ${firstTotal}` };
}

async function readPage(api: ApiOptions, siteId: number | undefined, page: number): Promise<RedirectPage> {
  return await callEndpoint(api, {
    what: WHAT,
    method: 'GET',
    path: 'storefront/redirects',
    query: {
      site_id: siteId === undefined ? undefined : String(siteId),
      // Sorted by id, new ones come last, and shift no page that was read.
      sort: 'id',
      direction: 'asc',
      include: 'to_url',
      limit: String(REDIRECTS_A_PAGE),
      page: String(page),
    },
    scope: 'content-read',
    parse: parseRedirectPage,
    mayRepeat: repeatAlways,
  });
}

/** A redirect that this version does not understand, in a list or in an answer. */
export function notUnderstood(unreadable: readonly string[]): ActionError {
  const named = unreadable.slice(0, NAMED_REDIRECTS).join('; ');
  const more = unreadable.length > NAMED_REDIRECTS ? `; and ${unreadable.length - NAMED_REDIRECTS} more` : '';
  return new ActionError(
    `The store has redirects that this version does not understand, and therefore does not touch: ${named}${more}.`,
    {
      topic: 'no-connection-or-no-answer',
      title: 'Redirects not understood',
      fix: 'Use a newer version of this action, or change or remove these redirects in the control panel.',
    },
  );
}

function foreign(redirect: KnownRedirect, siteId: number, otherSite: number | undefined): ActionError {
  const whose = otherSite === undefined ? 'names no site' : `belongs to site ${otherSite}`;
  return new ActionError(
    `${WHAT}: only those of site ${siteId} were requested, but ${pathText(redirect)} (id ${redirect.id}) ${whose}.`,
    {
      topic: 'no-connection-or-no-answer',
      title: 'BigCommerce listed redirects of another site',
      fix: 'Check `site-id` and `api-host`; if they are right, this is a fault of the platform. This list was not used.',
    },
  );
}

function endless(total: number, totalPages: number): ActionError {
  return new ActionError(
    `${WHAT}: the platform reports ${total} redirects on ${totalPages} pages; at most ${MAX_PAGES} pages are read.`,
    {
      topic: 'the-site-has-changed-meanwhile',
      title: 'The list of redirects does not end',
      fix: 'Check `api-host`; if it is right, this is a fault of the platform: run the job again later.',
    },
  );
}

function restless(change: string): ActionError {
  return new ActionError(
    `${WHAT}: the list changed while it was read, ${MAX_READINGS} times; the last time, ${change}.`,
    {
      topic: 'the-site-has-changed-meanwhile',
      title: 'Redirects change while they are read',
      fix: 'Something else changes the redirects of this store: an import, another job, or somebody in the control panel. Run the job again when it is done.',
    },
  );
}

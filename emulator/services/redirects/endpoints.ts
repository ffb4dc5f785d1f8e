import type { Answer } from '../../answers.ts';
import type { Scope } from '../../bigcommerce/scopes.ts';
import type { StoreEndpoint, StoreRequest } from '../../bigcommerce/store-api.ts';
import { answerDelete, answerUpsert } from './change.ts';
import { answerEvents } from './events.ts';
import { answerDownload, answerExport } from './export.ts';
import { PART_FAILS } from './faults.ts';
import { answerImport } from './import.ts';
import { answerListJobs } from './job-answers.ts';
import type { Redirects } from './redirects.ts';

export interface RedirectEndpoint extends StoreEndpoint {
  answer(redirects: Redirects, request: StoreRequest): Answer | Promise<Answer>;
}

const PATH = '/stores/:storeHash/v3/storefront/redirects';

const WRITES: readonly Scope[] = ['store_v2_content'];
/** An export changes nothing, but no document says that the scope for reading is enough for it. */
const READS: readonly Scope[] = [...WRITES, 'store_v2_content_read_only'];

/** The calls of the API document, section 2. */
export const REDIRECT_ENDPOINTS = [
  {
    call: 'listRedirects',
    method: 'GET',
    path: PATH,
    scopes: READS,
    answer: ({ lists }, { url }) => lists.answer(url.searchParams),
  },
  {
    call: 'upsertRedirects',
    method: 'PUT',
    path: PATH,
    scopes: WRITES,
    answer: ({ store, settings }, { body, faults }) => answerUpsert(body, store, settings, faults.find(PART_FAILS)),
  },
  {
    call: 'deleteRedirects',
    method: 'DELETE',
    path: PATH,
    scopes: WRITES,
    answer: ({ store }, { url, faults }) => answerDelete(url.searchParams, store, faults.find(PART_FAILS)),
  },
  {
    call: 'listRedirectJobs',
    method: 'GET',
    path: `${PATH}/imex/jobs`,
    scopes: READS,
    answer: ({ jobs, settings }, { url }) => answerListJobs(url.searchParams, jobs, settings),
  },
  {
    call: 'importRedirects',
    method: 'POST',
    path: `${PATH}/imex/import`,
    scopes: WRITES,
    answer: ({ importParts }, { form, faults }) => answerImport(form, importParts, faults),
  },
  {
    call: 'exportRedirects',
    method: 'POST',
    path: `${PATH}/imex/export`,
    scopes: READS,
    answer: (redirects, { body, faults }) => answerExport(body, redirects, faults),
  },
  {
    call: 'importEvents',
    method: 'GET',
    path: `${PATH}/imex/import/:id/events`,
    scopes: READS,
    answer: (redirects, request) => answerEvents('import', redirects, request),
  },
  {
    call: 'exportEvents',
    method: 'GET',
    path: `${PATH}/imex/export/:id/events`,
    scopes: READS,
    answer: (redirects, request) => answerEvents('export', redirects, request),
  },
  {
    call: 'downloadExport',
    method: 'GET',
    path: `${PATH}/imex/export/:id/download`,
    scopes: READS,
    answer: ({ jobs }, { param }) => answerDownload(param('id'), jobs),
  },
] as const satisfies readonly RedirectEndpoint[];

export type RedirectCall = (typeof REDIRECT_ENDPOINTS)[number]['call'];

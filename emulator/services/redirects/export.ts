import type { BodyAnswer } from '../../answers.ts';
import { createErrorAnswer, createJsonAnswer } from '../../answers.ts';
import type { AppliedFaults } from '../../faults/applied.ts';
import type { Errors } from '../../query.ts';
import { JOB_ENDS } from './faults.ts';
import { createBusyAnswer } from './job-answers.ts';
import type { RedirectJobs } from './jobs.ts';
import type { ExportRequest, RedirectJobRecord, StoredRedirect } from './records.ts';
import { renderRows } from './rows.ts';
import type { RedirectStore } from './store.ts';

export interface ExportParts {
  store: RedirectStore;
  jobs: RedirectJobs;
}

/** `POST /storefront/redirects/imex/export` (API document, section 2). */
export function answerExport(body: unknown, parts: ExportParts, faults: AppliedFaults): BodyAnswer {
  const errors: Errors = {};
  const request = parseRequest(body, errors);
  if (Object.keys(errors).length > 0) return createErrorAnswer(422, 'Invalid request body.', errors);
  if (parts.jobs.isBusy()) return createBusyAnswer();
  const redirects = select(parts.store, request);
  if (redirects.length === 0) {
    return createErrorAnswer(409, 'No Redirects in your store meet the criteria in your request.');
  }
  return createJsonAnswer(201, { id: startExport(request, parts, faults).jobId });
}

/** Exports what there is at this moment. */
export function startExport(
  request: ExportRequest,
  { store, jobs }: ExportParts,
  faults?: AppliedFaults,
): RedirectJobRecord {
  const redirects = select(store, request);
  return jobs.start({
    kind: 'export',
    total: redirects.length,
    request,
    end: faults?.find(JOB_ENDS),
    doItem: (_, job) => {
      job.completed += 1;
    },
    complete: (job) => {
      job.csv = renderRows(
        redirects.map((redirect) => ({
          ...redirect,
          domain: store.findSite(redirect.siteId)?.domain ?? '',
          toUrl: store.renderToUrl(redirect),
        })),
        request.includeDynamicTargetUrls,
      );
    },
  });
}

/** `GET /storefront/redirects/imex/export/{id}/download` (API document, section 2). */
export function answerDownload(jobId: string, jobs: RedirectJobs): BodyAnswer {
  const job = jobs.find(jobId);
  if (job?.kind !== 'export' || job.status !== 'complete' || job.csv === undefined) {
    return createErrorAnswer(404, 'The requested export download does not exist.');
  }
  return { kind: 'body', status: 200, headers: { 'content-type': 'text/csv' }, body: job.csv };
}

function select(store: RedirectStore, { siteId, redirectIds }: ExportRequest): StoredRedirect[] {
  const ids = redirectIds.length === 0 ? undefined : new Set(redirectIds);
  return store.list.filter(
    (redirect) => (siteId === undefined || redirect.siteId === siteId) && ids?.has(redirect.id) !== false,
  );
}

function parseRequest(body: unknown, errors: Errors): ExportRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    errors['body'] = 'must be an object';
    return { siteId: undefined, redirectIds: [], includeDynamicTargetUrls: false };
  }
  const fields: Readonly<Record<string, unknown>> = { ...body };
  const { site_id: siteId = null, redirect_ids: ids = [], include_dynamic_target_urls: withUrls = false } = fields;
  if (siteId !== null && !Number.isInteger(siteId)) errors['site_id'] = 'must be an integer';
  const isList = Array.isArray(ids) && ids.every((id) => Number.isInteger(id));
  if (!isList) errors['redirect_ids'] = 'must be an array of integers';
  if (typeof withUrls !== 'boolean') errors['include_dynamic_target_urls'] = 'must be a boolean';
  return {
    siteId: siteId === null ? undefined : Number(siteId),
    redirectIds: isList ? ids : [],
    includeDynamicTargetUrls: withUrls === true,
  };
}

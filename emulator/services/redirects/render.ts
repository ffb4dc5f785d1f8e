import type { RedirectJobRecord, RowError, StoredRedirect } from './records.ts';
import type { RedirectStore } from './store.ts';

/** `301RedirectRead` of the vendor's description. */
export function renderRedirect(redirect: StoredRedirect, store: RedirectStore, withUrl: boolean) {
  const { id, siteId, fromPath, to } = redirect;
  return { id, site_id: siteId, from_path: fromPath, to, ...(withUrl && { to_url: store.renderToUrl(redirect) }) };
}

/** `301RedirectImportExportJobRead` of the vendor's description. */
export function renderJob(job: RedirectJobRecord) {
  return {
    id: job.jobId,
    type: job.kind,
    status: job.status,
    completed_items: job.completed,
    failed_items: job.failed,
    total_items: job.total,
    errors: job.errors,
    created_at: new Date(job.createdAtMs).toISOString(),
    ...(job.endedAtMs !== undefined && { completed_at: new Date(job.endedAtMs).toISOString() }),
  };
}

/** What an event of a job says: that of an export has no failures (API document, section 2, table of calls). */
export function renderJobEvent(job: RedirectJobRecord, errors: readonly RowError[] | undefined) {
  const isImport = job.kind === 'import';
  return {
    job_id: job.jobId,
    status: job.status,
    completed_items: job.completed,
    ...(isImport && { failed_items: job.failed }),
    total_items: job.total,
    ...(isImport && errors !== undefined && { errors }),
  };
}

import { type ApiOptions, urlOf } from './endpoint.ts';
import { followJob } from './job-events.ts';
import { downloadExport, startExport, startImport } from './redirect-jobs.ts';
import { listRedirects } from './redirect-list.ts';
import { deleteBatchSize, deleteRedirects, upsertRedirects } from './redirect-writes.ts';
import type { RedirectsClient } from './redirects.ts';

export function createRedirectsClient(options: ApiOptions): RedirectsClient {
  return {
    sitesUrl: urlOf(options, 'sites').href,
    listRedirects: (siteId, onProgress) => listRedirects(options, siteId, onProgress),
    upsertRedirects: (siteId, redirects) => upsertRedirects(options, siteId, redirects),
    deleteRedirects: (ids) => deleteRedirects(options, ids),
    deleteBatchSize: (ids) => deleteBatchSize(options, ids),
    startImport: (file, progress) => startImport(options, file, progress),
    startExport: (request) => startExport(options, request),
    followJob: (kind, jobId, follow) => followJob(options, kind, jobId, follow),
    downloadExport: (jobId, path, onProgress) => downloadExport(options, jobId, path, onProgress),
  };
}

import type { JobState, RedirectJobKind } from '../domain/redirects/job.ts';
import type { HttpCall } from '../net/call.ts';
import { getFileRepeatedly } from '../net/download.ts';
import { HttpError, isUncertain, NetworkError } from '../net/errors.ts';
import { namedWaitOf } from '../net/rate-limit.ts';
import { type RetryNotice, repeatAlways, retry } from '../net/retry.ts';
import { BIGCOMMERCE } from '../net/services.ts';
import { postFile } from '../net/upload.ts';
import { type ApiOptions, callEndpoint, parseAnswer, urlOf } from './endpoint.ts';
import type { UploadFile, UploadProgress } from './hosting.ts';
import { parseJobPage, parseStartedJob } from './job-schemas.ts';
import { CREATE_TIMEOUT_MS } from './projects.ts';
import type { ExportRequest, StartAnswer } from './redirects.ts';
import { explainImportRefusal, explainRefusal } from './refusals.ts';

const IMEX = 'storefront/redirects/imex';
/** Each may list all rows that it rejected, so a page must not hold many. */
const JOBS_A_PAGE = 10;
const MAX_JOB_PAGES = 50;
/** A list of jobs with 200,000 rejected rows in one of them. */
const MAX_JOBS_BYTES = 64 * 1024 * 1024;
const JOBS_TIMEOUT_MS = 30_000;
const STALL_MS = 30_000;
/** The platform reads the file before it answers. */
const ANSWER_MS = 60_000;
/** Millions of redirects. */
const MAX_EXPORT_BYTES = 1024 * 1024 * 1024;
const NOT_FOUND = 404;
const CONFLICT = 409;
const TOO_MANY = 429;

/** `GET /storefront/redirects/imex/jobs?id=`: a job as the list has it, where it has it. */
export async function findJob(api: ApiOptions, kind: RedirectJobKind, id: string): Promise<JobState | undefined> {
  for (let page = 1, totalPages = 1; page <= Math.min(totalPages, MAX_JOB_PAGES); page += 1) {
    const answer = await callEndpoint(api, {
      what: 'Looking up the job',
      method: 'GET',
      path: `${IMEX}/jobs`,
      query: { type: kind, id, limit: String(JOBS_A_PAGE), page: String(page) },
      scope: 'content-read',
      parse: parseJobPage,
      mayRepeat: repeatAlways,
      timeoutMs: JOBS_TIMEOUT_MS,
      maxAnswerBytes: MAX_JOBS_BYTES,
    });
    // The platform may ignore the filters.
    const found = answer.jobs.find(
      (job) => job.state.jobId.toLowerCase() === id.toLowerCase() && (job.kind ?? kind) === kind,
    );
    if (found !== undefined) return found.state;
    if (answer.jobs.length === 0) break;
    totalPages = answer.totalPages;
  }
  return undefined;
}

/** `POST /storefront/redirects/imex/import`, multipart. */
export async function startImport(api: ApiOptions, file: UploadFile, progress: UploadProgress): Promise<StartAnswer> {
  const what = 'Starting the import';
  const url = urlOf(api, `${IMEX}/import`);
  const attempt = async (): Promise<string> => {
    progress.sent(0);
    const upload = {
      what,
      url,
      service: BIGCOMMERCE,
      ...file,
      headers: { accept: 'application/json', 'x-auth-token': api.accessToken },
      stallMs: STALL_MS,
      answerMs: ANSWER_MS,
      onProgress: progress.sent,
      signal: api.signal,
      explain: (status: number) => explainImportRefusal(status) ?? explainRefusal(status, 'content-modify'),
    };
    const answer = await postFile(api.http, upload, {
      name: 'import_file',
      fileName: 'redirects.csv',
      mediaType: 'text/csv',
    });
    return parseAnswer(answer, { what, method: 'POST', url }, parseStartedJob);
  };
  const { signal, timeLeftMs } = api;
  const onRetry = (notice: RetryNotice) => api.onRetry(what, notice);
  return await startAnswer(
    retry(attempt, { signal, timeLeftMs, mayRepeat: wasNotSent, onRetry, budgetFrom: 'first-failure' }),
  );
}

/** `POST /storefront/redirects/imex/export` */
export async function startExport(
  api: ApiOptions,
  { siteId, includeDynamicTargetUrls }: ExportRequest,
): Promise<StartAnswer | { kind: 'nothing' }> {
  const started = callEndpoint(api, {
    what: 'Starting the export',
    method: 'POST',
    path: `${IMEX}/export`,
    body: {
      ...(siteId === undefined ? {} : { site_id: siteId }),
      include_dynamic_target_urls: includeDynamicTargetUrls,
    },
    scope: 'content-modify',
    parse: parseStartedJob,
    mayRepeat: wasNotSent,
    timeoutMs: CREATE_TIMEOUT_MS,
  });
  try {
    return await startAnswer(started);
  } catch (error) {
    if (error instanceof HttpError && error.status === CONFLICT) return { kind: 'nothing' };
    throw error;
  }
}

/** The caller waits after a 429: mostly it means another job of the store, and jobs take minutes. */
function wasNotSent(error: HttpError | NetworkError): boolean {
  return error instanceof NetworkError && error.transient && error.delivery === 'not-sent';
}

async function startAnswer(started: Promise<string>): Promise<StartAnswer> {
  try {
    return { kind: 'started', jobId: await started };
  } catch (error) {
    const namedWaitMs = namedWaitOf(error);
    if (error instanceof HttpError && error.status === TOO_MANY) return { kind: 'busy', namedWaitMs, error };
    if (isUncertain(error)) return { kind: 'uncertain', error, namedWaitMs };
    throw error;
  }
}

/** The path of a job's events. */
export function eventsPathOf(kind: RedirectJobKind, jobId: string): string {
  return `${IMEX}/${kind}/${encodeURIComponent(jobId)}/events`;
}

/** `GET /storefront/redirects/imex/export/{id}/download`; a file that is not there yet is requested again. */
export async function downloadExport(
  api: ApiOptions,
  jobId: string,
  path: string,
  onProgress: (receivedBytes: number) => void,
): Promise<UploadFile> {
  const download = {
    what: 'Downloading the export',
    url: urlOf(api, `${IMEX}/export/${encodeURIComponent(jobId)}/download`),
    service: BIGCOMMERCE,
    headers: { accept: 'text/csv', 'x-auth-token': api.accessToken },
    path,
    maxBytes: MAX_EXPORT_BYTES,
    tooLarge: {
      message: 'is larger than any export should be',
      fix: 'Export the sites one by one with `site-id`.',
    },
    stallMs: STALL_MS,
    onProgress,
    signal: api.signal,
    expects: 'a CSV file' as const,
    explain: explainDownload,
  };
  const { sizeBytes } = await getFileRepeatedly(api.http, download, {
    mayRepeat: (error) => error.transient || (error instanceof HttpError && error.status === NOT_FOUND),
    onRetry: api.onRetry,
    timeLeftMs: api.timeLeftMs,
  });
  return { path, sizeBytes };
}

const explainDownload: NonNullable<HttpCall['explain']> = (status) =>
  status === NOT_FOUND
    ? 'The platform does not have the file of this export, or no longer has it. Run the job again.'
    : explainRefusal(status, 'content-read');

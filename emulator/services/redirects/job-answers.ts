import type { BodyAnswer } from '../../answers.ts';
import { createDataAnswer, createErrorAnswer } from '../../answers.ts';
import type { Errors } from '../../query.ts';
import { readWord } from '../../query.ts';
import { isUuid } from '../../uuid.ts';
import type { RedirectJobs } from './jobs.ts';
import type { RedirectsSettings } from './options.ts';
import { cutPage, readPaging } from './paging.ts';
import { JOB_KINDS, JOB_STATUSES } from './records.ts';
import { renderJob } from './render.ts';

/** "Determines the number of items returned per page. The default is 10 items per page." */
const DEFAULT_JOBS = 10;

/** 429 as the vendor's OpenAPI description has it. */
export function createBusyAnswer(retryAfterSeconds?: number): BodyAnswer {
  const answer = createErrorAnswer(429, 'Your store already has an active Redirects import or export job running.');
  if (retryAfterSeconds !== undefined) answer.headers['retry-after'] = `${retryAfterSeconds}`;
  return answer;
}

/** `GET /storefront/redirects/imex/jobs` (API document, section 2), the newest first. */
export function answerListJobs(
  query: URLSearchParams,
  jobs: RedirectJobs,
  { maxLimit }: Pick<RedirectsSettings, 'maxLimit'>,
): BodyAnswer {
  const errors: Errors = {};
  const paging = readPaging(query, DEFAULT_JOBS, maxLimit, errors);
  const id = query.get('id') ?? undefined;
  if (id !== undefined && !isUuid(id)) errors['id'] = 'must be a valid UUID';
  const kind = readWord(query, 'type', JOB_KINDS, errors);
  const status = readWord(query, 'status', JOB_STATUSES, errors);
  if (Object.keys(errors).length > 0) return createErrorAnswer(422, 'Invalid query parameters.', errors);
  const found = jobs.list.filter(
    (job) =>
      (id === undefined || job.jobId === id.toLowerCase()) &&
      (kind === undefined || job.kind === kind) &&
      (status === undefined || job.status === status),
  );
  const { data, meta } = cutPage(found.reverse(), paging);
  return createDataAnswer(data.map(renderJob), meta);
}

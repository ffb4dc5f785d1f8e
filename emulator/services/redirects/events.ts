import type { Answer } from '../../answers.ts';
import { createErrorAnswer } from '../../answers.ts';
import type { StoreRequest } from '../../bigcommerce/store-api.ts';
import { createStatesAnswer } from '../../streams/event-stream.ts';
import type { JobKind } from './records.ts';
import { isOver } from './records.ts';
import type { Redirects } from './redirects.ts';
import { renderJobEvent } from './render.ts';

/** `GET /storefront/redirects/imex/{import|export}/{id}/events` (API document, section 2). */
export function answerEvents(
  kind: JobKind,
  { jobs, settings, context }: Redirects,
  { param, faults, headers }: StoreRequest,
): Answer {
  const job = jobs.find(param('id'));
  if (job?.kind !== kind) return createErrorAnswer(404, `The provided ${kind} job ID does not exist.`);
  const { sseForm: form, streamCutMs: cutMs } = context;
  return createStatesAnswer(
    {
      render: () => renderJobEvent(job, settings.errorsIn === 'each' || isOver(job) ? job.errors : undefined),
      version: () => job.version,
      isOver: () => isOver(job),
      subscribe: (listener) => jobs.subscribe(job.jobId, listener),
    },
    { form, faults, headers, cutMs },
  );
}

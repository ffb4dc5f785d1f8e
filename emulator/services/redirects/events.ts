import type { Answer } from '../../answers.ts';
import { createErrorAnswer } from '../../answers.ts';
import type { StoreRequest } from '../../bigcommerce/store-api.ts';
import { createStatesAnswer } from '../../streams/event-stream.ts';
import type { StreamKind } from '../../streams/stream-payloads.ts';
import type { JobKind } from './records.ts';
import { isOver } from './records.ts';
import type { Redirects } from './redirects.ts';
import { renderJobEvent } from './render.ts';

const JOB_STREAM: StreamKind = {
  status: 'status',
  inProgress: 'working',
  success: 'complete',
  verdicts: ['complete', 'aborted', 'failed'],
  subject: ['job_id', 'completed_items', 'total_items'],
  rest: {},
  wrongTypes: { status: 7, completed_items: 'many', failed_items: null, total_items: {}, errors: 'none' },
  unknownStep: { phase: 'warming_caches' },
};

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
    { form, kind: JOB_STREAM, faults, headers, cutMs },
  );
}

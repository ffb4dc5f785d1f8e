import type { Answer } from '../../answers.ts';
import { createErrorAnswer } from '../../answers.ts';
import type { AppliedFaults } from '../../faults.ts';
import { createStatesAnswer } from '../../streams/event-stream.ts';
import type { RedirectJobs } from './jobs.ts';
import type { RedirectsSettings } from './options.ts';
import type { JobKind } from './records.ts';
import { isOver } from './records.ts';
import { renderJobEvent } from './render.ts';

export interface EventsCall {
  kind: JobKind;
  jobId: string;
  faults: AppliedFaults;
  headers: Record<string, string>;
}

export interface EventsSettings extends Pick<RedirectsSettings, 'errorsIn'> {
  sseForm: 'bare' | 'documented';
  streamCutMs: number;
}

/** `GET /storefront/redirects/imex/{import|export}/{id}/events` (API document, section 2). */
export function answerEvents(
  { kind, jobId, faults, headers }: EventsCall,
  jobs: RedirectJobs,
  settings: EventsSettings,
): Answer {
  const job = jobs.find(jobId);
  if (job?.kind !== kind) return createErrorAnswer(404, `The provided ${kind} job ID does not exist.`);
  const { sseForm: form, streamCutMs: cutMs, errorsIn } = settings;
  return createStatesAnswer(
    {
      render: () => renderJobEvent(job, errorsIn === 'each' || isOver(job) ? job.errors : undefined),
      version: () => job.version,
      isOver: () => isOver(job),
      subscribe: (listener) => jobs.subscribe(job.jobId, listener),
    },
    { form, faults, headers, cutMs },
  );
}

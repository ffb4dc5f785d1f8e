import type { Answer } from '../answers.ts';
import { createErrorAnswer } from '../answers.ts';
import { EventStream } from '../event-stream.ts';
import type { AppliedFaults } from '../faults.ts';
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

/**
 * `GET /storefront/redirects/imex/{import|export}/{id}/events` (API document, section 2): on connecting the current
 * state comes at once, then each change; the stream ends with a verdict, or is cut.
 */
export function answerEvents(
  { kind, jobId, faults, headers }: EventsCall,
  jobs: RedirectJobs,
  settings: EventsSettings,
): Answer {
  const job = jobs.find(jobId);
  if (job?.kind !== kind) return createErrorAnswer(404, `The provided ${kind} job ID does not exist.`);
  return {
    kind: 'stream',
    open: (response) => {
      let unsubscribe = () => {};
      const stream = new EventStream(response, {
        form: settings.sseForm,
        faults,
        headers,
        cutMs: settings.streamCutMs,
        onClose: () => unsubscribe(),
      });
      const send = () => {
        const hasErrors = settings.errorsIn === 'each' || isOver(job);
        stream.send(renderJobEvent(job, hasErrors ? job.errors : undefined), `${job.version}`);
        if (isOver(job)) stream.end();
      };
      unsubscribe = jobs.subscribe(job.jobId, send);
      send();
    },
  };
}

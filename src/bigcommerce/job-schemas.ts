import * as z from 'zod/mini';
import { countRejectedRows, type JobState, NO_ROW, type RedirectJobKind } from '../domain/redirects/job.ts';
import { mapped, orMissing } from '../schema.ts';
import { shorten, wholeNumber } from './redirect-schemas.ts';
import { identifier, word } from './schemas.ts';

/** Answers about import and export jobs, from unknown to typed (API document, section 2). */

/** A job of the list. */
export interface ListedJob {
  state: JobState;
  /** Undefined: the answer does not say. */
  kind: RedirectJobKind | undefined;
}

export interface JobPage {
  jobs: ListedJob[];
  totalPages: number;
}

/** Reasons are a sentence; longer ones are cut, so that 200,000 of them fit into memory. */
const MAX_REASON_CHARS = 1000;

/** The description shows the first; everything else of this API answers in the second way. */
const started = z.union([
  mapped(z.object({ id: identifier }), ({ id }) => id),
  mapped(z.object({ data: z.object({ id: identifier }) }), ({ data }) => data.id),
]);

// Every rejection counts, even if it does not name a row.
const item = z.object({ row: z.catch(wholeNumber, NO_ROW), message: z.catch(z.string(), '') });
const rejected = mapped(z.catch(item, { row: NO_ROW, message: '' }), ({ row, message }) => ({
  row,
  message: shorten(message, MAX_REASON_CHARS),
}));

const count = orMissing(wholeNumber);

/** Only the status decides, so no other oddity may cost a verdict. */
const state = z.object({
  status: word,
  completed_items: count,
  failed_items: count,
  total_items: count,
  errors: orMissing(z.array(rejected)),
});

const event = z.extend(state, { job_id: orMissing(z.string()) });

const job = z.extend(state, {
  id: identifier,
  type: orMissing(z.enum(['import', 'export'])),
});

const page = z.object({
  data: z
    .array(z.catch(z.nullable(job), null))
    // If none is understood, it would be a guess that there is no such job.
    .check(z.refine((all) => all.length === 0 || all.some((one) => one !== null), 'none of them is a job')),
  meta: orMissing(z.object({ pagination: z.nullish(z.object({ total_pages: orMissing(wholeNumber) })) })),
});

export const parseStartedJob = (value: unknown) => started.parse(value);

export function parseJobPage(value: unknown): JobPage {
  const { data, meta } = page.parse(value);
  const jobs = data
    .filter((one) => one !== null)
    .map((one): ListedJob => ({ state: stateOf(one.id, one), kind: one.type ?? undefined }));
  return { jobs, totalPages: meta?.pagination?.total_pages ?? 1 };
}

/**
 * @param jobId the subject of events that do not name one
 * @returns for what is not an event of a job, why not; never an excerpt, since it may contain anything
 */
export function parseJobEvent(text: string, jobId: string): JobState | { unreadable: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { unreadable: `not JSON, ${text.length} characters` };
  }
  const { data } = event.safeParse(json);
  return data === undefined ? { unreadable: 'no usable status' } : stateOf(data.job_id ?? jobId, data);
}

function stateOf(jobId: string, data: z.infer<typeof state>): JobState {
  const rejectedItems = data.errors ?? [];
  return {
    jobId,
    status: data.status,
    completed: data.completed_items ?? 0,
    // As counted by the platform, and at least as many as it names.
    failed: Math.max(data.failed_items ?? 0, countRejectedRows(rejectedItems)),
    total: data.total_items ?? 0,
    rejected: rejectedItems,
  };
}

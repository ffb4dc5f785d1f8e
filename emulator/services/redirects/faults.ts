import * as z from 'zod/mini';
import { ANSWER_FAULTS, STATUS_AFTER_WORK } from '../../faults/answer-faults.ts';
import type { FaultOf } from '../../faults/define.ts';
import { ANSWER_QUEUE, defineFault, milliseconds, positions, statusCode, wholeNumber } from '../../faults/define.ts';
import { oneOf, text } from '../../schema.ts';
import { STREAM_FAULTS } from '../../streams/stream-faults.ts';

const STARTS_JOB = { calls: ['importRedirects', 'exportRedirects'] };

/** The 429 of another job that is running; with `durationMs`, to all these calls for so long from the first one on. */
export const JOB_RUNNING = defineFault(
  'job-running',
  {
    durationMs: z.optional(milliseconds),
    /** Value of `Retry-After`, which is left out unless given. */
    retryAfterSeconds: z.optional(wholeNumber),
  },
  { ...STARTS_JOB, queue: ANSWER_QUEUE },
);

/** A part of a list of redirects is not written or deleted; the answer says only that it is so. */
export const PART_FAILS = defineFault(
  'part-fails',
  {
    /** Positions in the request, from 1. */
    items: positions,
    /** Of the answer (207). A limit of the store's plan that is reached on the way would be 507. */
    status: z.optional(statusCode),
  },
  { calls: ['upsertRedirects', 'deleteRedirects'], queue: ANSWER_QUEUE },
);

export type PartFailsFault = FaultOf<typeof PART_FAILS>;

/** The job that the call starts ends before its time. */
export const JOB_ENDS = defineFault(
  'job-ends',
  {
    status: oneOf(['aborted', 'failed']),
    /** So many rows or redirects are done by then (half of them). */
    atItem: z.optional(wholeNumber),
  },
  STARTS_JOB,
);

/** The import that the call starts rejects rows. */
export const REFUSE_ROWS = defineFault(
  'refuse-rows',
  {
    /** 1 is the first one after the header, whatever `firstRow` says. */
    rows: positions,
    message: z.optional(text),
  },
  { calls: ['importRedirects'] },
);

export const REDIRECT_FAULTS = [
  ...ANSWER_FAULTS,
  STATUS_AFTER_WORK,
  JOB_RUNNING,
  PART_FAILS,
  JOB_ENDS,
  REFUSE_ROWS,
  ...STREAM_FAULTS,
] as const;

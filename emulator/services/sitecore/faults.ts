import * as z from 'zod/mini';
import { ANSWER_FAULTS, STATUS_AFTER_WORK } from '../../faults/answer-faults.ts';
import type { FaultOf } from '../../faults/define.ts';
import { defineFault, positions, wholeNumber } from '../../faults/define.ts';
import { described, flag, oneOf, someOf, text } from '../../schema.ts';

/** Faults of the batch that the call allocates. */
const ALLOCATES = { calls: ['allocateBatch'] };

/** The service rejects records that are fine by themselves. All that is given counts. */
export const REFUSE_RECORDS = defineFault(
  'refuse-records',
  {
    /** The first so many of the batch. */
    count: z.optional(wholeNumber),
    /** 1 is the first one of the batch. */
    positions: z.optional(positions),
    refs: z.optional(described(z.readonly(z.array(z.string())), 'a list of strings')),
    /** 400 */
    code: z.optional(described(z.union([z.int(), z.string()]), 'a whole number or a string')),
    message: z.optional(text),
    /** The message goes on with all texts and numbers of the record's value. */
    quoting: z.optional(flag),
  },
  ALLOCATES,
);

export type RefuseRecordsFault = FaultOf<typeof REFUSE_RECORDS>;

/** The verdict, whatever the file is like. An `error` of this sort has no log, unless a `batch-log` fault gives it one. */
export const BATCH_ENDS = defineFault('batch-ends', { status: oneOf(['corrupted', 'error', 'success']) }, ALLOCATES);

/**
 * A status that is never left: one of the known ones before the verdict, or any word, which comes after `file_uploaded`.
 */
export const BATCH_STAYS = defineFault('batch-stays', { status: text }, ALLOCATES);

/** An unknown status comes between `file_uploaded` and `processing`, until it was seen so many times (1). */
export const BATCH_STATUS = defineFault(
  'batch-status',
  { status: text, seenTimes: z.optional(wholeNumber) },
  ALLOCATES,
);

/** The counts in the answers, where they are not those of the file. */
export const BATCH_COUNTS = defineFault(
  'batch-counts',
  { read: z.optional(wholeNumber), processed: z.optional(wholeNumber), failed: z.optional(wholeNumber) },
  ALLOCATES,
);

export const LOCATION_KINDS = ['expired', 'refused', 'past', 'none'] as const;

/**
 * Where the file is to go. `expired`: the signature was made too long ago, though `expiry` says otherwise; `refused`: it is
 * wrong; `past`: it is too old, and `expiry` says so; `none`: there is no location in the answers.
 */
export const BATCH_LOCATION = defineFault(
  'batch-location',
  {
    kind: z.optional(oneOf(LOCATION_KINDS)),
    /** Replaces the signed URL. */
    href: z.optional(text),
    /** Replaces the time. */
    expiry: z.optional(text),
  },
  ALLOCATES,
);

export const LOG_KINDS = [
  'missing',
  'empty',
  'not-gzip',
  'truncated',
  'bad-lines',
  'strangers',
  'hostile',
  'repeats',
  'huge',
  'huge-line',
] as const;

export type LogKind = (typeof LOG_KINDS)[number];

/**
 * What is wrong with the error log. `missing`: the answers do not name it; `not-gzip`: it is bare JSON lines; `truncated`:
 * it breaks off; `bad-lines`: lines that nobody can read come after the first one; `strangers`: lines about refs that are in
 * no record; `hostile`: one whose fields try to break out of a log or a page; `repeats`: each line comes twice; `huge`: so
 * many bytes (64 MiB) of lines about strangers; `huge-line`: one line of them.
 */
export const BATCH_LOG = defineFault(
  'batch-log',
  { kinds: someOf(LOG_KINDS), hugeBytes: z.optional(wholeNumber) },
  ALLOCATES,
);

/** The first so many (1) URLs of the error log in the answers have expired already. */
export const LOG_EXPIRED = defineFault('log-expired', { urls: z.optional(wholeNumber) }, ALLOCATES);

const BATCH_FAULTS = [
  REFUSE_RECORDS,
  BATCH_ENDS,
  BATCH_STAYS,
  BATCH_STATUS,
  BATCH_COUNTS,
  BATCH_LOCATION,
  BATCH_LOG,
  LOG_EXPIRED,
] as const;

export type BatchFault = FaultOf<(typeof BATCH_FAULTS)[number]>;

export const SITECORE_FAULTS = [...ANSWER_FAULTS, STATUS_AFTER_WORK, ...BATCH_FAULTS] as const;

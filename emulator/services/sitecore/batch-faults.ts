/** What can go wrong with a batch. All of these are for `allocateBatch`: they hit the batch that the call allocates. */

/** Records that the service refuses although they are fine by themselves. All that is given counts. */
export interface RefuseRecordsFault {
  effect: 'refuse-records';
  /** The first so many of the batch. */
  count?: number;
  /** 1 is the first one of the batch. */
  positions?: readonly number[];
  refs?: readonly string[];
  /** 400 */
  code?: number | string;
  message?: string;
  /** The message goes on with all texts and numbers of the record's value. */
  quoting?: boolean;
}

/** The verdict, whatever the file is like. An `error` of this sort has no log, unless a `batch-log` fault gives it one. */
export interface BatchEndsFault {
  effect: 'batch-ends';
  status: 'corrupted' | 'error' | 'success';
}

/**
 * A status that is never left: one of the known ones before the verdict, or any word, which comes after `file_uploaded`.
 */
export interface BatchStaysFault {
  effect: 'batch-stays';
  status: string;
}

/** A word that is no status stands between `file_uploaded` and `processing`, until it was seen so many times (1). */
export interface BatchStatusFault {
  effect: 'batch-status';
  status: string;
  seenTimes?: number;
}

/** The counts that the answers carry, where they are not those of the file. */
export interface BatchCountsFault {
  effect: 'batch-counts';
  read?: number;
  processed?: number;
  failed?: number;
}

export const LOCATION_KINDS = ['expired', 'refused', 'past', 'none'] as const;

/**
 * Where the file is to go. `expired`: the signature was made too long ago, though `expiry` says otherwise; `refused`: it is
 * wrong; `past`: it is too old, and `expiry` says so; `none`: there is no location in the answers.
 */
export interface BatchLocationFault {
  effect: 'batch-location';
  kind?: (typeof LOCATION_KINDS)[number];
  /** Stands in place of the signed URL. */
  href?: string;
  /** Stands in place of the time. */
  expiry?: string;
}

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
 * no record; `hostile`: one whose fields try to break out of a log or a page; `repeats`: each line comes twice; `huge`: so many bytes (64 MiB) of lines about strangers; `huge-line`: one line of them.
 */
export interface BatchLogFault {
  effect: 'batch-log';
  kinds: readonly LogKind[];
  hugeBytes?: number;
}

/** The first so many (1) URLs of the error log that the answers give have expired already. */
export interface LogExpiredFault {
  effect: 'log-expired';
  urls?: number;
}

/** What becomes of the batch that a call allocates. */
export type BatchFault =
  | RefuseRecordsFault
  | BatchEndsFault
  | BatchStaysFault
  | BatchStatusFault
  | BatchCountsFault
  | BatchLocationFault
  | BatchLogFault
  | LogExpiredFault;

export const BATCH_EFFECTS: readonly BatchFault['effect'][] = [
  'refuse-records',
  'batch-ends',
  'batch-stays',
  'batch-status',
  'batch-counts',
  'batch-location',
  'batch-log',
  'log-expired',
];

/** Those that hit one batch, by their effect. */
export function findFault<E extends BatchFault['effect']>(
  faults: readonly BatchFault[],
  effect: E,
): Extract<BatchFault, { effect: E }> | undefined {
  return faults.find((fault): fault is Extract<BatchFault, { effect: E }> => fault.effect === effect);
}

export function isBatchFault<F extends { effect: string }>(fault: F): fault is F & BatchFault {
  return BATCH_EFFECTS.some((effect) => effect === fault.effect);
}

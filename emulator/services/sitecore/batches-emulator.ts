import type { BatchChange } from './batch-courses.ts';
import type { Batches } from './batches.ts';
import type { BatchHoldPoint, BatchRecord, RecordRefuser } from './records.ts';

/** The Batch API of Sitecore CDP on a running embedded platform; its base URL is the platform's own origin. */
export interface BatchesEmulator {
  readonly clientKey: string;
  readonly apiToken: string;
  /** In the order in which they were allocated. */
  readonly list: readonly BatchRecord[];
  /** Batches that reach this point (`processing`) from now on stay there until released; undefined: none does. */
  holdBatches(at?: BatchHoldPoint | undefined): void;
  /** Lets one batch, or all that there are now, run to the end. */
  releaseBatches(ref?: string): void;
  /** Refuses the records for which this gives a code and a message; undefined: none that are fine by themselves. */
  refuseRecords(refuse: RecordRefuser | undefined): void;
  /** Takes a batch over: it stops by itself and has the state that is set. */
  setBatch(ref: string, change: BatchChange): void;
  /** The service knows nothing of the batch any more: 404. */
  forgetBatch(ref: string): void;
  /** A fresh URL of the error log of a batch. */
  createLogUrl(ref: string): string;
  /** Resolves when a batch comes into a state that matches, or at once where one is. */
  waitForBatch(matches: (batch: BatchRecord) => boolean): Promise<BatchRecord>;
}

export function createBatchesEmulator(batches: Batches, origin: string): BatchesEmulator {
  const { courses, settings } = batches;
  return {
    clientKey: settings.clientKey,
    apiToken: settings.apiToken,
    list: courses.list,
    holdBatches: (...point) => courses.holdAt(point.length === 0 ? 'processing' : point[0]),
    releaseBatches: (ref) => courses.release(ref),
    refuseRecords: (refuse) => {
      courses.refuse = refuse;
    },
    setBatch: (ref, change) => courses.set(ref, change),
    forgetBatch: (ref) => courses.forget(ref),
    createLogUrl: (ref) => batches.createLogUrl(ref, origin),
    waitForBatch: (matches) => courses.waitFor(matches),
  };
}

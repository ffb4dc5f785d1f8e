import type { BatchChange } from './batch-lifecycle.ts';
import type { BatchHoldPoint, BatchRecord, RecordRejecter } from './records.ts';
import type { Sitecore } from './sitecore.ts';

/** The Batch API of Sitecore CDP on a running embedded platform; its base URL is the platform's own origin. */
export interface SitecoreMembers {
  readonly clientKey: string;
  readonly apiToken: string;
  /** In the order in which they were allocated. */
  readonly list: readonly BatchRecord[];
  /** Batches that reach this point (`processing`) from now on stay there until released; undefined: none does. */
  holdBatches(at?: BatchHoldPoint | undefined): void;
  /** Lets one batch, or all that there are now, run to the end. */
  releaseBatches(ref?: string): void;
  /** Rejects the records for which this gives a code and a message; undefined: none that are fine by themselves. */
  rejectRecords(reject: RecordRejecter | undefined): void;
  /** Takes a batch over: it no longer changes by itself, and has the state that is set. */
  setBatch(ref: string, change: BatchChange): void;
  /** The service no longer knows the batch: 404. */
  forgetBatch(ref: string): void;
  /** A fresh URL of the error log of a batch. */
  createLogUrl(ref: string): string;
  /** Resolves when a batch gets into a state that matches, or at once where one is. */
  waitForBatch(matches: (batch: BatchRecord) => boolean): Promise<BatchRecord>;
}

export function createSitecoreMembers(sitecore: Sitecore, origin: string): SitecoreMembers {
  const { batches, settings } = sitecore;
  return {
    clientKey: settings.clientKey,
    apiToken: settings.apiToken,
    list: batches.list,
    holdBatches: (...point) => batches.holdAt(point.length === 0 ? 'processing' : point[0]),
    releaseBatches: (ref) => batches.release(ref),
    rejectRecords: (reject) => {
      batches.reject = reject;
    },
    setBatch: (ref, change) => batches.set(ref, change),
    forgetBatch: (ref) => batches.forget(ref),
    createLogUrl: (ref) => sitecore.createLogUrl(ref, origin),
    waitForBatch: (matches) => batches.waitFor(matches),
  };
}

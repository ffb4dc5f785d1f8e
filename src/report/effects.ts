import type { BatchOutcome, BatchUploadRecord } from './batch-record.ts';
import type { CleanupOutcome, CleanupRecord } from './cleanup-record.ts';
import { type DeployRecord, liveOf } from './deploy-record.ts';
import type { RedirectsOutcome, RedirectsRecord } from './redirects-record.ts';

/**
 * Whether a run that failed has changed anything: a sentence, where that is certain and no other part of the report says it.
 * Pure.
 */

export function storefrontEffect(record: Readonly<DeployRecord>): string | undefined {
  const { rehearsal, restored } = record;
  switch (liveOf(record)) {
    case 'as-before':
      // The section on the rehearsal says so.
      return rehearsal === undefined ? 'The storefront is unchanged.' : undefined;
    case 'unknown':
      // The section on the rollback names both builds.
      return restored === undefined ? 'The storefront may or may not have changed.' : undefined;
    default:
      return undefined;
  }
}

/** `error` is the outcome of a run that no job and no request of which may have changed something. */
export function redirectsEffect(
  { command, jobs, applied }: Readonly<RedirectsRecord>,
  outcome: RedirectsOutcome,
): string | undefined {
  const isUntouched = outcome === 'error' && jobs.length === 0 && applied === undefined;
  return isUntouched && command !== 'export' ? 'The redirects are unchanged.' : undefined;
}

export function batchEffect({ batches }: Readonly<BatchUploadRecord>, outcome: BatchOutcome): string | undefined {
  const isUntouched = batches.every(({ isStarted, isUploaded, verdict }) => !(isStarted || isUploaded || verdict));
  return outcome === 'error' && isUntouched ? 'Sitecore CDP is unchanged.' : undefined;
}

export function cleanupEffect({ previews }: Readonly<CleanupRecord>, outcome: CleanupOutcome): string | undefined {
  const isUntouched = previews.every(({ fate }) => fate !== 'gone' && fate !== 'uncertain');
  return outcome === 'error' && isUntouched ? 'No preview was deleted.' : undefined;
}

import type { ActionError } from '../errors.ts';
import type { BatchOutcome, BatchUploadRecord } from './batch-record.ts';
import { sumRecords } from './batch-words.ts';

/** How a run of `batch-upload` ended: what the output `outcome` says (`batch-upload/action.yml`). Pure. */
export function batchOutcomeOf(record: BatchUploadRecord, error: ActionError | undefined): BatchOutcome {
  if (error === undefined) return greenOutcome(record);
  const { outcome } = error;
  if (outcome === 'cancelled' || outcome === 'corrupted' || outcome === 'unknown') return outcome;
  return knownOutcome(record, outcome === 'partial' || outcome === 'failed' ? outcome : 'error');
}

function greenOutcome(record: BatchUploadRecord): BatchOutcome {
  const { dryRun, batches } = record;
  if (dryRun) return 'dry-run';
  if (batches.length === 0) return 'error';
  const { taken, records } = sumRecords(record);
  return taken === records ? 'success' : knownOutcome(record, 'error');
}

/** What the record knows better is not hidden by a fault of another kind: `error` says that nothing was uploaded. */
function knownOutcome(record: BatchUploadRecord, otherwise: BatchOutcome): BatchOutcome {
  const { awaited, taken, corrupted, refused, unclear } = sumRecords(record);
  if (awaited > 0) return 'unknown';
  if (taken > 0) return 'partial';
  if (corrupted > 0) return 'corrupted';
  if (unclear > 0 && otherwise === 'partial') return otherwise;
  return refused + unclear > 0 ? 'failed' : otherwise;
}

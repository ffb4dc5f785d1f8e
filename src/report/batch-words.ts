import { isRepeatable } from '../domain/batch/record.ts';
import type { PackedFile } from '../files/batch/batch-file.ts';
import { type BatchRecord, type BatchUploadRecord, isAwaited, type RecordSums, sumRecords } from './batch-record.ts';
import { count, formatBytes, formatCount } from './format.ts';

/** Words about a run of `batch-upload` that the log and the summary share. */

/**
 * The result of the run, for a heading: `12 of 12,345 records rejected`. Undefined if the failure has to say it.
 */
export function resultWords(record: BatchUploadRecord): string | undefined {
  const { batches, outcome } = record;
  const sums = sumRecords(record);
  switch (outcome) {
    case 'success':
      return `Uploaded ${amountWords(record)}`;
    case 'dry-run':
      return `Dry run: ${amountWords(record)} would be uploaded`;
    case 'partial':
    case 'failed':
      return rejectedWords(sums);
    case 'corrupted':
      return about(batches, ({ verdict }) => verdict === 'corrupted', 'arrived corrupted');
    case 'unknown': {
      const batch = batches.find(isAwaited);
      return batch && `No verdict on ${batchName(batch, batches)}`;
    }
    default:
      return undefined;
  }
}

function rejectedWords({ records, accepted, rejected, unclear }: RecordSums): string | undefined {
  // After a failure at the very end, or if the numbers are not known, the failure says more.
  if (accepted === records || (accepted === 0 && unclear > 0)) return undefined;
  if (rejected > 0 && rejected === records && records > 1) return `All ${formatCount(records)} records rejected`;
  if (rejected > 0 && accepted + rejected >= records)
    return `${formatCount(rejected)} of ${count(records, 'record')} rejected`;
  if (accepted === 0)
    return records === 1 ? 'The record was not accepted' : `None of ${count(records, 'record')} accepted`;
  return `${unclear > 0 ? 'At least' : 'Only'} ${formatCount(accepted)} of ${count(records, 'record')} accepted`;
}

function about(
  batches: readonly BatchRecord[],
  isMeant: (batch: BatchRecord) => boolean,
  what: string,
): string | undefined {
  const batch = batches.find(isMeant);
  if (batch === undefined) return undefined;
  const name = batchName(batch, batches);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${what}`;
}

/** `12,345 records in 3 batches` */
export function amountWords({ batches }: Pick<BatchUploadRecord, 'batches'>): string {
  const records = batches.reduce((all, batch) => all + batch.records, 0);
  return `${count(records, 'record')} in ${batchesWords(batches)}`;
}

/** `1 batch`, `3 batches` */
export function batchesWords(batches: readonly unknown[]): string {
  return batches.length === 1 ? '1 batch' : `${formatCount(batches.length)} batches`;
}

/** `batch 2 of 3`; `the batch` if it is the only one. */
export function batchName({ number }: Pick<BatchRecord, 'number'>, batches: readonly unknown[]): string {
  return batches.length === 1 ? 'the batch' : `batch ${formatCount(number)} of ${formatCount(batches.length)}`;
}

/** Where its records come from: `people.jsonl, part 2 of 3`. */
export function sourceWords({ shownPath, part, parts }: Pick<BatchRecord, 'shownPath' | 'part' | 'parts'>): string {
  return parts === 1 ? shownPath : `${shownPath}, part ${formatCount(part)} of ${formatCount(parts)}`;
}

/** What became of the records, unless all went well or the heading says it. */
export function progressSentences(record: BatchUploadRecord): string[] {
  const { outcome, batches } = record;
  if (outcome === 'success' || outcome === 'dry-run') return [];
  if (!batches.some(({ isStarted, isUploaded, verdict }) => isStarted || isUploaded || verdict !== undefined))
    return [];
  const sums = sumRecords(record);
  const isSaid = outcome === 'partial' || outcome === 'failed';
  if (isSaid && sums.rejected > 0 && sums.accepted + sums.rejected === sums.records) return [];
  const parts = (
    [
      [sums.accepted, 'accepted'],
      [sums.rejected, 'rejected'],
      [sums.corrupted, 'arrived corrupted'],
      [sums.unclear, 'in a batch that failed'],
      [sums.awaited, 'sent, without a verdict'],
      [sums.notSent, 'not sent'],
    ] as const
  ).filter(([records]) => records > 0);
  return [`Of ${count(sums.records, 'record')}: ${parts.map(([n, what]) => `${formatCount(n)} ${what}`).join('; ')}.`];
}

/**
 * Why records of these modes should not be sent again; undefined if they may be. Only sending an `upsert` twice has the
 * same effect as sending it once (API document, section 3).
 */
export function resendWarning(modes: readonly string[]): string | undefined {
  const once = [...new Set(modes)].filter((mode) => !isRepeatable(mode)).sort();
  if (once.length === 0) return undefined;
  const named = once.length === 1 ? once[0] : `${once.slice(0, -1).join(', ')} or ${once.at(-1)}`;
  return `sending records of mode ${named} twice does not have the same effect as sending them once.`;
}

/** The result of packing a file: `12,345 records, 60.1 MB → 8.1 MB gzipped`. */
export function packedWords(file: PackedFile): string {
  const { fault, problemCount, records, sizeBytes, isGzipped, parts, duplicateCount } = file;
  if (fault !== undefined || problemCount > 0) {
    const lines = `${count(problemCount, 'line')} ${problemCount === 1 ? 'is not a record' : 'are not records'}`;
    return `not usable. ${[...(fault === undefined ? [] : [fault]), ...(problemCount === 0 ? [] : [lines])].join(' ')}`;
  }
  const packedBytes = parts.reduce((all, part) => all + part.sizeBytes, 0);
  const source = `${formatBytes(sizeBytes)}${isGzipped ? ' gzipped' : ''}`;
  const cut = parts.length === 1 ? '' : ` in ${formatCount(parts.length)} parts`;
  return `${count(records, 'record')}, ${source} → ${formatBytes(packedBytes)} gzipped${cut}${duplicateCount === 0 ? '' : `; ${count(duplicateCount, 'duplicate')}`}`;
}

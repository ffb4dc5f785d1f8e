import { isRepeatable } from '../domain/batch/record.ts';
import type { PackedFile } from '../files/batch/batch-file.ts';
import type { BatchRecord, BatchUploadRecord } from './batch-record.ts';
import { count, formatBytes, formatCount } from './format.ts';

/** What a run of `batch-upload` did, in words that the log and the summary share. */

/** What has become of the records of all batches; each is counted once. */
export interface RecordSums {
  records: number;
  taken: number;
  refused: number;
  /** Of a batch that did not arrive as it was sent. */
  corrupted: number;
  /** Sent, or perhaps, and there is no verdict. */
  awaited: number;
  /** There is a verdict, and nobody says what it means for these. */
  unclear: number;
  notSent: number;
}

export function sumRecords({ batches }: { batches: readonly Readonly<BatchRecord>[] }): RecordSums {
  const sums = { records: 0, taken: 0, refused: 0, corrupted: 0, awaited: 0, unclear: 0, notSent: 0 };
  for (const batch of batches) {
    const { records, verdict } = batch;
    sums.records += records;
    if (verdict === 'corrupted') sums.corrupted += records;
    else if (verdict === undefined) sums[isAwaited(batch) ? 'awaited' : 'notSent'] += records;
    else {
      const refused = batch.failed ?? 0;
      const taken = batch.succeeded ?? (verdict === 'success' ? Math.max(0, records - refused) : 0);
      sums.taken += taken;
      sums.refused += refused;
      sums.unclear += Math.max(0, records - taken - refused);
    }
  }
  return sums;
}

/** It was sent, or may have been, and what came of it is not known. */
export function isAwaited({ isUploaded, verdict }: Pick<BatchRecord, 'isUploaded' | 'verdict'>): boolean {
  return isUploaded !== undefined && verdict === undefined;
}

/**
 * What came of the run, for a heading: `12 of 12,345 records refused`. Undefined where the failure has to say it.
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
      return refusedWords(sums);
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

function refusedWords({ records, taken, refused, unclear }: RecordSums): string | undefined {
  // A fault at the end of it all, or nobody knows how many: the fault is what there is to say.
  if (taken === records || (taken === 0 && unclear > 0)) return undefined;
  if (refused > 0 && refused === records && records > 1) return `All ${formatCount(records)} records refused`;
  if (refused > 0 && taken + refused >= records)
    return `${formatCount(refused)} of ${count(records, 'record')} refused`;
  if (taken === 0) return records === 1 ? 'The record was not taken' : `None of ${count(records, 'record')} taken`;
  return `${unclear > 0 ? 'At least' : 'Only'} ${formatCount(taken)} of ${count(records, 'record')} taken`;
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
  const where = batches.length === 1 ? '1 batch' : `${formatCount(batches.length)} batches`;
  return `${count(records, 'record')} in ${where}`;
}

/** `batch 2 of 3`; there is no need for numbers where it is the only one. */
export function batchName({ number }: Pick<BatchRecord, 'number'>, batches: readonly unknown[]): string {
  return batches.length === 1 ? 'the batch' : `batch ${formatCount(number)} of ${formatCount(batches.length)}`;
}

/** Where its records come from: `people.jsonl, part 2 of 3`. */
export function sourceWords({ shownPath, part, parts }: Pick<BatchRecord, 'shownPath' | 'part' | 'parts'>): string {
  return parts === 1 ? shownPath : `${shownPath}, part ${formatCount(part)} of ${formatCount(parts)}`;
}

/** What has become of all records, where that is not what everybody wishes, and a heading does not say it. */
export function progressSentences(record: BatchUploadRecord): string[] {
  const { outcome, batches } = record;
  if (outcome === 'success' || outcome === 'dry-run') return [];
  if (!batches.some(({ isStarted, isUploaded, verdict }) => isStarted || isUploaded || verdict !== undefined))
    return [];
  const sums = sumRecords(record);
  const isSaid = outcome === 'partial' || outcome === 'failed';
  if (isSaid && sums.refused > 0 && sums.taken + sums.refused === sums.records) return [];
  const parts = (
    [
      [sums.taken, 'taken'],
      [sums.refused, 'refused'],
      [sums.corrupted, 'arrived corrupted'],
      [sums.unclear, 'in a batch that failed'],
      [sums.awaited, 'sent, without a verdict'],
      [sums.notSent, 'not sent'],
    ] as const
  ).filter(([records]) => records > 0);
  return [`Of ${count(sums.records, 'record')}: ${parts.map(([n, what]) => `${formatCount(n)} ${what}`).join('; ')}.`];
}

/**
 * Why records of these modes are not to be sent again as they are; undefined where they may be. What an `upsert` sent
 * twice comes to is the same as once, and that is so of no other mode (API document, section 3).
 */
export function onceWords(modes: readonly string[]): string | undefined {
  const once = [...new Set(modes)].filter((mode) => !isRepeatable(mode)).sort();
  if (once.length === 0) return undefined;
  const named = once.length === 1 ? once[0] : `${once.slice(0, -1).join(', ')} or ${once.at(-1)}`;
  return `records of mode ${named} that are sent twice do not give the same as once.`;
}

/** What a file has come to: `12,345 records, 60.1 MB → 8.1 MB gzipped`. */
export function packedWords(file: PackedFile): string {
  const { fault, problemCount, records, sizeBytes, isGzipped, parts, duplicateCount } = file;
  if (fault !== undefined || problemCount > 0) {
    const lines = `${count(problemCount, 'line')} ${problemCount === 1 ? 'is no record' : 'are no records'}`;
    return `not usable. ${[...(fault === undefined ? [] : [fault]), ...(problemCount === 0 ? [] : [lines])].join(' ')}`;
  }
  const packedBytes = parts.reduce((all, part) => all + part.sizeBytes, 0);
  const source = `${formatBytes(sizeBytes)}${isGzipped ? ' gzipped' : ''}`;
  const cut = parts.length === 1 ? '' : ` in ${formatCount(parts.length)} parts`;
  return `${count(records, 'record')}, ${source} → ${formatBytes(packedBytes)} gzipped${cut}${duplicateCount === 0 ? '' : `; ${count(duplicateCount, 'duplicate')}`}`;
}

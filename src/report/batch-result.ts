import { type BatchUploadRecord, type ShownRow, sumRecords } from './batch-record.ts';
import type { ActionResult } from './result.ts';

/** What the output `result` has of a run of `batch-upload`; as the record, without personal data. */
export function batchResult(record: BatchUploadRecord): ActionResult {
  const { rejected, duplicates, problems } = record;
  const { records, accepted, corrupted, awaited, unclear, notSent, ...sums } = sumRecords(record);
  return {
    dry_run: record.dryRun,
    host: record.host,
    records: {
      total: records,
      ...{ accepted, rejected: sums.rejected, corrupted, awaited, unclear },
      not_sent: notSent,
    },
    allow_failed_records: record.allowFailedRecords,
    files: record.files.map(({ shownPath, sizeBytes, records: inFile, problemCount }) => ({
      path: shownPath,
      size_bytes: sizeBytes,
      records: inFile,
      problems_count: problemCount,
    })),
    batches: record.batches.map(({ shownPath, part, parts, ref, status, verdict, ...batch }) => ({
      path: shownPath,
      ...{ part, parts, ref, status, verdict },
      records: batch.records,
      accepted: batch.succeeded,
      rejected: batch.failed,
    })),
    rejected: {
      rows: rejected.first.map((row) => ({ ...placeOf(row), ref: row.ref, code: row.code, message: row.message })),
      rows_count: rejected.count,
      unmatched_count: rejected.unmatched,
    },
    duplicates: { rows: duplicates.first.map(rowResult), rows_count: duplicates.count },
    problems: { rows: problems.first.map(rowResult), rows_count: problems.count },
    errors_file: record.errorsFile,
  };
}

type Row = ShownRow<{ line?: number | undefined; message: string }>;

function placeOf({ shownPath, line }: Omit<Row, 'message'>) {
  return { path: shownPath, line };
}

function rowResult(row: Row) {
  return { ...placeOf(row), message: row.message };
}

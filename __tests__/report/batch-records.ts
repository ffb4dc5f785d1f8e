/** What the tests of the report of batches share: records as runs leave them. */
import type { PackedFile, RejectedRecord } from '../../src/files/batch/batch-file.ts';
import type { BatchRecord, BatchUploadRecord, ShownRow } from '../../src/report/batch-record.ts';
import { FAILURE, numbers, RUN } from './run-records.ts';

export const MD5 = '0123456789abcdef0123456789abcdef';

export function refOf(number: number): string {
  return `81ea0001-0000-4000-8000-${`${number}`.padStart(12, '0')}`;
}

export function packedFile(changes: Partial<PackedFile> = {}): PackedFile {
  const part = { path: '/tmp/part-1.gz', sizeBytes: 812_345, md5: MD5, records: 4115, firstLine: 1, lastLine: 4115 };
  return {
    path: '/ws/data/people.jsonl',
    sizeBytes: 6_000_000,
    isGzipped: false,
    records: 4115,
    modes: ['upsert'],
    parts: [part],
    fault: undefined,
    problems: [],
    problemCount: 0,
    duplicates: [],
    duplicateCount: 0,
    ...changes,
  };
}

/** One that has not been touched. */
export function batch(number: number, changes: Partial<BatchRecord> = {}): BatchRecord {
  return {
    number,
    shownPath: 'data/people.jsonl',
    part: number,
    parts: 3,
    sizeBytes: 48_812_345,
    md5: MD5,
    records: 4115,
    firstLine: (number - 1) * 4115 + 1,
    lastLine: number * 4115,
    unrepeatableModes: [],
    abandonedRefs: [],
    ...changes,
  };
}

/** Sent, and waiting for its verdict. */
export function sent(number: number, changes: Partial<BatchRecord> = {}): BatchRecord {
  const now = { ref: refOf(number), isStarted: true, isUploaded: true, status: 'processing' } as const;
  return batch(number, { ...now, ...changes });
}

export function taken(number: number, changes: Partial<BatchRecord> = {}): BatchRecord {
  return sent(number, { status: 'success', verdict: 'success', succeeded: 4115, failed: 0, ...changes });
}

export function rejecting(number: number, failed: number): BatchRecord {
  return taken(number, { status: 'error', verdict: 'error', succeeded: 4115 - failed, failed });
}

export function corrupted(number: number): BatchRecord {
  const seen = { md5: 'fedcba98'.repeat(4), sizeBytes: 48_000_000, etag: '"fedcba98"' };
  return taken(number, { status: 'corrupted', verdict: 'corrupted', succeeded: 0, seen });
}

export function rejectedRecord(line: number, changes: Partial<RejectedRecord> = {}): RejectedRecord {
  const message = 'The field `value.email` is not valid: …';
  return { path: '/ws/data/people.jsonl', line, ref: refOf(line), code: 'INVALID_EMAIL', message, ...changes };
}

export function shownRow<R>(row: R, shownPath: string | undefined = 'data/people.jsonl'): ShownRow<R> {
  return { ...row, shownPath };
}

export function record(changes: Partial<BatchUploadRecord> = {}): BatchUploadRecord {
  return {
    ...RUN,
    phases: [
      { title: 'Check and pack data/people.jsonl', startMs: 0, endMs: 1200, state: 'done', result: '12,345 records' },
      { title: 'Upload batch 1 of 3', startMs: 1200, endMs: 60_000, state: 'done', result: 'success, 4,115 records' },
    ],
    outcome: 'success',
    dryRun: false,
    host: 'api-engage-eu.sitecorecloud.io',
    files: [
      {
        path: '/ws/data/people.jsonl',
        shownPath: 'data/people.jsonl',
        sizeBytes: 912_345_678,
        isGzipped: false,
        modes: ['upsert'],
        records: 12_345,
        problemCount: 0,
      },
    ],
    batches: [],
    rejected: { count: 0, unmatched: 0, first: [] },
    duplicates: { count: 0, first: [] },
    problems: { count: 0, first: [] },
    allowFailedRecords: 0,
    ...changes,
  };
}

const twelve = {
  count: 11,
  unmatched: 1,
  first: [
    ...numbers(11).map((n) => shownRow(rejectedRecord(n * 3))),
    { ...rejectedRecord(1, { path: undefined, line: undefined, code: '' }), shownPath: undefined },
  ],
};
const ERRORS_FILE = '/tmp/runner/errors.jsonl';
const alone = { part: 1, parts: 1, firstLine: 1, lastLine: 4115 };

/** Each way in which a run ends: the summary's heading, words of the log's last lines, the record. */
export const ENDS: readonly (readonly [string, string, BatchUploadRecord])[] = [
  [
    '✅ Uploaded 12,345 records in 3 batches',
    'success (uploaded 12,345 records in 3 batches)',
    record({ batches: [taken(1), taken(2), taken(3)] }),
  ],
  [
    '✅ Uploaded 4,115 records in 1 batch',
    `Batch: ${refOf(1)}`,
    record({ batches: [taken(1, { ...alone, abandonedRefs: [refOf(7)] })] }),
  ],
  [
    '❌ 12 of 12,345 records rejected',
    'partial (12 of 12,345 records rejected)\nBatches: ',
    record({
      outcome: 'partial',
      batches: [taken(1), rejecting(2, 12), taken(3)],
      rejected: twelve,
      errorsFile: ERRORS_FILE,
      failure: { ...FAILURE, message: 'Sitecore CDP rejected 12 of 12,345 records; the others were accepted.' },
    }),
  ],
  [
    '⚠️ 12 of 12,345 records rejected',
    `Errors file: ${ERRORS_FILE}`,
    record({
      outcome: 'partial',
      batches: [taken(1), rejecting(2, 12), taken(3)],
      rejected: twelve,
      errorsFile: ERRORS_FILE,
      allowFailedRecords: 20,
      warnings: ['Sitecore CDP rejected 12 of 12,345 records; `allow-failed-records` allows that.'],
    }),
  ],
  [
    '❌ At least 4,115 of 12,345 records accepted',
    'Of 12,345 records: 4,115 accepted; 4,115 in a batch that failed; 4,115 not sent.',
    record({
      outcome: 'partial',
      batches: [taken(1), sent(2, { status: 'error', verdict: 'error' }), batch(3)],
      failure: FAILURE,
    }),
  ],
  [
    // Of none of them anybody knows.
    '❌ Its title',
    'Of 4,115 records: 4,115 in a batch that failed.',
    record({
      outcome: 'partial',
      batches: [sent(1, { status: 'error', verdict: 'error', ...alone })],
      failure: FAILURE,
    }),
  ],
  [
    // Something broke when all was done.
    '❌ Its title',
    'Of 4,115 records: 4,115 accepted.',
    record({ outcome: 'partial', batches: [taken(1, alone)], failure: FAILURE }),
  ],
  [
    '❌ All 4,115 records rejected',
    'failed (all 4,115 records rejected)',
    record({ outcome: 'failed', batches: [{ ...rejecting(1, 4115), ...alone }], failure: FAILURE }),
  ],
  [
    '❌ None of 12,345 records accepted',
    'Of 12,345 records: 4,115 rejected; 8,230 not sent.',
    record({ outcome: 'failed', batches: [rejecting(1, 4115), batch(2), batch(3)], failure: FAILURE }),
  ],
  [
    '❌ Batch 2 of 3 arrived corrupted',
    'Of 12,345 records: 4,115 accepted; 4,115 arrived corrupted; 4,115 not sent.',
    record({ outcome: 'corrupted', batches: [taken(1), corrupted(2), batch(3)], failure: FAILURE }),
  ],
  [
    '❌ The batch arrived corrupted',
    'corrupted (the batch arrived corrupted)',
    record({ outcome: 'corrupted', batches: [{ ...corrupted(1), ...alone, seen: {} }], failure: FAILURE }),
  ],
  [
    '❓ No verdict on batch 2 of 3',
    `No verdict: batch 2 of 3 (data/people.jsonl, part 2 of 3), ${refOf(2)}. Not sent: the batch after it.`,
    record({ outcome: 'unknown', batches: [taken(1), sent(2), batch(3)], failure: FAILURE }),
  ],
  [
    '❓ No verdict on the batch',
    `To resume: run this step again with \`batch-ref: ${refOf(1)}\`.`,
    record({ outcome: 'unknown', batches: [sent(1, alone)], failure: FAILURE }),
  ],
  [
    // The service says that records were rejected, and nobody says how many.
    '❓ Its title',
    'unknown (no verdict)',
    record({ outcome: 'unknown', batches: [sent(1, { status: 'error', verdict: 'error' })], failure: FAILURE }),
  ],
  [
    '📋 Dry run: 12,345 records in 3 batches would be uploaded',
    'dry-run (12,345 records in 3 batches would be uploaded; nothing was sent)',
    record({ outcome: 'dry-run', dryRun: true, networkUsed: false, batches: [batch(1), batch(2), batch(3)] }),
  ],
  [
    '🚫 Its title',
    'cancelled (the run was cancelled)\nOf 12,345 records: 4,115 sent, without a verdict; 8,230 not sent.',
    record({ outcome: 'cancelled', batches: [sent(1), batch(2), batch(3)], failure: FAILURE }),
  ],
  [
    '❌ Nothing uploaded: Its title',
    'error (nothing was uploaded)',
    record({
      outcome: 'error',
      networkUsed: false,
      failure: FAILURE,
      problems: {
        count: 450,
        first: numbers(13).map((line) => shownRow({ path: '/ws/data/people.jsonl', line, message: 'It is no JSON.' })),
      },
    }),
  ],
];

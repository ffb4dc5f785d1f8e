import { describe, expect, test } from '@jest/globals';
import { lastBatchLines } from '../../src/report/batch-last-lines.ts';
import type { BatchUploadRecord } from '../../src/report/batch-record.ts';
import { renderBatchSummary } from '../../src/report/batch-summary.ts';
import { wordsOf } from '../action/github-comment-reading.ts';
import {
  batch,
  corrupted,
  ENDS,
  MD5,
  record,
  refOf,
  rejectedRecord,
  rejecting,
  sent,
  shownRow,
  taken,
} from './batch-records.ts';
import { FAILURE, numbers } from './run-records.ts';
import { expectTextsToStayTexts, expectToFit, LONG_TEXTS } from './summary-checks.ts';

test.each(ENDS)('%s: %s', (heading, line, ended) => {
  expect(renderBatchSummary(ended).split('\n')[0]).toBe(`## ${heading}`);
  expect(lastBatchLines(ended).join('\n')).toContain(line);
});

test('a cancelled run says in its last lines what it has left, and which batch goes on', () => {
  const failure = { ...FAILURE, inShort: 'in few words' };
  const lines = lastBatchLines(record({ outcome: 'cancelled', batches: [taken(1), sent(2), batch(3)], failure }));
  expect(lines[0]).toBe('Outcome: cancelled (in few words)');
  expect(lines).toContain(
    `No verdict: batch 2 of 3 (data/people.jsonl, part 2 of 3), ${refOf(2)}. Not sent: the batch after it.`,
  );
});

test('how to resume is not said again where the failure has said it', () => {
  const failure = { ...FAILURE, fix: `Run the job again with \`batch-ref: ${refOf(1)}\`.` };
  const lines = lastBatchLines(record({ outcome: 'unknown', batches: [sent(1, { part: 1, parts: 1 })], failure }));
  expect(lines.join('\n')).not.toContain('To resume');
  expect(lines).toContain(`Batch: ${refOf(1)}`);
});

test('a batch of a whole file, among others, is resumed with that file alone', () => {
  const one = { part: 1, parts: 1 };
  const unknown = record({ outcome: 'unknown', batches: [taken(1, one), sent(2, one)], failure: FAILURE });
  expect(lastBatchLines(unknown)).toContain(
    `No verdict: batch 2 of 2 (data/people.jsonl), ${refOf(2)}. To resume it: set \`files\` to this file alone, and \`batch-ref: ${refOf(2)}\`.`,
  );
});

test('many refs are cut in the log, which says where all of them are', () => {
  const lines = lastBatchLines(record({ batches: numbers(25).map((n) => taken(n)) }));
  const refs = lines.find((line) => line.startsWith('Batches: '));
  expect(refs).toContain(refOf(20));
  expect(refs).not.toContain(refOf(21));
  expect(refs).toMatch(/, and 5 more: see the output `batch-refs`$/);
});

test('rejected records: place, ref, code and why; a long list shows ten at once, the others when it is opened', () => {
  const first = numbers(300).map((n) => shownRow(rejectedRecord(n * 2)));
  const rejected = { count: 320, unmatched: 1, first };
  const summary = renderBatchSummary(
    record({
      outcome: 'partial',
      batches: [rejecting(1, 330)],
      rejected,
      errorsFile: '/tmp/errors.jsonl',
      failure: FAILURE,
    }),
  );
  const words = wordsOf(summary);
  expect(words).toContain('330 records were rejected by Sitecore CDP');
  expect(words).toContain(
    `data/people.jsonl:600 · The field value.email is not valid: … · INVALID_EMAIL · ${refOf(600)}`,
  );
  expect(summary.indexOf('jsonl&#58;20<')).toBeLessThan(summary.indexOf('<details>'));
  expect(summary.indexOf('jsonl&#58;22<')).toBeGreaterThan(summary.indexOf('<details>'));
  expect(words).toContain('and 21 more: the output errors-file has all of them');
  expect(words).toContain('1 ref of the error logs belongs to no record that was sent.');
  expect(words).toContain('Sitecore CDP does not say which 9 of them are.');
});

test('rejected records that nobody names are reported of, without a list', () => {
  const summary = renderBatchSummary(record({ outcome: 'failed', batches: [rejecting(1, 4115)], failure: FAILURE }));
  expect(wordsOf(summary)).toContain(
    '4,115 records were rejected by Sitecore CDP Sitecore CDP does not say which they',
  );
  expect(summary).not.toContain('INVALID');
});

test('batches: what was sent of which file, what came of it, under which ref, and which refs were given up', () => {
  const batches = [rejecting(1, 15), sent(2, { abandonedRefs: [refOf(9)], status: 'a|b' }), batch(3)];
  const words = wordsOf(renderBatchSummary(record({ outcome: 'unknown', batches, failure: FAILURE })));
  expect(words).toContain('3 batches: 1 error, 1 without a verdict, 1 not sent');
  expect(words).toContain(
    `1 data/people.jsonl , part 1 of 3 · ❌ error · 4,115 records: 4,100 accepted, 15 rejected · 46.6 MB · ${refOf(1)}`,
  );
  expect(words).toContain(
    `2 data/people.jsonl , part 2 of 3 · ❓ a|b · 4,115 records · 46.6 MB · ${refOf(2)} · abandoned: ${refOf(9)}`,
  );
  expect(words).toContain('3 data/people.jsonl , part 3 of 3 · not sent · 4,115 records · 46.6 MB');
  expect(words).toContain(`Without a verdict: ${refOf(2)}`);
});

test('a batch that was allocated, and never uploaded, is not said to be on its way', () => {
  const batches = [batch(1, { isStarted: true, ref: refOf(1), status: 'uploading' })];
  const words = wordsOf(renderBatchSummary(record({ outcome: 'error', batches, failure: FAILURE })));
  expect(words).toContain('❌ not uploaded');
  expect(words).toContain('Of 4,115 records: 4,115 not sent.');
});

test('a dry run shows the batches as they would be sent', () => {
  const words = wordsOf(
    renderBatchSummary(record({ outcome: 'dry-run', dryRun: true, batches: [batch(1), batch(2)] })),
  );
  expect(words).toContain(
    `2 data/people.jsonl , part 2 of 3 · 4,115 records · 46.6 MB · lines 4,116 to 8,230 · MD5 ${MD5}`,
  );
  expect(words).toContain('Nothing was sent');
  expect(words).not.toMatch(/not sent|accepted/);
});

test('a corrupted batch: what was sent beside what arrived', () => {
  const failed = { outcome: 'corrupted', failure: FAILURE } as const;
  const words = wordsOf(renderBatchSummary(record({ ...failed, batches: [taken(1), corrupted(2)] })));
  expect(words).toContain(`What Sitecore CDP received of batch 2 of 2 MD5: sent ${MD5} , received fedcba98`);
  expect(words).toContain('Size: sent 48,812,345 bytes, received 48,000,000 bytes ETag of storage: "fedcba98"');
  const silent = wordsOf(renderBatchSummary(record({ ...failed, batches: [{ ...corrupted(1), seen: {} }] })));
  expect(silent).toContain(`MD5: sent ${MD5} , not reported Size: sent 48,812,345 bytes, not reported`);
});

test('faults of files and duplicates have lists with their places and true counts', () => {
  const rows = (message: string) => numbers(3).map((line) => shownRow({ path: '/ws/a', line, message }, `f${line}`));
  const whole = { path: '/ws/b.zip', shownPath: 'b.zip', line: undefined, message: 'It is a zip.' };
  const problems = { count: 900, first: [...rows('It is no JSON.'), whole] };
  const duplicates = { count: 2000, first: rows('Its `ref` is that of line 1.') };
  const words = wordsOf(renderBatchSummary(record({ outcome: 'error', failure: FAILURE, problems, duplicates })));
  expect(words).toContain('900 problems in the files f1:1 · It is no JSON.');
  expect(words).toContain('b.zip · It is a zip. and 896 more');
  expect(words).toContain('2,000 records with the ref or the guest of an earlier one');
  expect(words).toContain('and 1,997 more');
});

/** @param rows of all kinds; no more batches and phases than a day can have */
function hostileRecord(text: string, rows: number): BatchUploadRecord {
  const many = <T>(one: (n: number) => T, length = rows) => numbers(length).map((n) => one(n));
  const rejected = { path: text, shownPath: text, line: 1, ref: text, code: text, message: text };
  const row = { path: text, shownPath: text, line: 1, message: text };
  const texts = { ref: text, shownPath: text, status: text, abandonedRefs: [text, text, text, text] };
  const seen = { md5: text, etag: text };
  const count = Math.max(rows, 200_000);
  return record({
    outcome: 'error',
    host: text,
    errorsFile: text,
    files: many(() => ({
      path: text,
      shownPath: text,
      sizeBytes: 1,
      isGzipped: true,
      records: 1,
      modes: [text],
      problemCount: 1,
    })),
    batches: many((n) => (n === 1 ? { ...corrupted(n), ...texts, seen } : sent(n, texts))),
    rejected: { count, unmatched: 1, first: many(() => rejected, 4 * rows) },
    duplicates: { count, first: many(() => row) },
    problems: { count, first: many(() => row) },
    warnings: many(() => text),
    failure: { title: text, message: text, details: many(() => text), fix: text },
    phases: many((n) => ({ title: text, startMs: n, endMs: n + 1, state: 'failed', result: text }), 2 * rows),
  });
}

test('texts of files and servers stay texts, wherever they occur', () => {
  expectTextsToStayTexts((text) => renderBatchSummary(hostileRecord(text, 2)));
});

test.each(LONG_TEXTS)(
  '500 batches and 200,000 rejected records fit, whatever they say, and the end is there: %s',
  (_, text) => {
    const summary = renderBatchSummary(hostileRecord(text, 500));
    expectToFit(summary);
    expect(summary).toContain('970 phases between these');
  },
);

describe('the facts', () => {
  const files = (length: number, changes: object = {}) =>
    numbers(length).map((n) => ({ ...record().files[0], shownPath: `data/${n}.jsonl`, ...changes }) as never);
  const words = (changes: Partial<BatchUploadRecord>) => wordsOf(renderBatchSummary(record(changes)));

  const linesOf = (changes: Partial<BatchUploadRecord>) => renderBatchSummary(record(changes)).split('\n\n');

  test('of a success: a line, and three folds, which the short one leaves out', () => {
    const batches = [taken(1), taken(2), taken(3)];
    const line =
      '<code>data/people.jsonl</code> · 870.1 MB · host <code>api-engage-eu.sitecorecloud.io</code> · 1 min 5 s';
    expect(renderBatchSummary(record({ batches }), 'short')).toBe(
      `## ✅ Uploaded 12,345 records in 3 batches\n\n${line}\n`,
    );
    expect(linesOf({ batches })[1]).toBe(line);
    expect(renderBatchSummary(record({ batches })).match(/<details.*<\/summary>/g)).toEqual([
      '<details><summary>3 batches: 3 success</summary>',
      '<details><summary>Phases (slowest: Upload batch 1 of 3, 59 s)</summary>',
      '<details><summary>Details and ids for support</summary>',
    ]);
  });

  test('that somebody may look for: outcome, file, start, and the correlation id once it was sent', () => {
    const shown = words({});
    expect(shown).toContain(
      'Outcome: success File: data/people.jsonl (12,345 records, 870.1 MB) Started: 2026-01-02 03:04:05 UTC Correlation id: the-correlation-id',
    );
    for (const absent of ['Without a verdict', 'may be rejected', 'Errors file', 'Files']) {
      expect(shown).not.toContain(absent);
    }
    expect(words({ networkUsed: false })).not.toContain('Correlation id');
  });

  test('that only some runs have: a batch that is awaited, allowed failures, the errors file', () => {
    const batches = [taken(1), sent(2), sent(3)];
    const awaiting = { outcome: 'unknown', batches, failure: FAILURE } as const;
    const shown = words({ ...awaiting, allowFailedRecords: 3, errorsFile: '/tmp/errors.jsonl' });
    expect(shown).toContain(`Without a verdict: ${refOf(2)} Errors file: /tmp/errors.jsonl`);
    expect(shown).toContain(' · 3 records may be rejected · 1 min 5 s · correlation id the-correlation-id ');
    expect(words({ allowFailedRecords: 1 })).toContain(' · 1 record may be rejected · 1 min 5 s');
  });

  test.each([
    [0, 'host <code>api-engage-eu.sitecorecloud.io</code> · 1 min 5 s', undefined, 'Outcome: success Started'],
    [
      2,
      '2 files · 1740.2 MB · host <code>api-engage-eu.sitecorecloud.io</code> · 1 min 5 s',
      'Files: data/1.jsonl (12,345 records, 870.1 MB gzipped) data/2.jsonl',
      'data/2.jsonl (12,345 records, 870.1 MB gzipped) Started',
    ],
    [10, undefined, 'data/9.jsonl', 'data/10.jsonl (12,345 records, 870.1 MB gzipped) Started'],
    [12, undefined, 'data/9.jsonl', 'data/10.jsonl (12,345 records, 870.1 MB gzipped) and 2 more Started'],
  ])('of %s files', (length, line, first, last) => {
    const changes = { files: files(length, { isGzipped: true }) };
    const shown = words(changes);
    if (line !== undefined) expect(linesOf(changes)[1]).toBe(line);
    if (first !== undefined) expect(shown).toContain(first);
    expect(shown).toContain(last);
  });

  test('of no host, no host', () => {
    const { host: _, ...rest } = record();
    expect(wordsOf(renderBatchSummary(rest))).toContain(' data/people.jsonl · 870.1 MB · 1 min 5 s ');
  });
});

test.each<[string, Partial<BatchUploadRecord>, string]>([
  ['is allowed', { outcome: 'partial', batches: [rejecting(1, 15)] }, '⚠️'],
  ['fails the run', { outcome: 'partial', batches: [rejecting(1, 15)], failure: FAILURE }, '❌'],
  ['was of all records, and allowed', { outcome: 'failed', batches: [rejecting(1, 4115)] }, '⚠️'],
  ['is another one', { outcome: 'corrupted', batches: [corrupted(1)] }, '❌'],
])('the mark of a rejection that %s', (_, changes, mark) => {
  expect(renderBatchSummary(record(changes))).toMatch(new RegExp(`^## ${mark}`));
});

test('what cannot be sent twice is noted before the job is run again, once something was sent', () => {
  const modes = { files: record().files.map((file) => ({ ...file, modes: ['insert', 'upsert'] })) };
  const cancelled = (batches: BatchUploadRecord['batches']) =>
    wordsOf(renderBatchSummary(record({ ...modes, outcome: 'cancelled', failure: FAILURE, batches })));
  expect(cancelled([sent(1)])).toContain('Before you run this job again, note: ');
  expect(cancelled([batch(1)])).not.toContain('Before you run');
  expect(wordsOf(renderBatchSummary(record({ batches: [sent(1)] })))).not.toContain('Before you run');
});

import { expect, jest, test } from '@jest/globals';
import { parseCommand } from '../../scripts/runner-commands.ts';
import { ActionError, CancelledError, FileError, type FileProblem } from '../../src/errors.ts';
import type { ErrorLog, PackedFile } from '../../src/files/batch/batch-file.ts';
import type { BatchRecord, BatchUploadRecord } from '../../src/report/batch-record.ts';
import { createBatchReport } from '../../src/report/batch-report.ts';
import { createRun } from '../../src/report/create-run.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { wordsOf } from '../action/github-comment-reading.ts';
import { batch, corrupted, packedFile, refOf, rejectedRecord, rejecting, sent, taken } from './batch-records.ts';
import { captureReport } from './captured-report.ts';
import { numbers } from './run-records.ts';

const redactor = createRedactor();
const captured = captureReport();

/** A run whose inputs are valid, with what its sinks get to see of the record. */
function started({ dryRun = false, allowFailedRecords = 0 } = {}) {
  const report = createBatchReport((path) => path.replace('/ws/', ''));
  const run = createRun(report, { log: createJobLog('/ws'), redactor, correlationId: 'the-id' });
  let latest: { readonly record: BatchUploadRecord } | undefined;
  run.attach({
    failing: 'The record could not be read',
    receive: (occurrence) => {
      latest = occurrence;
    },
  });
  run.emit({ type: 'started', dryRun, host: 'api-engage-eu.sitecorecloud.io', allowFailedRecords });
  return {
    ...{ run, end: run.end, finish: run.finish },
    packed: (file: PackedFile) => run.emit({ type: 'file-packed', file }),
    planned: (...batches: BatchRecord[]) => run.emit({ type: 'batches-planned', batches }),
    updated: (one: BatchRecord) => run.emit({ type: 'batch-updated', batch: one }),
    rejected: (log: ErrorLog) => run.emit({ type: 'records-rejected', log }),
    errorsWritten: (path: string) => run.emit({ type: 'errors-file-written', path }),
    record: () => latest?.record as BatchUploadRecord,
  };
}

function annotations(): { level: string; place: string; message: string }[] {
  return captured.printed
    .split('\n')
    .map((line) => parseCommand(line))
    .filter((command) => command !== undefined)
    .filter(({ name }) => name === 'error' || name === 'warning')
    .map(({ name, value, properties }) => ({
      level: name,
      place: `${properties['file']}:${properties['line']}`,
      message: value,
    }));
}

function errorLog(lines: readonly number[], changes: Partial<ErrorLog> = {}): ErrorLog {
  const first = lines.map((line) => rejectedRecord(line));
  return { records: lines.length, unmatched: 0, unreadable: 0, first, ...changes };
}

const partial = () =>
  new ActionError('Sitecore CDP rejected 12.', { title: '12 records rejected', outcome: 'partial' });

test('a phase that is flawed has no tick', async () => {
  const report = started();
  await report.run.phase('Upload a.jsonl', async (phase) => phase.result('error, 1 of 3 records rejected', true));
  await report.run.phase('Upload b.jsonl', async (phase) => phase.result('success, 2 records'));
  expect(captured.printed).toMatch(/^! Upload a\.jsonl: error, 1 of 3 records rejected \(/m);
  expect(captured.printed).toMatch(/^✓ Upload b\.jsonl: /m);
  await report.finish();
  expect(captured.read('summary')).toContain('⚠️ Upload a.jsonl');
});

test('outputs are written as soon as they are known', () => {
  const report = started();
  report.packed(packedFile({ records: 8230 }));
  expect(captured.outputs()).toEqual({});
  report.planned(batch(1), batch(2));
  expect(captured.outputs()).toEqual({ records: '8230' });
  report.updated(sent(1));
  expect(captured.outputs()['batch-refs']).toBe(JSON.stringify([refOf(1)]));
  report.updated(taken(1));
  expect(captured.outputs()).toMatchObject({ succeeded: '4115', failed: '0' });
  report.updated(sent(2, { ref: refOf(7) }));
  report.updated(sent(2, { ref: refOf(2), abandonedRefs: [refOf(7)] }));
  expect(captured.outputs()['batch-refs']).toBe(JSON.stringify([refOf(1), refOf(2)]));
  report.updated(rejecting(2, 12));
  expect(captured.outputs()).toMatchObject({ succeeded: '8218', failed: '12' });
  report.errorsWritten('/tmp/errors.jsonl');
  expect(captured.outputs()).toMatchObject({ 'errors-file': '/tmp/errors.jsonl' });
  expect(captured.outputs()['outcome']).toBeUndefined();
});

test('the file of the outputs does not grow with each poll', () => {
  const report = started();
  report.planned(batch(1));
  report.updated(sent(1));
  const before = captured.read('output');
  for (const status of ['processing', 'file_uploaded', 'processing']) report.updated(sent(1, { status }));
  expect(captured.read('output')).toBe(before);
});

test('a run that uploads nothing has an empty list of refs, and no counts that could be read as a success', () => {
  started().end(new ActionError('It broke.'));
  expect(captured.outputs()).toEqual({ 'batch-refs': '[]', outcome: 'error', result: expect.any(String) });
});

const error = (outcome: ActionError['outcome'] = 'error') => new ActionError('It broke.', { outcome });
const noLog = { status: 'error', verdict: 'error' } as const;

test.each([
  ['success', [taken(1), taken(2)], undefined],
  ['partial', [taken(1), rejecting(2, 1)], undefined],
  ['failed', [rejecting(1, 4115)], undefined],
  ['unknown', [taken(1), sent(2)], undefined],
  ['partial', [taken(1), batch(2)], undefined],
  ['error', [batch(1)], undefined],
  ['error', [], undefined],
  ['error', [], error()],
  ['error', [batch(1, { isStarted: true, ref: refOf(1) })], error('conflict')],
  ['partial', [taken(1), batch(2, { isStarted: true })], error()],
  ['partial', [rejecting(1, 12)], error('failed')],
  ['failed', [rejecting(1, 4115), batch(2)], error()],
  ['failed', [rejecting(1, 4115)], error('partial')],
  ['partial', [sent(1, noLog)], error('partial')],
  ['unknown', [sent(1, noLog)], error('unknown')],
  ['unknown', [taken(1), sent(2)], error()],
  ['corrupted', [taken(1), corrupted(2)], error('corrupted')],
  ['corrupted', [corrupted(1)], error()],
  ['cancelled', [taken(1), sent(2)], new CancelledError('Cancelled.')],
] as const)('outcome %s of %#', async (outcome, batches, failure) => {
  const report = started();
  report.planned(...batches);
  report.end(failure);
  await report.finish();
  expect(captured.outputs()['outcome']).toBe(outcome);
  expect(captured.printed).toContain(`Outcome: ${outcome} (`);
  expect(captured.read('summary')).toContain(`<code>${outcome}</code>`);
});

test('a dry run is one, whatever it would do', async () => {
  const report = started({ dryRun: true });
  report.packed(packedFile());
  report.planned(batch(1));
  report.end(undefined);
  await report.finish();
  const { result = '', ...outputs } = captured.outputs();
  expect(outputs).toEqual({ records: '4115', 'batch-refs': '[]', outcome: 'dry-run' });
  expect(JSON.parse(result)).toMatchObject({
    outcome: 'dry-run',
    success: true,
    records: { total: 4115, not_sent: 4115 },
  });
  expect(captured.printed).toContain('data/people.jsonl: 4,115 records, 5.7 MB → 793.3 kB gzipped\n');
});

test('the log has the result of each file', () => {
  const report = started();
  const [part] = packedFile().parts;
  report.packed(packedFile({ isGzipped: true, parts: [part, part].filter((one) => one !== undefined) }));
  report.packed(packedFile({ parts: [], fault: 'It is a zip.' }));
  report.packed(packedFile({ parts: [], problems: [{ line: 1, message: 'No JSON.' }], problemCount: 2 }));
  expect(captured.printed).toContain('data/people.jsonl: 4,115 records, 5.7 MB gzipped → 1.5 MB gzipped in 2 parts\n');
  expect(captured.printed).toContain('data/people.jsonl: not usable. It is a zip.\n');
  expect(captured.printed).toContain('data/people.jsonl: not usable. 2 lines are not records\n');
});

test('of faulty files nine problems are annotations at their file and line, and the verdict is the tenth', async () => {
  const report = started();
  const problem = (path: string, line: number | undefined): FileProblem => ({ path, line, message: 'It is wrong.' });
  const problems = [
    problem('/ws/a.zip', undefined),
    ...numbers(300).map((line) => problem(line < 5 ? '/ws/b.jsonl' : '/ws/c.jsonl', line)),
  ];
  const words = { message: '3 of 3 files have 450 problems.', title: '3 files are not usable' };
  const options = { ...words, topic: 'batch-file-not-usable', detailCount: 450 } as const;
  report.end(new FileError('/ws/a.zip', problems, options));
  await report.finish();
  const found = annotations();
  expect(found).toHaveLength(10);
  expect(found.map(({ place }) => place)).toEqual([
    'a.zip:undefined',
    ...[1, 2, 3, 4].map((line) => `b.jsonl:${line}`),
    ...[5, 6, 7, 8].map((line) => `c.jsonl:${line}`),
    'undefined:undefined',
  ]);
  expect(captured.printed.match(/^::error title=Not usable,/gm)).toHaveLength(9);
  expect(found[0]?.message).toBe('It is wrong. (a.zip)');
  expect(found[1]?.message).toBe('It is wrong. (b.jsonl:1)');
  const more = 'More in docs/troubleshooting.md, "Batch file not usable"';
  expect(found[9]?.message).toBe(`Sitecore CDP is unchanged.\n3 of 3 files have 450 problems.\n${more}`);
  expect(captured.printed.match(/^c\.jsonl:\d+: It is wrong/gm)).toHaveLength(200);
  expect(captured.printed).toContain('and 241 more. ');
  const summary = captured.read('summary');
  expect(wordsOf(summary)).toContain(`Sitecore CDP is unchanged. 3 of 3 files have 450 problems. ${more}.`);
  expect(summary).toContain('450 problems in the files');
  expect(summary.match(/It is wrong/g)).toHaveLength(301);
});

test('rejected records fail the job with nine annotations and the verdict', () => {
  const report = started();
  report.planned(rejecting(1, 6), rejecting(2, 8));
  report.rejected(errorLog([1, 2, 3, 4, 5, 6]));
  const stranger = rejectedRecord(1, { path: undefined, line: undefined, code: '', message: '' });
  report.rejected(errorLog([7, 8, 9, 10, 11, 12], { records: 7, unmatched: 1 }));
  report.rejected({ ...errorLog([]), first: [stranger] });
  report.errorsWritten('/tmp/errors.jsonl');
  report.end(partial());
  expect(annotations().map(({ level, place }) => `${level} ${place}`)).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((line) => `error data/people.jsonl:${line}`),
    'error undefined:undefined',
  ]);
  expect(annotations()[0]?.message).toBe(
    `The field \`value.email\` is not valid: … (INVALID_EMAIL, ref ${refOf(1)}) (data/people.jsonl:1)`,
  );
  expect(captured.printed.match(/^data\/people\.jsonl:1[012]: The field/gm)).toHaveLength(3);
  expect(captured.printed).toContain(`\nRejected without a message (ref ${refOf(1)})\n`);
  expect(captured.printed).toContain('and 1 more. All of them: /tmp/errors.jsonl');
  expect(report.record().rejected).toMatchObject({ count: 13, unmatched: 1 });
  expect(captured.outputs()['failed']).toBe('14');
});

test('allowed rejected records are warnings, with a note that they are allowed, among ten that GitHub shows', () => {
  const report = started({ allowFailedRecords: 20 });
  const duplicates = numbers(300).map((line) => ({ line, message: 'Its ref is that of line 1.' }));
  report.packed(packedFile({ duplicates: duplicates.slice(0, 3), duplicateCount: 3 }));
  report.packed(packedFile({ path: '/ws/other.jsonl', duplicates, duplicateCount: 1000 }));
  report.packed(packedFile({ path: '/ws/last.jsonl', duplicates, duplicateCount: 300 }));
  for (const number of [1, 2, 3, 4, 5, 6, 7]) report.run.warn(`Other ${number}.`, 'A warning');
  report.planned(rejecting(1, 12));
  report.rejected(errorLog(numbers(12)));
  report.end(undefined);
  const found = annotations();
  expect(found.map(({ level }) => level)).toEqual(Array(10).fill('warning'));
  expect(found.slice(0, 4).map(({ place }) => place)).toEqual([
    ...[1, 2, 3].map((line) => `data/people.jsonl:${line}`),
    'other.jsonl:1',
  ]);
  expect(found[9]?.message).toContain('rejected 12 of 4,115 records; `allow-failed-records` allows that');
  expect(captured.printed.match(/^(other|last)\.jsonl:\d+: Its ref/gm)).toHaveLength(200);
  expect(captured.printed).toContain('and 799 more. The step summary has the first 500.');
  expect(captured.printed).toContain('last.jsonl: 4,115 records, 5.7 MB → 793.3 kB gzipped; 300 duplicates');
  expect(captured.printed).toContain('Warning: Other 7.');
  expect(captured.printed).toContain('data/people.jsonl:12: The field');
  expect(report.record().duplicates.count).toBe(1303);
});

test('of 200,000 rejected records the record has the first 2,000, and all are counted', () => {
  const report = started();
  for (let n = 0; n < 4; n += 1) report.rejected(errorLog(numbers(1000), { records: 50_000 }));
  const { rejected } = report.record();
  expect(rejected.count).toBe(200_000);
  expect(rejected.first).toHaveLength(2000);
});

test('no secret is in the record, an annotation or an output', async () => {
  redactor.add('s3cret-value');
  const text = 'a s3cret-value';
  const report = started({ allowFailedRecords: 1 });
  await report.run.phase(`Check ${text}`, async () => {});
  const rows = [{ line: 1, message: text }];
  report.packed(packedFile({ path: `/ws/${text}`, duplicates: rows, duplicateCount: 1 }));
  report.packed(packedFile({ path: `/ws/${text}`, fault: text, problems: rows, problemCount: 1, parts: [] }));
  const texts = { ref: text, shownPath: text, status: text, abandonedRefs: [text], seen: { md5: text, etag: text } };
  report.planned(batch(1), batch(2), batch(3));
  report.updated(sent(1, texts));
  report.updated(rejecting(2, 3));
  report.updated({ ...corrupted(3), ...texts });
  report.rejected({ ...errorLog([]), first: [{ path: text, line: 1, ref: text, code: text, message: text }] });
  report.errorsWritten(text);
  report.run.warn(text, 'A warning');
  report.end(new FileError(`/ws/${text}`, [{ line: 3, message: text }], { message: text, title: text, fix: text }));
  await report.finish();
  const everything = [captured.printed, captured.read('summary'), captured.read('output')];
  expect(JSON.stringify([report.record(), ...everything])).not.toContain('s3cret-value');
  expect(report.record().batches.map(({ verdict }) => verdict)).toEqual([undefined, 'error', 'corrupted']);
});

test('a summary that cannot be written does not hide how the run has ended', async () => {
  jest.replaceProperty(process, 'env', {
    ...process.env,
    GITHUB_STEP_SUMMARY: captured.folder,
    GITHUB_OUTPUT: captured.folder,
  });
  const report = started();
  report.planned(taken(1));
  report.end(undefined);
  await report.finish();
  expect(captured.printed).toContain('The step summary could not be written');
  expect(captured.printed).toContain('The outputs of this step could not be written');
  expect(captured.printed).toContain('Outcome: success (uploaded 4,115 records in 1 batch)');
});

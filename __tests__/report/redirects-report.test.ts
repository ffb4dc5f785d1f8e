import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseCommand } from '../../scripts/runner-commands.ts';
import { ActionError, CancelledError, FileError } from '../../src/errors.ts';
import type { RedirectsCommand } from '../../src/inputs/redirects.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { RedirectsReport } from '../../src/report/redirects-report.ts';
import { job, known, manual, planOf, rejectedRow, row } from './redirects-records.ts';
import { listenToReport } from './told.ts';

const redactor = createRedactor();
const told = listenToReport();

function started(command: RedirectsCommand, workspace = '/ws'): RedirectsReport {
  const report = new RedirectsReport({ log: createJobLog(redactor, workspace), redactor, correlationId: 'the-id' });
  const siteId = command === 'import' ? undefined : 1000;
  report.started({ command, siteId, file: 'config/r.csv', absoluteFile: '/ws/config/r.csv' });
  return report;
}

function annotations(): { level: string; line: string | undefined; file: string | undefined; message: string }[] {
  const commands = told.printed.split('\n').map((line) => parseCommand(line));
  return commands
    .filter((command) => command !== undefined)
    .filter(({ name }) => name === 'error' || name === 'warning' || name === 'notice')
    .map(({ name, value, properties }) => ({
      level: name,
      line: properties['line'],
      file: properties['file'],
      message: value,
    }));
}

const partial = () => new ActionError('The platform rejected rows.', { title: 'Rows rejected', outcome: 'partial' });
const problems = (length: number) =>
  Array.from({ length }, (_, index) => ({ line: index + 2, message: `Wrong ${index}.` }));

test('outputs are written as soon unchanged known', () => {
  const report = started('import');
  expect(told.outputs()).toEqual({ file: '/ws/config/r.csv' });
  report.job(job({ jobId: 'one', part: 1, parts: 2, completed: 7, failed: 1, total: 8 }));
  report.job(job({ jobId: 'two', part: 2, parts: 2, status: 'working', completed: 1, failed: 0, total: 4 }));
  expect(told.outputs()).toMatchObject({ 'job-id': 'two', completed: '8', failed: '1', total: '12' });
  report.job(job({ jobId: 'two', part: 2, parts: 2, completed: 4, failed: 0, total: 4 }));
  expect(told.outputs()).toMatchObject({ 'job-id': 'two', completed: '11', failed: '1', total: '12' });
  report.failedRowsWritten('/tmp/failed.csv');
  expect(told.outputs()).toMatchObject({ 'failed-rows-file': '/tmp/failed.csv' });
  expect(told.outputs()['outcome']).toBeUndefined();
});

test('what sync has not made, or not for certain, is failed', () => {
  const report = started('sync');
  report.plan(planOf(3, 1, 2, 10), { keepsRemoved: false });
  expect(told.outputs()).toMatchObject({ added: '3', changed: '1', removed: '2', unchanged: '10' });
  report.backupWritten('/tmp/backup.csv');
  report.applied({ added: 2, changed: 0, removed: 0, toDo: 6, uncertain: 3 });
  expect(told.outputs()).toMatchObject({ completed: '2', failed: '4', total: '6', 'backup-file': '/tmp/backup.csv' });
});

test('a file that export has not written is no output', () => {
  const report = started('export');
  report.ended(new ActionError('It broke.'));
  expect(told.outputs()['file']).toBeUndefined();
  const other = started('export');
  other.ended(undefined);
  expect(told.outputs()).toMatchObject({ file: '/ws/config/r.csv', outcome: 'complete', total: '0' });
});

const planned = (added: number, removed: number, keepsRemoved: boolean) => (report: RedirectsReport) =>
  report.plan(planOf(added, 0, removed), { keepsRemoved });
const error = () => new ActionError('It broke.');

test.each([
  ['complete', 'import', (report) => report.job(job({ completed: 1200, failed: 0 })), undefined],
  ['unchanged', 'import', () => {}, undefined],
  ['partial', 'import', (report) => report.job(job({ failed: 1 })), undefined],
  ['complete', 'export', (report) => report.job(job({ kind: 'export', completed: 1200, failed: 0 })), undefined],
  ['planned', 'plan', planned(1, 0, false), undefined],
  ['planned', 'plan', planned(0, 1, false), undefined],
  ['unchanged', 'plan', planned(0, 1, true), undefined],
  ['unchanged', 'sync', planned(0, 0, false), undefined],
  ['complete', 'sync', planned(1, 0, false), undefined],
  ['skipped', 'sync', (report) => report.skipped({ reason: 'fork', message: 'A fork.' }), undefined],
  ['error', 'sync', planned(1, 0, false), error()],
  ['cancelled', 'import', (report) => report.job(job({ status: 'working' })), new CancelledError('Cancelled.')],
  ['failed', 'import', (report) => report.job(job({ status: 'failed' })), new ActionError('x', { outcome: 'failed' })],
  // A fault of another kind must not say that nothing was changed.
  ['partial', 'import', (report) => report.job(job({ failed: 0 })), error()],
  ['unknown', 'import', (report) => report.job(job({ status: 'working' })), error()],
  ['unknown', 'import', (report) => report.job(job({ status: 'queued', completed: 0 })), error()],
  ['error', 'export', (report) => report.job(job({ kind: 'export', status: 'working' })), error()],
  ['partial', 'sync', (report) => report.applied({ added: 0, changed: 0, removed: 0, toDo: 6, uncertain: 1 }), error()],
] as [string, RedirectsCommand, (report: RedirectsReport) => void, ActionError | undefined][])(
  'outcome %s of %s',
  async (outcome, command, tell, failure) => {
    const report = started(command);
    tell(report);
    report.ended(failure);
    await report.finish();
    expect(told.outputs()['outcome']).toBe(outcome);
    expect(told.printed).toContain(`Outcome: ${outcome} (`);
    expect(told.read('summary')).toContain(`<code>${outcome}</code>`);
  },
);

test('of a wrong file nine rows are annotations at their lines, and the verdict is the tenth', () => {
  const report = started('import');
  const options = { message: '300 rows are wrong.', title: 'File not usable', detailCount: 450 };
  report.ended(new FileError('/ws/config/r.csv', problems(300), options));
  const found = annotations();
  expect(found).toHaveLength(10);
  expect(found[0]).toEqual({ level: 'error', file: 'config/r.csv', line: '2', message: 'Wrong 0. (line 2)' });
  expect(found[9]).toEqual({ level: 'error', file: undefined, line: undefined, message: '300 rows are wrong.' });
  expect(told.printed.match(/^config\/r\.csv:\d+: Wrong/gm)).toHaveLength(200);
  expect(told.printed).toContain('and 241 more. ');
});

test('rejected rows fail the job with nine annotations and the verdict', () => {
  const report = started('import');
  report.job(job({ completed: 0, failed: 20, total: 20 }));
  report.rejected(
    [1, 2, 3, 4, 5, 6].map((line) => rejectedRow(line)),
    0,
  );
  report.rejected(
    [7, 8, 9, 10, 11, 12].map((line) => rejectedRow(line)),
    8,
  );
  report.failedRowsWritten('/tmp/failed.csv');
  report.ended(partial());
  expect(annotations().map(({ level, line }) => `${level} ${line}`)).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((line) => `error ${line}`),
    'error undefined',
  ]);
  expect(annotations()[0]?.message).toBe('/old-1 → /new-1: The old path is not valid. (line 1)');
  expect(told.printed.match(/^config\/r\.csv:1[012]: /gm)).toHaveLength(3);
  expect(told.outputs()['failed']).toBe('20');
});

test('a row that is rejected for two reasons is one rejected row, in the outputs and in words', async () => {
  const report = started('import');
  report.job(job({ completed: 9, failed: 1, total: 10 }));
  report.rejected([rejectedRow(3, 'No path.'), rejectedRow(3, 'No target.')], 0);
  report.ended(undefined);
  await report.finish();
  expect(told.outputs()['failed']).toBe('1');
  expect(told.printed).toContain('imported 9 of 10 redirects, 1 rejected');
  const summary = told.read('summary');
  expect(summary).toContain('1 row was rejected by the platform');
  for (const words of ['No path.', 'No target.']) expect(summary).toContain(words);
  expect(summary).not.toContain('does not say which');
  expect(annotations().at(-1)?.message).toContain('The platform rejected 1 of 10 rows');
});

test.each(['import', 'export'] as const)(
  'an %s that is complete, but counts only less than all, is none that is complete',
  (command) => {
    const report = started(command);
    report.job(job({ kind: command, completed: 0, failed: 0, total: 3 }));
    report.ended(undefined);
    expect(told.outputs()['outcome']).toBe('partial');
  },
);

test('an export that lacks redirects has its file as an output; one that came to nothing has none', () => {
  const report = started('export');
  report.job(job({ kind: 'export' }));
  report.ended(partial());
  expect(told.outputs()['file']).toBe('/ws/config/r.csv');
  const failing = started('export');
  writeFileSync(join(told.folder, 'output'), '');
  failing.ended(new ActionError('It failed.', { outcome: 'failed' }));
  expect(told.outputs()['file']).toBeUndefined();
});

test('allowed rejected rows are warnings, with a word that they were let pass, among ten that GitHub shows', () => {
  const report = started('import');
  report.warnRows(problems(500), 'Redirect chain');
  for (const number of [1, 2, 3, 4, 5, 6, 7]) report.warn(`Other ${number}.`);
  report.job(job({ failed: 9 }));
  report.rejected(
    [1, 2, 3].map((line) => rejectedRow(line)),
    6,
  );
  report.ended(undefined);
  const found = annotations();
  expect(found.map(({ level }) => level)).toEqual(Array(10).fill('warning'));
  expect(found.filter(({ message }) => message.startsWith('Wrong'))).toHaveLength(4);
  expect(found[9]?.message).toContain('The platform rejected 9 of 1,200 rows');
  expect(told.printed).toContain('Warning: Other 7.');
  expect(told.printed).toContain('config/r.csv:3: /old-3 → /new-3: The old path is not valid.');
  expect(report.snapshot().warnings).toHaveLength(8);
  expect(report.snapshot().oddities).toMatchObject([{ title: 'Redirect chain', count: 500 }]);
});

test('a file outside of the workspace has no place in annotations, and its lines are told all the same', () => {
  const report = started('import', '/elsewhere');
  report.ended(new FileError('/ws/config/r.csv', problems(1), { message: 'One row is wrong.' }));
  expect(annotations()[0]).toEqual({ level: 'error', file: undefined, line: undefined, message: 'Wrong 0. (line 2)' });
});

test('no secret is in a snapshot, an annotation or an output', async () => {
  redactor.add('s3cret-value');
  const text = '/s3cret-value';
  const report = started('sync');
  report.note(text, text);
  await report.phase(`Check ${text}`, async () => {});
  report.warnRows([{ line: 1, message: text }], text);
  report.rejected([{ line: 1, row: row(1, text, manual(text)), message: text }], 0);
  const before = { ...known(1, text, manual(text)), toUrl: text };
  const changed = [{ before, after: row(1, text, manual(text)) }];
  report.plan({ added: [row(1, text)], changed, removed: [before], unchanged: 0 }, { keepsRemoved: true });
  report.job(job({ jobId: text, status: text }));
  report.backupWritten(text);
  report.failedRowsWritten(text);
  report.ended(new ActionError(text, { title: text, fix: text, details: [text, text] }));
  await report.finish();
  const everything = [told.printed, told.read('summary'), told.read('output')];
  expect(JSON.stringify([report.snapshot(), ...everything])).not.toContain('s3cret-value');
});

test('a large plan is counted whole, and only its beginning is copied', () => {
  const report = started('plan');
  report.plan(planOf(50_000, 20, 0), { keepsRemoved: false });
  const { plan } = report.snapshot();
  expect(plan).toMatchObject({ added: 50_000, changed: 20, removed: 0 });
  expect(plan?.first.added).toHaveLength(1000);
  expect(plan?.first.changed).toHaveLength(20);
});

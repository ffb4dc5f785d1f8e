import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseCommand } from '../../scripts/runner-commands.ts';
import { createSkipWarning } from '../../src/actions/skip-warning.ts';
import { ActionError, CancelledError, FileError } from '../../src/errors.ts';
import type { RedirectsCommand } from '../../src/inputs/redirects.ts';
import { type ActionRun, createRun } from '../../src/report/create-run.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import type { RedirectsEvent, RedirectsRecord } from '../../src/report/redirects-record.ts';
import { createRedirectsReport } from '../../src/report/redirects-report.ts';
import { captureReport } from './captured-report.ts';
import { job, known, manual, planOf, rejectedRow, row } from './redirects-records.ts';

const redactor = createRedactor();
const captured = captureReport();

type RedirectsRun = ActionRun<RedirectsEvent, RedirectsRecord>;

/** Only its events lose secrets: its log does nothing about them. */
function started(command: RedirectsCommand, workspace = '/ws'): RedirectsRun {
  const log = createJobLog(workspace);
  const run = createRun(createRedirectsReport(), { log, redactor, correlationId: 'the-id' });
  const siteId = command === 'import' ? undefined : 1000;
  run.emit({ type: 'started', command, siteId, file: 'config/r.csv', absoluteFile: '/ws/config/r.csv' });
  return run;
}

/** The record that sinks get with the next event. */
function recordOf(run: RedirectsRun): RedirectsRecord {
  let record: RedirectsRecord | undefined;
  run.attach({
    failing: 'No record',
    receive: (occurrence) => {
      record ??= occurrence.record;
    },
  });
  run.debug('');
  if (record === undefined) throw new Error('No event came.');
  return record;
}

function annotations(): { level: string; line: string | undefined; file: string | undefined; message: string }[] {
  const commands = captured.printed.split('\n').map((line) => parseCommand(line));
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

test('outputs are written as soon as they are known', () => {
  const run = started('import');
  expect(captured.outputs()).toEqual({ file: '/ws/config/r.csv' });
  run.emit({ type: 'job-changed', ...job({ jobId: 'one', part: 1, parts: 2, completed: 7, failed: 1, total: 8 }) });
  run.emit({
    type: 'job-changed',
    ...job({ jobId: 'two', part: 2, parts: 2, status: 'working', completed: 1, failed: 0, total: 4 }),
  });
  expect(captured.outputs()).toMatchObject({ 'job-id': 'two', completed: '8', failed: '1', total: '12' });
  run.emit({ type: 'job-changed', ...job({ jobId: 'two', part: 2, parts: 2, completed: 4, failed: 0, total: 4 }) });
  expect(captured.outputs()).toMatchObject({ 'job-id': 'two', completed: '11', failed: '1', total: '12' });
  run.emit({ type: 'failed-rows-written', path: '/tmp/failed.csv' });
  expect(captured.outputs()).toMatchObject({ 'failed-rows-file': '/tmp/failed.csv' });
  expect(captured.outputs()['outcome']).toBeUndefined();
});

test('what sync has not made, or not for certain, is failed', () => {
  const run = started('sync');
  run.emit({ type: 'plan-made', plan: planOf(3, 1, 2, 10), keepsRemoved: false });
  expect(captured.outputs()).toMatchObject({ added: '3', changed: '1', removed: '2', unchanged: '10' });
  run.emit({ type: 'backup-written', path: '/tmp/backup.csv' });
  run.emit({ type: 'applied', added: 2, changed: 0, removed: 0, toDo: 6, uncertain: 3 });
  expect(captured.outputs()).toMatchObject({
    completed: '2',
    failed: '4',
    total: '6',
    'backup-file': '/tmp/backup.csv',
  });
});

test('a file that export has not written is no output', () => {
  const run = started('export');
  run.end(new ActionError('It broke.'));
  expect(captured.outputs()['file']).toBeUndefined();
  const other = started('export');
  other.end(undefined);
  expect(captured.outputs()).toMatchObject({ file: '/ws/config/r.csv', outcome: 'complete', total: '0' });
});

const planned = (added: number, removed: number, keepsRemoved: boolean) => (run: RedirectsRun) =>
  run.emit({ type: 'plan-made', plan: planOf(added, 0, removed), keepsRemoved });
const error = () => new ActionError('It broke.');

test.each([
  ['complete', 'import', (run) => run.emit({ type: 'job-changed', ...job({ completed: 1200, failed: 0 }) }), undefined],
  ['unchanged', 'import', () => {}, undefined],
  ['partial', 'import', (run) => run.emit({ type: 'job-changed', ...job({ failed: 1 }) }), undefined],
  [
    'complete',
    'export',
    (run) => run.emit({ type: 'job-changed', ...job({ kind: 'export', completed: 1200, failed: 0 }) }),
    undefined,
  ],
  ['planned', 'plan', planned(1, 0, false), undefined],
  ['planned', 'plan', planned(0, 1, false), undefined],
  ['unchanged', 'plan', planned(0, 1, true), undefined],
  ['unchanged', 'sync', planned(0, 0, false), undefined],
  ['complete', 'sync', planned(1, 0, false), undefined],
  [
    'skipped',
    'sync',
    (run) => run.emit({ type: 'skipped', title: 'Redirects skipped', reason: 'fork', message: 'A fork.' }),
    undefined,
  ],
  ['error', 'sync', planned(1, 0, false), error()],
  [
    'cancelled',
    'import',
    (run) => run.emit({ type: 'job-changed', ...job({ status: 'working' }) }),
    new CancelledError('Cancelled.'),
  ],
  [
    'failed',
    'import',
    (run) => run.emit({ type: 'job-changed', ...job({ status: 'failed' }) }),
    new ActionError('x', { outcome: 'failed' }),
  ],
  // A fault of another kind must not say that nothing was changed.
  ['partial', 'import', (run) => run.emit({ type: 'job-changed', ...job({ failed: 0 }) }), error()],
  ['unknown', 'import', (run) => run.emit({ type: 'job-changed', ...job({ status: 'working' }) }), error()],
  [
    'unknown',
    'import',
    (run) => run.emit({ type: 'job-changed', ...job({ status: 'queued', completed: 0 }) }),
    error(),
  ],
  [
    'error',
    'export',
    (run) => run.emit({ type: 'job-changed', ...job({ kind: 'export', status: 'working' }) }),
    error(),
  ],
  [
    'partial',
    'sync',
    (run) => run.emit({ type: 'applied', added: 0, changed: 0, removed: 0, toDo: 6, uncertain: 1 }),
    error(),
  ],
] as [string, RedirectsCommand, (run: RedirectsRun) => void, ActionError | undefined][])(
  'outcome %s of %s',
  async (outcome, command, act, failure) => {
    const run = started(command);
    act(run);
    run.end(failure);
    await run.finish();
    expect(captured.outputs()['outcome']).toBe(outcome);
    expect(captured.printed).toContain(`Outcome: ${outcome} (`);
    // Where nothing was done, two lines say it.
    const twoLines = { unchanged: /nothing to change\n|Nothing to import\n/, skipped: /^## ⏭️ Skipped\n/ };
    const shown = new Map(Object.entries(twoLines)).get(outcome) ?? new RegExp(`<code>${outcome}</code>`);
    expect(captured.read('summary')).toMatch(shown);
  },
);

test('of a wrong file nine rows are annotations at their lines, and the verdict is the tenth', () => {
  const run = started('import');
  const options = { message: '300 rows are wrong.', title: 'File not usable', detailCount: 450 };
  run.end(new FileError('/ws/config/r.csv', problems(300), options));
  const found = annotations();
  expect(found).toHaveLength(10);
  expect(found[0]).toEqual({ level: 'error', file: 'config/r.csv', line: '2', message: 'Wrong 0. (line 2)' });
  expect(found[9]).toEqual({
    ...{ level: 'error', file: undefined, line: undefined },
    message: 'The redirects are unchanged.\n300 rows are wrong.',
  });
  expect(captured.printed.match(/^config\/r\.csv:\d+: Wrong/gm)).toHaveLength(200);
  expect(captured.printed).toContain('and 241 more. ');
});

test('rejected rows fail the job with nine annotations and the verdict', () => {
  const run = started('import');
  run.emit({ type: 'job-changed', ...job({ completed: 0, failed: 20, total: 20 }) });
  run.emit({ type: 'rows-rejected', rows: [1, 2, 3, 4, 5, 6].map((line) => rejectedRow(line)), unnamed: 0 });
  run.emit({ type: 'rows-rejected', rows: [7, 8, 9, 10, 11, 12].map((line) => rejectedRow(line)), unnamed: 8 });
  run.emit({ type: 'failed-rows-written', path: '/tmp/failed.csv' });
  run.end(partial());
  expect(annotations().map(({ level, line }) => `${level} ${line}`)).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((line) => `error ${line}`),
    'error undefined',
  ]);
  expect(annotations()[0]?.message).toBe('/old-1 → /new-1: The old path is not valid. (line 1)');
  expect(captured.printed.match(/^config\/r\.csv:1[012]: /gm)).toHaveLength(3);
  expect(captured.outputs()['failed']).toBe('20');
});

test('a row that is rejected for two reasons is one rejected row, in the outputs and in words', async () => {
  const run = started('import');
  run.emit({ type: 'job-changed', ...job({ completed: 9, failed: 1, total: 10 }) });
  run.emit({ type: 'rows-rejected', rows: [rejectedRow(3, 'No path.'), rejectedRow(3, 'No target.')], unnamed: 0 });
  run.end(undefined);
  await run.finish();
  expect(captured.outputs()['failed']).toBe('1');
  expect(captured.printed).toContain('imported 9 of 10 redirects, 1 rejected');
  const summary = captured.read('summary');
  expect(summary).toContain('1 row was rejected by the platform');
  for (const words of ['No path.', 'No target.']) expect(summary).toContain(words);
  expect(summary).not.toContain('does not say which');
  expect(annotations().at(-1)?.message).toContain('The platform rejected 1 of 10 rows');
});

test.each(['import', 'export'] as const)(
  'an %s that is complete, but counts fewer than all rows, is not complete',
  (command) => {
    const run = started(command);
    run.emit({ type: 'job-changed', ...job({ kind: command, completed: 0, failed: 0, total: 3 }) });
    run.end(undefined);
    expect(captured.outputs()['outcome']).toBe('partial');
  },
);

test('an export that lacks redirects has its file as an output; one that came to nothing has none', () => {
  const run = started('export');
  run.emit({ type: 'job-changed', ...job({ kind: 'export' }) });
  run.end(partial());
  expect(captured.outputs()['file']).toBe('/ws/config/r.csv');
  const failing = started('export');
  writeFileSync(join(captured.folder, 'output'), '');
  failing.end(new ActionError('It failed.', { outcome: 'failed' }));
  expect(captured.outputs()['file']).toBeUndefined();
});

test('allowed rejected rows are warnings, with a word that they were let pass, among ten that GitHub shows', () => {
  const run = started('import');
  run.emit({ type: 'rows-odd', rows: problems(500), title: 'Redirect chain' });
  for (const number of [1, 2, 3, 4, 5, 6, 7]) run.warn(`Other ${number}.`, 'A warning');
  run.emit({ type: 'job-changed', ...job({ failed: 9 }) });
  run.emit({ type: 'rows-rejected', rows: [1, 2, 3].map((line) => rejectedRow(line)), unnamed: 6 });
  run.end(undefined);
  const found = annotations();
  expect(found.map(({ level }) => level)).toEqual(Array(10).fill('warning'));
  expect(found.filter(({ message }) => message.startsWith('Wrong'))).toHaveLength(4);
  expect(found[9]?.message).toContain('The platform rejected 9 of 1,200 rows');
  expect(captured.printed).toContain('Warning: Other 7.');
  expect(captured.printed).toContain('config/r.csv:3: /old-3 → /new-3: The old path is not valid.');
  expect(recordOf(run).warnings).toHaveLength(8);
  expect(recordOf(run).oddities).toMatchObject([{ title: 'Redirect chain', count: 500 }]);
});

test('a file outside of the workspace has no place in annotations, but its lines are still shown', () => {
  const run = started('import', '/elsewhere');
  run.end(new FileError('/ws/config/r.csv', problems(1), { message: 'One row is wrong.' }));
  expect(annotations()[0]).toEqual({ level: 'error', file: undefined, line: undefined, message: 'Wrong 0. (line 2)' });
});

test('no secret is in a snapshot, an annotation or an output', async () => {
  redactor.add('s3cret-value');
  const text = '/s3cret-value';
  const run = started('sync');
  run.emit({ type: 'nothing-to-do', message: text, title: text });
  await run.phase(`Check ${text}`, async () => {});
  run.emit({ type: 'rows-odd', rows: [{ line: 1, message: text }], title: text });
  run.emit({ type: 'rows-rejected', rows: [{ line: 1, row: row(1, text, manual(text)), message: text }], unnamed: 0 });
  const before = { ...known(1, text, manual(text)), toUrl: text };
  const changed = [{ before, after: row(1, text, manual(text)) }];
  run.emit({
    type: 'plan-made',
    plan: { added: [row(1, text)], changed, removed: [before], unchanged: 0, split: [] },
    keepsRemoved: true,
  });
  run.emit({ type: 'job-changed', ...job({ jobId: text, status: text }) });
  run.emit({ type: 'backup-written', path: text });
  run.emit({ type: 'failed-rows-written', path: text });
  run.end(new ActionError(text, { title: text, fix: text, details: [text, text] }));
  await run.finish();
  const everything = [captured.printed, captured.read('summary'), captured.read('output')];
  expect(JSON.stringify([recordOf(run), ...everything])).not.toContain('s3cret-value');
});

test('a large plan is counted whole, and only its beginning is copied', () => {
  const run = started('plan');
  run.emit({ type: 'plan-made', plan: planOf(50_000, 20, 0), keepsRemoved: false });
  const { plan } = recordOf(run);
  expect(plan).toMatchObject({ added: 50_000, changed: 20, removed: 0 });
  expect(plan?.first.added).toHaveLength(1000);
  expect(plan?.first.changed).toHaveLength(20);
});

test('what is skipped in a stream of events is a warning of the run', () => {
  const run = started('import');
  createSkipWarning(run, "import's event stream")('not JSON, 3 characters');
  expect(recordOf(run).warnings).toEqual(["Skipped in the import's event stream: not JSON, 3 characters"]);
});

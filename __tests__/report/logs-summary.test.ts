/** What a reader of a worker's log gets to see: its errors in lines, what was read, and the rest folded. */
import { expect, test } from '@jest/globals';
import type { LogProblem } from '../../src/domain/worker-logs/log-event.ts';
import type { LogsRecord } from '../../src/report/logs-record.ts';
import { lastLogsLines, renderLogsSummary } from '../../src/report/logs-summary.ts';
import { FAILURE, numbers, RUN } from './run-records.ts';
import { expectTextsToStayTexts } from './summary-checks.ts';

const PHASE = { title: 'Read the log', startMs: 0, endMs: 600, state: 'done' as const };

function record(changes: Partial<LogsRecord> = {}): LogsRecord {
  return {
    ...RUN,
    phases: [PHASE],
    outcome: 'complete',
    asked: {
      task: { mode: 'tail', durationMs: 60_000 },
      filter: { level: 'error' },
      format: 'default',
      failOn: 'never',
    },
    project: { uuid: 'project-uuid', name: 'shop' },
    file: { path: '/ws/log.txt', shownPath: 'log.txt', sizeBytes: 512 },
    connections: { opened: 2, broken: 0 },
    ...{ entries: 0, errors: 0, exceptions: 0, problems: [], moreProblems: 0, isCut: false },
    ...changes,
  } as LogsRecord;
}

function problem(number: number): LogProblem {
  return { level: 'error', name: undefined, message: `Error ${number}.`, count: number, paths: [`/${number}`] };
}

test('a log without errors is one line of facts, and two folds', () => {
  const short = renderLogsSummary(record({ entries: 3 }), 'short');
  expect(short).toBe('## 📜 Worker log: 3 entries, no errors\n\n<code>shop</code> · live, for 1 min · 1 min 5 s\n');
  const full = renderLogsSummary(record({ entries: 3 }));
  expect(full.match(/<details.*<\/summary>/g)).toEqual([
    '<details><summary>Phases (slowest: Read the log, 0.6 s)</summary>',
    '<details><summary>Details and ids for support</summary>',
  ]);
  expect(full).toContain('- **Filters:** <code>level&#58; error</code>\n- **File:** <code>log.txt</code> (512 B)\n');
});

test('the first five kinds of errors stand open, also in the short one', () => {
  const many = { errors: 28, entries: 40, problems: numbers(7).map(problem), moreProblems: 2 };
  const [full, short] = (['full', 'short'] as const).map((detail) => renderLogsSummary(record(many), detail));
  const lineOf = (n: number) => `- 🔴 ${n} × Error ${n}. · <code>/${n}</code>`.replace('/', '&#47;');
  expect(short?.trimEnd().split('\n').slice(-5)).toEqual(numbers(5).map(lineOf));
  expect(full).toContain(
    `<summary>2 more kinds of errors</summary>\n\n${lineOf(6)}\n${lineOf(7)}\n\nand 2 more kinds: see the file\n`,
  );
});

test('what fails the run is said once', () => {
  const said = 'The worker logged 2 errors.';
  const failure = { ...FAILURE, message: `${said}\n- Error 2.`, details: [said, 'Error 2.'] };
  const asked = { ...record().asked, failOn: 'error' } as LogsRecord['asked'];
  const summary = renderLogsSummary(
    record({ outcome: 'failed', failure, asked, errors: 2, entries: 4, problems: [problem(2)] }),
  );
  expect(summary).toMatch(/^## ❌ Worker log: 2 errors in 4 entries\n/);
  expect(summary).toContain('**What to do:** Mend it.');
  expect(summary).toContain('fail-on <code>error</code>');
  expect(summary).not.toContain('logged');
  expect(summary.match(/Error 2/g)).toHaveLength(1);
});

test('a log that was not read to its end says how much was', () => {
  const failed = (changes: Partial<LogsRecord>) => record({ outcome: 'error', failure: FAILURE, ...changes });
  expect(renderLogsSummary(failed({}))).toMatch(/^## ❌ Worker log not read: Its title\n\n/);
  expect(renderLogsSummary(failed({ entries: 500 }))).toMatch(
    /^## ❌ Worker log not read to its end: Its title\n\n500 entries were read before\.\n/,
  );
  expect(renderLogsSummary(failed({ failure: { ...FAILURE, title: 'Log tail not opened' } }))).toMatch(
    /^## ❌ Log tail not opened\n/,
  );
  expect(lastLogsLines(failed({}))[0]).toBe('Outcome: error (the log was not read)');
  expect(lastLogsLines(failed({ entries: 1 }))[0]).toBe('Outcome: error (1 entry, no errors; the rest was not read)');
});

test('a run that is skipped is two lines', () => {
  const skipped = { reason: 'fork', message: 'It comes from a fork.' };
  expect(renderLogsSummary(record({ outcome: 'skipped', skipped }))).toBe(
    '## ⏭️ Skipped: log not read\n\nIt comes from a fork.\n',
  );
});

test('what a worker logs stays text', () => {
  expectTextsToStayTexts((text) =>
    renderLogsSummary(
      record({
        outcome: 'error',
        project: { uuid: text, name: text },
        file: { path: text, shownPath: text, sizeBytes: 1 },
        problems: numbers(6).map((n) => ({ ...problem(n), message: text, paths: [text] })),
        failure: { title: text, message: text, details: [], fix: text },
        warnings: [text],
      }),
    ),
  );
});

import { expect, test } from '@jest/globals';
import { lastRedirectsLines } from '../../src/report/redirects-last-lines.ts';
import type { RedirectsRecord } from '../../src/report/redirects-record.ts';
import { renderRedirectsSummary } from '../../src/report/redirects-summary.ts';
import { wordsOf } from '../action/github-comment-reading.ts';
import { ENDS, job, known, manual, planOf, planRecord, record, rejectedRow, row } from './redirects-records.ts';
import { FAILURE } from './run-records.ts';
import { expectTextsToStayTexts, expectToFit, LONG_TEXTS } from './summary-checks.ts';

test.each(ENDS)('%s: %s', (heading, line, ended) => {
  expect(renderRedirectsSummary(ended).split('\n')[0]).toBe(`## ${heading}`);
  expect(lastRedirectsLines(ended).join('\n')).toContain(line);
});

test('a cancelled run says in its last lines how it left things, and what it had done', () => {
  const applied = { added: 1, changed: 0, removed: 0, toDo: 6, uncertain: 0 };
  const lines = lastRedirectsLines(
    record({ outcome: 'cancelled', command: 'sync', applied, failure: { ...FAILURE, inShort: 'in few words' } }),
  );
  expect(lines.slice(0, 2)).toEqual(['Outcome: cancelled (in few words)', '1 of 6 changes was made (1 added).']);
});

test('rejected rows: line, path, target and why; a long list shows ten at once, the others when it is opened', () => {
  const first = Array.from({ length: 300 }, (_, index) => rejectedRow(index + 2));
  const jobs = [job({ completed: 880, failed: 320 })];
  const rejected = { named: 305, unnamed: 15, first };
  const summary = renderRedirectsSummary(
    record({ outcome: 'partial', jobs, rejected, failedRowsFile: '/tmp/failed.csv', failure: FAILURE }),
  );
  expect(wordsOf(summary)).toContain('320 rows were rejected by the platform');
  expect(wordsOf(summary)).toContain('301 /old-301 /new-301 The old path is not valid.');
  expect(summary.indexOf('old-11<')).toBeLessThan(summary.indexOf('<details>'));
  expect(summary.indexOf('old-12<')).toBeGreaterThan(summary.indexOf('<details>'));
  expect(wordsOf(summary)).toContain('and 5 more: the output failed-rows-file has all of them');
  expect(wordsOf(summary)).toContain('The platform does not say which 15 of them are.');
});

test('rows that the platform only counts are mentioned, without a table', () => {
  const summary = renderRedirectsSummary(record({ outcome: 'partial', jobs: [job()], failure: FAILURE }));
  expect(wordsOf(summary)).toContain('2 rows were rejected by the platform The platform does not say which they are.');
  expect(summary).not.toContain('What the platform says');
});

test('a plan: what is added, what changes from what to what, and what stays', () => {
  const product = { ...known(3, '/a', { kind: 'dynamic', type: 'Product', id: 12 }), toUrl: '/shirts/' };
  const plan = { ...planOf(1, 0, 1), changed: [{ before: product, after: row(9, '/a', manual('/new')) }] };
  const planned = { outcome: 'planned', command: 'plan', siteId: 1000, plan: planRecord(plan) } as const;
  const words = wordsOf(renderRedirectsSummary(record(planned)));
  expect(words).toContain('1 to add Line Old path Leads to 2 /old-2 /new-2');
  expect(words).toContain('9 /a Product 12 ( /shirts/ ) → /new');
  expect(words).toContain('1 to remove Old path Leads to /gone-1001 /was-1001');
  const keeps = wordsOf(renderRedirectsSummary(record({ ...planned, keepsRemoved: true })));
  expect(keeps).toContain('1 not in the file: it stays, since delete is off');
  expect(keeps).not.toContain('to remove');
});

test('what a plan warns of comes before its tables', () => {
  const plan = planRecord(planOf(1, 0, 0));
  const planned = record({ outcome: 'planned', command: 'plan', plan, warnings: ['Too many deletions.'] });
  const summary = renderRedirectsSummary(planned);
  expect(summary.indexOf('Too many deletions')).toBeLessThan(summary.indexOf('1 to add</b>'));
  expect(summary.match(/### Warnings/g)).toHaveLength(1);
});

test('what a sync has found to be a desired path after all is not said to be removed', () => {
  const applied = { added: 0, changed: 1, removed: 1, toDo: 2, uncertain: 0 };
  const synced = { outcome: 'complete', command: 'sync', plan: planRecord(planOf(0, 1, 3)), applied } as const;
  const words = wordsOf(renderRedirectsSummary(record(synced)));
  expect(words).toContain('1 of 3 removed: the warnings say what was not');
});

test('after a failure, the plan does not read as what was done', () => {
  const plan = planRecord(planOf(1, 1, 1));
  const words = wordsOf(
    renderRedirectsSummary(record({ outcome: 'partial', command: 'sync', plan, failure: FAILURE })),
  );
  expect(words).toContain('1 to add, by the plan');
  expect(words).not.toMatch(/\d (added|changed|removed)\b/);
});

test('a path that is far too long is cut in its cell', () => {
  const plan = planRecord({ added: [row(2, `/${'a'.repeat(2000)}`)], changed: [], removed: [], unchanged: 0 });
  const summary = renderRedirectsSummary(record({ outcome: 'planned', command: 'plan', plan }));
  expect(summary).toMatch(/a{119}…<\/code>/);
  expect(summary).not.toContain('a'.repeat(120));
});

test('a table is cut with its true count, and a short one leaves its room to the others', () => {
  const plan = planRecord(planOf(9000, 3, 0));
  const summary = renderRedirectsSummary(record({ outcome: 'planned', command: 'plan', siteId: 1, plan }));
  const [, more = ''] = /and ([\d,]+) more/.exec(summary) ?? [];
  const shown = summary.match(/\| \d+ \| <code>\S*old-\d+<\/code> \| <code>\S*new/g)?.length ?? 0;
  expect(shown + Number(more.replaceAll(',', ''))).toBe(9000);
  expect(shown).toBeGreaterThan(4000);
  expect(summary).toContain('9,000 to add');
  expect(summary.match(/<details>/g)).toHaveLength(1);
});

function hostileRecord(text: string, rows: number): RedirectsRecord {
  const target = manual(text);
  const many = <T>(one: T) => Array.from({ length: rows }, () => one);
  const known1 = { ...known(1, text, target), toUrl: text };
  const plan = { added: many(row(1, text, target)), changed: many({ before: known1, after: row(1, text, target) }) };
  return record({
    outcome: 'error',
    command: 'sync',
    file: text,
    jobs: many(job({ jobId: text, status: text })),
    rejected: { named: rows, unnamed: 1, first: many({ row: row(1, text, target), line: 1, message: text }) },
    oddities: [{ title: text, count: rows, first: many({ line: 1, message: text }) }],
    plan: planRecord({ ...plan, removed: many(known1), unchanged: 1 }),
    backupFile: text,
    failedRowsFile: text,
    note: text,
    warnings: many(text),
    failure: { title: text, message: text, details: many(text), fix: text },
    phases: [{ title: 'Upload', startMs: 0, endMs: 5, state: 'failed', result: text }],
  });
}

test('texts of files and servers stay texts, wherever they appear', () => {
  expectTextsToStayTexts((text) => renderRedirectsSummary(hostileRecord(text, 3)));
});

test.each(LONG_TEXTS)('the whole fits, whatever it says, and its end is there: %s', (_, text) => {
  const whole = hostileRecord(text, 500);
  // No run has both: an import has jobs and rejected rows, a sync has a plan.
  const { plan: _plan, ...importing } = whole;
  const syncing = { ...whole, jobs: [], rejected: { named: 0, unnamed: 0, first: [] } };
  for (const one of [importing, syncing]) expectToFit(renderRedirectsSummary(one));
});

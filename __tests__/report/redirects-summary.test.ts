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
  expect(wordsOf(summary)).toContain('Line 301: /old-301 → /new-301 · The old path is not valid.');
  expect(summary.indexOf('old-11<')).toBeLessThan(summary.indexOf('<details>'));
  expect(summary.indexOf('old-12<')).toBeGreaterThan(summary.indexOf('<details>'));
  expect(wordsOf(summary)).toContain('and 5 more: the output failed-rows-file has all of them');
  expect(wordsOf(summary)).toContain('The platform does not say which 15 of them are.');
});

test('rows that the platform only counts are mentioned, without a table', () => {
  const summary = renderRedirectsSummary(record({ outcome: 'partial', jobs: [job()], failure: FAILURE }));
  expect(wordsOf(summary)).toContain('2 rows were rejected by the platform The platform does not say which they are.');
  expect(summary).not.toContain('Line ');
});

/** The lines of the blocks of changes, each with its mark. */
function changesIn(summary: string): string[] {
  return [...summary.matchAll(/^(`{3,})diff\n([\s\S]*?)\n\1$/gm)].flatMap(([, , lines = '']) => lines.split('\n'));
}

const planned = { outcome: 'planned', command: 'plan', siteId: 1000 } as const;

test('a plan: what is added, what changes from what to what, and what is removed or stays', () => {
  const product = { ...known(3, '/a', { kind: 'dynamic', type: 'Product', id: 12 }), toUrl: '/shirts/' };
  const plan = planRecord({ ...planOf(1, 0, 1), changed: [{ before: product, after: row(9, '/a', manual('/new')) }] });
  const removes = renderRedirectsSummary(record({ ...planned, plan }));
  expect(changesIn(removes)).toEqual([
    '+ /old-2     → /new-2',
    '! /a',
    '!   → /new',
    '!   (was Product 12 (/shirts/))',
    '- /gone-1001 → /was-1001',
  ]);
  expect(wordsOf(removes)).toContain('Nothing was changed. 1,194 redirects stay as they are. config/redirects.csv · ');
  const keeps = renderRedirectsSummary(record({ ...planned, plan, keepsRemoved: true }));
  expect(changesIn(keeps).map((line) => line.slice(0, 1))).toEqual(['+', '!', '!', '!', ' ']);
  expect(changesIn(keeps).at(-1)).toBe('  /gone-1001 → /was-1001');
  expect(wordsOf(keeps)).toContain('1 redirect that the file does not have stays: delete is off.');
});

test('what a plan warns of comes before its changes', () => {
  const plan = planRecord(planOf(1, 0, 0));
  const summary = renderRedirectsSummary(record({ ...planned, plan, warnings: ['Too many deletions.'] }));
  expect(summary.indexOf('Too many deletions')).toBeGreaterThan(0);
  expect(summary.indexOf('Too many deletions')).toBeLessThan(summary.indexOf('+ /old-2'));
  expect(summary.match(/### Warnings/g)).toHaveLength(1);
});

test('what a sync has found to be a desired path after all is not said to be removed', () => {
  const applied = { added: 0, changed: 1, removed: 1, toDo: 2, uncertain: 0 };
  const synced = { outcome: 'complete', command: 'sync', plan: planRecord(planOf(0, 1, 3)), applied } as const;
  const summary = renderRedirectsSummary(record(synced));
  expect(wordsOf(summary)).toContain('1 of 3 removed: the warnings say what was not');
  expect(summary.split('\n')[0]).toBe('## ✅ Redirects: ~1&nbsp;−1');
});

test('after a failure, the plan does not read as what was done', () => {
  const plan = planRecord(planOf(1, 1, 1));
  const summary = renderRedirectsSummary(record({ outcome: 'partial', command: 'sync', plan, failure: FAILURE }));
  const fold = summary.indexOf('<details><summary>The plan: 1 to add, 1 to change, 1 to remove</summary>');
  expect(fold).toBeGreaterThan(0);
  expect(summary.indexOf('+ /old-2')).toBeGreaterThan(fold);
  expect(wordsOf(summary)).not.toMatch(/\d (added|changed|removed)\b/);
});

test('nothing to do is two lines', () => {
  const plan = planRecord(planOf(0, 0, 0));
  const nothing = { outcome: 'unchanged', command: 'sync', domain: 'shop.example', plan } as const;
  expect(renderRedirectsSummary(record({ ...nothing, note: 'Site 7 already matches the file.' })).trim()).toBe(
    '## ✅ Redirects of shop.example: nothing to change\n\n1&#44;194 redirects match the file. <code>config/redirects.csv</code> · 1 min 5 s',
  );
  const note = 'config/redirects.csv has no redirects: nothing was sent.';
  expect(renderRedirectsSummary(record({ outcome: 'unchanged', note })).trim()).toBe(
    '## ✅ Nothing to import\n\nconfig/redirects.csv has no redirects&#58; nothing was sent. 1 min 5 s',
  );
});

test('a short summary has the result without its folds', () => {
  const plan = planRecord(planOf(30, 0, 0));
  const summary = renderRedirectsSummary(record({ ...planned, plan }), 'short');
  expect(changesIn(summary)).toHaveLength(20);
  expect(summary).not.toContain('<details>');
  expect(renderRedirectsSummary(record({ ...planned, plan }), 'full')).toContain('Files and ids for support');
});

test('a path that is far too long is cut', () => {
  const plan = planRecord({ added: [row(2, `/${'a'.repeat(2000)}`)], changed: [], removed: [], unchanged: 0 });
  const [path, arrow] = changesIn(renderRedirectsSummary(record({ ...planned, plan })))
    .map((line) => line.slice(2).trim())
    .join('')
    .split('→ ');
  expect([path, arrow]).toEqual([`/${'a'.repeat(119)}…`, '/new-2']);
});

test('a long plan shows its first changes, folds the others, and has true counts', () => {
  const plan = planRecord(planOf(20_000, 3, 0));
  const summary = renderRedirectsSummary(record({ ...planned, plan }));
  const [, more = ''] = /and ([\d,]+) more to add/.exec(summary) ?? [];
  const marks = changesIn(summary).map((line) => line[0]);
  const added = marks.filter((mark) => mark === '+').length;
  expect(added + Number(more.replaceAll(',', ''))).toBe(20_000);
  expect(added).toBeGreaterThan(4000);
  const open = changesIn(summary.slice(0, summary.indexOf('<details>')));
  expect(open.filter((line) => line.startsWith('+'))).toHaveLength(17);
  expect(summary).toContain('+20,000&nbsp;~3');
});

test('the CSV’s problems keep their explanations, as many as fit', () => {
  const why = `Manual URL/Path is ${'far '.repeat(150)}too long. Shorten it to 2,048 characters.`;
  const details = Array.from({ length: 40 }, (_, index) => `line ${index + 2}: ${why}`);
  const failure = { ...FAILURE, title: 'redirects.csv is not usable', details };
  const words = wordsOf(renderRedirectsSummary(record({ outcome: 'error', failure })));
  expect(words.match(/Shorten it to 2,048 characters\./g)).toHaveLength(40);
  expect(words).not.toContain('cut here');
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

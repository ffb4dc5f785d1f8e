import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderRedirectsComment } from '../../src/report/redirects-comment.ts';
import type { RedirectsRecord } from '../../src/report/redirects-record.ts';
import { expectTame, headingOf, hrefsOf, MAX_COMMENT_CHARS, wordsOf } from '../action/github-comment-reading.ts';
import { ENDS, known, manual, planOf, planRecord, RUN_URL, record, row } from './redirects-records.ts';
import { FAILURE } from './run-records.ts';

const OPTIONS = { runUrl: RUN_URL, updatedAt: new Date('2026-01-02T03:04:06Z') };
/** What a marker, and what is stored with it, may take at most. */
const HIDDEN_CHARS = 5000;

function planned(changes: Partial<RedirectsRecord> = {}): RedirectsRecord {
  const plan = planRecord(planOf(3, 1, 2));
  return record({ command: 'plan', outcome: 'planned', siteId: 1000, plan, ...changes });
}

test('a plan says what sync would do, and what it would leave', () => {
  const comment = renderRedirectsComment(planned({ keepsRemoved: true }), OPTIONS);
  expect(headingOf(comment)).toBe('📋 Redirects: plan for site 1000: 3 to add, 1 to change');
  expect(wordsOf(comment)).toContain(
    'Nothing has been changed yet: for this file, sync would make these 4 changes. 1,194 redirects already match the file. 2 redirects that the file does not have stay: delete is off.',
  );
  expect(hrefsOf(comment)).toEqual([RUN_URL]);
});

test('warnings, such as of too many deletions, come before the tables', () => {
  const words = wordsOf(renderRedirectsComment(planned({ warnings: ['Too many deletions.'] }), OPTIONS));
  expect(words.indexOf('Too many deletions.')).toBeGreaterThan(0);
  expect(words.indexOf('Too many deletions.')).toBeLessThan(words.indexOf('3 to add Line'));
});

test('odd rows are named behind the warnings, the first of each kind, with a count', () => {
  const first = [3, 4, 5, 6].map((line) => ({ line, message: `A chain from /a-${line}.` }));
  const oddities = [
    { title: 'Redirect chain', count: 1212, first },
    { title: 'Repeated row', count: 1, first: [{ line: 8, message: '/x occurs twice.' }] },
    { title: 'Invisible character', count: 2, first },
  ];
  const words = wordsOf(renderRedirectsComment(planned({ oddities, warnings: ['Something else.'] }), OPTIONS));
  expect(words).toMatch(
    /⚠️ Something else\.\s+⚠️ Redirect chain, 1,212 ×\. Line 3: A chain from \/a-3\.\s+⚠️ Repeated row\. Line 8: \/x occurs twice\./,
  );
  expect(words).toContain('and 1 more warning:');
  expect(words).not.toContain('Line 4');
});

test('nothing to change is said, and so is a sync that was made', () => {
  const nothing = renderRedirectsComment(planned({ outcome: 'unchanged', plan: planRecord(planOf(0, 0, 0)) }), OPTIONS);
  expect(headingOf(nothing)).toBe('✅ Redirects: nothing to change on site 1000');
  const applied = { added: 3, changed: 1, removed: 2, toDo: 6, uncertain: 0 };
  const synced = renderRedirectsComment(planned({ command: 'sync', outcome: 'complete', applied }), OPTIONS);
  expect(headingOf(synced)).toBe('✅ Redirects: synced site 1000: 3 added, 1 changed, 2 removed');
  expect(synced).not.toContain('to add');
});

test('a failure says what was done and what was not, and names the site', () => {
  const applied = { added: 2, changed: 0, removed: 0, toDo: 6, uncertain: 1 };
  const changes = { command: 'sync', outcome: 'partial', applied, failure: FAILURE } as const;
  const comment = renderRedirectsComment(planned(changes), OPTIONS);
  expect(headingOf(comment)).toBe('❌ Its title · redirects of site 1000');
  expect(wordsOf(comment)).toContain(
    'The plan was: 3 to add, 1 to change, 2 to remove. 2 of 6 changes were made (2 added). It is not known whether 1 more was made. It broke. What to do: Mend it.',
  );
});

test('every end of a run has a comment that is tame', () => {
  for (const [, , ended] of ENDS) expectTame(renderRedirectsComment(ended, OPTIONS), [RUN_URL]);
});

test('no text of others does anything in it, and it always fits', () => {
  const hostile = fc.oneof(
    fc.constantFrom('@everyone', '-->', '<!--', '</details>', '| a | b |', '[a](https://evil.example)', '#1', '\ud800'),
    fc.constantFrom('@#'.repeat(300), '漢'.repeat(600), '\n'.repeat(300)),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(hostile, hostile, fc.constantFrom(1, 11, 120), (one, other, rows) => {
      const many = <T>(item: T) => Array.from({ length: rows }, () => item);
      const before = { ...known(1, one, { kind: 'dynamic', type: 'Page', id: 3 }), toUrl: other };
      const added = many(row(1, one, manual(other)));
      const plan = { added, changed: many({ before, after: row(1, one) }), removed: many(before), unchanged: 1 };
      const failure = { title: one, message: other, details: many(one), fix: other };
      const comment = renderRedirectsComment(
        planned({ outcome: 'error', plan: planRecord(plan), failure, warnings: many(other), file: one }),
        OPTIONS,
      );
      expect(comment.length).toBeLessThan(MAX_COMMENT_CHARS - HIDDEN_CHARS);
      expect(comment.isWellFormed()).toBe(true);
      expect(comment).not.toContain('Cut here');
      expect(comment).toContain('Log of the run');
      expectTame(comment, [RUN_URL]);
    }),
    { numRuns: 20 },
  );
});

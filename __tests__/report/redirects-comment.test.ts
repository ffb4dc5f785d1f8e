import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderRedirectsComment } from '../../src/report/redirects-comment.ts';
import type { RedirectsRecord } from '../../src/report/redirects-record.ts';
import { renderRedirectsSummary } from '../../src/report/redirects-summary.ts';
import { appliedText } from '../../src/report/redirects-words.ts';
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
  expect(headingOf(comment)).toBe('📋 Redirects of site 1000: +3 ~1');
  expect(wordsOf(comment)).toContain(
    'Nothing is changed until this is merged. 1,194 redirects stay as they are. 2 redirects that the file does not have stay: delete is off. config/redirects.csv · Log · 2026-01-02 03:04:06 UTC',
  );
  expect(wordsOf(comment)).toContain(
    '+ /old-2 → /new-2 + /old-3 → /new-3 + /old-4 → /new-4 ! /old-1 → /new-5 (was /was-1)',
  );
  expect(hrefsOf(comment)).toEqual([RUN_URL]);
});

test('warnings, such as of too many deletions, come before the tables', () => {
  const words = wordsOf(renderRedirectsComment(planned({ warnings: ['Too many deletions.'] }), OPTIONS));
  expect(words.indexOf('Too many deletions.')).toBeGreaterThan(0);
  expect(words.indexOf('Too many deletions.')).toBeLessThan(words.indexOf('+ /old-2'));
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
  expect(headingOf(nothing)).toBe('✅ Redirects of site 1000: nothing to change');
  const applied = { added: 3, changed: 1, removed: 2, toDo: 6, uncertain: 0 };
  const synced = renderRedirectsComment(planned({ command: 'sync', outcome: 'complete', applied }), OPTIONS);
  expect(headingOf(synced)).toBe('✅ Redirects of site 1000: +3 ~1 −2');
  expect(synced).not.toContain('until this is merged');
});

test('a failure says what was done and what was not, and names the site', () => {
  const applied = { added: 2, changed: 0, removed: 0, toDo: 6, uncertain: 1 };
  const changes = { command: 'sync', outcome: 'partial', applied, failure: FAILURE } as const;
  const comment = renderRedirectsComment(planned(changes), OPTIONS);
  expect(headingOf(comment)).toBe('❌ Redirects of site 1000: Its title');
  expect(wordsOf(comment)).toContain('It broke. What to do: Mend it. The plan: 3 to add, 1 to change, 2 to remove ');
  expect(wordsOf(comment)).toContain('2 of 6 changes were made (2 added). It is not known whether 1 more was made.');
});

test('summary and comment say only once how far a sync got, where its failure says so', () => {
  const applied = { added: 2, changed: 0, removed: 0, toDo: 6, uncertain: 1 };
  const message = `It broke. ${appliedText(applied)}`;
  const failure = { ...FAILURE, message };
  const failed = planned({ command: 'sync', outcome: 'partial', applied, failure });
  for (const shown of [renderRedirectsComment(failed, OPTIONS), renderRedirectsSummary(failed)]) {
    expect(wordsOf(shown)).toContain(
      '2 of 6 changes were made: 2 added, 0 changed, 0 deleted. It is not known whether 1 ',
    );
    expect(wordsOf(shown).match(/changes were made/g)).toHaveLength(1);
    expect(wordsOf(shown).match(/not known whether/g)).toHaveLength(1);
  }
});

test('the file leads to its place among the files of the pull request', () => {
  const pullRequestUrl = 'https://github.com/acme/shop/pull/7';
  // `printf config/redirects.csv | sha256sum`, which is GitHub's anchor.
  const anchor = 'efe505172422a9312afa583ca2dec944f23697c2db475a81220f9f06948e19e3';
  expect(hrefsOf(renderRedirectsComment(planned(), { ...OPTIONS, pullRequestUrl }))).toEqual([
    `${pullRequestUrl}/files#diff-${anchor}`,
    RUN_URL,
  ]);
});

test("the file's problems keep their explanations", () => {
  const why = `The domain is "shop.example", and that of line 2 is "other.example": ${'`plan` is for one site. '.repeat(12)}`;
  const details = Array.from({ length: 12 }, (_, index) => `line ${index + 3}: ${why}That is all.`);
  const failure = {
    ...FAILURE,
    title: 'redirects.csv is not usable',
    details,
    fix: 'Write it anew. '.repeat(60).trim(),
  };
  const words = wordsOf(renderRedirectsComment(planned({ outcome: 'error', failure }), OPTIONS));
  expect(words).not.toContain('cut here');
  expect(words.match(/That is all\./g)).toHaveLength(10);
  expect(words).toContain('and 2 more: see the job log');
  expect(words).toContain(`What to do: ${failure.fix}`);
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
      expect(comment).toContain('>Log<');
      expectTame(comment, [RUN_URL]);
    }),
    { numRuns: 20 },
  );
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOSTILE_MESSAGE } from '../../emulator/faults/hostile-text.ts';
import { renderMarked } from '../../src/domain/comment-marker.ts';
import {
  isRemovedPreviewComment,
  type RemovedPreviewRecord,
  renderRemovedPreviewComment,
} from '../../src/report/removed-preview-comment.ts';
import { expectTame, headingOf, hrefsOf, MAX_COMMENT_CHARS, wordsOf } from '../action/github-comment-reading.ts';

const RUN = 'https://github.com/acme/shop/actions/runs/7/attempts/1';
const SUCCESS = { sha: `abc1234${'0'.repeat(33)}`, url: 'https://gone.example', at: '2026-01-01T17:12:00.000Z' };

function record(changes: Partial<RemovedPreviewRecord> = {}): RemovedPreviewRecord {
  return {
    environment: 'preview',
    project: 'shop-0a1b2c3d-pr-7',
    deletedAt: new Date('2026-01-02T03:04:05Z'),
    lastSuccess: SUCCESS,
    runUrl: RUN,
    updatedAt: new Date('2026-01-02T03:04:06Z'),
    ...changes,
  };
}

test('says what was deleted and when, and the last commit, without the address', () => {
  const comment = renderRemovedPreviewComment(record());
  expect(headingOf(comment)).toBe('🧹 Preview deleted · preview');
  const words = wordsOf(comment);
  expect(words).toContain(
    'shop-0a1b2c3d-pr-7 , was deleted at 2026-01-02 03:04:05 UTC, since this pull request is closed.',
  );
  expect(words).toContain(
    ' Last commit abc1234 , deployed 2026-01-01 17:12:00 UTC · Log of the run · Updated 2026-01-02 03:04:06 UTC ',
  );
  expect(comment).not.toContain('gone.example');
  expect(hrefsOf(comment)).toEqual([RUN]);
});

test('what was gone before is not said to be deleted now; what is not known is left out', () => {
  const comment = renderRemovedPreviewComment(
    record({ deletedAt: undefined, lastSuccess: undefined, runUrl: undefined }),
  );
  expect(wordsOf(comment)).toContain('shop-0a1b2c3d-pr-7 , is gone, and its address no longer shows it.');
  expect(comment).not.toMatch(/deleted at|Last commit|Log of the run/);
});

test('it knows its own, and no other', () => {
  const own = renderRemovedPreviewComment(record());
  const memory = { lastSuccess: SUCCESS, shownAtMs: 1 };
  expect(isRemovedPreviewComment(renderMarked('<!-- marker -->', memory, own))).toBe(true);
  expect(isRemovedPreviewComment(renderMarked('<!-- marker -->', memory, own).replaceAll('\n', '\r\n'))).toBe(true);
  for (const other of [
    '### ✅ Deployed to preview',
    `### ⏳ Deploying\n\n${own}`,
    '',
    'Preview deleted',
    '#### 🧹 Preview deleted',
  ]) {
    expect(isRemovedPreviewComment(renderMarked('<!-- marker -->', memory, other))).toBe(false);
  }
});

test('no text of others does anything in it, and it always fits', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      HOSTILE_MESSAGE,
      '@everyone',
      '-->',
      '<!--',
      '</details>',
      '[a](https://evil.example)',
      '#1',
      '\ud800',
    ),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'binary', minLength: 500, maxLength: 5000 }),
  );
  fc.assert(
    fc.property(hostile, hostile, hostile, hostile, (environment, project, at, runUrl) => {
      const lastSuccess = { ...SUCCESS, at };
      const comment = renderRemovedPreviewComment(record({ environment, project, lastSuccess, runUrl }));
      expect(comment.length).toBeLessThan(MAX_COMMENT_CHARS / 2);
      expect(comment.isWellFormed()).toBe(true);
      expect(isRemovedPreviewComment(comment)).toBe(true);
      expectTame(comment, URL.canParse(runUrl) ? [new URL(runUrl).href] : []);
    }),
  );
});

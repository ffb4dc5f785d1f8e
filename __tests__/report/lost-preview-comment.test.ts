import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderLostPreviewComment } from '../../src/report/lost-preview-comment.ts';
import { expectTame, wordsOf } from '../action/github-comment-reading.ts';

const RECORD = {
  environment: 'preview',
  holder: { number: 12, url: 'https://github.com/acme/shop/pull/12' },
  hadIt: true,
  isOpen: true,
  commandPhrase: 'redeploy preview',
  lastSuccess: { sha: 'a1'.repeat(20), url: 'https://shop.example', at: '2026-01-02T03:04:05.678Z' },
};

test('it says who has the preview, and how to get it back', () => {
  expect(wordsOf(renderLostPreviewComment(RECORD))).toBe(
    ' 🔁 Preview taken over · preview The shared preview shows #12 now, and no longer this pull request. What to do: To get it back, comment redeploy preview . What it showed of this pull request last was a1a1a1a , deployed at 2026-01-02 03:04:05 UTC. ',
  );
});

test('it never offers the address, which shows something else', () => {
  expect(renderLostPreviewComment(RECORD)).not.toContain('shop.example');
});

test('one that never had it says so', () => {
  const words = wordsOf(renderLostPreviewComment({ ...RECORD, hadIt: false, lastSuccess: undefined }));
  expect(words).toContain('⏸️ Not in the preview');
  expect(words).toContain('To get it for this pull request, comment');
});

test('with any environment and phrase, the comment consists of the texts written here', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (environment, commandPhrase) => {
      expectTame(renderLostPreviewComment({ ...RECORD, environment, commandPhrase }), [
        'https://github.com/acme/shop/',
      ]);
    }),
  );
});

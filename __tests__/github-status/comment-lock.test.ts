/** Reserving a comment: who may write it, and when it has to be written without. */
import { expect, test } from '@jest/globals';
import type { GitHub } from '../../src/github/github.ts';
import { lockComment } from '../../src/github-status/comment-lock.ts';
import { HttpError, NetworkError } from '../../src/net/errors.ts';

const url = new URL('https://api.github.example/reactions');

function answer(status: number, headers: Record<string, string> = {}) {
  return new HttpError('Reserving the comment', {
    ...{ method: 'POST', url, status, headers, serverWords: undefined, foreignBody: undefined },
  });
}

function lost() {
  const outcome = 'was not answered';
  return new NetworkError('Reserving the comment', { method: 'POST', url, outcome, delivery: 'lost-answer' });
}

async function lockWith(error: Error) {
  const github = { clock: { nowMs: () => 0 }, claimReaction: () => Promise.reject(error) } as unknown as GitHub;
  return await lockComment(github, 7);
}

test.each([
  ['a missing permission', answer(403), 'refused'],
  ['a locked conversation', answer(422), 'refused'],
  ['a comment that is gone', answer(404), 'gone'],
  ['a lost answer', lost(), 'taken'],
  ['a fault of GitHub', answer(502), 'taken'],
])('after %s', async (_, error, result) => {
  expect(await lockWith(error)).toBe(result);
});

test('a rate limit is no refusal, after which the comment would be written without being reserved', async () => {
  const limit = answer(403, { 'retry-after': '60' });
  await expect(lockWith(limit)).rejects.toBe(limit);
});

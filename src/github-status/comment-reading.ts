import { type Kept, readLastSuccess, readShare, readShownAtMs } from '../domain/comment-marker.ts';
import type { Comment, GitHub } from '../github/github.ts';
import { statusOf } from '../net/errors.ts';

const NOT_FOUND = 404;

/** The one that tells the latest; of several, and where none says when, the oldest comment. */
export function newest(
  comments: readonly Comment[],
  timeOf: (body: string) => number | undefined,
): Comment | undefined {
  let found = comments[0];
  for (const comment of comments.slice(1)) {
    if ((timeOf(comment.body) ?? 0) > (timeOf(found?.body ?? '') ?? 0)) found = comment;
  }
  return found;
}

/** What comments of one project and environment keep together. */
export function keptIn(comments: readonly Comment[]): Kept {
  const succeeded = newest(comments, (body) => Date.parse(readLastSuccess(body)?.at ?? '') || undefined);
  const told = newest(comments, readShownAtMs)?.body ?? '';
  return {
    lastSuccess: readLastSuccess(succeeded?.body ?? ''),
    toldAtMs: readShownAtMs(told),
    share: readShare(told),
  };
}

/** Undefined where somebody has deleted it. */
export async function updateIfThere(github: GitHub, id: number, body: string): Promise<Comment | undefined> {
  try {
    return await github.updateComment(id, body);
  } catch (error) {
    if (statusOf(error) !== NOT_FOUND) throw error;
    return undefined;
  }
}

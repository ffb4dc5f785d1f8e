import { type CommentMemory, readLastSuccess, readShare, readShownAtMs } from '../domain/comment-marker.ts';
import type { Comment, GitHub } from '../github/github.ts';
import { statusOf } from '../net/errors.ts';

const GONE: readonly unknown[] = [404, 410];

/** The one with the latest time; among equals, or if none has a time, the oldest comment. */
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

/** What the comments of one project and environment remember together. */
export function readCommentMemory(comments: readonly Comment[]): CommentMemory {
  const succeeded = newest(comments, (body) => Date.parse(readLastSuccess(body)?.at ?? '') || undefined);
  const latest = newest(comments, readShownAtMs)?.body ?? '';
  return {
    lastSuccess: readLastSuccess(succeeded?.body ?? ''),
    shownAtMs: readShownAtMs(latest),
    share: readShare(latest),
  };
}

/** Somebody has deleted it. */
export function isGone(error: unknown): boolean {
  return GONE.includes(statusOf(error));
}

/** Undefined if somebody has deleted it. */
export async function updateIfThere(github: GitHub, id: number, body: string): Promise<Comment | undefined> {
  try {
    return await github.updateComment(id, body);
  } catch (error) {
    if (!isGone(error)) throw error;
    return undefined;
  }
}

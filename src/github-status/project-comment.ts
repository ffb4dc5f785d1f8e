import { type CommentKey, renderMarker } from '../domain/comment-marker.ts';
import type { LoginReader } from './comment-author.ts';
import { createGroupRow } from './group-comment.ts';
import { createStickyComment, type StickyComment } from './sticky-comment.ts';

export interface ProjectCommentOptions {
  pullRequest: number;
  key: CommentKey;
  /** The input `comment-group`: the project shares its comment with others. */
  group: string | undefined;
  /**
   * For a shared comment, Markdown of the user's own, harmless already; a comment that is not shared has it in its text.
   * Undefined: this action has no such input, and what the comment has stays.
   */
  footer?: string | undefined;
  /** Shared by those who look at many pull requests. */
  readLogin?: LoginReader | undefined;
}

/** Where a project and environment are shown on a pull request: in a comment of their own, or in a row of a shared one. */
export function createProjectComment({ group, ...options }: ProjectCommentOptions): StickyComment {
  const { pullRequest, key, footer, readLogin } = options;
  return group === undefined
    ? createStickyComment(pullRequest, renderMarker(key), readLogin)
    : createGroupRow({ pullRequest, group, key, footer, readLogin });
}

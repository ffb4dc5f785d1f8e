import { type CommentMemory, renderMarker, SHARED_PREVIEW } from '../../domain/comment-marker.ts';
import type { Comment, GitHub } from '../../github/github.ts';
import type { BestEffort } from '../../github-status/best-effort.ts';
import { createStickyComment } from '../../github-status/sticky-comment.ts';
import { isForbidden, isTransient } from '../../net/errors.ts';
import type { RunReporter } from '../../report/reporters.ts';

/** The comment about the shared preview on a pull request, in which its claim is kept. */
export interface GateComment {
  /**
   * What it keeps; undefined where this token may not read comments, which keeps no claims either.
   * @throws ActionError when nobody can know
   */
  read(github: GitHub): Promise<CommentMemory | undefined>;
  /**
   * Writes it, unless it says so already. Reads it first where nobody has. Throws nothing.
   * @param tell gets what it keeps, and GitHub's time: ms since 1970
   */
  write(
    connect: () => Promise<GitHub>,
    signal: AbortSignal,
    tell: (before: CommentMemory, nowMs: number) => Telling,
  ): Promise<Pick<Comment, 'url'> | undefined>;
}

export interface Telling {
  text: string;
  /** What it keeps from now on. */
  kept: CommentMemory;
}

export interface GateCommentOptions {
  pullRequest: number;
  environment: string;
  bestEffort: BestEffort;
  reporter: RunReporter;
}

export function createGateComment({ pullRequest, environment, bestEffort, reporter }: GateCommentOptions): GateComment {
  const comment = createStickyComment(pullRequest, renderMarker({ project: SHARED_PREVIEW, environment }));
  let before: CommentMemory | undefined;
  const read = async (github: GitHub) => {
    before = await comment.read(github);
    return before;
  };
  return {
    read: async (github) => {
      try {
        return await read(github);
      } catch (error) {
        if (!isForbidden(error) || isTransient(error)) throw error;
        const refuse = () => Promise.reject(error);
        return await bestEffort.attempt(new AbortController().signal, refuse);
      }
    },
    write: async (connect, signal, tell) =>
      await bestEffort.attempt(signal, async () => {
        const github = await connect();
        const found = before ?? (await read(github));
        const { text, kept } = tell(found, github.clock.nowMs());
        if (comment.says(text, kept)) {
          reporter.info('The comment says so already: it stays as it is.');
          return undefined;
        }
        const written = await comment.write(github, text, kept);
        reporter.info(`Comment: ${written.url}`);
        await comment.removeOthers(github, (line) => reporter.info(line));
        return written;
      }),
  };
}

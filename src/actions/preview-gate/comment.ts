import { type CommentMemory, SHARED_PREVIEW } from '../../domain/comment-marker.ts';
import type { Comment, GitHub } from '../../github/github.ts';
import type { BestEffort } from '../../github-status/best-effort.ts';
import { createProjectComment } from '../../github-status/project-comment.ts';
import { isForbidden, isTransient } from '../../net/errors.ts';
import type { Logger } from '../../report/run-events.ts';

/** The comment about the shared preview on a pull request, in which its claim is stored. */
export interface GateComment {
  /**
   * What it stores; undefined where this token may not read comments, and so has stored no claim.
   * @throws ActionError when it cannot be read
   */
  read(github: GitHub): Promise<CommentMemory | undefined>;
  /**
   * Writes it, unless it says so already. Reads it first unless that was done. Throws nothing.
   * @param render gets what it stores, and GitHub's time: ms since 1970
   */
  write(
    connect: () => Promise<GitHub>,
    signal: AbortSignal,
    render: (before: CommentMemory, nowMs: number) => CommentContent,
  ): Promise<Pick<Comment, 'url'> | undefined>;
}

export interface CommentContent {
  text: string;
  /** What it stores from now on. */
  memory: CommentMemory;
}

export interface GateCommentOptions {
  pullRequest: number;
  environment: string;
  /** The input `comment-group`. */
  group: string | undefined;
  bestEffort: BestEffort;
  run: Logger;
}

export function createGateComment({
  pullRequest,
  environment,
  group,
  bestEffort,
  run,
}: GateCommentOptions): GateComment {
  const comment = createProjectComment({ pullRequest, key: { project: SHARED_PREVIEW, environment }, group });
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
    write: async (connect, signal, render) =>
      await bestEffort.attempt(signal, async () => {
        const github = await connect();
        const found = before ?? (await read(github));
        const { text, memory } = render(found, github.clock.nowMs());
        if (comment.says(text, memory)) {
          run.info('The comment says so already: it stays as it is.');
          return undefined;
        }
        const written = await comment.write(github, text, memory);
        run.info(`Comment: ${written.url}`);
        await comment.removeOthers(github, (line) => run.info(line));
        return written;
      }),
  };
}

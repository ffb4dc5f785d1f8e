import { hasMarker, type LastSuccess, readLastSuccess, renderMarked } from '../../domain/comment-marker.ts';
import type { Comment, GitHub, Uncertain } from '../../github/github.ts';
import { describeError, statusOf } from './surface.ts';

/** The one comment that a project and environment have on a pull request. */
export interface StickyComment {
  /** What the comment kept from before this run; reads the comments when that has not been done. @throws ActionError */
  lastSuccess(github: GitHub): Promise<LastSuccess | undefined>;
  /** Writes the comment anew, or makes it. @throws ActionError */
  write(github: GitHub, text: string, lastSuccess: LastSuccess | undefined): Promise<Comment>;
}

export interface StickyCommentOptions {
  pullRequest: number;
  marker: string;
  /** The comment that this run is known to have written before. */
  knownId?: number | undefined;
  info: (line: string) => void;
}

const NOT_FOUND = 404;

export function createStickyComment({ pullRequest, marker, knownId, info }: StickyCommentOptions): StickyComment {
  let id = knownId;
  let kept: LastSuccess | undefined;
  let isSought = false;
  const seek = async (github: GitHub): Promise<void> => {
    const [found, ...others] = await findOwn(github, pullRequest, marker);
    id = found?.id;
    kept = found === undefined ? undefined : readLastSuccess(found.body);
    isSought = true;
    for (const other of others) await remove(github, other, info);
  };
  /** Until there is an answer it may have been written, and has to be looked for: a second one would stay for ever. */
  const send = async (github: GitHub, body: string): Promise<Comment | Uncertain> => {
    isSought = false;
    const made = await github.createComment(pullRequest, body);
    isSought = !('uncertain' in made);
    return made;
  };
  const create = async (github: GitHub, body: string): Promise<Comment> => {
    const made = await send(github, body);
    if (!('uncertain' in made)) return made;
    await seek(github);
    if (id !== undefined) return await github.updateComment(id, body);
    const again = await send(github, body);
    if ('uncertain' in again) throw again.uncertain;
    return again;
  };
  return {
    lastSuccess: async (github) => {
      if (!isSought) await seek(github);
      return kept;
    },
    write: async (github, text, lastSuccess) => {
      if (id === undefined && !isSought) await seek(github);
      const body = renderMarked(marker, lastSuccess, text);
      const written = id === undefined ? await create(github, body) : await update(github, id, body, create);
      id = written.id;
      return written;
    },
  };
}

/** Somebody may have deleted it since. */
async function update(
  github: GitHub,
  id: number,
  body: string,
  create: (github: GitHub, body: string) => Promise<Comment>,
): Promise<Comment> {
  try {
    return await github.updateComment(id, body);
  } catch (error) {
    if (statusOf(error) !== NOT_FOUND) throw error;
    return await create(github, body);
  }
}

/**
 * Those of this project and environment, the oldest first: more than one where two runs at a time made one each. Anybody
 * may copy a marker into a comment of their own; only one that the token's own user wrote counts. Who that is is asked
 * only when there is a comment to compare with.
 */
async function findOwn(github: GitHub, pullRequest: number, marker: string): Promise<Comment[]> {
  const own: Comment[] = [];
  let login: string | undefined;
  for await (const comment of github.listComments(pullRequest)) {
    if (!hasMarker(comment.body, marker)) continue;
    login ??= await github.readViewerLogin();
    if (comment.login === login) own.push(comment);
  }
  return own;
}

/** A second one would go on saying what was true once. */
async function remove(github: GitHub, { id, url }: Comment, info: (line: string) => void): Promise<void> {
  try {
    await github.deleteComment(id);
    info(`Deleted a second comment of this project and environment: ${url}`);
  } catch (error) {
    info(`A second comment of this project and environment stays, ${url}: ${describeError(error)}`);
  }
}

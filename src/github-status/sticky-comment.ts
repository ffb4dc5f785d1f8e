import { type Kept, readShownAtMs } from '../domain/comment-marker.ts';
import { describeError } from '../errors.ts';
import type { Comment, GitHub } from '../github/github.ts';
import { createCommentAuthor, createLoginReader, type LoginReader } from './comment-author.ts';
import { keptIn, newest, updateIfThere } from './comment-reading.ts';

/** The one comment that a project and environment have on a pull request. */
export interface StickyComment {
  /** The comment as `read` has found it; undefined where there is none, or it was never looked for. */
  readonly found: Comment | undefined;
  /** There is more than the one. */
  readonly hasOthers: boolean;
  /**
   * What it keeps by now: another run may have written it since the last look. Where the comments can't be read again,
   * what was found then. @throws ActionError
   */
  read(github: GitHub): Promise<Kept>;
  /** Writes the comment anew, or makes it. To be called after `read`. @throws ActionError */
  write(github: GitHub, text: string, kept: Kept): Promise<Comment>;
  /** It tells this and keeps this already, whenever it was told. To be called after `read`. */
  says(text: string, kept: Kept): boolean;
  /** Writes it as a new comment, and deletes the old one: an edit notifies nobody. To be called after `read`. @throws ActionError */
  replace(github: GitHub, text: string, kept: Kept, say: (line: string) => void): Promise<Comment>;
  /** Writes it anew where it still is, and makes none. To be called after `read`. @throws ActionError */
  rewrite(github: GitHub, text: string, kept: Kept): Promise<Comment | undefined>;
  /** Deletes what is there beside it: two runs at a time may have made one each. Says what came of it, throws nothing. */
  removeOthers(github: GitHub, say: (line: string) => void): Promise<void>;
}

/** @param readLogin whose comments count: that of the token's own user, for those who look at many pull requests */
export function createStickyComment(
  pullRequest: number,
  marker: string,
  readLogin: LoginReader = createLoginReader(),
): StickyComment {
  let own: Comment[] = [];
  let id: number | undefined;
  const author = createCommentAuthor(pullRequest, marker, readLogin);
  const seek = async (github: GitHub): Promise<void> => {
    own = await author.find(github);
    id = newest(own, readShownAtMs)?.id;
  };
  /** Until there is an answer it may have been written, and has to be looked for: a second one would stay for ever. */
  const create = async (github: GitHub, body: string): Promise<Comment> => {
    const made = await github.createComment(pullRequest, body);
    if (!('uncertain' in made)) return await author.sign(github, made, body);
    await seek(github);
    if (id !== undefined) return await github.updateComment(id, body);
    const again = await github.createComment(pullRequest, body);
    if ('uncertain' in again) throw again.uncertain;
    return await author.sign(github, again, body);
  };
  const current = () => own.find((one) => one.id === id);
  const render = (kept: Kept, text: string) => author.render(kept, text, current());
  const removeOthers: StickyComment['removeOthers'] = async (github, say) => {
    for (const other of own.filter((one) => one.id !== id)) await remove(github, other, say);
    own = own.filter((one) => one.id === id);
  };
  return {
    get hasOthers() {
      return own.length > 1;
    },
    get found() {
      return current();
    },
    read: async (github) => {
      await seek(github).catch((error: unknown) => {
        if (id === undefined) throw error;
      });
      return keptIn(own);
    },
    write: async (github, text, kept) => {
      const body = render(kept, text);
      const written = id === undefined ? await create(github, body) : await update(github, id, body, create);
      id = written.id;
      return written;
    },
    says: (text, kept) => {
      const body = current()?.body ?? '';
      const same = render({ ...kept, toldAtMs: readShownAtMs(body) }, text);
      return body.replaceAll('\r\n', '\n').trimEnd() === same.trimEnd();
    },
    replace: async (github, text, kept, say) => {
      const made = await github.createComment(pullRequest, render(kept, text));
      // Made or not, it is looked for by the next run: the newest one counts.
      if ('uncertain' in made) throw made.uncertain;
      id = made.id;
      await removeOthers(github, say);
      return made;
    },
    rewrite: async (github, text, kept) =>
      id === undefined ? undefined : await updateIfThere(github, id, render(kept, text)),
    removeOthers,
  };
}

/** Somebody may have deleted it since. */
async function update(
  github: GitHub,
  id: number,
  body: string,
  create: (github: GitHub, body: string) => Promise<Comment>,
): Promise<Comment> {
  return (await updateIfThere(github, id, body)) ?? (await create(github, body));
}

/** A second one would go on saying what was true once. */
async function remove(github: GitHub, { id, url }: Comment, say: (line: string) => void): Promise<void> {
  try {
    await github.deleteComment(id);
    say(`Deleted a second comment of this project and environment: ${url}`);
  } catch (error) {
    say(`A second comment of this project and environment stays, ${url}: ${describeError(error)}`);
  }
}

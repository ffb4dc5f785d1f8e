import { type CommentMemory, readShownAtMs } from '../domain/comment-marker.ts';
import { describeError } from '../errors.ts';
import type { Comment, GitHub } from '../github/github.ts';
import { createCommentAuthor, createLoginReader, type LoginReader } from './comment-author.ts';
import { newest, readCommentMemory, updateIfThere } from './comment-reading.ts';

/** The one comment that a project and environment have on a pull request. */
export interface StickyComment {
  /** The comment as `read` found it; undefined if there is none, or `read` was not called. */
  readonly found: Comment | undefined;
  /** There is more than the one. */
  readonly hasOthers: boolean;
  /**
   * What it remembers now: another run may have written it since the last call. If the comments can't be read again, what
   * the last call found. @throws ActionError
   */
  read(github: GitHub): Promise<CommentMemory>;
  /** Updates the comment, or creates it. Call it after `read`. @throws ActionError */
  write(github: GitHub, text: string, memory: CommentMemory): Promise<Comment>;
  /** Whether it says this already, whenever that was written. Call it after `read`. */
  says(text: string, memory: CommentMemory): boolean;
  /** Creates a new comment and deletes the old one: an edit notifies nobody. Call it after `read`. @throws ActionError */
  replace(github: GitHub, text: string, memory: CommentMemory, say: (line: string) => void): Promise<Comment>;
  /** Updates it if it still exists; creates none. Call it after `read`. @throws ActionError */
  rewrite(github: GitHub, text: string, memory: CommentMemory): Promise<Comment | undefined>;
  /** Deletes duplicates: two runs at the same time may have created one each. Logs what it did, throws nothing. */
  removeOthers(github: GitHub, say: (line: string) => void): Promise<void>;
}

/** @param readLogin reads the login of the token's own user; shared by those who look at many pull requests */
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
  /** After a lost answer it may exist, and has to be looked for: a second one would stay forever. */
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
  const render = (memory: CommentMemory, text: string) => author.render(memory, text, current());
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
      return readCommentMemory(own);
    },
    write: async (github, text, memory) => {
      const body = render(memory, text);
      const written = id === undefined ? await create(github, body) : await update(github, id, body, create);
      id = written.id;
      return written;
    },
    says: (text, memory) => {
      const body = current()?.body ?? '';
      const same = render({ ...memory, shownAtMs: readShownAtMs(body) }, text);
      return body.replaceAll('\r\n', '\n').trimEnd() === same.trimEnd();
    },
    replace: async (github, text, memory, say) => {
      const made = await github.createComment(pullRequest, render(memory, text));
      // Whether it was created or not: the next run looks for it, and the newest one counts.
      if ('uncertain' in made) throw made.uncertain;
      id = made.id;
      await removeOthers(github, say);
      return made;
    },
    rewrite: async (github, text, memory) =>
      id === undefined ? undefined : await updateIfThere(github, id, render(memory, text)),
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

/** A second one would keep showing an outdated state. */
async function remove(github: GitHub, { id, url }: Comment, say: (line: string) => void): Promise<void> {
  try {
    await github.deleteComment(id);
    say(`Deleted a second comment of this project and environment: ${url}`);
  } catch (error) {
    say(`A second comment of this project and environment remains, ${url}: ${describeError(error)}`);
  }
}

import type { RowFacts } from '../domain/comment-group.ts';
import { type CommentMemory, readShownAtMs, readText } from '../domain/comment-marker.ts';
import { describeError } from '../errors.ts';
import type { Comment, GitHub } from '../github/github.ts';
import { type CommentAuthor, createCommentAuthor, createLoginReader, type LoginReader } from './comment-author.ts';
import { isGone, newest, readCommentMemory, updateIfThere } from './comment-reading.ts';

/** The one comment that a project and environment have on a pull request. */
export interface StickyComment {
  /** The comment as `read` found it; undefined if there is none, or `read` was not called. */
  readonly found: Comment | undefined;
  /** What its readers see of this project and environment, as Markdown. */
  readonly shownText: string | undefined;
  /** There is more than the one. */
  readonly hasOthers: boolean;
  /**
   * What it remembers now: another run may have written it since the last call. If the comments can't be read again, what
   * the last call found. @throws ActionError
   */
  read(github: GitHub): Promise<CommentMemory>;
  /**
   * Updates the comment, or creates it. Call it after `read`.
   * @param shown where several projects share the comment: what its table shows of this one
   * @throws ActionError
   */
  write(github: GitHub, text: string, memory: CommentMemory, shown?: Partial<RowFacts>): Promise<Comment>;
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
  const author = createCommentAuthor(pullRequest, marker, readLogin);
  const own = new OwnComments(author);
  /** After a lost answer it may exist, and has to be looked for: a second one would stay forever. */
  const create = async (github: GitHub, body: string): Promise<Comment> => {
    const made = await github.createComment(pullRequest, body);
    if (!('uncertain' in made)) return await author.sign(github, made, body);
    await own.seek(github);
    if (own.current !== undefined) return await github.updateComment(own.current.id, body);
    const again = await github.createComment(pullRequest, body);
    if ('uncertain' in again) throw again.uncertain;
    return await author.sign(github, again, body);
  };
  /** Somebody may have deleted it since: then it is the next one. */
  const update = async (github: GitHub, body: string): Promise<Comment> => {
    while (own.current !== undefined) {
      const updated = await updateIfThere(github, own.current.id, body);
      if (updated !== undefined) return updated;
      own.forget(own.current.id);
    }
    return await create(github, body);
  };
  const render = (memory: CommentMemory, text: string) => author.render(memory, text, own.current);
  return {
    get hasOthers() {
      return own.others.length > 0;
    },
    get found() {
      return own.current;
    },
    get shownText() {
      return own.current && readText(own.current.body);
    },
    read: async (github) => {
      await own.seek(github).catch((error: unknown) => {
        if (own.current === undefined) throw error;
      });
      return readCommentMemory(own.all);
    },
    write: async (github, text, memory) => {
      const body = render(memory, text);
      return own.keep(await update(github, body), body);
    },
    says: (text, memory) => {
      const body = own.current?.body ?? '';
      const same = render({ ...memory, shownAtMs: readShownAtMs(body) }, text);
      return body.replaceAll('\r\n', '\n').trimEnd() === same.trimEnd();
    },
    replace: async (github, text, memory, say) => {
      const body = render(memory, text);
      const made = await github.createComment(pullRequest, body);
      // Whether it was created or not: the next run looks for it, and the newest one counts.
      if ('uncertain' in made) throw made.uncertain;
      own.keep(made, body);
      await removeAll(github, own, say);
      return made;
    },
    rewrite: async (github, text, memory) =>
      own.current && (await updateIfThere(github, own.current.id, render(memory, text))),
    removeOthers: async (github, say) => await removeAll(github, own, say),
  };
}

/** The comments of the project and environment on the pull request, as far as they are known. */
class OwnComments {
  readonly #author: CommentAuthor;
  #all: Comment[] = [];
  /** The one that counts. */
  #current: Comment | undefined;
  /** As this run has last written it: a list of GitHub's may lag behind, and lack what was written a moment ago. */
  #written: Comment | undefined;

  constructor(author: CommentAuthor) {
    this.#author = author;
  }

  get all(): readonly Comment[] {
    return this.#all;
  }

  get current(): Comment | undefined {
    return this.#current;
  }

  get others(): readonly Comment[] {
    return this.#all.filter(({ id }) => id !== this.#current?.id);
  }

  /** @throws ActionError */
  async seek(github: GitHub): Promise<void> {
    const listed = await this.#author.find(github);
    const written = this.#written;
    const isListed = written === undefined || listed.some(({ id }) => id === written.id);
    this.#all = isListed ? listed : [...listed, written];
    this.#current = newest(this.#all, readShownAtMs);
  }

  /** @param body as it was sent: an answer need not hold it */
  keep(answer: Comment, body: string): Comment {
    const written = { ...answer, body: answer.body || body };
    this.#written = written;
    this.#current = written;
    this.#all = [...this.#all.filter(({ id }) => id !== written.id), written];
    return answer;
  }

  forget(id: number): void {
    this.#all = this.#all.filter((one) => one.id !== id);
    if (this.#written?.id === id) this.#written = undefined;
    if (this.#current?.id === id) this.#current = newest(this.#all, readShownAtMs);
  }
}

async function removeAll(github: GitHub, own: OwnComments, say: (line: string) => void): Promise<void> {
  for (const other of own.others) {
    await remove(github, other, say);
    own.forget(other.id);
  }
}

/** A second one would keep showing an outdated state. */
async function remove(github: GitHub, { id, url }: Comment, say: (line: string) => void): Promise<void> {
  try {
    await github.deleteComment(id);
    say(`Deleted a second comment of this project and environment: ${url}`);
  } catch (error) {
    if (isGone(error)) return;
    say(`A second comment of this project and environment remains, ${url}: ${describeError(error)}`);
  }
}

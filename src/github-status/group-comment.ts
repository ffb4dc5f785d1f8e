import {
  findRow,
  type GroupRow,
  mergeRows,
  type RowFacts,
  type RowMemory,
  readGroupFooter,
  renderGroupMarker,
} from '../domain/comment-group.ts';
import type { CommentKey, CommentMemory } from '../domain/comment-marker.ts';
import { ActionError } from '../errors.ts';
import type { Comment, GitHub } from '../github/github.ts';
import { renderFooter } from '../report/comment-footer.ts';
import { renderGroupComment } from '../report/group-comment.ts';
import { createCommentAuthor, createLoginReader, type LoginReader } from './comment-author.ts';
import { type CommentLock, lockComment } from './comment-lock.ts';
import { isGone, updateIfThere } from './comment-reading.ts';
import { parseRows } from './group-rows.ts';
import type { StickyComment } from './sticky-comment.ts';

/**
 * A project's row in the comment that several projects of a pull request share. Their jobs may write it at the same moment:
 * whoever changes it reserves it first (comment-lock.ts), reads it again, puts its row among the others' and writes all of
 * them; then it reads once more, and repairs what is not as it should be. Each may have created a comment before it saw
 * another's: the oldest one stays, and takes over the rows of the others, which are deleted.
 */
export interface GroupOptions {
  pullRequest: number;
  /** The input `comment-group`. */
  group: string;
  key: CommentKey;
  /** Markdown of the user's own, harmless already; '' for none. Undefined: what the comment has stays. */
  footer: string | undefined;
  readLogin?: LoginReader | undefined;
  /** At least 0, less than 1. */
  random?: () => number;
}

/** Of whole passes: reading, reserving, writing. More only where others undo each of them. */
const MAX_PASSES = 8;
/** Between two attempts to reserve the comment; each waits up to twice as long as the one before. */
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 4000;
/** About twenty seconds; then it is written without. */
const MAX_LOCK_TRIES = 9;
/** Before the first comment is made, so that jobs that begin together make one, and not one each. */
const CREATION_WAIT_MS = 1500;

type Say = (line: string) => void;

export function createGroupRow(options: GroupOptions): StickyComment {
  const comments = new GroupComments(options);
  const { key } = options;
  return {
    get found() {
      return comments.row === undefined ? undefined : comments.oldest;
    },
    get shownText() {
      return comments.row && textOf(comments.row);
    },
    get hasOthers() {
      return comments.all.length > 1;
    },
    read: async (github) => {
      await comments.seek(github).catch((error: unknown) => {
        if (comments.oldest === undefined) throw error;
      });
      return comments.row?.memory ?? { lastSuccess: undefined, shownAtMs: undefined };
    },
    write: async (github, text, memory, shown) =>
      await comments.write(github, rowOf(key, text, memory, comments.row, shown)),
    says: (text, memory) => {
      const { row } = comments;
      if (row === undefined || comments.all.length > 1) return false;
      const same = rowOf(key, text, { ...memory, shownAtMs: row.memory.shownAtMs }, row, row.shown);
      return JSON.stringify([textOf(same), same.memory]) === JSON.stringify([textOf(row), row.memory]);
    },
    replace: async (github, text, memory, say) =>
      await comments.write(github, rowOf(key, text, memory, comments.row), { isNew: true, say }),
    rewrite: async (github, text, memory) =>
      comments.row && (await comments.write(github, rowOf(key, text, memory, comments.row), { createsNone: true })),
    // What another run has made at the same moment is merged whenever the comment is written.
    removeOthers: async () => {},
  };
}

/** The first line of a text is its heading: mark and words. What is not known by now stays as it was. */
function rowOf(
  key: CommentKey,
  text: string,
  { lastSuccess, shownAtMs, share }: CommentMemory,
  before: GroupRow | undefined,
  shown: Partial<RowFacts> = {},
): GroupRow {
  const [, mark = '', words = '', detail = ''] = /^### (\S+) ([^\n]*)\n?([\s\S]*)$/.exec(text.toWellFormed()) ?? [];
  const memory: RowMemory = { lastSuccess, shownAtMs, share };
  const name = shown.name ?? before?.shown.name;
  return { key, shown: { kind: 'neutral', mark, words, ...shown, name }, memory, detail: detail.trim() };
}

function textOf({ shown, detail }: GroupRow): string {
  return `### ${shown.mark} ${shown.words ?? ''}\n\n${detail}`;
}

interface Writing {
  /** A new comment in place of all that there are: an edit notifies nobody. */
  isNew?: boolean;
  say?: Say;
}

/** All comments of the group on the pull request: one, unless two runs have made one each at the same moment. */
class GroupComments {
  readonly #options: GroupOptions;
  readonly #author: ReturnType<typeof createCommentAuthor>;
  /** The oldest first. */
  #all: readonly Comment[] = [];
  /** As this run has last written it: a list may lag behind. */
  #written: Comment | undefined;

  constructor(options: GroupOptions) {
    const { pullRequest, group, readLogin = createLoginReader() } = options;
    this.#options = options;
    this.#author = createCommentAuthor(pullRequest, renderGroupMarker(group), readLogin);
  }

  get all(): readonly Comment[] {
    return this.#all;
  }

  get oldest(): Comment | undefined {
    return this.#all[0];
  }

  get rows(): GroupRow[] {
    return mergeRows(this.#all.flatMap(({ body }) => parseRows(body)));
  }

  get #footer(): string {
    const footers = this.#all.map(({ body }) => renderFooter(readGroupFooter(body)));
    return footers.find((footer) => footer !== '') ?? '';
  }

  get row(): GroupRow | undefined {
    return findRow(this.rows, this.#options.key);
  }

  /** @throws ActionError */
  async seek(github: GitHub): Promise<void> {
    const listed = await this.#author.find(github);
    const written = this.#written;
    const isListed = written === undefined || listed.some(({ id }) => id === written.id);
    const all = isListed ? listed : [...listed, written];
    this.#all = all.toSorted((one, other) => one.id - other.id);
  }

  /** @returns undefined where there is no comment any more, and none is to be created. @throws ActionError */
  async write(github: GitHub, row: GroupRow, writing: Writing & { createsNone: true }): Promise<Comment | undefined>;
  async write(github: GitHub, row: GroupRow, writing?: Writing): Promise<Comment>;
  async write(
    github: GitHub,
    row: GroupRow,
    writing: Writing & { createsNone?: boolean } = {},
  ): Promise<Comment | undefined> {
    let isReplaced = writing.isNew !== true;
    for (let pass = 1; pass <= MAX_PASSES; pass += 1) {
      // At first, what `read` has found will do to know which comment it is.
      if (pass > 1 || this.oldest === undefined) await this.seek(github);
      const { oldest } = this;
      if (isReplaced && oldest !== undefined && this.#stands(row)) return oldest;
      if (oldest === undefined && writing.createsNone === true) return undefined;
      if (oldest === undefined) isReplaced = (await this.#create(github, row, pass)) || isReplaced;
      else if (await this.#change(github, oldest, row, { ...writing, isNew: !isReplaced })) isReplaced = true;
    }
    throw new ActionError(
      `Other runs have changed the comment again and again: the row of ${row.shown.name ?? row.key.project} may be missing.`,
    );
  }

  /** There is one comment, whose author is known, and which shows this row, or a later one of the same project. */
  #stands({ shown, memory }: GroupRow): boolean {
    const [oldest, ...others] = this.#all;
    const found = this.row;
    if (oldest === undefined || others.length > 0 || found === undefined || !this.#author.isSigned(oldest))
      return false;
    const [foundMs, ownMs] = [found.memory.shownAtMs ?? 0, memory.shownAtMs ?? 0];
    const isSame = found.shown.mark === shown.mark && found.shown.words === shown.words;
    return foundMs > ownMs || (foundMs === ownMs && isSame);
  }

  /** @returns whether it was made */
  async #create(github: GitHub, row: GroupRow, pass: number): Promise<boolean> {
    if (pass === 1) {
      await github.pause(CREATION_WAIT_MS * this.#random());
      await this.seek(github);
      if (this.#all.length > 0) return false;
    }
    return (await this.#add(github, [row])) !== undefined;
  }

  async #add(github: GitHub, rows: readonly GroupRow[]): Promise<Comment | undefined> {
    const body = this.#render(rows, undefined);
    const made = await github.createComment(this.#options.pullRequest, body);
    // Whether it exists shows the next reading.
    if ('uncertain' in made) return undefined;
    this.#author.note(made);
    this.#written = { ...made, body };
    return made;
  }

  /** @returns whether it was written */
  async #change(github: GitHub, { id }: Comment, row: GroupRow, writing: Writing): Promise<boolean> {
    const lock = await this.#lock(github, id);
    if (lock === 'gone') return this.#forget(id);
    const locks = lock === undefined ? [] : [lock];
    try {
      await this.seek(github);
      if (this.oldest?.id !== id) return false;
      // Whoever has seen one of the others alone writes to that one.
      for (const other of this.#all.slice(1)) {
        const also = await this.#lock(github, other.id);
        if (also !== undefined && also !== 'gone') locks.push(also);
      }
      if (this.#all.length > 1) await this.seek(github);
      if (this.oldest?.id !== id || !locks.every((one) => one.isSafe())) return false;
      return await this.#merge(github, this.oldest, row, writing);
    } finally {
      await Promise.all(locks.map((one) => one.release()));
    }
  }

  async #merge(github: GitHub, oldest: Comment, row: GroupRow, { isNew, say }: Writing): Promise<boolean> {
    const rows = mergeRows([row, ...this.rows]);
    const stale = isNew === true ? this.#all : this.#all.slice(1);
    if (isNew === true) {
      if ((await this.#add(github, rows)) === undefined) return false;
    } else {
      const body = this.#render(rows, oldest);
      const updated = await updateIfThere(github, oldest.id, body);
      if (updated === undefined) return this.#forget(oldest.id);
      this.#written = { ...updated, body };
    }
    for (const { id, url } of stale) {
      await github.deleteComment(id).catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
      say?.(`Deleted an older comment of the group: ${url}`);
    }
    return true;
  }

  #render(rows: readonly GroupRow[], found: Comment | undefined): string {
    const text = renderGroupComment(rows, this.#options.footer ?? this.#footer);
    if (text !== undefined) return this.#author.render({ lastSuccess: undefined, shownAtMs: undefined }, text, found);
    throw new ActionError(`The comment of the group "${this.#options.group}" is full, with ${rows.length} rows.`, {
      title: 'Too many projects in one comment',
      fix: 'Give some of the projects another `comment-group`.',
    });
  }

  /** Undefined where it cannot be reserved: it is written all the same. */
  async #lock(github: GitHub, id: number): Promise<CommentLock | 'gone' | undefined> {
    for (let tries = 1; tries <= MAX_LOCK_TRIES; tries += 1) {
      const lock = await lockComment(github, id);
      if (lock === 'refused') return undefined;
      if (lock !== 'taken') return lock;
      const longestMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
      await github.pause(longestMs * (0.5 + this.#random() / 2));
    }
    return undefined;
  }

  #forget(id: number): false {
    if (this.#written?.id === id) this.#written = undefined;
    return false;
  }

  #random(): number {
    return (this.#options.random ?? Math.random)();
  }
}

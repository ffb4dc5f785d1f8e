import { type CommentMemory, hasMarker, readText, readWrittenBy, renderMarked } from '../domain/comment-marker.ts';
import type { Comment, GitHub } from '../github/github.ts';
import { readCommentMemory, updateIfThere } from './comment-reading.ts';

const APP_LOGIN = /\[bot\]$/;
/** Who a job's own token writes as. */
const JOB_TOKEN_LOGIN = 'github-actions[bot]';

/** The login that the token writes comments as; undefined if unknown. */
export type LoginReader = (github: GitHub) => Promise<string | undefined>;

/** Finds the comments that this token wrote, and signs them. */
export interface CommentAuthor {
  /** Its comments of this project and environment, the oldest first. @throws ActionError */
  find(github: GitHub): Promise<Comment[]>;
  /** A body that names its author, if known. @param found the comment that it replaces */
  render(memory: CommentMemory, text: string, found: Comment | undefined): string;
  /**
   * Call it with a comment that was just made: the answer names its author.
   * @param body as it was sent
   * @throws ActionError
   */
  sign(github: GitHub, made: Comment, body: string): Promise<Comment>;
  /** The same without signing: the comment is about to be written again. */
  note(made: Comment): void;
  /** Later runs recognise it as theirs. */
  isSigned(comment: Comment): boolean;
}

export function createCommentAuthor(pullRequest: number, marker: string, readLogin: LoginReader): CommentAuthor {
  /** From the answer to the creation of a comment, which is reliable. */
  let login: string | undefined;
  return {
    find: (github) => findOwn(github, pullRequest, marker, async () => login ?? (await readLogin(github))),
    render: (memory, text, found) =>
      renderMarked(marker, { ...memory, writtenBy: signatureOf(login ?? found?.login) }, text),
    // Only this answer gives an app its own login. Later runs find the comment by it if they cannot learn it otherwise.
    sign: async (github, made, body) => {
      login = made.login;
      const writtenBy = signatureOf(login);
      if (writtenBy === undefined || readWrittenBy(body) === writtenBy) return made;
      const signed = renderMarked(marker, { ...readCommentMemory([{ ...made, body }]), writtenBy }, readText(body));
      return (await updateIfThere(github, made.id, signed)) ?? made;
    },
    note: (made) => {
      login = made.login;
    },
    isSigned: ({ body, login: author }) => {
      const writtenBy = signatureOf(login ?? author);
      return writtenBy === undefined || readWrittenBy(body) === writtenBy;
    },
  };
}

/** Only an app needs one: the job's own token always has the same login, and REST gives a person's. */
function signatureOf(login: string | undefined): string | undefined {
  return login !== undefined && login !== JOB_TOKEN_LOGIN && APP_LOGIN.test(login) ? login : undefined;
}

/** Reads it once. */
export function createLoginReader(): LoginReader {
  let login: Promise<string | undefined> | undefined;
  return (github) => {
    // Do not cache a refusal: the next call may get an answer.
    login ??= github.readViewerLogin().catch((error: unknown) => {
      login = undefined;
      throw error;
    });
    return login;
  };
}

/**
 * Those of this project and environment, the oldest first. Anybody may copy a marker into a comment of their own, so only
 * comments by the token's own user count. The login is read only if there is a comment to compare it with. An app that
 * cannot learn its own login trusts the author that the comments name: an app's comment names it truly, since nobody can
 * choose an app's login, and a copy by another app names the first one.
 */
async function findOwn(
  github: GitHub,
  pullRequest: number,
  marker: string,
  readLogin: () => Promise<string | undefined>,
): Promise<Comment[]> {
  const marked: Comment[] = [];
  for await (const comment of github.listComments(pullRequest)) {
    if (hasMarker(comment.body, marker)) marked.push(comment);
  }
  if (marked.length === 0) return [];
  const known = await readLogin();
  if (known !== undefined) return marked.filter(({ login }) => login === known);
  const signed = marked.filter(
    ({ login, body }) => login !== undefined && APP_LOGIN.test(login) && readWrittenBy(body) === login,
  );
  return signed.length > 0 ? signed : marked.filter(({ login }) => login === JOB_TOKEN_LOGIN);
}

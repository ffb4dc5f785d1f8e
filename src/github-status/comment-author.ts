import { hasMarker, type Kept, readText, readWrittenBy, renderMarked } from '../domain/comment-marker.ts';
import type { Comment, GitHub } from '../github/github.ts';
import { keptIn, updateIfThere } from './comment-reading.ts';

const APP_LOGIN = /\[bot\]$/;
/** Who a job's own token writes as. */
const JOB_TOKEN_LOGIN = 'github-actions[bot]';

/** Whose comments the token writes; undefined where nobody says. */
export type LoginReader = (github: GitHub) => Promise<string | undefined>;

/** Which comments are this token's own, and what they keep of that. */
export interface CommentAuthor {
  /** Its comments of this project and environment, the oldest first. @throws ActionError */
  find(github: GitHub): Promise<Comment[]>;
  /** A body that names its author, as far as that is known. @param found the comment that it takes the place of */
  render(kept: Kept, text: string, found: Comment | undefined): string;
  /**
   * To be called with one that was just made: the answer says who has made it.
   * @param body as it was sent
   * @throws ActionError
   */
  sign(github: GitHub, made: Comment, body: string): Promise<Comment>;
}

export function createCommentAuthor(pullRequest: number, marker: string, readLogin: LoginReader): CommentAuthor {
  /** As REST has answered when a comment was made: that is sure. */
  let login: string | undefined;
  return {
    find: (github) => findOwn(github, pullRequest, marker, async () => login ?? (await readLogin(github))),
    render: (kept, text, found) =>
      renderMarked(marker, { ...kept, writtenBy: signatureOf(login ?? found?.login) }, text),
    // An app learns who it is by this answer alone: a later run of its finds the comment by that, should nobody say it then.
    sign: async (github, made, body) => {
      login = made.login;
      const writtenBy = signatureOf(login);
      if (writtenBy === undefined || readWrittenBy(body) === writtenBy) return made;
      const signed = renderMarked(marker, { ...keptIn([{ ...made, body }]), writtenBy }, readText(body));
      return (await updateIfThere(github, made.id, signed)) ?? made;
    },
  };
}

/** Only an app needs it: the job's own token is known by its one name, and a person's is told by REST. */
function signatureOf(login: string | undefined): string | undefined {
  return login !== undefined && login !== JOB_TOKEN_LOGIN && APP_LOGIN.test(login) ? login : undefined;
}

/** Asks once. */
export function createLoginReader(): LoginReader {
  let login: Promise<string | undefined> | undefined;
  return (github) => {
    // A refusal is not kept: the next one may be told.
    login ??= github.readViewerLogin().catch((error: unknown) => {
      login = undefined;
      throw error;
    });
    return login;
  };
}

/**
 * Those of this project and environment, the oldest first. Anybody may copy a marker into a comment of their own; only
 * one that the token's own user wrote counts. Who that is is asked only when there is a comment to compare with. An app
 * that nobody tells who it is goes by who the comments say has written them: of an app's comment that is true, since its
 * login is nobody's to choose, and a copy by another app names the first one.
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

import type { BodyAnswer } from '../../answers.ts';
import type { GitHubStore } from './store.ts';
import type { GitHubToken } from './tokens.ts';
import type { Urls } from './urls.ts';

/** A request that has passed the gate: who sends it is known, and may do what it asks. */
export interface GitHubRequest {
  /** The number in the path: of a deployment, an issue, a comment, a run; 0 where there is none. */
  id: number;
  /** The word in the path, decoded: a login, or the format of an archive. */
  word: string;
  /** The address that the request was sent to. */
  url: URL;
  body: unknown;
  urls: Urls;
  /** Undefined for who reads a public repository without a token. */
  token: GitHubToken | undefined;
  /** The call's page in GitHub's documentation, for errors. */
  docs: string;
}

export type Handler = (request: GitHubRequest, store: GitHubStore) => BodyAnswer;

import type { BodyAnswer } from '../../answers.ts';
import type { Endpoint } from '../../service.ts';
import type { Permission } from './permissions.ts';
import type { GitHubStore } from './store.ts';
import type { GitHubToken } from './tokens.ts';
import type { Urls } from './urls.ts';

/** The REST API of github.com, and that of GitHub Enterprise Server (see urls.ts). */
export const REST = '/:prefix(github|api/v3)';

/** A repository in the REST API. */
export const REPOSITORY = `${REST}/repos/:owner/:repo` as const;

/**
 * One of GitHub's endpoints: a row of its table. Paths, permissions and pages are those of GitHub's OpenAPI description
 * and documentation.
 */
export interface GitHubEndpoint extends Endpoint {
  call: `github.${string}`;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | '*';
  /** Its parameters `id`, a number, and `name` become part of the request. */
  path: `/${string}`;
  /** Any one of these permissions is enough: to read for a GET, to write for all others. None: any token is enough. */
  needs: readonly Permission[];
  /** It asks for a token in a public repository, too, as everything that writes does. */
  needsToken?: true;
  /** Its page below `https://docs.github.com/rest`, for errors. */
  docs: string;
  answer: (request: GitHubRequest, store: GitHubStore) => BodyAnswer;
}

/** A request that is authorized: who sends it is known, and may do what it asks for. */
export interface GitHubRequest {
  /** The number in the path: of a deployment, an issue, a comment, a run; 0 if there is none. */
  id: number;
  /** The name in the path, decoded: a login, a ref, the format of an archive; empty if there is none. */
  name: string;
  /** The address that the request was sent to. */
  url: URL;
  body: unknown;
  urls: Urls;
  /** Undefined for a client that reads a public repository without a token. */
  token: GitHubToken | undefined;
  /** The endpoint's page in GitHub's documentation, for errors. */
  docs: string;
}

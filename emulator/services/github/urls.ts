import type { GitHubRepository } from './repository.ts';
import { DOTCOM_PREFIX } from './routes.ts';

/** On github.com the pages keep their own host, as its runners know it; clients tell by it which of the two they are on. */
export const DOTCOM_SERVER_URL = 'https://github.com';

/** Where things are, seen from one request: an answer's links to the API lead to the host that it was sent to. */
export interface Urls {
  /** The REST API's base, such as `http://127.0.0.1:8080/github`. */
  api: string;
  /** What `GITHUB_SERVER_URL` is: where the pages are. */
  server: string;
  /** The repository in the REST API. */
  repository: string;
  /** The repository's page. */
  page: string;
}

export function createUrls(origin: string, prefix: string, repository: GitHubRepository): Urls {
  const api = `${origin}${prefix}`;
  const server = prefix === DOTCOM_PREFIX ? DOTCOM_SERVER_URL : origin;
  return {
    api,
    server,
    repository: `${api}/repos/${repository.fullName}`,
    page: `${server}/${repository.fullName}`,
  };
}

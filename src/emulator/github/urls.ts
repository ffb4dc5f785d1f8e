import type { GitHubRepository } from './repository.ts';

/** Where things are, seen from one request: an answer's links lead to the host that the request was sent to. */
export interface Urls {
  /** The REST API's base, such as `http://127.0.0.1:8080/github`. */
  api: string;
  /** What `GITHUB_SERVER_URL` is. */
  server: string;
  /** The repository in the REST API. */
  repository: string;
  /** The repository's page. */
  page: string;
}

export function createUrls(origin: string, prefix: string, repository: GitHubRepository): Urls {
  const api = `${origin}${prefix}`;
  return {
    api,
    server: origin,
    repository: `${api}/repos/${repository.fullName}`,
    page: `${origin}/${repository.fullName}`,
  };
}

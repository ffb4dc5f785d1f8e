/**
 * github.com has the REST API on a host of its own, which is `/github` here; GitHub Enterprise Server has it at `/api/v3`,
 * and GraphQL at `/api/graphql` (docs/api.md, section 4: hosts are taken from `GITHUB_API_URL`).
 */
export const DOTCOM_PREFIX = '/github';
export const ENTERPRISE_PREFIX = '/api/v3';

/** The pages of github.com are on their own host, as its runners know it; clients distinguish the two by it. */
export const DOTCOM_SERVER_URL = 'https://github.com';

/** Where things are, as one request sees them: an answer's links to the API lead to the host that it was sent to. */
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

/** @param repository `owner/name` */
export function createUrls(origin: string, prefix: string, repository: string): Urls {
  const api = `${origin}${prefix}`;
  const server = prefix === DOTCOM_PREFIX ? DOTCOM_SERVER_URL : origin;
  return { api, server, repository: `${api}/repos/${repository}`, page: `${server}/${repository}` };
}

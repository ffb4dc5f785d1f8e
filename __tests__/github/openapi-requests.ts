import type { GitHubRequest } from './openapi.ts';

export const REPOSITORY = '/github/repos/octo-org/storefront';

/** A request as the client sends it; a path without a slash in front is one below the repository. */
export function createRequest(method: string, path: string, rest: Partial<GitHubRequest> = {}): GitHubRequest {
  return {
    method,
    path: path.startsWith('/') ? path : `${REPOSITORY}/${path}`,
    query: {},
    body: undefined,
    ...rest,
    headers: {
      accept: 'application/vnd.github.v3+json',
      authorization: 'token ghs_secret',
      'user-agent': 'catalyst-deploy-action/0.1.0',
      ...(rest.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...rest.headers,
    },
  };
}

/** With this body, and what else is said. */
export const createGraphqlRequest = (body: unknown, rest: Partial<GitHubRequest> = {}) =>
  createRequest('POST', '/github/graphql', { body, ...rest });

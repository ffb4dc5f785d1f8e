import type { GitHubCall } from './calls.ts';
import { PATTERNS } from './patterns.ts';
import type { Needs } from './permissions.ts';

/** A call of GitHub, found by its method and path. */
export interface GitHubRoute {
  call: GitHubCall;
  /** The part of the path before the API's own: `/github`, `/api/v3`, `/api`. */
  prefix: string;
  /** `owner/name`, as it was sent; undefined for a call that is about no repository. */
  repository: string | undefined;
  id: number;
  word: string;
  needs: Needs;
  docs: string;
  /** Whether it changes anything. */
  isWrite: boolean;
}

/**
 * github.com has the REST API at a host of its own, for which `/github` stands; GitHub Enterprise Server has it at
 * `/api/v3`, and GraphQL at `/api/graphql` (docs/api.md, section 4: hosts are taken from `GITHUB_API_URL`).
 */
export const DOTCOM_PREFIX = '/github';
export const ENTERPRISE_PREFIX = '/api/v3';
const GRAPHQL_PATHS: Readonly<Record<string, string>> = { '/github/graphql': '/github', '/api/graphql': '/api' };

const EXPRESSIONS = PATTERNS.map((pattern) => {
  const path = pattern.path
    .replace('{id}', '(?<id>\\d+)')
    .replace('{word}', '(?<word>[^/]+)')
    .replace('{words}', '(?<word>.+)');
  return { pattern, expression: new RegExp(`^${path}$`) };
});

const REST_DOCS = 'https://docs.github.com/rest';
const REPOSITORY_PATH = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/;

/** Undefined for a path that is none of GitHub's. */
export function matchGitHubRoute(method: string, path: string): GitHubRoute | undefined {
  const graphqlPrefix = Object.hasOwn(GRAPHQL_PATHS, path) ? GRAPHQL_PATHS[path] : undefined;
  const found = { repository: undefined, id: 0, word: '', needs: [], docs: REST_DOCS, isWrite: method !== 'GET' };
  if (graphqlPrefix !== undefined) {
    return { ...found, call: method === 'POST' ? 'github.graphql' : 'github.unknown', prefix: graphqlPrefix };
  }
  const prefix = [DOTCOM_PREFIX, ENTERPRISE_PREFIX].find((start) => path === start || path.startsWith(`${start}/`));
  if (prefix === undefined) return undefined;
  const rest = path.slice(prefix.length);
  if (method === 'GET' && rest === '/user') {
    return { ...found, call: 'github.getUser', prefix, docs: `${REST_DOCS}/users/users#get-the-authenticated-user` };
  }
  const [, repository, ofRepository = ''] = REPOSITORY_PATH.exec(rest) ?? [];
  for (const { pattern, expression } of EXPRESSIONS) {
    const match = pattern.method === method ? expression.exec(ofRepository) : null;
    if (match === null) continue;
    const { id = '0', word = '' } = match.groups ?? {};
    const { call, needs, docs } = pattern;
    return {
      ...found,
      call,
      prefix,
      repository,
      id: Number(id),
      word: decode(word),
      needs,
      docs: `${REST_DOCS}/${docs}`,
    };
  }
  return { ...found, call: 'github.unknown', prefix };
}

function decode(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

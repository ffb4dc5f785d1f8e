import { REST_DOCS } from './answers.ts';
import { ARTIFACT_ENDPOINTS } from './artifacts.ts';
import { CHECK_RUN_ENDPOINTS } from './check-runs.ts';
import { COLLABORATOR_ENDPOINTS } from './collaborators.ts';
import { COMMENT_ENDPOINTS } from './comments.ts';
import { DEPLOYMENT_STATUS_ENDPOINTS } from './deployment-statuses.ts';
import { DEPLOYMENT_ENDPOINTS } from './deployments.ts';
import type { Endpoint } from './endpoint.ts';
import { PULL_REQUEST_ENDPOINTS } from './pull-requests.ts';
import { REF_ENDPOINTS } from './refs.ts';
import { DOTCOM_PREFIX, ENTERPRISE_PREFIX } from './urls.ts';
import { VIEWER_ENDPOINTS } from './viewer.ts';
import { WORKFLOW_RUN_ENDPOINTS } from './workflow-runs.ts';

/** Everything that this GitHub answers. */
const ENDPOINTS = [
  ...DEPLOYMENT_ENDPOINTS,
  ...DEPLOYMENT_STATUS_ENDPOINTS,
  ...COMMENT_ENDPOINTS,
  ...PULL_REQUEST_ENDPOINTS,
  ...CHECK_RUN_ENDPOINTS,
  ...COLLABORATOR_ENDPOINTS,
  ...WORKFLOW_RUN_ENDPOINTS,
  ...REF_ENDPOINTS,
  ...ARTIFACT_ENDPOINTS,
  ...VIEWER_ENDPOINTS,
];

/** Which of GitHub's endpoints a request was for. `github.unknown`: there is no such path, or not with this method. */
export type GitHubCall = (typeof ENDPOINTS)[number]['call'] | 'github.unknown';

export const GITHUB_CALLS: readonly GitHubCall[] = [...ENDPOINTS.map(({ call }) => call), 'github.unknown'];

export function isGitHubCall(call: string): call is GitHubCall {
  return call.startsWith('github.');
}

/** The endpoint that a request is for, with what its path says. */
export interface GitHubRoute {
  call: GitHubCall;
  /** Undefined for `github.unknown`. */
  endpoint: Endpoint | undefined;
  /** The part of the path before the API's own: `/github`, `/api/v3`, `/api`. */
  prefix: string;
  /** `owner/name`, as it was sent; undefined for an endpoint that is about no repository. */
  repository: string | undefined;
  id: number;
  name: string;
  docs: string;
  /** What the sender wants to do. */
  level: 'read' | 'write';
}

const PATTERNS = ENDPOINTS.map((endpoint) => {
  const [method = '', path = ''] = endpoint.route.split(' ');
  const expression = path
    .replace('{owner}/{repo}', '(?<repository>[^/]+/[^/]+)')
    .replace(/\{\w+_(?:id|number)\}/, '(?<id>\\d+)')
    .replace(/\{\+\w+\}/, '(?<name>.+)')
    .replace(/\{\w+\}/, '(?<name>[^/]+)');
  return { endpoint, method, expression: new RegExp(`^${expression}$`) };
});

/** Undefined for a path that is none of GitHub's. */
export function matchGitHubRoute(method: string, path: string): GitHubRoute | undefined {
  const split = splitPath(path);
  if (split === undefined) return undefined;
  const { prefix, rest } = split;
  const level = method === 'GET' ? 'read' : 'write';
  for (const pattern of PATTERNS) {
    const match = pattern.method === method ? pattern.expression.exec(rest) : null;
    if (match === null) continue;
    const endpoint: Endpoint & { call: GitHubCall } = pattern.endpoint;
    const { repository, id = '0', name = '' } = match.groups ?? {};
    const docs = endpoint.docs === undefined ? REST_DOCS : `${REST_DOCS}/${endpoint.docs}`;
    return { call: endpoint.call, endpoint, prefix, repository, id: Number(id), name: decode(name), docs, level };
  }
  const nothing = { endpoint: undefined, repository: undefined, id: 0, name: '', docs: REST_DOCS };
  return { call: 'github.unknown', ...nothing, prefix, level };
}

function splitPath(path: string): { prefix: string; rest: string } | undefined {
  // GitHub Enterprise Server has GraphQL beside the REST API, not below it.
  if (path === '/api/graphql') return { prefix: '/api', rest: '/graphql' };
  if (path === `${ENTERPRISE_PREFIX}/graphql`) return { prefix: ENTERPRISE_PREFIX, rest: '' };
  const prefix = [DOTCOM_PREFIX, ENTERPRISE_PREFIX].find((start) => path === start || path.startsWith(`${start}/`));
  return prefix === undefined ? undefined : { prefix, rest: path.slice(prefix.length) };
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

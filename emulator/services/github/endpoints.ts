import { createNotFound } from './answers.ts';
import { ARTIFACT_ENDPOINTS } from './artifacts.ts';
import { CHECK_RUN_ENDPOINTS } from './check-runs.ts';
import { COLLABORATOR_ENDPOINTS } from './collaborators.ts';
import { COMMENT_ENDPOINTS } from './comments.ts';
import { DEPLOYMENT_STATUS_ENDPOINTS } from './deployment-statuses.ts';
import { DEPLOYMENT_ENDPOINTS } from './deployments.ts';
import type { GitHubEndpoint, GitHubRequest } from './endpoint.ts';
import { REST } from './endpoint.ts';
import { PULL_REQUEST_ENDPOINTS } from './pull-requests.ts';
import { REF_ENDPOINTS } from './refs.ts';
import { GRAPHQL, VIEWER_ENDPOINTS } from './viewer.ts';
import { WORKFLOW_RUN_ENDPOINTS } from './workflow-runs.ts';

/** What no other endpoint matches: there is no such path, or not with this method. */
const unknown = {
  call: 'github.unknown',
  method: '*',
  needs: [],
  docs: '',
  answer: ({ docs }: GitHubRequest) => createNotFound(docs),
} as const;

/** All that this GitHub answers. */
export const GITHUB_ENDPOINTS = [
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
  { ...unknown, path: GRAPHQL },
  { ...unknown, path: `${REST}{/*}?` },
] as const satisfies readonly GitHubEndpoint[];

export type GitHubCall = (typeof GITHUB_ENDPOINTS)[number]['call'];

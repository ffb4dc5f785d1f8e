import type { GitHub } from './github.ts';
import { createSha } from './refs.ts';
import { DOTCOM_PREFIX, ENTERPRISE_PREFIX } from './routes.ts';
import { DOTCOM_SERVER_URL } from './urls.ts';

/** How a runner is told where GitHub is: as on github.com, or as on GitHub Enterprise Server. */
export type GitHubForm = 'github.com' | 'enterprise';

/**
 * What a runner sets for a job on a push to the default branch. Artifacts are refused where the
 * server is not github.com.
 */
export function createGitHubEnvironment({ store }: GitHub, origin: string, form: GitHubForm): Record<string, string> {
  const { fullName, owner, defaultBranch } = store.repository;
  const isEnterprise = form === 'enterprise';
  return {
    GITHUB_API_URL: `${origin}${isEnterprise ? ENTERPRISE_PREFIX : DOTCOM_PREFIX}`,
    GITHUB_GRAPHQL_URL: `${origin}${isEnterprise ? '/api' : DOTCOM_PREFIX}/graphql`,
    GITHUB_SERVER_URL: isEnterprise ? origin : DOTCOM_SERVER_URL,
    GITHUB_REPOSITORY: fullName,
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: `refs/heads/${defaultBranch}`,
    GITHUB_REF_NAME: defaultBranch,
    GITHUB_SHA: createSha(`branch ${defaultBranch}`),
    GITHUB_ACTOR: 'mona',
  };
}

import type { ArtifactSource } from './artifact-source.ts';
import type { GitHub } from './github.ts';
import type { Level, Permission } from './permissions.ts';
import type { GitHubCheckRun, GitHubComment, GitHubDeployment, GitHubPullRequest } from './records.ts';
import { createSha } from './refs.ts';
import type { NewComment, NewDeployment, NewPullRequest } from './seeding.ts';
import { addComment, addDeployment, addPullRequest } from './seeding.ts';
import type { NewToken } from './tokens.ts';
import { DOTCOM_PREFIX, DOTCOM_SERVER_URL, ENTERPRISE_PREFIX } from './urls.ts';
import type { Role } from './users.ts';

/** How a runner knows where GitHub is: as on github.com, or as on GitHub Enterprise Server. */
type GitHubForm = 'github.com' | 'enterprise';

/** The GitHub side of a running embedded platform. The lists are live; their items may be changed in place. */
export interface GitHubMembers {
  /** `GITHUB_API_URL`, for a runner of github.com. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** `GITHUB_API_URL`, for a runner of GitHub Enterprise Server: the same state in another form. */
  readonly enterpriseApiUrl: string;
  readonly enterpriseGraphqlUrl: string;
  /** `GITHUB_SERVER_URL` */
  readonly serverUrl: string;
  /** `owner/name` */
  readonly repository: string;
  /** The job's own token. */
  readonly token: string;
  /** Who writes with it. */
  readonly login: string;
  /** The variables that a runner would set, with the GitHub that is meant (`github.com` unless given). */
  environment(form?: GitHubForm): Record<string, string>;
  /** In the order in which they were created, like the other lists. */
  readonly deployments: readonly GitHubDeployment[];
  readonly comments: readonly GitHubComment[];
  readonly pullRequests: readonly GitHubPullRequest[];
  readonly checkRuns: readonly GitHubCheckRun[];
  /** Takes a permission from a token (the job's own). `left` (none) is what remains of it: `read` denies writing alone. */
  deny(permission: Permission, left?: Exclude<Level, 'write'>, token?: string): void;
  /** Gives a token (the job's own) a permission to write. */
  allow(permission: Permission, token?: string): void;
  /** The token, which is made up unless it is given. */
  addToken(token: NewToken): string;
  /** Changes the pull request if there is one with this number. */
  addPullRequest(pullRequest: NewPullRequest): GitHubPullRequest;
  addComment(comment: NewComment): GitHubComment;
  addDeployment(deployment: NewDeployment): GitHubDeployment;
  /** A lightweight tag of a commit. */
  addTag(name: string, sha: string): void;
  /** What a person may do in the repository; one without a role may do nothing. */
  setRole(login: string, role: Role): void;
  /** Throws for a pull request that is not there. */
  lockConversation(issueNumber: number): void;
  unlockConversation(issueNumber: number): void;
  /** Where the REST API reads artifacts from: there are none until this is called. */
  mountArtifacts(source: ArtifactSource): void;
}

export function createGitHubMembers(github: GitHub, origin: string): GitHubMembers {
  const { store, tokens } = github;
  const setLocked = (issueNumber: number, isLocked: boolean) => {
    const pullRequest = store.findPullRequest(issueNumber);
    if (pullRequest === undefined) throw new Error(`The emulator has no pull request ${issueNumber}.`);
    pullRequest.isLocked = isLocked;
  };
  return {
    apiUrl: `${origin}${DOTCOM_PREFIX}`,
    graphqlUrl: `${origin}${DOTCOM_PREFIX}/graphql`,
    enterpriseApiUrl: `${origin}${ENTERPRISE_PREFIX}`,
    enterpriseGraphqlUrl: `${origin}/api/graphql`,
    serverUrl: origin,
    repository: store.repository.fullName,
    token: tokens.job.token,
    login: tokens.job.user.login,
    environment: (form = 'github.com') => createGitHubEnvironment(github, origin, form),
    deployments: store.deployments,
    comments: store.comments,
    pullRequests: store.pullRequests,
    checkRuns: store.checkRuns,
    deny: (permission, left = 'none', token) => tokens.setLevel(permission, left, token),
    allow: (permission, token) => tokens.setLevel(permission, 'write', token),
    addToken: (token) => tokens.add(token).token,
    addPullRequest: (pullRequest) => addPullRequest(store, pullRequest),
    addComment: (comment) => addComment(store, comment),
    addDeployment: (deployment) => addDeployment(store, deployment),
    addTag: (name, sha) => void store.tags.set(name, sha),
    setRole: (login, role) => store.users.setRole(login, role),
    lockConversation: (issueNumber) => setLocked(issueNumber, true),
    unlockConversation: (issueNumber) => setLocked(issueNumber, false),
    mountArtifacts: (source) => {
      store.artifacts = source;
    },
  };
}

/**
 * What a runner sets for a job on a push to the default branch. Clients refuse to store artifacts if the server is not
 * github.com.
 */
function createGitHubEnvironment({ store }: GitHub, origin: string, form: GitHubForm): Record<string, string> {
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

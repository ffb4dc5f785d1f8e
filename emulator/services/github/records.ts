/**
 * What the embedded GitHub remembers. The names are this code's own; those that GitHub sends are in the functions named
 * `render...`. Times are in milliseconds since 1970; GitHub gives them in whole seconds.
 */

export const DEPLOYMENT_STATES = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
] as const;

/** States of a deployment status (GitHub's OpenAPI description, `deployment-status`). */
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

export const REACTIONS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const;

export type Reaction = (typeof REACTIONS)[number];

export type UserType = 'User' | 'Bot' | 'Organization';

export interface GitHubUser {
  login: string;
  id: number;
  type: UserType;
}

/** GitHub's OpenAPI description, `author-association`. */
export type AuthorAssociation =
  | 'COLLABORATOR'
  | 'CONTRIBUTOR'
  | 'FIRST_TIMER'
  | 'FIRST_TIME_CONTRIBUTOR'
  | 'MANNEQUIN'
  | 'MEMBER'
  | 'NONE'
  | 'OWNER';

export interface GitHubDeploymentStatus {
  id: number;
  state: DeploymentState;
  description: string;
  environment: string;
  environmentUrl: string;
  logUrl: string;
  creator: GitHubUser;
  createdAtMs: number;
}

export interface GitHubDeployment {
  id: number;
  /** As it was sent: a branch, a tag or a commit. */
  ref: string;
  sha: string;
  task: string;
  /** An object or a string on the real GitHub; anything if a test wants it so. */
  payload: unknown;
  environment: string;
  /** The environment that it was created for; a status may move it to another. */
  originalEnvironment: string;
  description: string | null;
  /** Its environment belongs to this deployment alone, and will be removed. */
  transient: boolean;
  /** Its environment is one that people use. */
  production: boolean;
  creator: GitHubUser;
  createdAtMs: number;
  updatedAtMs: number;
  /** In the order in which they were created. */
  statuses: GitHubDeploymentStatus[];
  /** That of the last status; `pending` if there is none. */
  state: DeploymentState;
}

export interface GitHubComment {
  id: number;
  /** Of the issue or the pull request. */
  issueNumber: number;
  user: GitHubUser;
  body: string;
  authorAssociation: AuthorAssociation;
  createdAtMs: number;
  updatedAtMs: number;
  reactions: GitHubReaction[];
}

export interface GitHubReaction {
  id: number;
  content: Reaction;
  user: GitHubUser;
  createdAtMs: number;
}

/** Where a pull request comes from. */
export interface GitHubHead {
  sha: string;
  ref: string;
  /** `owner/name`; undefined if the repository was deleted. */
  repository: string | undefined;
}

export interface GitHubPullRequest {
  number: number;
  id: number;
  state: 'open' | 'closed';
  title: string;
  body: string | null;
  user: GitHubUser;
  authorAssociation: AuthorAssociation;
  head: GitHubHead;
  base: { sha: string; ref: string };
  isDraft: boolean;
  isLocked: boolean;
  /** Its head lacks commits of the default branch. */
  isBehind: boolean;
  /** GitHub finds that it cannot be merged. */
  hasConflicts: boolean;
  mergedAtMs: number | undefined;
  mergeCommitSha: string | null;
  closedAtMs: number | undefined;
  createdAtMs: number;
  updatedAtMs: number;
}

export type CheckRunStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';

export interface GitHubCheckRun {
  id: number;
  name: string;
  headSha: string;
  status: CheckRunStatus;
  conclusion: string | null;
  detailsUrl: string | null;
  externalId: string;
  startedAt: string | null;
  completedAt: string | null;
  output: { title: string | null; summary: string | null; text: string | null; annotations: unknown[] };
}

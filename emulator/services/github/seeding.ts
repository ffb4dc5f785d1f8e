import { addStatus } from './deployment-statuses.ts';
import type {
  AuthorAssociation,
  DeploymentState,
  GitHubComment,
  GitHubDeployment,
  GitHubPullRequest,
  UserType,
} from './records.ts';
import { createSha } from './refs.ts';
import type { GitHubStore } from './store.ts';

/** A pull request to add; what is not given is made up. */
export interface NewPullRequest {
  number: number;
  state?: 'open' | 'closed';
  title?: string;
  body?: string | null;
  /** Login of its author (`mona`). */
  login?: string;
  type?: UserType;
  authorAssociation?: AuthorAssociation;
  /** 40 hex digits. */
  headSha?: string;
  headRef?: string;
  /** `owner/name`: any other than the emulator's is a fork; null: the repository is gone. */
  headRepository?: string | null;
  baseRef?: string;
  isDraft?: boolean;
  isLocked?: boolean;
  /** Its head lacks commits of the default branch: a deployment with `auto_merge` merges them first. */
  isBehind?: boolean;
  /** It cannot be merged as it is. */
  hasConflicts?: boolean;
  isMerged?: boolean;
  mergeCommitSha?: string | null;
  createdAtMs?: number;
  closedAtMs?: number;
}

export interface NewComment {
  /** 7 */
  issueNumber?: number;
  /** `mona` */
  login?: string;
  type?: UserType;
  body: string;
  authorAssociation?: AuthorAssociation;
  createdAtMs?: number;
}

export interface NewStatus {
  state: DeploymentState;
  description?: string;
  environment?: string;
  environmentUrl?: string;
  logUrl?: string;
  createdAtMs?: number;
}

/** An earlier deployment to add. Its statuses are stored as they are: they make no other deployment inactive. */
export interface NewDeployment {
  /** The default branch. */
  ref?: string;
  sha?: string;
  task?: string;
  /** Anything, garbage included (`{}`). */
  payload?: unknown;
  environment?: string;
  description?: string | null;
  transient?: boolean;
  /** True for `production`. */
  production?: boolean;
  /** `github-actions[bot]` */
  login?: string;
  createdAtMs?: number;
  statuses?: readonly (DeploymentState | NewStatus)[];
}

/** Adds a pull request, or changes the one with this number. */
export function addPullRequest(store: GitHubStore, given: NewPullRequest): GitHubPullRequest {
  const { number } = given;
  const known = store.findPullRequest(number);
  const now = given.createdAtMs ?? store.nowMs();
  const base = known ?? createPullRequest(store, number, now);
  const user = given.login === undefined ? base.user : store.users.find(given.login, given.type);
  const isMerged = given.isMerged ?? base.mergedAtMs !== undefined;
  const state = given.state ?? (isMerged ? 'closed' : base.state);
  const closedAtMs = given.closedAtMs ?? base.closedAtMs ?? now;
  const pullRequest: GitHubPullRequest = {
    ...base,
    state,
    title: given.title ?? base.title,
    body: given.body === undefined ? base.body : given.body,
    user,
    authorAssociation: given.authorAssociation ?? store.users.associationOf(user),
    head: {
      sha: given.headSha ?? base.head.sha,
      ref: given.headRef ?? base.head.ref,
      repository: given.headRepository === undefined ? base.head.repository : (given.headRepository ?? undefined),
    },
    base: { ...base.base, ref: given.baseRef ?? base.base.ref },
    isDraft: given.isDraft ?? base.isDraft,
    isLocked: given.isLocked ?? base.isLocked,
    isBehind: given.isBehind ?? base.isBehind,
    hasConflicts: given.hasConflicts ?? base.hasConflicts,
    mergedAtMs: isMerged ? (base.mergedAtMs ?? closedAtMs) : undefined,
    mergeCommitSha: given.mergeCommitSha === undefined ? base.mergeCommitSha : given.mergeCommitSha,
    closedAtMs: state === 'closed' ? closedAtMs : undefined,
    createdAtMs: given.createdAtMs ?? base.createdAtMs,
    updatedAtMs: now,
  };
  if (known !== undefined) return Object.assign(known, pullRequest);
  store.pullRequests.push(pullRequest);
  return pullRequest;
}

function createPullRequest(store: GitHubStore, number: number, now: number): GitHubPullRequest {
  const { defaultBranch, fullName } = store.repository;
  return {
    number,
    id: store.createId(),
    state: 'open',
    title: `Pull request ${number}`,
    body: null,
    user: store.users.find('mona'),
    authorAssociation: 'NONE',
    head: { sha: createSha(`head of ${number}`), ref: `change-${number}`, repository: fullName },
    base: { sha: createSha(`branch ${defaultBranch}`), ref: defaultBranch },
    isDraft: false,
    isLocked: false,
    isBehind: false,
    hasConflicts: false,
    mergedAtMs: undefined,
    mergeCommitSha: createSha(`merge of ${number}`),
    closedAtMs: undefined,
    createdAtMs: now,
    updatedAtMs: now,
  };
}

export function addComment(store: GitHubStore, given: NewComment): GitHubComment {
  const user = store.users.find(given.login ?? 'mona', given.type);
  const now = given.createdAtMs ?? store.nowMs();
  const comment: GitHubComment = {
    id: store.createId(),
    issueNumber: given.issueNumber ?? 7,
    user,
    body: given.body,
    authorAssociation: given.authorAssociation ?? store.users.associationOf(user),
    createdAtMs: now,
    updatedAtMs: now,
    reactions: [],
  };
  store.comments.push(comment);
  return comment;
}

export function addDeployment(store: GitHubStore, given: NewDeployment): GitHubDeployment {
  const environment = given.environment ?? 'production';
  const creator = store.users.find(given.login ?? 'github-actions[bot]');
  const ref = given.ref ?? store.repository.defaultBranch;
  const createdAtMs = given.createdAtMs ?? store.nowMs();
  const deployment: GitHubDeployment = {
    id: store.createId(),
    ref,
    sha: given.sha ?? (/^[0-9a-f]{40}$/.test(ref) ? ref : createSha(`branch ${ref}`)),
    task: given.task ?? 'deploy',
    payload: given.payload === undefined ? {} : given.payload,
    environment,
    originalEnvironment: environment,
    description: given.description ?? null,
    transient: given.transient ?? false,
    production: given.production ?? environment === 'production',
    creator,
    createdAtMs,
    updatedAtMs: createdAtMs,
    statuses: [],
    state: 'pending',
  };
  store.deployments.push(deployment);
  for (const one of given.statuses ?? []) {
    const status: NewStatus = typeof one === 'string' ? { state: one } : one;
    addStatus(deployment, store, {
      state: status.state,
      description: status.description ?? '',
      environment: status.environment ?? deployment.environment,
      environmentUrl: status.environmentUrl ?? '',
      logUrl: status.logUrl ?? '',
      creator,
      createdAtMs: status.createdAtMs ?? createdAtMs,
    });
  }
  return deployment;
}
